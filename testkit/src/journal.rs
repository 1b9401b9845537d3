//! An audit trail in memory.

use std::collections::{HashMap, HashSet};

use parking_lot::Mutex;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{BlockingJournal, BlockingPeopleJournal};
use pinlatch::id::{EventId, HistoryId, PersonId};
use pinlatch::refusal::Refusal;
use pinlatch::session::Change;

use super::unavailable::Unavailable;

/// Keeps events under their id, as a host should, and refusals as they come.
#[derive(Debug, Default)]
pub struct CollectingJournal(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    events: Vec<Event>,
    known: HashMap<EventId, Event>,
    people: HashMap<EventId, PeopleEntry>,
    /// In the order in which they came.
    order: Vec<EventId>,
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

    /// The transitions of one person, each once: the lives of the record as the journal learnt of them,
    /// and in each the events by their number.
    #[must_use]
    pub fn events(&self, person: PersonId) -> Vec<Event> {
        let state = self.0.lock();
        let mut events: Vec<Event> =
            state.events.iter().filter(|event| event.person == person).copied().collect();
        in_order_of_lives(&mut events, |event| (event.history, event.sequence));
        events
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
        state.refusals.iter().filter(|event| event.person == Some(person)).copied().collect()
    }

    /// The refusals of one person, in order.
    #[must_use]
    pub fn refusals(&self, person: PersonId) -> Vec<Refusal> {
        let state = self.0.lock();
        state
            .refusals
            .iter()
            .filter(|event| event.person == Some(person))
            .map(|event| event.refusal)
            .collect()
    }

    /// How many events have a number that another event of the same life has, too: a record was restored
    /// from a backup, and went on from there.
    #[must_use]
    pub fn numbers_repeated(&self) -> usize {
        let state = self.0.lock();
        let numbers: HashSet<_> = state.events.iter().map(|event| (event.history, event.sequence)).collect();
        state.events.len() - numbers.len()
    }

    /// The changes about one person, each once: life by life as they came, and in each in the order of their numbers.
    #[must_use]
    pub fn people(&self, person: PersonId) -> Vec<PeopleEntry> {
        let state = self.0.lock();
        let entries = state.order.iter().filter_map(|id| state.people.get(id));
        let mut entries: Vec<_> = entries.filter(|entry| entry.event.person == person).cloned().collect();
        in_order_of_lives(&mut entries, |entry| (entry.history, entry.sequence));
        entries
    }

    /// How often one id came with two different contents. Never, if all is well.
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

/// Sorts entries by their numbers, but leaves the lives of a record in the order in which they began here.
fn in_order_of_lives<T>(entries: &mut [T], place: impl Fn(&T) -> (HistoryId, u64)) {
    let mut lives: Vec<HistoryId> = Vec::new();
    for entry in entries.iter() {
        let (life, _) = place(entry);
        if !lives.contains(&life) {
            lives.push(life);
        }
    }
    entries.sort_by_key(|entry| {
        let (life, number) = place(entry);
        (lives.iter().position(|known| *known == life), number)
    });
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
            match state.known.insert(event.id, *event) {
                None => state.events.push(*event),
                Some(known) if known != *event => {
                    state.contradictions = state.contradictions.saturating_add(1);
                }
                Some(_) => {}
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
            match state.people.insert(entry.id, entry.clone()) {
                None => state.order.push(entry.id),
                Some(known) if known != *entry => {
                    state.contradictions = state.contradictions.saturating_add(1);
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}
