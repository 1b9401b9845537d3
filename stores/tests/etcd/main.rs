//! The store.

#[path = "../shared/mod.rs"]
mod shared;
