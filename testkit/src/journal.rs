//! An audit trail in memory.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{BlockingJournal, BlockingPeopleJournal};
use pinlatch::id::{PersonId, WriteId};
use pinlatch::refusal::Refusal;
use pinlatch::session::Change;

use super::unavailable::Unavailable;

/// Keeps events under (person, sequence), as a host should, and refusals as they come.
#[derive(Debug, Default)]
pub struct CollectingJournal(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    events: BTreeMap<(PersonId, u64), Event>,
    people: BTreeMap<(WriteId, u32), PeopleEntry>,
    contradictions: u64,
    refusals: Vec<RefusalEvent>,
    asked: u64,
    down: bool,
}

impl CollectingJournal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The transitions of one person, in order, each once.
    #[must_use]
    pub fn events(&self, person: PersonId) -> Vec<Event> {
        let state = self.0.lock();
        state.events.values().filter(|event| event.person == person).copied().collect()
    }

    /// What happened to this person's devices, in order.
    #[must_use]
    pub fn changes(&self, person: PersonId) -> Vec<Change> {
        let of_devices = self.events(person).into_iter().filter(|event| event.device.is_some());
        of_devices.map(|event| event.change).collect()
    }

    /// The refusals of one person in full, in order.
    #[must_use]
    pub fn refusal_events(&self, person: PersonId) -> Vec<RefusalEvent> {
        let state = self.0.lock();
        state.refusals.iter().filter(|event| event.person == person).copied().collect()
    }

    /// The refusals of one person, in order.
    #[must_use]
    pub fn refusals(&self, person: PersonId) -> Vec<Refusal> {
        let state = self.0.lock();
        state.refusals.iter().filter(|event| event.person == person).map(|event| event.refusal).collect()
    }

    /// The changes about one person, in the order of their numbers, each once.
    #[must_use]
    pub fn people(&self, person: PersonId) -> Vec<PeopleEntry> {
        let state = self.0.lock();
        let of_person = state.people.values().filter(|entry| entry.event.person == person);
        let mut entries: Vec<_> = of_person.cloned().collect();
        entries.sort_by_key(|entry| (entry.history, entry.sequence));
        entries
    }

    /// How often one (person, sequence) came with two different contents. Never, if all is well.
    #[must_use]
    pub fn contradictions(&self) -> u64 {
        self.0.lock().contradictions
    }

    /// How often it was handed events, taken or not.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.0.lock().asked
    }

    /// From now on takes nothing, or works again.
    pub fn set_down(&self, down: bool) {
        self.0.lock().down = down;
    }
}

impl BlockingJournal for CollectingJournal {
    type Error = Unavailable;

    fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        let mut state = self.0.lock();
        state.asked += 1;
        if state.down {
            return Err(Unavailable);
        }
        for event in events {
            let known = state.events.insert((event.person, event.sequence), *event);
            if known.is_some_and(|known| known != *event) {
                state.contradictions = state.contradictions.saturating_add(1);
            }
        }
        Ok(())
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        let mut state = self.0.lock();
        if state.down {
            return Err(Unavailable);
        }
        state.refusals.push(*refusal);
        Ok(())
    }
}

impl BlockingPeopleJournal for CollectingJournal {
    fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), Unavailable> {
        let mut state = self.0.lock();
        state.asked += 1;
        if state.down {
            return Err(Unavailable);
        }
        for entry in changes {
            let known = state.people.insert((entry.write, entry.index), entry.clone());
            if known.is_some_and(|known| known != *entry) {
                state.contradictions = state.contradictions.saturating_add(1);
            }
        }
        Ok(())
    }
}
