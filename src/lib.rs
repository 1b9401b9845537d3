//! pinlatch (under construction)
#![no_std]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
pub mod access;
pub mod account;
pub mod gate;
pub mod host;
pub mod id;
pub mod people;
pub mod pin;
pub mod record;
pub mod refusal;
pub mod secret;
pub mod session;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod time;
