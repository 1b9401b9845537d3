//! Changes of the audit trail, made once more on facts that a backup brought back.

use alloc::vec::Vec;

use crate::people::{LocalDates, Person, Role, UserAccess, Validity};
use crate::refusal::{Refusal, RefusalCode};

use super::administrator::Administrator;
use super::people_record::{PeopleEntry, PersonRecord};
use super::users_and_roles::{self as page, Changed, PeopleChange, PeopleEvent};

/// Why a trail does not lead on from the facts. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrailError {
    /// The trail goes on later than the facts end. Look for the change in another copy of the trail.
    #[error(
        "the trail lacks change number {sequence} about this person: look for it in another copy of the trail"
    )]
    Gap {
        /// The number of the first change that is missing.
        sequence: u64,
    },
    /// Two changes have one number: an earlier restore went on without the trail. Make those that are right by
    /// [`PeopleEvent::made_again`].
    #[error(
        "the trail has two changes number {sequence} about this person, as after an earlier restore: choose by hand"
    )]
    Forked {
        /// The number that both have.
        sequence: u64,
    },
    /// The facts were removed after the backup, and begun anew. Remove them again, import what you import, and
    /// catch up then.
    #[error(
        "these facts were removed after the backup, and begun anew: remove them, import, and catch up again"
    )]
    RemovedSince,
    /// The change was possible then and is not on these facts: something that the host imports is missing. Import it first.
    #[error("change number {sequence} does not fit these facts: import what you import, and catch up again")]
    DoesNotFit {
        /// The number of the change.
        sequence: u64,
        /// Why it is not possible.
        refusal: Refusal,
    },
}

impl PeopleEvent {
    /// The person with this change made once more, as on the day when it was made: for facts from before it. Where
    /// nothing is left to change, the same person.
    ///
    /// # Errors
    /// The refusal of a change that is not possible on these facts.
    pub fn made_again(&self, person: &Person) -> Result<Person, Refusal> {
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
            Ok(changed) => Ok(changed.person),
            Err(refusal) if refusal.code() == RefusalCode::NothingToChange => Ok(person.clone()),
            Err(refusal) => Err(refusal),
        }
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
    /// With the changes of the trail that came after this record, and how many these are. They are in the trail
    /// already, and are not handed over again; the next change gets the number after them.
    ///
    /// `trail` is the whole of it about this person, in its order; entries about others are passed over.
    ///
    /// # Errors
    /// [`TrailError`].
    pub fn caught_up(mut self, trail: &[PeopleEntry]) -> Result<(Self, usize), TrailError> {
        let id = self.id();
        let of_person = || trail.iter().filter(|entry| entry.event.person == id);
        let Some(life) = of_person().next_back().map(|entry| entry.history) else { return Ok((self, 0)) };
        if self.history.is_some_and(|history| history != life) {
            return Err(TrailError::RemovedSince);
        }
        let mut later: Vec<_> = of_person()
            .filter(|entry| entry.history == life && entry.sequence >= self.next_sequence)
            .collect();
        later.sort_by_key(|entry| entry.sequence);
        // Handed over at least once: a journal may have kept one twice.
        later.dedup_by_key(|entry| (entry.sequence, entry.id));
        for entry in &later {
            let sequence = self.next_sequence;
            if entry.sequence > sequence {
                return Err(TrailError::Gap { sequence });
            }
            if entry.sequence < sequence {
                return Err(TrailError::Forked { sequence: entry.sequence });
            }
            let made = entry.event.made_again(&self.person);
            self.person = made.map_err(|refusal| TrailError::DoesNotFit { sequence, refusal })?;
            self.next_sequence = sequence.saturating_add(1);
        }
        if !later.is_empty() {
            self.history = Some(life);
        }
        Ok((self, later.len()))
    }
}
