//! What can go wrong.

use std::error::Error;

use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use std::time::Duration;

use pinlatch::host::RandomnessError;

use super::settings::UnsafeSetting;
use crate::{InvalidUrl, Untrustworthy};

/// Why the bucket could not be asked, or was not opened. From a swap it means that nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NatsError {
    /// Correct the URL.
    #[error("the URL of NATS cannot be used: {0}")]
    InvalidUrl(#[from] InvalidUrl),
    /// Give a prefix of 1 to 64 letters, digits, `-` and `_` of ASCII: it becomes the bucket's name.
    #[error("the name of a bucket is 1 to 64 letters, digits, - and _")]
    InvalidPrefix,
    /// Look whether the servers run, and can be reached from here. Nothing was sent.
    #[error("there is no connection to NATS")]
    NotConnected(#[source] Option<Box<dyn Error + Send + Sync>>),
    /// Try again: NATS answers nothing at present, or the connection broke before its answer. A removal may
    /// have happened or not; a load changes nothing.
    #[error("NATS did not answer within {0:?}")]
    NoAnswer(Duration),
    /// NATS answered with an error: its text is in `source`.
    #[error("NATS refused")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// Give the bucket more room (`max_bytes`, `max_msgs`): it refused a write, and forgot nothing. Where the account's
    /// limit is met first, which [`Risk::AccountLimit`](super::Risk::AccountLimit) accepts, a swap is unknown instead.
    #[error("the bucket is full")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    /// Change the setting that it names, or accept its risk.
    #[error(transparent)]
    Unsafe(#[from] UnsafeSetting),
    /// Give another prefix: there is a stream of this name that is not a bucket of this crate's. It was left alone.
    #[error("the stream is another program's: choose another prefix")]
    AnotherProgram,
    /// Upgrade this program: the bucket was made or upgraded by a newer one.
    #[error("the bucket has schema {found}, this version knows {known}")]
    NewerSchema {
        /// What the bucket has.
        found: u64,
        /// The newest schema that this version knows.
        known: u64,
    },
    /// Do not use this server, or what stands before it.
    #[error("NATS, or what stands before it, cannot be trusted")]
    Untrustworthy(#[from] Untrustworthy),
    /// The system's random source failed.
    #[error("no key could be drawn to probe the bucket with")]
    Randomness(#[from] RandomnessError),
}

impl NatsError {
    pub(super) fn refused(by: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(by.into())
    }

    /// Whether nobody takes what is published to the bucket's subject.
    pub(super) fn is_of_no_stream(&self) -> bool {
        let Self::Refused(by) = self else { return false };
        by.downcast_ref::<PublishError>().is_some_and(|by| by.kind() == PublishErrorKind::StreamNotFound)
    }

    pub(super) const fn is_without_answer(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::NotConnected(_))
    }
}
