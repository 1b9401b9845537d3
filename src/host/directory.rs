//! The host's facts about people.

use crate::id::PersonId;
use crate::people::{LocalDates, Person};

/// Knows people: employments, services, user accesses, roles.
pub trait Directory: Send + Sync {
    /// Why the directory could not be asked.
    type Error: core::error::Error + Send + Sync + 'static;

    /// The person as of now, or `None` if there is surely no such person.
    ///
    /// Dangerous: facts that have ended; and `None` for a person whom the directory merely could
    /// not read: `None` ends the person's sessions and wipes the PIN (E23).
    ///
    /// # Errors
    /// The directory could not be asked. The request is refused, and nothing is wiped.
    fn person(&self, id: PersonId) -> impl Future<Output = Result<Option<Person>, Self::Error>> + Send;

    /// What day it is in each of this person's companies, by each company's own time zone.
    fn dates(&self, person: &Person) -> LocalDates;
}
