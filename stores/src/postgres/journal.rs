//! The audit trail: accepted transitions, each once, and refusals as they come.

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{Journal, Key, PeopleJournal};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::error::PostgresError;
use crate::refusals::{JournalledRefusal, StoredRefusal};

pub(super) const KEEP_EVENTS: &str = "insert into {schema}.events (id, person, event)
    select given.id, given.person, given.event::json
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given (id, person, event, number)
    order by given.number
    on conflict (id) do nothing";

pub(super) const KEEP_CHANGES: &str = "insert into {schema}.changes (id, person, change)
    select given.id, given.person, given.change::json
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given (id, person, change, number)
    order by given.number
    on conflict (id) do nothing";

pub(super) const KEEP_REFUSAL: &str =
    "insert into {schema}.refusals (person, at, refusal) values ($1, $2, $3::text::json)";

/// How many refusals are removed at once.
const PAGE: i64 = 10_000;

impl Journal for PostgresStore {
    type Error = PostgresError;

    /// All of them or none, on the disk when it answers, within the patience. Events that are there are left
    /// alone.
    async fn record(&self, events: &[Event]) -> Result<(), PostgresError> {
        self.keep(KEEP_EVENTS, Entries::of_events(events)?).await
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), PostgresError> {
        let text = text(&StoredRefusal::from(refusal))?;
        let at = refusal.at.and_then(|at| i64::try_from(at.as_unix_millis()).ok());
        self.ask(KEEP_REFUSAL, &[&refusal.person.map(column), &at, &text]).await.map(drop)
    }
}

impl PeopleJournal for PostgresStore {
    /// As for the events of accounts.
    async fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), PostgresError> {
        self.keep(KEEP_CHANGES, Entries::of_changes(changes)?).await
    }
}

impl PostgresStore {
    /// What administrators changed about one person, in the order in which it came.
    ///
    /// # Errors
    /// The server could not be asked, or an entry could not be read.
    pub async fn changes(&self, person: PersonId) -> Result<Vec<PeopleEntry>, PostgresError> {
        let select = "select change::text from {schema}.changes where person = $1 order by number";
        self.texts(select, &[&column(person)]).await
    }

    /// What administrators changed about anybody, behind this number of the table `changes`: what came after a backup
    /// whose last number it is. Of a store opened `without_events` these are not all: ask the journal that has them.
    ///
    /// # Errors
    /// The server could not be asked, or an entry could not be read.
    pub async fn changes_after(&self, number: u64) -> Result<Vec<PeopleEntry>, PostgresError> {
        let page =
            "select change::text, number from {schema}.changes where number > $1 order by number limit $2";
        let (mut changes, mut after) = (Vec::new(), i64::try_from(number).unwrap_or(i64::MAX));
        loop {
            let rows = self.ask(page, &[&after, &PAGE]).await?;
            let Some(last) = rows.last() else { return Ok(changes) };
            after = last.try_get(1).map_err(PostgresError::unreadable)?;
            for row in &rows {
                changes.push(read(row)?);
            }
        }
    }

    /// The accepted transitions of one person, in the order in which they came. In one life of the account's
    /// record that is the order of their numbers; a record that was restored or made anew gives numbers
    /// again, and its events follow the older ones.
    ///
    /// # Errors
    /// The server could not be asked, or an entry could not be read.
    pub async fn events(&self, person: PersonId) -> Result<Vec<Event>, PostgresError> {
        let select = "select event::text from {schema}.events where person = $1 order by number";
        self.texts(select, &[&column(person)]).await
    }

    /// The refusals of one person, in the order in which they came; with `None` those of authentications that
    /// were begun for nobody in particular.
    ///
    /// # Errors
    /// The server could not be asked, or an entry could not be read.
    pub async fn refusals(
        &self,
        person: impl Into<Option<PersonId>> + Send,
    ) -> Result<Vec<JournalledRefusal>, PostgresError> {
        let select = "select refusal::text from {schema}.refusals
            where person = $1 or ($1::text is null and person is null) order by number";
        let stored: Vec<StoredRefusal> = self.texts(select, &[&person.into().map(column)]).await?;
        Ok(stored.into_iter().map(JournalledRefusal::from).collect())
    }

    /// Removes everybody's refusals from before a moment, and says how many. Refusals are the one thing here
    /// that a stranger can make grow: call this from a job, by your rules of retention. Those without a time
    /// stay. They go some ten thousand at a time, so that nobody waits for it.
    ///
    /// # Errors
    /// The server could not be asked; some may have been removed.
    pub async fn remove_refusals_before(&self, moment: Timestamp) -> Result<usize, PostgresError> {
        let moment = i64::try_from(moment.as_unix_millis()).unwrap_or(i64::MAX);
        let page = "with gone as (
                delete from {schema}.refusals where number in
                (select number from {schema}.refusals where at < $1 order by at limit $2)
                returning 1
            ) select count(*) from gone";
        let mut removed = 0_usize;
        loop {
            let gone = self.count(page, &[&moment, &PAGE]).await?;
            if gone == 0 {
                return Ok(removed);
            }
            removed = removed.saturating_add(gone);
        }
    }

    /// Removes a person's whole trail, events, changes and refusals, and says how many they were. How long a
    /// trail has to be kept is the law's and the host's to say. Call it after
    /// [erasing](pinlatch::gate::Gate::erase) the account: what waits in a record is handed over again.
    ///
    /// # Errors
    /// The server did not confirm it: all of it was removed, or nothing.
    pub async fn remove_trail(&self, person: PersonId) -> Result<usize, PostgresError> {
        let delete = "with
            events_gone as (delete from {schema}.events where person = $1 returning 1),
            changes_gone as (delete from {schema}.changes where person = $1 returning 1),
            refusals_gone as (delete from {schema}.refusals where person = $1 returning 1)
            select (select count(*) from events_gone) + (select count(*) from changes_gone)
                + (select count(*) from refusals_gone)";
        self.count(delete, &[&column(person)]).await
    }

    async fn count(
        &self,
        sql: &str,
        parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<usize, PostgresError> {
        let rows = self.ask(sql, parameters).await?;
        let count = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose();
        let count = count.map_err(PostgresError::unreadable)?.unwrap_or_default();
        usize::try_from(count).map_err(PostgresError::unreadable)
    }

    async fn keep(&self, sql: &str, entries: Entries) -> Result<(), PostgresError> {
        if entries.ids.is_empty() {
            return Ok(());
        }
        self.ask(sql, &[&entries.ids, &entries.people, &entries.texts]).await.map(drop)
    }

    async fn texts<T: DeserializeOwned>(
        &self,
        select: &str,
        of: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<T>, PostgresError> {
        let rows = self.ask(select, of).await?;
        rows.iter().map(read).collect()
    }
}

/// An entry in the first column.
fn read<T: DeserializeOwned>(row: &Row) -> Result<T, PostgresError> {
    let text: String = row.try_get(0).map_err(PostgresError::unreadable)?;
    serde_json::from_str(&text).map_err(PostgresError::unreadable)
}

/// Entries of the trail as the columns of one statement.
pub(super) struct Entries {
    pub(super) ids: Vec<String>,
    pub(super) people: Vec<String>,
    pub(super) texts: Vec<String>,
}

impl Entries {
    pub(super) fn of_events(events: &[Event]) -> Result<Self, PostgresError> {
        Ok(Self {
            ids: events.iter().map(|event| event.id.to_string()).collect(),
            people: events.iter().map(|event| column(event.person)).collect(),
            texts: events.iter().map(text).collect::<Result<_, _>>()?,
        })
    }

    fn of_changes(changes: &[PeopleEntry]) -> Result<Self, PostgresError> {
        Ok(Self {
            ids: changes.iter().map(|change| change.id.to_string()).collect(),
            people: changes.iter().map(|change| column(change.event.person)).collect(),
            texts: changes.iter().map(text).collect::<Result<_, _>>()?,
        })
    }
}

fn text<T: Serialize>(entry: &T) -> Result<String, PostgresError> {
    serde_json::to_string(entry).map_err(PostgresError::unreadable)
}

/// A person in a column.
fn column(person: PersonId) -> String {
    Key::person(person).as_str().to_owned()
}
