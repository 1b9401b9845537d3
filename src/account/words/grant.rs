//! What a request wants, and what it is granted.

use crate::access::{Request, Rule};
use crate::id::{DeviceId, PersonId};

/// What a request wants.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// A live session of an eligible person, no more: for the app's own pages.
    Session,
    /// To read or edit something.
    Function(&'a Request),
}

/// A request that may go on. It is good for this request only: facts are evaluated each time (E20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Grant {
    person: PersonId,
    device: DeviceId,
    rule: Option<Rule>,
}

impl Grant {
    pub(in crate::account) const fn new(person: PersonId, device: DeviceId, rule: Option<Rule>) -> Self {
        Self { person, device, rule }
    }

    /// Who asks.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// From which device session.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The rule that allowed it; `None` where only a session was wanted.
    #[must_use]
    pub const fn rule(&self) -> Option<Rule> {
        self.rule
    }
}
