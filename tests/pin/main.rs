//! The PIN by itself: which digits may be one, how it is hashed, and the pool that hashes. What a PIN
//! does to a phone is in `tests/behaviour`.

// The sources of the pool, which `pool` includes, name `alloc` as the crate does.
#[cfg(feature = "std")]
extern crate alloc;

mod hashing;
mod peppers;
#[cfg(feature = "std")]
mod pool;
mod rules;
mod weak;
