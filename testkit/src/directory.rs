//! People in memory.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use pinlatch::host::BlockingDirectory;
use pinlatch::id::PersonId;
use pinlatch::people::{CalendarDate, LocalDates, Person};

use super::unavailable::Unavailable;

/// A directory under the test's hand. The test changes people with [`put`](Self::put): for the commands of "Users
/// and roles" take a [`StoredDirectory`](pinlatch::host::StoredDirectory) over a [`MemoryStore`](crate::MemoryStore).
#[derive(Debug)]
pub struct MemoryDirectory(Mutex<State>);

#[derive(Debug)]
struct State {
    people: BTreeMap<PersonId, Person>,
    dates: LocalDates,
    down: bool,
}

impl MemoryDirectory {
    /// An empty directory on that day.
    #[must_use]
    pub const fn on(today: CalendarDate) -> Self {
        let dates = LocalDates::everywhere(today);
        Self(Mutex::new(State { people: BTreeMap::new(), dates, down: false }))
    }

    /// Adds a person, or replaces what is known of one.
    pub fn put(&self, person: Person) {
        self.0.lock().people.insert(person.id(), person);
    }

    /// Forgets a person.
    pub fn remove(&self, id: PersonId) {
        self.0.lock().people.remove(&id);
    }

    /// What is known of a person.
    #[must_use]
    pub fn get(&self, id: PersonId) -> Option<Person> {
        self.0.lock().people.get(&id).cloned()
    }

    /// Turns the calendar.
    pub fn set_dates(&self, dates: LocalDates) {
        self.0.lock().dates = dates;
    }

    /// What day it is.
    #[must_use]
    pub fn today(&self) -> LocalDates {
        self.0.lock().dates.clone()
    }

    /// From now on answers every call with an error, or works again.
    pub fn set_down(&self, down: bool) {
        self.0.lock().down = down;
    }
}

impl BlockingDirectory for MemoryDirectory {
    type Error = Unavailable;

    fn person(&self, id: PersonId) -> Result<Option<Person>, Unavailable> {
        let state = self.0.lock();
        if state.down { Err(Unavailable) } else { Ok(state.people.get(&id).cloned()) }
    }

    fn dates(&self, _person: &Person) -> LocalDates {
        self.today()
    }
}
