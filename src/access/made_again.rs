//! Changes of the audit trail, made once more on facts that a backup brought back.

use alloc::vec::Vec;

use crate::people::{CalendarDate, LocalDates, Person, Role, UserAccess, Validity};
use crate::refusal::{Cause, Refusal, RefusalCode};

use super::administrator::Administrator;
use super::people_record::{PeopleEntry, PersonRecord};
use super::users_and_roles::{self as page, Changed, PeopleChange, PeopleEvent};

/// Why changes do not lead on from the facts. Nothing was changed. The changes may be handed over in parts, with what the
/// host imports between them; and a host that knows what is right makes it so by
/// [`change`](crate::host::StoredDirectory::change), with the help of [`PeopleEvent::made_again`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrailError {
    /// A change is missing before those that are there. Look for it in another copy of the trail.
    #[error(
        "change number {sequence} about this person is missing: look for it in another copy of the trail"
    )]
    Gap {
        /// Its number.
        sequence: u64,
    },
    /// Two changes have one number, as where a restored record went on without them.
    #[error(
        "two changes about this person have number {sequence}, as after an earlier restore: see which is right"
    )]
    Forked {
        /// The number that both have.
        sequence: u64,
    },
    /// The facts were removed after the backup and begun anew, perhaps more than once; facts of before that had no change
    /// yet do not show it. Remove them, and hand over the changes of the last [`history`](PeopleEntry::history) alone.
    #[error(
        "the facts were removed and begun anew: remove them, and hand over the last history's changes alone"
    )]
    BegunAnew,
    /// The change was possible then and is not on these facts, most often because something is missing that the host
    /// imports.
    #[error("change number {sequence} does not fit these facts ({refusal}): is an import missing?")]
    DoesNotFit {
        /// Its number.
        sequence: u64,
        /// Why it is not possible.
        refusal: Refusal,
    },
}

impl PeopleEvent {
    /// The person with this change made once more, as on the day when it was made: for facts from before it. Where they
    /// are so already, the same person.
    ///
    /// **It asks nobody's right to make it:** that was done when the change was made. An event that somebody else could
    /// have written gives whatever it says.
    ///
    /// # Errors
    /// The refusal of a change that is not possible on these facts; `NotAuthorised` for somebody else's; `RecordFull` where
    /// another company would have to make room (D31), and it is not certain which one did.
    pub fn made_again(&self, person: &Person) -> Result<Person, Refusal> {
        if self.person != person.id() {
            return Err(Refusal::because(RefusalCode::NotAuthorised, Cause::AnotherPerson));
        }
        let dates = &LocalDates::everywhere(self.on);
        let by = || -> Result<Administrator, Refusal> {
            let by = self.by.ok_or(Refusal::new(RefusalCode::NotAuthorised))?;
            Ok(Administrator::of_the_trail(by, self.company))
        };
        let changed = match self.change.clone() {
            PeopleChange::FirstAdministratorEstablished(role) => self.established_first(role, person, dates),
            PeopleChange::UserEstablished(validity) => page::establish_user(&by()?, person, validity, dates),
            PeopleChange::UserAccessEnded(last) => page::end_user_access(&by()?, person, last, dates),
            PeopleChange::ProfileSet(profile) => page::set_profile(&by()?, person, profile, dates),
            PeopleChange::RoleGranted(role) => page::grant_role(&by()?, person, role, dates),
            PeopleChange::RoleRevoked(role) => page::revoke_role(&by()?, person, role, dates),
            PeopleChange::Hired(validity, services) => page::hire(&by()?, person, validity, services, dates),
            PeopleChange::ServiceOpened(service, which) => {
                page::open_service(&by()?, person, service, which, dates)
            }
            PeopleChange::ServiceClosed(service, which) => {
                page::close_service(&by()?, person, service, which, dates)
            }
            PeopleChange::EmploymentEnded(last, which) => {
                page::end_employment(&by()?, person, last, which, dates)
            }
        };
        match changed {
            Ok(changed) if self.made_room_by_a_guess(person, &changed.person) => {
                Err(Refusal::new(RefusalCode::RecordFull))
            }
            Ok(changed) => Ok(changed.person),
            Err(refusal) if refusal.code() == RefusalCode::NothingToChange && self.has_its_object(person) => {
                Ok(person.clone())
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// Whether another company made room (D31) while for one of them it may have been up to two days earlier or later than
    /// here, as between the ends of the time zones, so that another one may have made it.
    fn made_room_by_a_guess(&self, before: &Person, after: &Person) -> bool {
        let others = |person: &Person| {
            person.relations().filter(|(company, _)| *company != self.company).collect::<Vec<_>>()
        };
        let (before, after) = (others(before), others(after));
        let may_have_ended = |last: CalendarDate| last < self.on.plus_days(2) && self.on <= last.plus_days(2);
        before.len() > after.len()
            && before.iter().any(|(_, period)| period.last().is_some_and(may_have_ended))
    }

    /// Whether there is an employment that it is about. Where there is none, something is missing: nothing is so already.
    fn has_its_object(&self, person: &Person) -> bool {
        let (PeopleChange::ServiceOpened(_, which)
        | PeopleChange::ServiceClosed(_, which)
        | PeopleChange::EmploymentEnded(_, which)) = self.change
        else {
            return true;
        };
        person.employments_in(self.company).any(|employment| which.means(employment))
    }

    /// With the role that was given, whatever the policy gives today.
    fn established_first(&self, role: Role, person: &Person, dates: &LocalDates) -> Result<Changed, Refusal> {
        let known = person.valid_user_access(self.company, self.on).cloned();
        let access = known.unwrap_or_else(|| UserAccess::new(self.company, Validity::from(self.on)));
        let established = person.clone().established(access.with_role(role), dates);
        let person = established.map_err(|_| Refusal::new(RefusalCode::RecordFull))?;
        Ok(Changed { person, event: self.clone() })
    }
}

impl PersonRecord {
    /// With the changes that came after this record, and how many these are. They are in the trail already, and are not
    /// handed over again; the next change gets the number after them.
    ///
    /// `later` is what the trail got after the backup that this record is from, in the order in which it got it; those
    /// about others are passed over, and so are those that the record has.
    ///
    /// # Errors
    /// [`TrailError`].
    pub fn caught_up(mut self, later: &[PeopleEntry]) -> Result<(Self, usize), TrailError> {
        let mut later: Vec<&PeopleEntry> =
            later.iter().filter(|entry| entry.event.person == self.id()).collect();
        let Some(life) = later.first().map(|entry| entry.history) else { return Ok((self, 0)) };
        let of_one_life = later.iter().all(|entry| entry.history == life);
        if !of_one_life || self.history.is_some_and(|history| history != life) {
            return Err(TrailError::BegunAnew);
        }
        later.sort_by_key(|entry| (entry.sequence, entry.id));
        // Handed over at least once: a journal may have kept one twice.
        later.dedup_by_key(|entry| (entry.sequence, entry.id));
        let mut pairs = later.iter().zip(later.iter().skip(1));
        if let Some((one, _)) = pairs.find(|(one, next)| one.sequence == next.sequence) {
            return Err(TrailError::Forked { sequence: one.sequence });
        }
        later.retain(|entry| entry.sequence >= self.next_sequence);
        for entry in &later {
            let sequence = self.next_sequence;
            if entry.sequence != sequence {
                return Err(TrailError::Gap { sequence });
            }
            let made = entry.event.made_again(&self.person);
            self.person = made.map_err(|refusal| TrailError::DoesNotFit { sequence, refusal })?;
            self.next_sequence = sequence.saturating_add(1);
        }
        self.history = Some(life);
        Ok((self, later.len()))
    }
}
