//! What can go wrong.

use std::error::Error;
use std::time::Duration;

use pinlatch::host::RandomnessError;

use super::settings::UnsafeSetting;
use crate::{InvalidUrl, Untrustworthy};

/// Why etcd could not be asked, or the store was not opened. From a swap it means that nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EtcdError {
    /// Correct the URL.
    #[error("the URL of etcd cannot be used: {0}")]
    InvalidUrl(#[from] InvalidUrl),
    /// Give a prefix of 1 to 64 letters, digits, `-`, `_` and `.` of ASCII.
    #[error("a prefix is 1 to 64 letters, digits, -, _ and .")]
    InvalidPrefix,
    /// Look whether the members run, can be reached from here, and have a leader. Nothing was sent.
    #[error("there is no connection to a member of etcd that can be used")]
    NotConnected(#[source] Option<Box<dyn Error + Send + Sync>>),
    /// Try again: no answer came in time, or the connection broke before it. A removal may have happened or not; a
    /// load changes nothing.
    #[error("etcd did not answer within {0:?}")]
    NoAnswer(Duration),
    /// etcd answered with an error: its text is in `source`.
    #[error("etcd refused")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// Compact and defragment, or raise the quota, then disarm the alarm. Let etcd compact by itself
    /// (`--auto-compaction-retention`), or it will be full again.
    #[error("etcd is full")]
    Full(#[source] Option<Box<dyn Error + Send + Sync>>),
    /// Change the setting that it names, or accept its risk.
    #[error(transparent)]
    Unsafe(#[from] UnsafeSetting),
    /// Give another prefix: there are keys under this one, and none that says they are this crate's. They were left
    /// alone. If the mark of a deployment in use is gone, put it back: `etcdctl put <prefix>/schema 1`.
    #[error(
        "the keys under the prefix are another program's, or their mark is gone: choose another prefix, or put it back"
    )]
    AnotherProgram,
    /// Upgrade this program: the keys were made or upgraded by a newer one.
    #[error("the keys under the prefix have schema {found}, this version knows {known}")]
    NewerSchema {
        /// What there is.
        found: u64,
        /// The newest schema that this version knows.
        known: u64,
    },
    /// Do not use this server, or what stands before it.
    #[error("etcd, or what stands before it, cannot be trusted")]
    Untrustworthy(#[from] Untrustworthy),
    /// The system's random source failed.
    #[error("no key could be drawn to probe etcd with")]
    Randomness(#[from] RandomnessError),
}

impl EtcdError {
    pub(super) fn refused(by: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(by.into())
    }

    pub(super) const fn is_without_answer(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::NotConnected(_))
    }
}
