//! pinlatch (under construction)
#![no_std]
extern crate alloc;
pub mod access;
pub mod account;
pub mod id;
pub mod people;
pub mod pin;
pub mod record;
pub mod refusal;
pub mod secret;
pub mod session;
pub mod time;
