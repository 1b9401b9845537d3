//! Accounts and people: bytes under a key, written by compare-and-swap, and with them the events that the write tells of.
//!
//! A write is one request: `START TRANSACTION; UPDATE … WHERE k = … AND version = …; INSERT INTO events …; COMMIT`.
//! The second statement inserts nothing where the first one changed nothing.
//!
//! The version of a write is drawn at random from 64 bits by the client. MySQL has no sequences, and a row that counts
//! would be locked by every writer until its commit is on the disk, so that all accounts would wait for each other. A
//! stale write is applied by accident only if a later write of the same key drew the very version that it expects: of
//! a key that was written a million times while somebody held an old version, the chance is 2⁻⁴⁴.

use mysql_async::Row;
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Randomness, Store, Swap, SystemRandomness, Version};
use pinlatch::id::PersonId;

use super::MariaDbStore;
use super::classify::classify;
use super::error::MariaDbError;
use super::journal;
use super::request::{Ended, Request};
use super::settings::is_off;
use super::sql::{self, Hex};

/// How many keys are read at once where all of them are.
const KEYS_A_PAGE: usize = 10_000;

/// After `START TRANSACTION`.
const WRITE: usize = 1;

impl Store for MariaDbStore {
    type Error = MariaDbError;

    /// A primary that was made a replica goes on answering, from what it was told up to then: whether it takes writes
    /// is asked in the same statement, which gives one row in any case.
    async fn load(&self, key: &Key) -> Result<Option<Loaded>, MariaDbError> {
        let select = format!(
            "SELECT CAST(@@GLOBAL.read_only AS CHAR), k IS NOT NULL, bytes, version \
             FROM (SELECT 1) AS one LEFT JOIN {} ON k = {}",
            self.tables().records,
            sql::key(key)
        );
        let row = self.pool().read_if(select, from_primary).await?.pop().ok_or_else(no_row)?;
        loaded(row)
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, MariaDbError> {
        let version = draw()?;
        let write = self.write_of(key, expect, &bytes, version);
        let statements = if events.is_empty() {
            vec![write]
        } else {
            vec![write, journal::insert_if_written(self.tables(), key, version, events)?]
        };
        match self.pool().write(&Request::transaction(&statements)).await {
            Ok(answer) if answer.changed(WRITE) == 1 => Ok(Swap::Applied(version)),
            Ok(_) => Ok(Swap::Conflict),
            Err(Ended::ByUs(error)) => Err(error),
            Err(Ended::With(error, step)) => classify(error, step),
            Err(Ended::Unanswered) => Ok(Swap::Unknown),
        }
    }

    fn takes_events(&self) -> bool {
        self.takes_events
    }
}

impl MariaDbStore {
    fn write_of(&self, key: &Key, expect: Expect, bytes: &[u8], version: Version) -> String {
        let (records, key, new, bytes) =
            (&self.tables().records, sql::key(key), version.number(), Hex(bytes));
        match expect {
            // A duplicate key is an error, and a conflict. IGNORE would make a warning of every other error too.
            Expect::Absent => {
                format!("INSERT INTO {records} (k, version, bytes) VALUES ({key}, {new}, {bytes})")
            }
            Expect::At(held) => format!(
                "UPDATE {records} SET version = {new}, bytes = {bytes} WHERE k = {key} AND version = {}",
                held.number()
            ),
        }
    }

    /// Everybody whose facts are kept here, by number: what a page that lists people begins with.
    ///
    /// # Errors
    /// The server could not be asked.
    pub async fn people(&self) -> Result<Vec<PersonId>, MariaDbError> {
        self.owners("p-", "p.").await
    }

    /// Everybody who has an account here, by number: what a job goes through that
    /// [reassesses](pinlatch::gate::Gate::reassess) or [delivers](pinlatch::gate::Gate::deliver_events), and a scan
    /// of the records.
    ///
    /// # Errors
    /// The server could not be asked.
    pub async fn accounts(&self) -> Result<Vec<PersonId>, MariaDbError> {
        self.owners("a-", "a.").await
    }

    /// Page by page, each within the patience, so that no number of people is too many.
    async fn owners(&self, after: &str, before: &str) -> Result<Vec<PersonId>, MariaDbError> {
        let (records, before) = (&self.tables().records, Hex(before.as_bytes()));
        let (mut owners, mut after) = (Vec::new(), after.to_owned());
        loop {
            let last = Hex(after.as_bytes());
            let page = format!(
                "SELECT k FROM {records} WHERE k > {last} AND k < {before} ORDER BY k LIMIT {KEYS_A_PAGE}"
            );
            let rows = self.pool().read(page).await?;
            if rows.is_empty() {
                return Ok(owners);
            }
            for row in rows {
                after = column(row)?;
                owners.extend(Key::parse(&after).map(|key| key.owner()));
            }
        }
    }

    /// Removes what is known of a person, and says whether there was anything. The account stays: it is
    /// [erased](pinlatch::gate::Gate::erase) by the gate, which leaves a tombstone. Changes that still wait for
    /// the journal go with the facts: [deliver](pinlatch::gate::Gate::deliver_changes) them first.
    ///
    /// # Errors
    /// The server refused, or did not answer: then it may have been done.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, MariaDbError> {
        Ok(self.delete(&Key::person(person)).await? > 0)
    }

    pub(super) async fn delete(&self, key: &Key) -> Result<u64, MariaDbError> {
        let delete = format!("DELETE FROM {} WHERE k = {}", self.tables().records, sql::key(key));
        Ok(self.pool().write(&Request::one(delete)).await?.changed(0))
    }
}

fn draw() -> Result<Version, MariaDbError> {
    let mut drawn = [0; 8];
    SystemRandomness.fill(&mut drawn).map_err(|error| MariaDbError::Randomness(Box::new(error)))?;
    Ok(Version::from_number(u64::from_le_bytes(drawn)))
}

/// What stands first in a row that was loaded.
fn from_primary(rows: &[Row]) -> Result<(), MariaDbError> {
    let read_only: String =
        rows.first().and_then(|row| row.get_opt(0)).and_then(Result::ok).ok_or_else(no_row)?;
    if is_off(&read_only) { Ok(()) } else { Err(MariaDbError::ReadOnly("read_only is on".into())) }
}

fn no_row() -> MariaDbError {
    MariaDbError::unreadable("the answer to a load has no row, or not what was asked for")
}

fn loaded(row: Row) -> Result<Option<Loaded>, MariaDbError> {
    let (_read_only, is_there, bytes, number): (String, bool, Option<Vec<u8>>, Option<u64>) =
        mysql_async::from_row_opt(row).map_err(MariaDbError::unreadable_row)?;
    match (bytes, number) {
        (Some(bytes), Some(number)) => Ok(Some(Loaded { bytes, version: Version::from_number(number) })),
        _ if !is_there => Ok(None),
        _ => Err(MariaDbError::unreadable("a record without its bytes or its version")),
    }
}

/// The only column of a row.
fn column<T>(row: Row) -> Result<T, MariaDbError>
where
    T: mysql_async::prelude::FromValue + Send + 'static,
{
    mysql_async::from_row_opt::<(T,)>(row).map(|(value,)| value).map_err(MariaDbError::unreadable_row)
}
