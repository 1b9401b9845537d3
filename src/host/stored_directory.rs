//! A directory for hosts that have none: people in a store of ours.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::blocking::{Blocking, BlockingStore, at_once};
use super::directory::Directory;
use super::store::{Expect, Key, Loaded, Store, Version};
use super::swapping::{Decision, GivenUp, RAISING_CONFLICTS, Swapping, swap_until_written};
use crate::access::{PersonRecord, TrailError};
use crate::id::PersonId;
use crate::people::{LocalDates, Person};
use crate::record::{RecordError, StoredVersion};
use crate::refusal::Refusal;

/// Why a person could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredDirectoryError {
    /// The store could not be asked. Retry later.
    #[error("the store failed")]
    Store(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The person's record cannot be read; it was left untouched.
    #[error("the person's record cannot be read")]
    Record(#[from] RecordError),
    /// The changes of the trail do not lead on from what is stored; nothing was changed.
    #[error("the trail does not lead on from the person's record")]
    Trail(#[from] TrailError),
    /// The change was refused. Retrying changes nothing.
    #[error("{0}")]
    Refused(Refusal),
    /// Too many conflicting writes in a row. Retry.
    #[error("too many conflicting writes in a row: retry")]
    Contended,
    /// The store did not say whether it wrote. Retry; the change may have landed, or may land yet.
    #[error("the store did not say whether it wrote: retry")]
    Unanswered,
}

impl StoredDirectoryError {
    pub(super) fn store(error: impl core::error::Error + Send + Sync + 'static) -> Self {
        Self::Store(Box::new(error))
    }
}

impl From<Refusal> for StoredDirectoryError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// People in a [`Store`], each under a key of its own, beside the accounts or elsewhere.
///
/// `dates` tells what day it is in each of a person's companies; the store does not know.
///
/// ```
/// use pinlatch::access::users_and_roles::set_profile;
/// use pinlatch::host::{Blocking, StoredDirectory};
/// use pinlatch::people::{LocalDates, Profile};
/// # use pinlatch::people::UserAccess;
/// # use pinlatch_testkit::{ACME, MemoryStore, World, day, person, since_last_year};
/// # let world = World::new();
/// # let actor = world.administrator(ACME);
/// # let administrator = world.gate.blocking().administrator(&actor.session(), actor.company).unwrap();
/// # let future = async {
/// let today = LocalDates::everywhere(day(2026, 11, 22));
/// let directory = StoredDirectory::new(Blocking(MemoryStore::new()), |_| today.clone());
/// // The host imports whom it knows…
/// directory.change(person(7), |anna| Ok(anna.with_user_access(UserAccess::new(ACME, since_last_year())))).await?;
/// // …and an administrator sets a profile: here without an event, by the gate with one.
/// directory
///     .change(person(7), |anna| Ok(set_profile(&administrator, &anna, Profile::Employee, &today)?.person))
///     .await?;
/// # Ok::<(), pinlatch::host::StoredDirectoryError>(())
/// # };
/// # let mut future = std::pin::pin!(future);
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(matches!(future.as_mut().poll(&mut context), std::task::Poll::Ready(Ok(()))));
/// ```
pub struct StoredDirectory<S, F> {
    store: S,
    dates: F,
    writes: StoredVersion,
}

impl<S, F> fmt::Debug for StoredDirectory<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredDirectory")
    }
}

impl<S: Store, F: Fn(&Person) -> LocalDates + Send + Sync> StoredDirectory<S, F> {
    /// People in `store`.
    pub const fn new(store: S, dates: F) -> Self {
        Self { store, dates, writes: StoredVersion::WRITTEN }
    }

    /// Writes people in this version; see
    /// [`GateBuilder::writes_version`](crate::gate::GateBuilder::writes_version).
    #[must_use]
    pub const fn writes_version(mut self, version: StoredVersion) -> Self {
        self.writes = version;
        self
    }

    pub(super) const fn writes(&self) -> StoredVersion {
        self.writes
    }

    pub(super) const fn store(&self) -> &S {
        &self.store
    }

    pub(super) async fn record(&self, id: PersonId) -> Result<Option<PersonRecord>, StoredDirectoryError> {
        match self.store.load(&Key::person(id)).await.map_err(StoredDirectoryError::store)? {
            None => Ok(None),
            Some(found) => Ok(Some(PersonRecord::decode(&found.bytes, id)?)),
        }
    }

    /// Changes what is known of a person, or adds one, by compare-and-swap: what the host imports. `decide`
    /// gets the person as stored (without anything, if new), and is asked again after a conflict. Answers
    /// with the person as written.
    ///
    /// A record that cannot be read is an error and stays: remove it, and then change the person afresh.
    ///
    /// It is a change, and not a declaration: the same again is made again, a second employment for example. A host
    /// that imports at each start looks first what the person has.
    ///
    /// It makes no event. What an administrator changes goes through the gate, which records it (I11); reassess
    /// the person's account after an import.
    ///
    /// # Errors
    /// [`StoredDirectoryError`]. Nothing was written by the last try; an earlier one whose reply was lost may
    /// have landed, or may land yet.
    pub async fn change(
        &self,
        id: PersonId,
        decide: impl FnMut(Person) -> Result<Person, Refusal> + Send,
    ) -> Result<Person, StoredDirectoryError> {
        let mut change = Change { id, decide, writes: self.writes, found: None, wanted: None };
        swap_until_written(&self.store, &Key::person(id), &mut change).await
    }
}

/// A change of one person, on its way into the store.
struct Change<D> {
    id: PersonId,
    decide: D,
    writes: StoredVersion,
    found: Option<Loaded>,
    /// What was sent last, to be recognised if its reply was lost.
    wanted: Option<(Vec<u8>, Person)>,
}

impl<D: FnMut(Person) -> Result<Person, Refusal> + Send> Swapping for Change<D> {
    type Answer = Person;
    type Error = StoredDirectoryError;

    fn patience(&self) -> usize {
        RAISING_CONFLICTS
    }

    fn holds_a_record(&self) -> bool {
        false
    }

    fn take(&mut self, loaded: Option<Loaded>) -> Result<(), StoredDirectoryError> {
        self.found = loaded;
        Ok(())
    }

    fn landed(&mut self) -> Option<Person> {
        let landed =
            |(bytes, _): &(Vec<u8>, Person)| self.found.as_ref().is_some_and(|found| found.bytes == *bytes);
        self.wanted.take_if(|wanted| landed(wanted)).map(|(_, person)| person)
    }

    async fn decide(&mut self) -> Result<Decision<Person>, StoredDirectoryError> {
        let (stored, expect) = match &self.found {
            None => (PersonRecord::new(Person::new(self.id)), Expect::Absent),
            Some(found) => (PersonRecord::decode(&found.bytes, self.id)?, Expect::At(found.version)),
        };
        let person = (self.decide)(stored.person().clone())?;
        let bytes = stored.with_person(person.clone()).encode_as(self.writes)?;
        self.wanted = Some((bytes.clone(), person));
        Ok(Decision::Write { expect, bytes, events: Vec::new() })
    }

    fn written(&mut self, _: Version) -> Result<Person, StoredDirectoryError> {
        self.wanted.take().map(|(_, person)| person).ok_or(StoredDirectoryError::Contended)
    }

    fn store_failed(error: impl core::error::Error + Send + Sync + 'static) -> StoredDirectoryError {
        StoredDirectoryError::store(error)
    }

    fn given_up(why: GivenUp) -> StoredDirectoryError {
        match why {
            GivenUp::Contended => StoredDirectoryError::Contended,
            GivenUp::Unanswered => StoredDirectoryError::Unanswered,
        }
    }
}

impl<S: BlockingStore, F: Fn(&Person) -> LocalDates + Send + Sync> StoredDirectory<Blocking<S>, F> {
    /// [`change`](Self::change) without async.
    ///
    /// # Errors
    /// The same.
    pub fn change_now(
        &self,
        id: PersonId,
        decide: impl FnMut(Person) -> Result<Person, Refusal> + Send,
    ) -> Result<Person, StoredDirectoryError> {
        now(self.change(id, decide))
    }

    /// [`Directory::person`] without async.
    ///
    /// # Errors
    /// The same.
    pub fn person_now(&self, id: PersonId) -> Result<Option<Person>, StoredDirectoryError> {
        now(self.person(id))
    }
}

pub(super) fn now<T>(
    future: impl Future<Output = Result<T, StoredDirectoryError>>,
) -> Result<T, StoredDirectoryError> {
    // A future that awaits nothing but a blocking store is ready the first time.
    at_once(future).unwrap_or(Err(StoredDirectoryError::Contended))
}

impl<S: Store, F: Fn(&Person) -> LocalDates + Send + Sync> Directory for StoredDirectory<S, F> {
    type Error = StoredDirectoryError;

    async fn person(&self, id: PersonId) -> Result<Option<Person>, StoredDirectoryError> {
        Ok(self.record(id).await?.map(PersonRecord::into_person))
    }

    fn dates(&self, person: &Person) -> LocalDates {
        (self.dates)(person)
    }
}
