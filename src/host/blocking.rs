//! The synchronous twins of the host's traits, and the adapter that makes them fit the gate.

use alloc::vec::Vec;
use core::future::ready;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use super::directory::Directory;
use super::journal::Journal;
use super::store::{Expect, Key, Loaded, Store, Swap};
use crate::account::{Event, RefusalEvent};
use crate::id::PersonId;
use crate::people::{LocalDates, Person};

/// The result of a future that is ready at once; `None` if it would have to be waited for.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

/// Adapts a blocking part: its futures are ready when they are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blocking<T>(pub T);

/// [`Store`] without async. The same answers are dangerous.
pub trait BlockingStore: Send + Sync {
    /// Why the store could not be asked.
    type Error: core::error::Error + Send + Sync + 'static;

    /// See [`Store::load`].
    ///
    /// # Errors
    /// The store could not be asked.
    fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error>;

    /// See [`Store::compare_and_swap`].
    ///
    /// # Errors
    /// Surely nothing was written.
    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error>;

    /// See [`Store::takes_events`].
    fn takes_events(&self) -> bool {
        false
    }
}

impl<T: BlockingStore> Store for Blocking<T> {
    type Error = T::Error;

    fn load(&self, key: &Key) -> impl Future<Output = Result<Option<Loaded>, Self::Error>> + Send {
        ready(self.0.load(key))
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> impl Future<Output = Result<Swap, Self::Error>> + Send {
        ready(self.0.compare_and_swap(key, expect, bytes, events))
    }

    fn takes_events(&self) -> bool {
        self.0.takes_events()
    }
}

/// [`Directory`] without async. The same answers are dangerous.
pub trait BlockingDirectory: Send + Sync {
    /// Why the directory could not be asked.
    type Error: core::error::Error + Send + Sync + 'static;

    /// See [`Directory::person`].
    ///
    /// # Errors
    /// The directory could not be asked.
    fn person(&self, id: PersonId) -> Result<Option<Person>, Self::Error>;

    /// See [`Directory::dates`].
    fn dates(&self, person: &Person) -> LocalDates;
}

impl<T: BlockingDirectory> Directory for Blocking<T> {
    type Error = T::Error;

    fn person(&self, id: PersonId) -> impl Future<Output = Result<Option<Person>, Self::Error>> + Send {
        ready(self.0.person(id))
    }

    fn dates(&self, person: &Person) -> LocalDates {
        self.0.dates(person)
    }
}

/// [`Journal`] without async. The same answers are dangerous.
pub trait BlockingJournal: Send + Sync {
    /// Why the journal could not take them.
    type Error: core::error::Error + Send + Sync + 'static;

    /// See [`Journal::record`].
    ///
    /// # Errors
    /// The events are handed over again.
    fn record(&self, events: &[Event]) -> Result<(), Self::Error>;

    /// See [`Journal::refused`].
    ///
    /// # Errors
    /// The refusal is given to the caller all the same.
    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Self::Error>;
}

impl<T: BlockingJournal> Journal for Blocking<T> {
    type Error = T::Error;

    fn record(&self, events: &[Event]) -> impl Future<Output = Result<(), Self::Error>> + Send {
        ready(self.0.record(events))
    }

    fn refused(&self, refusal: &RefusalEvent) -> impl Future<Output = Result<(), Self::Error>> + Send {
        ready(self.0.refused(refusal))
    }
}
