//! One device as a sequential object: its session's state, the wrong PINs since the last right one, the live
//! session. The table of the rules, as far as answers tell of it.

use std::collections::BTreeSet;

use pinlatch::refusal::RefusalCode;
use todc_utils::specifications::Specification;

use crate::call::{Answer, Asked, Call, CallId, Entry};

/// The wrong PIN that is the last.
const LAST: u8 = 5;

/// How the device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Signed in, without a PIN.
    Pending,
    /// The app is open: by which call, and so many wrong PINs.
    Open(CallId, u8),
    /// Locked, with so many wrong PINs.
    Locked(u8),
    /// Too many.
    Exhausted,
    /// Logged out, revoked, or signed in anew under another token.
    Ended,
}

use State::{Ended, Exhausted, Locked, Open, Pending};

/// A call of the device, and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which; the session that it opens is known by it.
    id: CallId,
    does: Does,
    answer: Answer,
}

/// What a call does to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    CreatePin,
    Enter(Entry),
    Lock,
    Acknowledge,
    Check(CallId),
    /// Log out, revoke-all, a sign-in that takes its place.
    End,
}

impl Step {
    /// What a call means to its device; `None` for what changes nothing and says nothing.
    #[must_use]
    pub fn of(call: &Call) -> Option<Self> {
        let does = match call.asked {
            Asked::CreatePin(_) => Does::CreatePin,
            Asked::Unlock(_, entry) => Does::Enter(entry),
            Asked::Lock(_) => Does::Lock,
            Asked::Acknowledge(_) => Does::Acknowledge,
            Asked::Check { session, .. } => Does::Check(session),
            Asked::LogOut(_) | Asked::RevokeAll | Asked::SignIn(_) => Does::End,
            Asked::Invite | Asked::SetProfile => return None,
        };
        let step = Self { id: call.id, does, answer: call.answer };
        let says_nothing = matches!(step.does, Does::Check(_)) && call.answer == Answer::Unknown;
        (!says_nothing).then_some(step)
    }

    /// How many events its answer stands for.
    #[must_use]
    pub fn events(&self) -> usize {
        let is_counted = match self.answer {
            Answer::Done(_) => true,
            // Of a PIN that was entered. Elsewhere the same refusal tells of what others entered.
            Answer::Refused(RefusalCode::IncorrectPin | RefusalCode::PinExhausted) => {
                matches!(self.does, Does::Enter(_))
            }
            _ => false,
        };
        usize::from(is_counted || self.is_unanswered())
    }

    /// The same without its answer.
    #[must_use]
    pub fn unanswered(self) -> Option<Self> {
        (!matches!(self.does, Does::Check(_))).then_some(Self { answer: Answer::Unknown, ..self })
    }

    /// Whether it has no answer, and so may have happened or not.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.answer == Answer::Unknown
    }

    /// The state after it took effect in this one, whatever is answered; `None` if it has none there.
    #[must_use]
    pub fn effect(&self, state: State) -> Option<State> {
        match (self.does, state) {
            (Does::CreatePin, Pending) => Some(Open(self.id, 0)),
            (Does::Enter(Entry::Right), Open(..) | Locked(_)) => Some(Open(self.id, 0)),
            (Does::Enter(Entry::Wrong), Open(_, failures) | Locked(failures)) if failures + 1 == LAST => {
                Some(Exhausted)
            }
            (Does::Enter(Entry::Wrong), Open(session, failures)) => Some(Open(session, failures + 1)),
            (Does::Enter(Entry::Wrong), Locked(failures)) => Some(Locked(failures + 1)),
            (Does::Lock, Open(_, failures) | Locked(failures)) => Some(Locked(failures)),
            (Does::Acknowledge, Exhausted) => Some(Ended),
            (Does::Check(session), Open(live, _)) if session == live => Some(state),
            (Does::End, _) => Some(Ended),
            _ => None,
        }
    }

    /// The state after it was answered so in this one; `None` if it could not be answered so.
    #[must_use]
    pub fn answered(&self, state: State) -> Option<State> {
        let Answer::Refused(code) = self.answer else {
            return match self.does {
                Does::Enter(Entry::Wrong) => None, // A wrong PIN is never done.
                _ => self.effect(state),
            };
        };
        let (unchanged, has_pin) = (Some(state), matches!(state, Open(..) | Locked(_)));
        let if_so = |fits: bool| unchanged.filter(|_| fits);
        match (self.does, code) {
            (Does::Enter(entry), RefusalCode::IncorrectPin) => {
                self.effect(state).filter(|after| entry == Entry::Wrong && *after != Exhausted)
            }
            (Does::Enter(Entry::Wrong), RefusalCode::PinExhausted) if has_pin => {
                self.effect(state).filter(|after| *after == Exhausted)
            }
            (_, RefusalCode::PinExhausted | RefusalCode::AcknowledgementRequired) => {
                if_so(state == Exhausted)
            }
            (Does::Acknowledge, RefusalCode::NothingToAcknowledge) => if_so(state != Exhausted),
            (Does::CreatePin, RefusalCode::PinExists) => if_so(has_pin),
            (Does::End, _) => unchanged,
            (_, RefusalCode::PinRequired) => if_so(state == Pending),
            (_, RefusalCode::AuthenticationRequired | RefusalCode::ReinvitationRequired) => {
                if_so(state == Ended)
            }
            (Does::Check(session), RefusalCode::SessionRequired) => {
                if_so(!matches!(state, Open(live, _) if live == session))
            }
            (Does::Check(_), RefusalCode::Locked) => if_so(matches!(state, Locked(_))),
            // It says nothing of the state: guesses in flight, overtaken ones.
            _ => unchanged,
        }
    }
}

/// A device right after its sign-in. Its states are sets: those in which it may be after calls without an answer.
#[derive(Clone, Copy, Debug)]
pub struct Device;

impl Specification for Device {
    type State = BTreeSet<State>;
    type Operation = Step;

    fn init() -> Self::State {
        BTreeSet::from([Pending])
    }

    fn apply(step: &Step, states: &Self::State) -> (bool, Self::State) {
        if step.is_unanswered() {
            let happened = states.iter().filter_map(|state| step.effect(*state));
            return (true, states.iter().copied().chain(happened).collect());
        }
        let after: BTreeSet<_> = states.iter().filter_map(|state| step.answered(*state)).collect();
        if after.is_empty() { (false, states.clone()) } else { (true, after) }
    }
}
