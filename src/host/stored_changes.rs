//! Changes of people in a [`StoredDirectory`]: facts, event and number in one write (I11).

use alloc::vec::Vec;

use super::changes_people::{ChangeError, ChangesPeople, WrittenPerson};
use super::randomness::RandomnessError;
use super::store::{Expect, Key, Loaded, Store, Version};
use super::stored_directory::{StoredDirectory, StoredDirectoryError};
use super::swapping::{Decision, Swapping, swap_until_written};
use crate::access::users_and_roles::Changed;
use crate::access::{PeopleEntry, PersonRecord};
use crate::id::{PersonId, WriteId};
use crate::people::{LocalDates, Person};
use crate::refusal::Refusal;
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
}

impl<W, D> Changing<W, D> {
    const fn new(id: PersonId, draw: W, decide: D) -> Self {
        let record = PersonRecord::new(Person::new(id));
        Self { id, draw, decide, record, expect: Expect::Absent, sent: Vec::new() }
    }
}

impl<W, D> Swapping for Changing<W, D>
where
    W: FnMut() -> Result<WriteId, RandomnessError> + Send,
    D: FnMut(&PersonRecord, WriteId) -> Result<Option<PersonRecord>, Refusal> + Send,
{
    type Answer = PersonRecord;
    type Error = Failed;

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

    async fn decide(&mut self) -> Result<Decision<PersonRecord>, Failed> {
        if self.sent.iter().any(|write| self.record.has_written(*write)) {
            return Ok(Decision::Answer(self.record.clone())); // the reply was lost
        }
        let write = (self.draw)()?;
        let Some(changed) = (self.decide)(&self.record, write).map_err(ChangeError::Refused)? else {
            return Ok(Decision::Answer(self.record.clone()));
        };
        let bytes = changed.encode().map_err(StoredDirectoryError::from)?;
        self.sent.push(write);
        self.record = changed;
        Ok(Decision::Write { expect: self.expect, bytes, events: Vec::new() })
    }

    async fn written(&mut self, _: Version) -> Result<PersonRecord, Failed> {
        Ok(self.record.clone())
    }

    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> Failed {
        StoredDirectoryError::store(error).into()
    }

    fn contended() -> Failed {
        StoredDirectoryError::Contended.into()
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
        let mut changing = Changing::new(id, draw, decide);
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
        // Nothing is told of this write, so it needs no id: done twice it comes to the same.
        let draw = || Ok(WriteId::from_bytes([0; 16]));
        let decide = |record: &PersonRecord, _| {
            let without = record.clone().delivered(delivered);
            Ok((without != *record).then_some(without))
        };
        let mut changing = Changing::new(id, draw, decide);
        match swap_until_written(self.store(), &Key::person(id), &mut changing).await {
            Ok(_) => Ok(()),
            Err(ChangeError::Directory(error)) => Err(error),
            Err(_) => Err(StoredDirectoryError::Contended),
        }
    }
}
