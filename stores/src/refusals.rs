//! Refusals as they stand in a journal, the same in every engine that keeps one.

use pinlatch::account::{Note, RefusalEvent};
use pinlatch::id::PersonId;
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A refusal as it is read back from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalledRefusal {
    /// Whose account the command was aimed at; `None` for an authentication begun for nobody in particular.
    pub person: Option<PersonId>,
    /// What was asked, as the gate's method is named.
    pub command: String,
    /// The refusal, with its cause.
    pub refusal: Refusal,
    /// When, by the host's clock; `None` if it did not know.
    pub at: Option<Timestamp>,
    /// The host's own words on the request.
    pub note: Option<Note>,
}

/// A refusal as it is stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRefusal {
    person: Option<PersonId>,
    command: String,
    refusal: StoredReason,
    at: Option<Timestamp>,
    note: Option<Note>,
}

/// Code and cause, each by its name. A `Refusal` cannot be serialized as a whole, so that its cause leaves
/// no host by accident; the journal is where a cause belongs.
#[derive(Serialize, Deserialize)]
struct StoredReason {
    code: RefusalCode,
    cause: Cause,
}

impl From<&RefusalEvent> for StoredRefusal {
    fn from(event: &RefusalEvent) -> Self {
        let RefusalEvent { person, command, refusal, at, note, .. } = *event;
        let refusal = StoredReason { code: refusal.code(), cause: refusal.cause() };
        Self { person, command: command.to_owned(), refusal, at, note }
    }
}

impl From<StoredRefusal> for JournalledRefusal {
    fn from(stored: StoredRefusal) -> Self {
        let StoredRefusal { person, command, refusal: StoredReason { code, cause }, at, note } = stored;
        Self { person, command, refusal: Refusal::because(code, cause), at, note }
    }
}
