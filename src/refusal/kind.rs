//! What kind of "no" a refusal is.

use super::code::RefusalCode;
use super::step::NextStep;

/// What to do about a refusal, roughly: enough to choose a screen or a status of HTTP. What exactly, for
/// this person now, is the [`NextStep`](super::NextStep).
///
/// With the feature `serde` it is its name, as in `"EnterPin"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum RefusalKind {
    /// Nothing is wrong with the request: the same again, later.
    Retry,
    /// Enter the PIN, or create it.
    EnterPin,
    /// Authenticate strongly.
    Authenticate,
    /// Acknowledge the message that the PIN is gone.
    Acknowledge,
    /// Somebody else has to change something first: a user administrator, or whoever keeps the employees.
    AskAdministrator,
    /// The input was not right: another one, please.
    FixInput,
    /// It is not allowed, and nobody is meant to allow it.
    NotAllowed,
}

impl RefusalCode {
    /// The kind of the refusals with this code, to a [`Person`](super::Audience::Person).
    #[must_use]
    pub const fn kind(self) -> RefusalKind {
        match self.next_step() {
            // No code leads to the open app; if one did, the same again would be let through.
            NextStep::TryAgain { .. } | NextStep::UseApp => RefusalKind::Retry,
            NextStep::EnterPin | NextStep::CreatePin => RefusalKind::EnterPin,
            NextStep::Authenticate | NextStep::PresentInvitation => RefusalKind::Authenticate,
            NextStep::Acknowledge => RefusalKind::Acknowledge,
            NextStep::AskForInvitation | NextStep::AskEmployer => RefusalKind::AskAdministrator,
            NextStep::CorrectInput => RefusalKind::FixInput,
            NextStep::LogOutHere | NextStep::UseAnotherDevice | NextStep::NotAllowed => {
                RefusalKind::NotAllowed
            }
        }
    }
}
