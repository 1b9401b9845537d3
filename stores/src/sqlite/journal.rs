//! The audit trail: accepted transitions, each once, and refusals as they come.

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{BlockingJournal, BlockingPeopleJournal, Key};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use rusqlite::{Params, Transaction};

use super::SqliteStore;
use super::error::SqliteError;
use super::records::begin;
use crate::refusals::{JournalledRefusal, StoredRefusal};

/// How many refusals are removed at once.
const PAGE: i64 = 10_000;

impl BlockingJournal for SqliteStore {
    type Error = SqliteError;

    /// All of them or none, on the disk when it answers, after [`BUSY_TIMEOUT`](super::BUSY_TIMEOUT) at
    /// the latest. Events that are there are left alone.
    fn record(&self, events: &[Event]) -> Result<(), SqliteError> {
        let mut writer = self.writer()?;
        let transaction = begin(&mut writer)?;
        keep(&transaction, events)?;
        Ok(transaction.commit()?)
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), SqliteError> {
        let text = serde_json::to_string(&StoredRefusal::from(refusal)).map_err(SqliteError::unreadable)?;
        let at = refusal.at.and_then(|at| i64::try_from(at.as_unix_millis()).ok());
        let mut writer = self.writer()?;
        let transaction = begin(&mut writer)?;
        transaction
            .prepare_cached("INSERT INTO refusals (person, at, refusal) VALUES (?1, ?2, ?3)")?
            .execute((refusal.person.map(column), at, text))?;
        Ok(transaction.commit()?)
    }
}

impl BlockingPeopleJournal for SqliteStore {
    /// As for the events of accounts.
    fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), SqliteError> {
        let mut writer = self.writer()?;
        let transaction = begin(&mut writer)?;
        for change in changes {
            let text = serde_json::to_string(change).map_err(SqliteError::unreadable)?;
            transaction
                .prepare_cached(
                    "INSERT INTO changes (id, person, change) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
                )?
                .execute((change.id.to_string(), column(change.event.person), text))?;
        }
        Ok(transaction.commit()?)
    }
}

impl SqliteStore {
    /// What administrators changed about one person, in the order in which it came.
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub fn changes(&self, person: PersonId) -> Result<Vec<PeopleEntry>, SqliteError> {
        self.texts("SELECT change FROM changes WHERE person = ?1 ORDER BY number", [column(person)])?
            .iter()
            .map(|text| serde_json::from_str(text).map_err(SqliteError::unreadable))
            .collect()
    }

    /// What administrators changed about anybody, behind this number of the table `changes`: what came after a backup
    /// whose last number it is. Of a store opened `without_events` these are not all: ask the journal that has them.
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub fn changes_after(&self, number: u64) -> Result<Vec<PeopleEntry>, SqliteError> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.texts("SELECT change FROM changes WHERE number > ?1 ORDER BY number", [number])?
            .iter()
            .map(|text| serde_json::from_str(text).map_err(SqliteError::unreadable))
            .collect()
    }

    /// The accepted transitions of one person, in the order in which they came, which is
    /// [theirs](pinlatch::host::Journal::record).
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub fn events(&self, person: PersonId) -> Result<Vec<Event>, SqliteError> {
        self.texts("SELECT event FROM events WHERE person = ?1 ORDER BY number", [column(person)])?
            .iter()
            .map(|text| serde_json::from_str(text).map_err(SqliteError::unreadable))
            .collect()
    }

    /// The refusals of one person, in the order in which they came; with `None` those of authentications
    /// that were begun for nobody in particular.
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub fn refusals(
        &self,
        person: impl Into<Option<PersonId>>,
    ) -> Result<Vec<JournalledRefusal>, SqliteError> {
        self.texts(
            "SELECT refusal FROM refusals WHERE person IS ?1 ORDER BY number",
            [person.into().map(column)],
        )?
        .iter()
        .map(|text| serde_json::from_str::<StoredRefusal>(text).map_err(SqliteError::unreadable))
        .map(|stored| stored.map(JournalledRefusal::from))
        .collect()
    }

    /// Removes everybody's refusals from before a moment, and says how many. Refusals are the one
    /// thing here that a stranger can make grow: call this from a job, by your rules of retention.
    /// Those without a time stay. They go some ten thousand at a time, so that nobody waits for it.
    ///
    /// # Errors
    /// The file could not be written; some may have been removed.
    pub fn remove_refusals_before(&self, moment: Timestamp) -> Result<usize, SqliteError> {
        let moment = i64::try_from(moment.as_unix_millis()).unwrap_or(i64::MAX);
        let mut removed = 0_usize;
        loop {
            let mut writer = self.writer()?;
            let transaction = begin(&mut writer)?;
            let gone = transaction.execute(
                "DELETE FROM refusals WHERE number IN
                 (SELECT number FROM refusals WHERE at < ?1 ORDER BY at LIMIT ?2)",
                (moment, PAGE),
            )?;
            transaction.commit()?;
            if gone == 0 {
                return Ok(removed);
            }
            removed = removed.saturating_add(gone);
        }
    }

    /// Removes a person's whole trail, events, changes and refusals, and says how many they were. How long a trail
    /// has to be kept is the law's and the host's to say. Call it after [erasing](pinlatch::gate::Gate::erase) the
    /// account: what waits in a record is handed over again.
    ///
    /// # Errors
    /// The file could not be written; nothing was removed.
    pub fn remove_trail(&self, person: PersonId) -> Result<usize, SqliteError> {
        let mut writer = self.writer()?;
        let transaction = begin(&mut writer)?;
        let mut removed = 0_usize;
        for delete in [
            "DELETE FROM events WHERE person = ?1",
            "DELETE FROM changes WHERE person = ?1",
            "DELETE FROM refusals WHERE person = ?1",
        ] {
            removed = removed.saturating_add(transaction.execute(delete, [column(person)])?);
        }
        transaction.commit()?;
        Ok(removed)
    }

    fn texts(&self, select: &str, of: impl Params) -> Result<Vec<String>, SqliteError> {
        let reader = self.reader();
        let mut statement = reader.prepare_cached(select)?;
        let texts = statement.query_map(of, |row| row.get(0))?;
        Ok(texts.collect::<Result<_, _>>()?)
    }
}

/// A person in a column.
fn column(person: PersonId) -> String {
    Key::person(person).as_str().to_owned()
}

/// Writes events, but those that are there.
pub(super) fn keep(transaction: &Transaction<'_>, events: &[Event]) -> Result<(), SqliteError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO events (id, person, event) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
    )?;
    for event in events {
        let text = serde_json::to_string(event).map_err(SqliteError::unreadable)?;
        statement.execute((event.id.to_string(), Key::person(event.person).as_str(), text))?;
    }
    Ok(())
}
