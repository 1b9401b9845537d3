//! Who acts in the browser.

use crate::id::PersonId;
use crate::note::Note;

/// The host's statement that a person is signed in to the browser version.
///
/// Browser sessions are the host's web framework's. Whoever acts as an administrator does so by one of
/// these (R36): no app session makes one, and no request can claim to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BrowserSession {
    person: PersonId,
    note: Option<Note>,
}

impl BrowserSession {
    /// **You assert that this request came with a live session of the browser version, signed in by exactly
    /// this person**, that you verified it as your web framework does (signature or look-up, expiry, a
    /// defence against forged requests), and that it is no session of the app. The crate cannot check it;
    /// what administrators may do rests on it.
    #[must_use]
    pub const fn verified_by_host(person: PersonId) -> Self {
        Self { person, note: None }
    }

    /// The same session, in a request about which the audit trail says this: beside the events of accounts that
    /// it causes, and beside its refusals.
    #[must_use]
    pub const fn with_note(self, note: Note) -> Self {
        Self { note: Some(note), ..self }
    }

    /// What the audit trail says beside what this request causes.
    #[must_use]
    pub const fn note(&self) -> Option<Note> {
        self.note
    }

    /// Who is signed in.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }
}
