//! How often a seeded store has which fault.

use super::fault::Fault;

/// Of so many operations.
const OF: u64 = 10_000;
/// A slow operation is pending for up to so many polls, a late write held back for up to so many
/// operations.
const LONGEST: u64 = 4;

/// How many of 10 000 operations have which fault; the rest is honest. Rates that add up to more
/// leave no honest operation, and those named last come short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// [`Fault::ReplyLost`].
    pub reply_lost: u16,
    /// [`Fault::RequestLost`].
    pub request_lost: u16,
    /// [`Fault::Conflict`].
    pub conflict: u16,
    /// [`Fault::ConflictThoughApplied`].
    pub conflict_though_applied: u16,
    /// [`Fault::Down`].
    pub down: u16,
    /// [`Fault::Late`], by one to four operations.
    pub late: u16,
    /// [`Fault::Slow`], by one to four polls.
    pub slow: u16,
    /// [`Fault::CrashBefore`] and [`Fault::CrashAfter`], half each.
    pub crash: u16,
}

impl Rates {
    /// The fault that a random number stands for.
    pub(super) fn fault(&self, random: u64) -> Fault {
        let mut drawn = random.checked_rem(OF).unwrap_or_default();
        // The upper half of the number is not used up by the lot.
        let detail = random >> 32;
        let length = detail.checked_rem(LONGEST).and_then(|length| u8::try_from(length).ok());
        let length = length.unwrap_or_default().saturating_add(1);
        let crash = if detail & 1 == 0 { Fault::CrashBefore } else { Fault::CrashAfter };
        let lots = [
            (self.reply_lost, Fault::ReplyLost),
            (self.request_lost, Fault::RequestLost),
            (self.conflict, Fault::Conflict),
            (self.conflict_though_applied, Fault::ConflictThoughApplied),
            (self.down, Fault::Down),
            (self.late, Fault::Late(length)),
            (self.slow, Fault::Slow(length)),
            (self.crash, crash),
        ];
        for (rate, fault) in lots {
            match drawn.checked_sub(rate.into()) {
                Some(left) => drawn = left,
                None => return fault,
            }
        }
        Fault::Honest
    }
}
