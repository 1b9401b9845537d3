//! What these tests say often, each of it once.

pub(crate) mod access;
mod credentials;
mod gates;
mod outcomes;
mod people;
mod phones;
pub(crate) mod record_bytes;
mod seen;
mod windows;

pub(crate) use credentials::*;
pub(crate) use gates::*;
pub(crate) use outcomes::*;
pub(crate) use people::*;
pub(crate) use phones::*;
pub(crate) use seen::*;
pub(crate) use windows::*;

pub(crate) use pinlatch::account::DeviceIntegrity::{Modified, Unknown, Unmodified};
