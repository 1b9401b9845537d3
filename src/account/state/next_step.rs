//! What the person does next (I14): from the account, and the bar first, never from a device's row alone.

use super::super::words::{Context, ReinvitationScope, Standing};
use super::account::Account;
use crate::id::DeviceId;
use crate::pin::PepperRing;
use crate::refusal::{NextStep, Refusal, RefusalCode};
use crate::session::{Enrolment, SessionState};

impl Account {
    /// Notes which device makes contact; it has proved itself.
    pub(in crate::account) const fn note_contact(&mut self, id: DeviceId) {
        self.asks = Some(id);
    }

    /// What to do next on this device; on one that is not known, to authenticate.
    pub(in crate::account) fn next_step(
        &self,
        id: Option<DeviceId>,
        peppers: &PepperRing,
        context: &Context<'_>,
    ) -> NextStep {
        let Some(device) = id.and_then(|id| self.device(id)) else {
            return NextStep::Authenticate;
        };
        if self.is_barred(context) {
            return self.way_back_in();
        }
        match self.state_of(device) {
            SessionState::PinPending => NextStep::CreatePin,
            SessionState::Authenticated => NextStep::UseApp,
            SessionState::Locked if self.is_pin_of_use(device.id, peppers) => NextStep::EnterPin,
            SessionState::PinExhausted => NextStep::Acknowledge,
            // Or locked, and the PIN cannot be checked any more.
            SessionState::LoggedOut | SessionState::RevokedAll | SessionState::Locked => {
                NextStep::Authenticate
            }
        }
    }

    /// The refusal of the command just decided, with the next step as this account knows it.
    pub(crate) fn lead(&self, refusal: Refusal, peppers: &PepperRing, context: &Context<'_>) -> Refusal {
        match (refusal.code(), refusal.next_step()) {
            (RefusalCode::ReinvitationRequired, _) if self.asks.is_some() && !self.is_barred(context) => {
                refusal.leading_to(NextStep::Authenticate) // D13
            }
            (RefusalCode::ReinvitationRequired | RefusalCode::InvitationRequired, _) => {
                refusal.leading_to(self.way_back_in())
            }
            (_, NextStep::EnterPin) if self.asks.is_some_and(|id| !self.is_pin_of_use(id, peppers)) => {
                refusal.leading_to(NextStep::Authenticate)
            }
            // One begun at once would be as void: the wait stands.
            (RefusalCode::AuthenticationRequired, NextStep::TryAgain { .. }) => refusal,
            (RefusalCode::AuthenticationRequired | RefusalCode::NothingToAcknowledge, _)
                if self.asks.is_some() =>
            {
                refusal.leading_to(self.next_step(self.asks, peppers, context))
            }
            _ => refusal,
        }
    }

    /// Whether the next sign-in needs an invitation, as far as it can be said of a person of whom nothing is
    /// known here.
    pub(in crate::account) fn is_barred(&self, context: &Context<'_>) -> bool {
        let is_bound = match context.policy.reinvitation() {
            ReinvitationScope::Everyone => true,
            ReinvitationScope::InvitedIdentitiesOnly => self.stored.admitted,
        };
        self.stored.standing == Standing::RevokedAll && is_bound
    }

    fn way_back_in(&self) -> NextStep {
        let open = self.stored.invitation.as_ref().filter(|open| self.latest() < open.until);
        if open.is_some() { NextStep::PresentInvitation } else { NextStep::AskForInvitation }
    }

    /// Whether entering the PIN leads anywhere: there is one, it can be checked (E34), and guesses at it are
    /// answered (D24).
    fn is_pin_of_use(&self, id: DeviceId, peppers: &PepperRing) -> bool {
        self.enrolment(id).is_some_and(|Enrolment { credential, attempts, .. }| {
            credential.usable(peppers).is_ok() && !attempts.is_worn_out()
        })
    }
}
