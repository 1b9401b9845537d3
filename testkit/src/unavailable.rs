//! The error of a part that is down.

/// A part of the world was told to be down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("told to be down")]
pub struct Unavailable;
