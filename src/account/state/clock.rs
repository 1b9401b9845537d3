//! An account's time (D23): it passes by what the clock reads, at the first step of every command.

use alloc::vec::Vec;
use core::time::Duration;

use super::super::words::Context;
use super::account::Account;
use super::device::Device;
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::{AnySession, Change, LockCause};
use crate::time::{Moment, Seen, Timestamp};

impl Account {
    /// The first step of every command: time passes, and guesses that nobody answered in time are void. A
    /// clock found set back is written, even with a refusal.
    pub(in crate::account) fn arrive(&mut self, context: &Context<'_>) {
        // What a log-out from all devices, or an erasing, could not say for want of a clock is said now, and
        // written.
        let is_known_now = self.stored.timeline.floor_waits() && context.reading().is_some();
        self.changed |= is_known_now;
        if let Some(reading) = context.reading()
            && let Some(by) = self.stored.timeline.follow(reading, context.policy.skew())
        {
            self.note_set_back(by, context);
            self.lock_what_was_opened_later(reading, context);
        }
        if is_known_now {
            self.void_named_starts(context);
        }
        if self.replaces {
            // What was begun before the damage is void (D34).
            self.stored.timeline.raise_floor(context.reading().is_some());
        }
        let (now, policy) = (self.stored.timeline.elapsed, context.policy);
        for device in &mut self.stored.devices {
            if let Some(enrolment) = device.session.enrolment_mut() {
                enrolment.attempts.age(now, policy.void_after(), policy.answer_window());
            }
            if let Some(claims) = device.session.claims_mut() {
                let _void = claims.drop_void(now, policy.void_after());
            }
        }
    }

    /// The present moment and reading, for a command that needs the clock.
    pub(in crate::account) fn now(&self, context: &Context<'_>) -> Result<Seen, Refusal> {
        let reading = context.reading().ok_or(RefusalCode::ClockUnavailable)?;
        Ok(Seen { at: self.stored.timeline.elapsed, reading })
    }

    /// The latest moment of this account, for a command that must not fail for want of a clock.
    pub(in crate::account) const fn latest(&self) -> Moment {
        self.stored.timeline.elapsed
    }

    /// Set-backs of a journal that takes nothing are counted in one event.
    fn note_set_back(&mut self, by: Duration, context: &Context<'_>) {
        let (times, largest) = self.take_waiting_set_back().unwrap_or_default();
        let change = Change::ClockSetBack { times: times.saturating_add(1), largest: largest.max(by) };
        self.record(context, None, change);
    }

    /// An open session whose opening or last use was read later than what the clock reads now cannot be
    /// shown to have been used within its window: it is locked.
    fn lock_what_was_opened_later(&mut self, base: Timestamp, context: &Context<'_>) {
        let latest = base.plus(context.policy.skew());
        let is_later = |device: &&Device| {
            let open = device.session.authenticated();
            open.is_some_and(|open| open.opened.reading > latest || open.last_use.reading > latest)
        };
        let later: Vec<DeviceId> = self.stored.devices.iter().filter(is_later).map(Device::id).collect();
        for id in later {
            let _locked =
                self.step(id, context, |session| AnySession::lock(session, LockCause::ClockSetBack));
        }
    }
}
