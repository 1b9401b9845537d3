//! How a device session ends, and what its phone is told of that.

use pinlatch::account::EndReason;
use pinlatch::session::{Change, LogOutCause};

use super::{Model, State};

/// A dead token: what the clock read when it died, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) token: usize,
    pub(crate) at: Option<u64>,
    pub(crate) why: EndReason,
}

impl Model {
    /// R29, E03, E14: everything on the device goes, but not the duty to be re-invited.
    pub(super) fn log_out(&mut self, person: usize, place: usize, cause: LogOutCause) {
        if self.accounts[person].devices[place].state != State::Revoked {
            self.change(person, place, Change::LoggedOut(cause));
            let (why, is_seen) = match cause {
                LogOutCause::Asked => (EndReason::Asked, true),
                LogOutCause::FromAnotherDevice => (EndReason::FromAnotherDevice, true),
                LogOutCause::DeviceModified => (EndReason::DeviceModified, true),
                LogOutCause::MadeRoom => (EndReason::MadeRoom, true),
                // A window passes while nobody looks.
                LogOutCause::PinWindowPassed => (EndReason::PinWindowPassed, false),
                LogOutCause::LifetimePassed => (EndReason::LifetimePassed, false),
                // Nothing is remembered of what is erased, nor told before a sign-in of who has left.
                _ => {
                    self.accounts[person].devices.remove(place);
                    return;
                }
            };
            self.leaves(person, place, why, is_seen);
        }
    }

    /// A row leaves the table: its phone is told why, if it asks before four others have left; and when, if somebody
    /// saw it.
    pub(super) fn leaves(&mut self, person: usize, place: usize, why: EndReason, is_seen: bool) {
        let at = self.reading().filter(|_| is_seen);
        let account = &mut self.accounts[person];
        let token = account.devices.remove(place).token;
        account.ended.push(Ended { token, at, why });
        if account.ended.len() > 4 {
            account.ended.remove(0);
        }
    }
}
