//! The audit trail: beside the records where the store takes events, the host's own elsewhere.

use std::convert::Infallible;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{Journal, PeopleJournal, Store};

use super::error::AnyError;
use super::store::AnyStore;

/// A journal for a gate whose store is chosen at run time; see [`AnyStore::journal_or`].
#[derive(Clone, Debug)]
pub struct AnyJournal<J>(Where<J>);

#[derive(Clone, Debug)]
enum Where<J> {
    BesideTheRecords(AnyStore),
    AtTheHost(J),
}

/// A journal of the host's that there is not: [`AnyStore::journal`] has none to fall back on.
#[derive(Clone, Copy, Debug)]
pub enum NoJournal {}

impl Journal for NoJournal {
    type Error = Infallible;

    async fn record(&self, _: &[Event]) -> Result<(), Infallible> {
        match *self {}
    }

    async fn refused(&self, _: &RefusalEvent) -> Result<(), Infallible> {
        match *self {}
    }
}

impl PeopleJournal for NoJournal {
    async fn record_people(&self, _: &[PeopleEntry]) -> Result<(), Infallible> {
        match *self {}
    }
}

impl AnyJournal<NoJournal> {
    pub(super) fn own(store: &AnyStore) -> Result<Self, AnyError> {
        let own = || Self(Where::BesideTheRecords(store.clone()));
        store.takes_events().then(own).ok_or(AnyError::NoTrail)
    }
}

impl<J> AnyJournal<J> {
    pub(super) fn of(store: &AnyStore, otherwise: J) -> Self {
        Self(if store.takes_events() {
            Where::BesideTheRecords(store.clone())
        } else {
            Where::AtTheHost(otherwise)
        })
    }
}

fn of_the_host<E: std::error::Error + Send + Sync + 'static>(error: E) -> AnyError {
    AnyError::Journal(Box::new(error))
}

impl<J: Journal> Journal for AnyJournal<J> {
    type Error = AnyError;

    async fn record(&self, events: &[Event]) -> Result<(), AnyError> {
        match &self.0 {
            Where::BesideTheRecords(store) => store.0.record(events).await,
            Where::AtTheHost(journal) => journal.record(events).await.map_err(of_the_host),
        }
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), AnyError> {
        match &self.0 {
            Where::BesideTheRecords(store) => store.0.refused(refusal).await,
            Where::AtTheHost(journal) => journal.refused(refusal).await.map_err(of_the_host),
        }
    }
}

impl<J: PeopleJournal> PeopleJournal for AnyJournal<J> {
    async fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), AnyError> {
        match &self.0 {
            Where::BesideTheRecords(store) => store.0.record_people(changes).await,
            Where::AtTheHost(journal) => journal.record_people(changes).await.map_err(of_the_host),
        }
    }
}
