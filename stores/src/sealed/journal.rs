//! A store beneath that is a journal as well goes on being one. Nothing of it is sealed.

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{BlockingJournal, BlockingPeopleJournal, Journal, PeopleJournal, Randomness};

use super::Sealed;

impl<S: Journal, R: Randomness> Journal for Sealed<S, R> {
    type Error = S::Error;

    fn record(&self, events: &[Event]) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.store.record(events)
    }

    fn refused(&self, refusal: &RefusalEvent) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.store.refused(refusal)
    }
}

impl<S: PeopleJournal, R: Randomness> PeopleJournal for Sealed<S, R> {
    fn record_people(&self, changes: &[PeopleEntry]) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.store.record_people(changes)
    }
}

impl<S: BlockingJournal, R: Randomness> BlockingJournal for Sealed<S, R> {
    type Error = S::Error;

    fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
        self.store.record(events)
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Self::Error> {
        self.store.refused(refusal)
    }
}

impl<S: BlockingPeopleJournal, R: Randomness> BlockingPeopleJournal for Sealed<S, R> {
    fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), Self::Error> {
        self.store.record_people(changes)
    }
}
