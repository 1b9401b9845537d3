//! Changes of people in a [`StoredDirectory`]: facts, event and number in one write (I11).

use alloc::vec::Vec;

use super::blocking::{Blocking, BlockingStore};
use super::changes_people::{ChangeError, ChangesPeople, WrittenPerson};
use super::randomness::RandomnessError;
use super::store::{Expect, Key, Loaded, Store, Version};
use super::stored_directory::{StoredDirectory, StoredDirectoryError, now};
use super::swapping::{Decision, GivenUp, RAISING_CONFLICTS, Swapping, swap_until_written};
use crate::access::users_and_roles::Changed;
use crate::access::{PeopleEntry, PersonRecord};
use crate::id::{PersonId, WriteId};
use crate::people::{LocalDates, Person};
use crate::record::StoredVersion;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::time::Timestamp;

type Failed = ChangeError<StoredDirectoryError>;

impl From<StoredDirectoryError> for Failed {
    fn from(error: StoredDirectoryError) -> Self {
        Self::Directory(error)
    }
}

/// A record on its way into the store, recognised by the ids of the writes that were sent.
struct Changing<W, D> {
    id: PersonId,
    draw: W,
    decide: D,
    record: PersonRecord,
    expect: Expect,
    sent: Vec<WriteId>,
    writes: StoredVersion,
}

impl<W, D> Changing<W, D> {
    const fn new(id: PersonId, writes: StoredVersion, draw: W, decide: D) -> Self {
        let record = PersonRecord::new(Person::new(id));
        Self { id, draw, decide, record, expect: Expect::Absent, sent: Vec::new(), writes }
    }
}

const DRAW_REPEATED: Refusal = Refusal::because(RefusalCode::Unavailable, Cause::DrawRepeated);

impl<W, D> Swapping for Changing<W, D>
where
    W: FnMut() -> Result<WriteId, RandomnessError> + Send,
    D: FnMut(&PersonRecord, WriteId) -> Result<Option<PersonRecord>, Refusal> + Send,
{
    type Answer = PersonRecord;
    type Error = Failed;

    fn patience(&self) -> usize {
        RAISING_CONFLICTS
    }

    fn holds_a_record(&self) -> bool {
        false
    }

    fn take(&mut self, loaded: Option<Loaded>) -> Result<(), Failed> {
        (self.record, self.expect) = match loaded {
            None => (PersonRecord::new(Person::new(self.id)), Expect::Absent),
            Some(Loaded { bytes, version }) => {
                let record = PersonRecord::decode(&bytes, self.id).map_err(StoredDirectoryError::from)?;
                (record, Expect::At(version))
            }
        };
        Ok(())
    }

    fn landed(&mut self) -> Option<PersonRecord> {
        let landed = self.sent.iter().any(|write| self.record.has_written(*write));
        landed.then(|| self.record.clone())
    }

    async fn decide(&mut self) -> Result<Decision<PersonRecord>, Failed> {
        let write = (self.draw)()?;
        if self.record.has_written(write) || self.sent.contains(&write) {
            return Err(ChangeError::Refused(DRAW_REPEATED)); // E39
        }
        let Some(changed) = (self.decide)(&self.record, write).map_err(ChangeError::Refused)? else {
            return Ok(Decision::Answer(self.record.clone()));
        };
        let bytes = changed.encode_as(self.writes).map_err(StoredDirectoryError::from)?;
        self.sent.push(write);
        self.record = changed;
        Ok(Decision::Write { expect: self.expect, bytes, events: Vec::new() })
    }

    fn written(&mut self, _: Version) -> Result<PersonRecord, Failed> {
        Ok(self.record.clone())
    }

    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> Failed {
        StoredDirectoryError::store(error).into()
    }

    fn given_up(why: GivenUp) -> Failed {
        match why {
            GivenUp::Contended => StoredDirectoryError::Contended.into(),
            GivenUp::Unanswered => StoredDirectoryError::Unanswered.into(),
        }
    }
}

impl<S: Store, F: Fn(&Person) -> LocalDates + Send + Sync> ChangesPeople for StoredDirectory<S, F> {
    async fn change_person(
        &self,
        id: PersonId,
        at: Option<Timestamp>,
        draw: impl FnMut() -> Result<WriteId, RandomnessError> + Send,
        mut decide: impl FnMut(&Person, &[PeopleEntry]) -> Result<Changed, Refusal> + Send,
    ) -> Result<WrittenPerson, Failed> {
        let decide = |record: &PersonRecord, write| {
            let Changed { person, event } = decide(record.person(), record.waiting())?;
            Ok(Some(record.clone().with_change(write, at, person, event)))
        };
        let mut changing = Changing::new(id, self.writes(), draw, decide);
        let record = swap_until_written(self.store(), &Key::person(id), &mut changing).await?;
        let waiting = record.waiting().to_vec();
        Ok(WrittenPerson { person: record.into_person(), waiting })
    }

    async fn waiting_changes(&self, id: PersonId) -> Result<Vec<PeopleEntry>, StoredDirectoryError> {
        Ok(self.record(id).await?.map_or_else(Vec::new, |record| record.waiting().to_vec()))
    }

    async fn forget_changes(
        &self,
        id: PersonId,
        delivered: &[PeopleEntry],
    ) -> Result<(), StoredDirectoryError> {
        // Nothing is told of this write, so it takes no id with it: done twice it comes to the same.
        let mut tries = 0_u128;
        let draw = || {
            tries = tries.saturating_add(1);
            Ok(WriteId::from_u128(tries))
        };
        let decide = |record: &PersonRecord, _| {
            let without = record.clone().delivered(delivered);
            Ok((without != *record).then_some(without))
        };
        let mut changing = Changing::new(id, self.writes(), draw, decide);
        match swap_until_written(self.store(), &Key::person(id), &mut changing).await {
            Ok(_) => Ok(()),
            Err(ChangeError::Directory(error)) => Err(error),
            Err(_) => Err(StoredDirectoryError::Contended),
        }
    }
}

impl<S: Store, F: Fn(&Person) -> LocalDates + Send + Sync> StoredDirectory<S, F> {
    /// Makes the changes about a person once more that came after the facts as stored, each as on its day, and answers
    /// how many these were: for facts that a backup brought back, while nobody is served. Done twice it changes nothing.
    ///
    /// `later` is what the trail got after that backup, in the order in which it got it, as by `changes_after` of the
    /// stores that keep it: nothing older, which may be about a life of the record that was over by then. It may be that
    /// of everybody. The changes are not handed over again, and the next one is numbered after them. What a host imports
    /// by [`change`](Self::change) is in no trail: import it after this, as the register has the last word, and before it
    /// where a change does not fit without.
    ///
    /// **It believes the trail:** whoever can write that gives themselves a role by it, also where records are sealed.
    ///
    /// # Errors
    /// [`StoredDirectoryError::Trail`] where the changes do not lead on from there, and the others; as after `change`, a
    /// write whose reply was lost may have landed.
    pub async fn catch_up(&self, id: PersonId, later: &[PeopleEntry]) -> Result<usize, StoredDirectoryError> {
        let (mut made, mut failed) = (0, None);
        // Its own numbers tell whether it landed, so it takes no id with it.
        let mut tries = 0_u128;
        let draw = || {
            tries = tries.saturating_add(1);
            Ok(WriteId::from_u128(tries))
        };
        let decide = |record: &PersonRecord, _| match record.clone().caught_up(later) {
            Ok((_, 0)) => Ok(None),
            Ok((record, changes)) => {
                made = changes;
                Ok(Some(record))
            }
            Err(error) => {
                failed = Some(error);
                Ok(None)
            }
        };
        let mut changing = Changing::new(id, self.writes(), draw, decide);
        let written = swap_until_written(self.store(), &Key::person(id), &mut changing).await;
        if let Some(error) = failed {
            return Err(error.into());
        }
        match written {
            Ok(_) => Ok(made),
            Err(ChangeError::Directory(error)) => Err(error),
            Err(_) => Err(StoredDirectoryError::Contended),
        }
    }
}

impl<S: BlockingStore, F: Fn(&Person) -> LocalDates + Send + Sync> StoredDirectory<Blocking<S>, F> {
    /// [`catch_up`](Self::catch_up) without async.
    ///
    /// # Errors
    /// The same.
    pub fn catch_up_now(&self, id: PersonId, later: &[PeopleEntry]) -> Result<usize, StoredDirectoryError> {
        now(self.catch_up(id, later))
    }
}
