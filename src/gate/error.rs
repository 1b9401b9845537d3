//! The one error of the gate: a refusal, or a failure of a part of the host.

use alloc::boxed::Box;

use crate::host::{OffloadError, RandomnessError};
use crate::pin::HasherError;
use crate::record::RecordError;
use crate::refusal::{Cause, Refusal, RefusalCode};

/// Why a use case did not succeed. Every variant fails closed: nothing was granted.
///
/// `Display` says what the gate knows; [`source`](core::error::Error::source) has what the part of the
/// host that failed says of it. Log the chain; show the person [`refusal`](Self::refusal).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// The rules say no. Show `refusal.public(language)`; its `kind` says whether retrying helps.
    #[error("{0}")]
    Refused(Refusal),
    /// The store could not be asked. Nothing was granted; retrying is safe, even if a write whose
    /// reply was lost has landed.
    #[error("the store failed")]
    Store(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The directory could not be asked. Retry later.
    #[error("the directory failed")]
    Directory(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The record cannot be used; it was left untouched. If it is
    /// [damaged](RecordError::is_damage), the person has to be re-invited; if it is a newer version's or
    /// somebody else's, an operator has to look, and the person tries again later (E32).
    #[error("the account's record cannot be used")]
    Record(#[from] RecordError),
    /// Too many conflicting writes in a row. Retry; if it persists, the store answers `Conflict`
    /// to writes it applied or could have applied.
    #[error("too many conflicting writes in a row: retry")]
    Contended,
    /// The store did not say whether it wrote, several times in a row. Nothing was granted; what was
    /// asked may have been written, or be written yet. Retry later.
    #[error("the store did not say whether it wrote: retry later")]
    Unanswered,
    /// The random source failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The hasher failed. A PIN attempt that was charged is void after the answer window, and costs nothing.
    #[error(transparent)]
    Hasher(#[from] HasherError),
    /// The offloaded work did not finish. A PIN attempt that was charged is void after the answer window, and costs nothing.
    #[error(transparent)]
    Offload(#[from] OffloadError),
    /// A blocking gate was given a part whose future was not ready at once. Use `Blocking` parts.
    #[error("a part of this host is not blocking: wrap its blocking twin in `Blocking`")]
    NotBlocking,
}

impl From<Refusal> for GateError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<RefusalCode> for GateError {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code.into())
    }
}

impl GateError {
    /// The failure as a refusal: what to show to the person (`.public(language)`) and what to
    /// match on. A damaged record is `ReinvitationRequired`; a failed part of the host, and a record
    /// that is not for this host, are `Unavailable` (E32).
    #[must_use]
    pub const fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => *refusal,
            Self::Record(error) => of_record(error),
            _ => Refusal::new(RefusalCode::Unavailable),
        }
    }

    /// The code of [`refusal`](Self::refusal).
    #[must_use]
    pub const fn code(&self) -> RefusalCode {
        self.refusal().code()
    }

    pub(super) fn store(error: impl core::error::Error + Send + Sync + 'static) -> Self {
        Self::Store(Box::new(error))
    }

    pub(super) fn directory(error: impl core::error::Error + Send + Sync + 'static) -> Self {
        Self::Directory(Box::new(error))
    }
}

const fn of_record(error: &RecordError) -> Refusal {
    let (code, cause) = match error {
        RecordError::Truncated | RecordError::Corrupted => {
            (RefusalCode::ReinvitationRequired, Cause::RecordUnreadable)
        }
        RecordError::NewerVersion { .. } => (RefusalCode::Unavailable, Cause::RecordNewer),
        RecordError::NotARecord | RecordError::AnotherAccount => {
            (RefusalCode::Unavailable, Cause::RecordForeign)
        }
        RecordError::TooLarge => (RefusalCode::Unavailable, Cause::AsCoded),
    };
    Refusal::because(code, cause)
}
