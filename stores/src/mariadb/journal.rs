//! The audit trail: accepted transitions, each once, and refusals as they come.

use std::fmt;

use mysql_async::from_row_opt;
use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{Journal, Key, PeopleJournal, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

use super::MariaDbStore;
use super::error::MariaDbError;
use super::request::Request;
use super::sql::{self, Hex, Tables};
use crate::refusals::{JournalledRefusal, StoredRefusal};

/// How many entries are read at once: each is well below a KiB.
const ENTRIES_A_PAGE: usize = 1_000;

impl Journal for MariaDbStore {
    type Error = MariaDbError;

    /// All of them or none, in one statement, within the patience. Events that are there are left alone.
    async fn record(&self, events: &[Event]) -> Result<(), MariaDbError> {
        if events.is_empty() {
            return Ok(());
        }
        let rows = events.iter().map(values).collect::<Result<Vec<_>, _>>()?.join(", ");
        let events = &self.tables().events;
        let insert = format!(
            "INSERT INTO {events} (id, person, event) VALUES {rows} ON DUPLICATE KEY UPDATE id = {events}.id"
        );
        self.done(insert).await.map(drop)
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), MariaDbError> {
        let text = serde_json::to_string(&StoredRefusal::from(refusal)).map_err(MariaDbError::unreadable)?;
        let at = refusal.at.map_or_else(|| "NULL".to_owned(), |at| at.as_unix_millis().to_string());
        let person = refusal.person.map_or_else(|| "NULL".to_owned(), |person| owner(person).to_string());
        let (refusals, text) = (&self.tables().refusals, Text(&text));
        let insert = format!("INSERT INTO {refusals} (person, at, refusal) VALUES ({person}, {at}, {text})");
        self.done(insert).await.map(drop)
    }
}

impl PeopleJournal for MariaDbStore {
    /// As for the events of accounts.
    async fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), MariaDbError> {
        if changes.is_empty() {
            return Ok(());
        }
        let row = |change: &PeopleEntry| -> Result<String, MariaDbError> {
            let text = serde_json::to_string(change).map_err(MariaDbError::unreadable)?;
            let (id, person) = (change.id.to_string(), owner(change.event.person));
            Ok(format!("({}, {person}, {})", Hex(id.as_bytes()), Text(&text)))
        };
        let rows = changes.iter().map(row).collect::<Result<Vec<_>, _>>()?.join(", ");
        let changes = &self.tables().changes;
        let insert = format!(
            "INSERT INTO {changes} (id, person, details) VALUES {rows} ON DUPLICATE KEY UPDATE id = {changes}.id"
        );
        self.done(insert).await.map(drop)
    }
}

impl MariaDbStore {
    /// What administrators changed about one person, in the order in which it came.
    ///
    /// # Errors
    /// The server could not be asked, or an entry not be read.
    pub async fn changes(&self, person: PersonId) -> Result<Vec<PeopleEntry>, MariaDbError> {
        let texts = self.texts(&self.tables().changes, "details", &of(Some(person)), 0).await?;
        texts.iter().map(|text| serde_json::from_str(text).map_err(MariaDbError::unreadable)).collect()
    }

    /// What administrators changed about anybody, behind this number of the table of changes: what came after a backup
    /// whose last number it is. Of a store opened `without_events` these are not all: ask the journal that has them.
    ///
    /// # Errors
    /// The server could not be asked, or an entry not be read.
    pub async fn changes_after(&self, number: u64) -> Result<Vec<PeopleEntry>, MariaDbError> {
        let texts = self.texts(&self.tables().changes, "details", "IS NOT NULL", number).await?;
        texts.iter().map(|text| serde_json::from_str(text).map_err(MariaDbError::unreadable)).collect()
    }

    /// The accepted transitions of one person, in the order in which they came. In one life of the
    /// account's record that is the order of their numbers; a record that was restored or made anew
    /// gives numbers again, and its events follow the older ones.
    ///
    /// # Errors
    /// The server could not be asked, or an entry not be read.
    pub async fn events(&self, person: PersonId) -> Result<Vec<Event>, MariaDbError> {
        let texts = self.texts(&self.tables().events, "event", &of(Some(person)), 0).await?;
        texts.iter().map(|text| serde_json::from_str(text).map_err(MariaDbError::unreadable)).collect()
    }

    /// The refusals of one person, in the order in which they came; with `None` those of authentications
    /// that were begun for nobody in particular.
    ///
    /// # Errors
    /// The server could not be asked, or an entry not be read.
    pub async fn refusals(
        &self,
        person: impl Into<Option<PersonId>> + Send,
    ) -> Result<Vec<JournalledRefusal>, MariaDbError> {
        let texts = self.texts(&self.tables().refusals, "refusal", &of(person.into()), 0).await?;
        texts
            .iter()
            .map(|text| serde_json::from_str::<StoredRefusal>(text).map_err(MariaDbError::unreadable))
            .map(|stored| stored.map(JournalledRefusal::from))
            .collect()
    }

    /// Removes everybody's refusals from before a moment, and says how many. Refusals are the one
    /// thing here that a stranger can make grow: call this from a job, by your rules of retention.
    /// Those without a time stay.
    ///
    /// # Errors
    /// The server refused, or did not answer: a part of them may have been removed.
    pub async fn remove_refusals_before(&self, moment: Timestamp) -> Result<usize, MariaDbError> {
        let (refusals, moment) = (&self.tables().refusals, moment.as_unix_millis());
        let mut removed = 0_u64;
        loop {
            let page =
                format!("DELETE FROM {refusals} WHERE at < {moment} ORDER BY at LIMIT {ENTRIES_A_PAGE}");
            match self.done(page).await? {
                0 => return Ok(usize::try_from(removed).unwrap_or(usize::MAX)),
                gone => removed = removed.saturating_add(gone),
            }
        }
    }

    /// Removes a person's whole trail, events, changes and refusals, and says how many they were. How long a trail
    /// has to be kept is the law's and the host's to say. Call it after [erasing](pinlatch::gate::Gate::erase) the
    /// account: what waits in a record is handed over again.
    ///
    /// # Errors
    /// The server refused, or did not answer: then it may have been done.
    pub async fn remove_trail(&self, person: PersonId) -> Result<usize, MariaDbError> {
        let Tables { events, changes, refusals, .. } = self.tables();
        let delete = |table: &String| format!("DELETE FROM {table} WHERE person = {}", owner(person));
        let request = Request::transaction(&[events, changes, refusals].map(delete));
        let answer = self.pool().write(&request).await?;
        let removed = (1..=3).map(|statement| answer.changed(statement)).fold(0, u64::saturating_add);
        Ok(usize::try_from(removed).unwrap_or(usize::MAX))
    }

    /// One statement that commits by itself.
    async fn done(&self, statement: String) -> Result<u64, MariaDbError> {
        Ok(self.pool().write(&Request::one(statement)).await?.changed(0))
    }

    /// Page by page, each within the patience, so that nobody's trail is too long.
    async fn texts(
        &self,
        table: &str,
        what: &str,
        of: &str,
        mut after: u64,
    ) -> Result<Vec<String>, MariaDbError> {
        let mut texts = Vec::new();
        loop {
            let page = format!(
                "SELECT number, {what} FROM {table} WHERE person {of} AND number > {after} \
                 ORDER BY number LIMIT {ENTRIES_A_PAGE}"
            );
            let rows = self.pool().read(page).await?;
            if rows.is_empty() {
                return Ok(texts);
            }
            for row in rows {
                let (number, text) = from_row_opt(row).map_err(MariaDbError::unreadable_row)?;
                after = number;
                texts.push(text);
            }
        }
    }
}

/// Inserts events, but those that are there, if the record is at that version: if the write before it in the same
/// transaction was done. They are numbered in their order.
pub(super) fn insert_if_written(
    tables: &Tables,
    key: &Key,
    version: Version,
    events: &[Event],
) -> Result<String, MariaDbError> {
    let Tables { records, events: table, .. } = tables;
    let mut rows = Vec::with_capacity(events.len());
    for (place, event) in events.iter().enumerate() {
        let text = serde_json::to_string(event).map_err(MariaDbError::unreadable)?;
        let (id, person, text) = (event.id.to_string(), owner(event.person), Text(&text));
        rows.push(format!(
            "SELECT {place} AS place, {} AS id, {person} AS person, {text} AS event",
            Hex(id.as_bytes())
        ));
    }
    let (rows, key, version) = (rows.join(" UNION ALL "), sql::key(key), version.number());
    Ok(format!(
        "INSERT INTO {table} (id, person, event) SELECT e.id, e.person, e.event FROM {records} r JOIN ({rows}) e \
         WHERE r.k = {key} AND r.version = {version} ORDER BY e.place ON DUPLICATE KEY UPDATE id = {table}.id"
    ))
}

fn values(event: &Event) -> Result<String, MariaDbError> {
    let text = serde_json::to_string(event).map_err(MariaDbError::unreadable)?;
    Ok(format!("({}, {}, {})", Hex(event.id.to_string().as_bytes()), owner(event.person), Text(&text)))
}

/// The condition on a column of people.
fn of(person: Option<PersonId>) -> String {
    person.map_or_else(|| "IS NULL".to_owned(), |person| format!("= {}", owner(person)))
}

/// A person in a column.
fn owner(person: PersonId) -> impl fmt::Display {
    sql::key(&Key::person(person))
}

/// A text as a literal.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "_utf8mb4 {}", Hex(self.0.as_bytes()))
    }
}
