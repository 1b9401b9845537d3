//! The audit trail: accepted transitions, each once, and refusals as they come.

use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{BlockingJournal, Key};
use pinlatch::id::PersonId;
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::time::Timestamp;
use rusqlite::{OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

use super::SqliteStore;
use super::error::SqliteError;
use super::records::begin;

/// A refusal as it is read back from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalledRefusal {
    /// Whose account the command was aimed at.
    pub person: PersonId,
    /// What was asked, as the gate's method is named.
    pub command: String,
    /// The refusal, with its cause.
    pub refusal: Refusal,
    /// When, by the host's clock; `None` if it did not know.
    pub at: Option<Timestamp>,
}

/// A refusal as it stands in the file.
#[derive(Serialize, Deserialize)]
struct StoredRefusal {
    person: PersonId,
    command: String,
    refusal: StoredReason,
    at: Option<Timestamp>,
}

/// Code and cause, each by its name. A `Refusal` cannot be serialized as a whole, so that its cause leaves
/// no host by accident; the journal is where a cause belongs.
#[derive(Serialize, Deserialize)]
struct StoredReason {
    code: RefusalCode,
    cause: Cause,
}

impl From<&RefusalEvent> for StoredRefusal {
    fn from(event: &RefusalEvent) -> Self {
        let RefusalEvent { person, command, refusal, at } = *event;
        let refusal = StoredReason { code: refusal.code(), cause: refusal.cause() };
        Self { person, command: command.to_owned(), refusal, at }
    }
}

impl From<StoredRefusal> for JournalledRefusal {
    fn from(stored: StoredRefusal) -> Self {
        let StoredRefusal { person, command, refusal: StoredReason { code, cause }, at } = stored;
        Self { person, command, refusal: Refusal::because(code, cause), at }
    }
}

impl BlockingJournal for SqliteStore {
    type Error = SqliteError;

    /// All of them or none, on the disk when it answers. Events that are there are left alone; one
    /// that differs from what is there under its number is a [`SqliteError::Contradiction`].
    fn record(&self, events: &[Event]) -> Result<(), SqliteError> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        for event in events {
            record_once(&transaction, event)?;
        }
        Ok(transaction.commit()?)
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), SqliteError> {
        let text = serde_json::to_string(&StoredRefusal::from(refusal)).map_err(SqliteError::unreadable)?;
        let at = refusal.at.and_then(|at| i64::try_from(at.as_unix_millis()).ok());
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        transaction
            .prepare_cached("INSERT INTO refusals (person, at, refusal) VALUES (?1, ?2, ?3)")?
            .execute((Key::person(refusal.person).as_str(), at, text))?;
        Ok(transaction.commit()?)
    }
}

impl SqliteStore {
    /// The accepted transitions of one person, in order.
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub fn events(&self, person: PersonId) -> Result<Vec<Event>, SqliteError> {
        self.texts("SELECT event FROM events WHERE person = ?1 ORDER BY sequence", person)?
            .iter()
            .map(|text| serde_json::from_str(text).map_err(SqliteError::unreadable))
            .collect()
    }

    /// The refusals of one person, in the order in which they came.
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub fn refusals(&self, person: PersonId) -> Result<Vec<JournalledRefusal>, SqliteError> {
        self.texts("SELECT refusal FROM refusals WHERE person = ?1 ORDER BY number", person)?
            .iter()
            .map(|text| serde_json::from_str::<StoredRefusal>(text).map_err(SqliteError::unreadable))
            .map(|stored| stored.map(JournalledRefusal::from))
            .collect()
    }

    /// Removes everybody's refusals from before a moment, and says how many. Refusals are the one
    /// thing here that a stranger can make grow: call this from a job, by your rules of retention.
    /// Those without a time stay.
    ///
    /// # Errors
    /// The file could not be written; nothing was removed.
    pub fn remove_refusals_before(&self, moment: Timestamp) -> Result<usize, SqliteError> {
        let moment = i64::try_from(moment.as_unix_millis()).unwrap_or(i64::MAX);
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let removed = transaction.execute("DELETE FROM refusals WHERE at < ?1", [moment])?;
        transaction.commit()?;
        Ok(removed)
    }

    fn texts(&self, select: &str, person: PersonId) -> Result<Vec<String>, SqliteError> {
        let reader = self.reader();
        let mut statement = reader.prepare_cached(select)?;
        let texts = statement.query_map([Key::person(person).as_str()], |row| row.get(0))?;
        Ok(texts.collect::<Result<_, _>>()?)
    }
}

/// Writes one event, unless it is there.
fn record_once(transaction: &Transaction<'_>, event: &Event) -> Result<(), SqliteError> {
    let key = Key::person(event.person);
    let sequence = i64::try_from(event.sequence).map_err(|_| SqliteError::TooLarge)?;
    let known: Option<String> = transaction
        .prepare_cached("SELECT event FROM events WHERE person = ?1 AND sequence = ?2")?
        .query_row((key.as_str(), sequence), |row| row.get(0))
        .optional()?;
    let Some(known) = known else {
        let text = serde_json::to_string(event).map_err(SqliteError::unreadable)?;
        transaction
            .prepare_cached("INSERT INTO events (person, sequence, event) VALUES (?1, ?2, ?3)")?
            .execute((key.as_str(), sequence, text))?;
        return Ok(());
    };
    // By meaning and not by text: a newer version may write the same event in other words.
    let known: Event = serde_json::from_str(&known).map_err(SqliteError::unreadable)?;
    if known == *event {
        Ok(())
    } else {
        Err(SqliteError::Contradiction { person: event.person, sequence: event.sequence })
    }
}
