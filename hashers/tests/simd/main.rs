//! The same function to the last bit: known answers, and random inputs against the `argon2` crate.

mod answers;
mod engine;
mod pool;
