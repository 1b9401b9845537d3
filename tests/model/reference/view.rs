//! What a phone that starts is told: how it stands, and what to do next (I14).

use pinlatch::account::EndReason;
use pinlatch::refusal::NextStep;
use pinlatch::session::{OpenedBy, SessionState};

use super::{Answer, Model, State};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) state: SessionState,
    pub(crate) next: NextStep,
    pub(crate) digits: Option<u8>,
    pub(crate) face: bool,
    pub(crate) finger: bool,
    pub(crate) opened: Option<(u64, OpenedBy)>,
    pub(crate) ended: Option<(Option<u64>, EndReason)>,
}

impl Model {
    /// Nothing is written, whatever is found.
    pub(super) fn view(&mut self, token: usize) -> Answer {
        let before = self.accounts.clone();
        let (events, written) = (self.command.events.len(), self.command.written.clone());
        let view = self.viewed(token);
        self.accounts = before;
        self.command.events.truncate(events);
        self.command.written = written;
        Answer::View(view)
    }

    fn viewed(&mut self, token: usize) -> View {
        let person = self.device_tokens[token];
        self.arrive(person);
        let here = self.device_of(token).1.filter(|place| self.let_windows_pass(person, *place).is_ok());
        let (state, next) = (SessionState::LoggedOut, NextStep::Authenticate);
        let Some(place) = here else {
            let ended = self.accounts[person].ended.iter().find(|ended| ended.token == token);
            let ended = ended.map(|ended| (ended.at, ended.why));
            return View { state, next, digits: None, face: false, finger: false, opened: None, ended };
        };
        let account = &self.accounts[person];
        let device = &account.devices[place];
        let state = account.state_of(device);
        let keys = device.read_keys();
        let next = match state {
            _ if account.revoked && (!self.rules.invited_only || account.admitted) => {
                self.way_back_in(person)
            }
            SessionState::PinPending => NextStep::CreatePin,
            SessionState::Authenticated => NextStep::UseApp,
            SessionState::Locked if keys.is_some_and(|keys| !keys.is_worn_out()) => NextStep::EnterPin,
            SessionState::PinExhausted => NextStep::Acknowledge,
            _ => NextStep::Authenticate,
        };
        View {
            state,
            next,
            digits: match state {
                // As many as the policy asks for: six, unless it says otherwise, which it never does here (D19).
                SessionState::PinPending => Some(6),
                _ => keys.map(|keys| u8::try_from(keys.pin.len()).expect("few")),
            },
            face: keys.is_some_and(|keys| keys.face.is_some()),
            finger: keys.is_some_and(|keys| keys.finger.is_some()),
            opened: device.last_opened,
            ended: (device.state == State::Revoked).then_some((None, EndReason::LoggedOutEverywhere)),
        }
    }

    fn way_back_in(&self, person: usize) -> NextStep {
        let open = self.accounts[person].invitation.filter(|open| self.passed(person) < open.until);
        if open.is_some() { NextStep::PresentInvitation } else { NextStep::AskForInvitation }
    }
}
