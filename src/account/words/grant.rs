//! What a request wants, and what it is granted.

use core::time::Duration;

use crate::access::{Request, Rule};
use crate::id::{DeviceId, PersonId};

/// What a request wants.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Wanted<'a> {
    pub(in crate::account) function: Option<&'a Request>,
    pub(in crate::account) by_pin_within: Option<Duration>,
}

impl<'a> Wanted<'a> {
    /// A live session of an eligible person, no more: for the app's own pages.
    pub const fn session() -> Self {
        Self { function: None, by_pin_within: None }
    }

    /// To read or edit something.
    pub const fn function(request: &'a Request) -> Self {
        Self { function: Some(request), by_pin_within: None }
    }

    /// Whose data is wanted, if any.
    pub(crate) fn owner(&self) -> Option<PersonId> {
        self.function.map(|request| request.owner)
    }

    /// Besides, that the app was last opened by PIN, no longer ago than this (D26): for what is worth asking
    /// the person again. Refused `StepUpRequired` otherwise; entering the PIN opens the open app anew.
    #[doc(alias = "step-up")]
    #[doc(alias = "reauthentication")]
    pub const fn opened_by_pin_within(mut self, span: Duration) -> Self {
        self.by_pin_within = Some(span);
        self
    }
}

/// A request that may go on. It is good for this request only: facts are evaluated each time (E20).
///
/// With the feature `serde` it is written, `{"person":…,"device":…,"rule":"EmployeeProfile"}`; it is not read,
/// since a check alone makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
