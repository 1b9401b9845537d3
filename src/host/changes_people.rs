//! A directory in which the gate changes people, and the journal that takes those changes (I11).

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::blocking::{Blocking, BlockingJournal};
use super::directory::Directory;
use super::journal::Journal;
use super::randomness::RandomnessError;
use crate::access::PeopleEntry;
use crate::access::users_and_roles::Changed;
use crate::id::{PersonId, WriteId};
use crate::people::Person;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Why a person was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError<E> {
    /// The rules say no. Retrying changes nothing.
    #[error("{0}")]
    Refused(Refusal),
    /// The random source failed: nothing was written.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The directory could not be asked.
    #[error("the directory failed")]
    Directory(#[source] E),
}

/// A person as written, with the changes that wait for the journal, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPerson {
    /// The person.
    pub person: Person,
    /// What waits.
    pub waiting: Vec<PeopleEntry>,
}

/// A [`Directory`] in which people are changed by the commands of "Users and roles":
/// [`StoredDirectory`](super::StoredDirectory) is one.
pub trait ChangesPeople: Directory {
    /// Changes a person by compare-and-swap: facts, event and its number **in one write** (I11). `decide` gets
    /// the person as stored, without anything if new, and is asked again after a conflict; `draw` gives a
    /// fresh id for each write that is sent, by which the write recognises itself after a lost reply.
    ///
    /// Dangerous: facts written without their event, or an event without its facts.
    ///
    /// # Errors
    /// [`ChangeError`]. Nothing was written by the last try; an earlier one whose reply was lost may have
    /// landed.
    fn change_person(
        &self,
        id: PersonId,
        at: Option<Timestamp>,
        draw: impl FnMut() -> Result<WriteId, RandomnessError> + Send,
        decide: impl FnMut(&Person, &[PeopleEntry]) -> Result<Changed, Refusal> + Send,
    ) -> impl Future<Output = Result<WrittenPerson, ChangeError<Self::Error>>> + Send;

    /// The changes about a person that wait for the journal, the oldest first.
    ///
    /// # Errors
    /// The directory could not be asked.
    fn waiting_changes(
        &self,
        id: PersonId,
    ) -> impl Future<Output = Result<Vec<PeopleEntry>, Self::Error>> + Send;

    /// Forgets these changes, because the journal has them.
    ///
    /// # Errors
    /// They stay, and are handed over again.
    fn forget_changes(
        &self,
        id: PersonId,
        delivered: &[PeopleEntry],
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A [`Journal`] that takes changes about people too.
pub trait PeopleJournal: Journal {
    /// Takes changes about people, in order. Each is handed over at least once: store it under the
    /// unique key `id`, and ignore one that is there.
    ///
    /// Dangerous: `Ok` for changes that were not kept; they are not handed over again.
    ///
    /// # Errors
    /// They stay in the person's record and are handed over again. The command that caused them has
    /// succeeded all the same.
    fn record_people(&self, changes: &[PeopleEntry]) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// [`PeopleJournal`] without async. The same answer is dangerous.
pub trait BlockingPeopleJournal: BlockingJournal {
    /// See [`PeopleJournal::record_people`].
    ///
    /// # Errors
    /// They are handed over again.
    fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), Self::Error>;
}

impl<T: BlockingPeopleJournal> PeopleJournal for Blocking<T> {
    fn record_people(&self, changes: &[PeopleEntry]) -> impl Future<Output = Result<(), Self::Error>> + Send {
        core::future::ready(self.0.record_people(changes))
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {
        $(impl<T: ChangesPeople> ChangesPeople for $pointer {
            fn change_person(
                &self,
                id: PersonId,
                at: Option<Timestamp>,
                draw: impl FnMut() -> Result<WriteId, RandomnessError> + Send,
                decide: impl FnMut(&Person, &[PeopleEntry]) -> Result<Changed, Refusal> + Send,
            ) -> impl Future<Output = Result<WrittenPerson, ChangeError<Self::Error>>> + Send {
                (**self).change_person(id, at, draw, decide)
            }

            fn waiting_changes(
                &self,
                id: PersonId,
            ) -> impl Future<Output = Result<Vec<PeopleEntry>, Self::Error>> + Send {
                (**self).waiting_changes(id)
            }

            fn forget_changes(
                &self,
                id: PersonId,
                delivered: &[PeopleEntry],
            ) -> impl Future<Output = Result<(), Self::Error>> + Send {
                (**self).forget_changes(id, delivered)
            }
        }

        impl<T: PeopleJournal> PeopleJournal for $pointer {
            fn record_people(
                &self,
                changes: &[PeopleEntry],
            ) -> impl Future<Output = Result<(), Self::Error>> + Send {
                (**self).record_people(changes)
            }
        }

        impl<T: BlockingPeopleJournal + ?Sized> BlockingPeopleJournal for $pointer {
            fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), Self::Error> {
                (**self).record_people(changes)
            }
        })*
    };
}
forward!(&T, Box<T>, Arc<T>);
