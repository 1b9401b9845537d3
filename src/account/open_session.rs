//! The usual check: an open session, and nothing in its way.

use super::believed::Believed;
use super::context::{DeviceIntegrity, Moment, Raising};
use super::device::Device;
use super::grant::{Grant, Wanted};
use super::state::{Account, Standing};
use super::windows::passed_while_open;
use crate::access::{self, Channel, Rule};
use crate::id::{DeviceId, Generation, PersonId};
use crate::time::Timestamp;

/// What a check has to know of an open session, whether from an account in memory or from its
/// stored bytes.
#[derive(Clone, Copy)]
pub(crate) struct OpenSession<'a> {
    pub(crate) person: &'a PersonId,
    pub(crate) device: &'a DeviceId,
    /// When the strong authentication was.
    pub(crate) begun: Timestamp,
    pub(crate) last_use: Timestamp,
    /// The latest time that the account has seen, and the same as it was last written.
    pub(crate) high_water: Timestamp,
    pub(crate) written_high_water: Timestamp,
}

/// Allowed, and by which rule if a function was wanted.
pub(super) struct Allowed(pub(super) Option<Rule>);

impl OpenSession<'_> {
    /// The grant, if the whole account would give it without anything to write. `None` is no
    /// refusal: the whole account has to be asked.
    #[inline]
    pub(crate) fn grant(&self, wanted: Wanted<'_>, raising: &Raising<'_>) -> Option<Grant> {
        let Allowed(rule) = self.allows(wanted, raising)?;
        Some(Grant::new(*self.person, *self.device, rule))
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a tenth of the check of a session in memory")]
    pub(super) fn allows(&self, wanted: Wanted<'_>, raising: &Raising<'_>) -> Option<Allowed> {
        let Raising { moment, integrity, facts } = raising;
        let person = facts.person.filter(|person| person.id() == *self.person)?;
        if *integrity == DeviceIntegrity::Modified || !self.stays_open(moment) {
            return None;
        }
        let policy = moment.policy.access();
        // In the app, whatever channel the request names: the session is the app's.
        access::eligibility(Some(person), Channel::MobileApp, facts.dates, policy).ok()?;
        let rule = match wanted {
            Wanted::Session => None,
            Wanted::Function(request) => {
                Some(access::decide(Some(person), request, facts.dates, policy).into_result().ok()?)
            }
        };
        Some(Allowed(rule))
    }

    /// Whether no window has passed and no use has to be noted.
    #[inline]
    fn stays_open(&self, moment: &Moment<'_>) -> bool {
        !Account::needs_clock(moment) || self.is_within_windows(moment)
    }

    #[inline(never)]
    fn is_within_windows(&self, moment: &Moment<'_>) -> bool {
        let believed = Believed::of(moment, self.high_water, self.written_high_water);
        believed.is_some_and(|Believed { at, .. }| {
            let idle = moment.policy.idle_window;
            let was_noted_lately = idle.is_none_or(|window| at.since(self.last_use) < window.tenth());
            was_noted_lately && passed_while_open(self.begun, self.last_use, at, moment.policy).is_none()
        })
    }
}

impl Account {
    /// What a check has to know of this device's session, if it is open.
    #[inline]
    pub(super) fn open<'a>(&'a self, device: &'a Device) -> Option<OpenSession<'a>> {
        let state = device.session.authenticated()?;
        Some(OpenSession {
            person: &self.person,
            device: &device.id,
            begun: state.begun,
            last_use: state.last_use,
            high_water: self.high_water,
            written_high_water: self.written_high_water,
        })
    }

    /// Nothing older than the account's generation is served, whatever its row says (E12).
    #[inline]
    pub(super) fn serves(&self, generation: Generation) -> bool {
        generation == self.generation && self.standing == Standing::Good
    }
}
