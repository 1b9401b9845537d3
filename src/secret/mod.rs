//! Secrets and their digests: wiped after use, compared in constant time, never printed.

mod digest;
mod token;

pub use digest::Digest;
pub use token::{DeviceToken, InvitationToken, SessionToken, TokenError};
