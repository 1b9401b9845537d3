//! pinlatch (under construction)
#![no_std]
extern crate alloc;
pub mod id;
pub mod people;
pub mod refusal;
pub mod secret;
pub mod time;
