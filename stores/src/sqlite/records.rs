//! Accounts and people: bytes under a key, written by compare-and-swap, and with them the events that
//! the write tells of.

use pinlatch::account::Event;
use pinlatch::host::{BlockingStore, Expect, Key, Loaded, Swap, Version};
use pinlatch::id::PersonId;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::SqliteStore;
use super::classify::committed;
use super::error::SqliteError;
use super::journal::keep;

impl BlockingStore for SqliteStore {
    type Error = SqliteError;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, SqliteError> {
        let reader = self.reader();
        let mut statement = reader.prepare_cached("SELECT bytes, version FROM records WHERE key = ?1")?;
        let found = statement.query_row([key.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        found.map(|(bytes, number)| Ok(Loaded { bytes, version: version(number)? })).transpose()
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, SqliteError> {
        let expected = match expect {
            Expect::Absent => None,
            Expect::At(version) => match i64::try_from(version.number()) {
                Ok(number) => Some(number),
                // No write ever gave such a version.
                Err(_) => return Ok(Swap::Conflict),
            },
        };
        let mut writer = self.writer()?;
        let transaction = begin(&mut writer)?;
        if stored_version(&transaction, key)? != expected {
            return Ok(Swap::Conflict);
        }
        let number = next_version(&transaction)?;
        if expected.is_some_and(|held| held >= number) {
            // Set back by hand, or by half of a restore.
            return Err(SqliteError::Versions { how: "is behind the records" });
        }
        let version = version(number)?;
        transaction
            .prepare_cached(
                "INSERT INTO records (key, version, bytes) VALUES (?1, ?2, ?3)
                 ON CONFLICT (key) DO UPDATE SET version = excluded.version, bytes = excluded.bytes",
            )?
            .execute((key.as_str(), number, bytes))?;
        keep(&transaction, events)?;
        Ok(committed(&transaction.commit(), version))
    }

    fn takes_events(&self) -> bool {
        self.takes_events
    }
}

impl SqliteStore {
    /// Everybody whose facts are kept here, by number: what a page that lists people begins with.
    ///
    /// # Errors
    /// The file could not be read.
    pub fn people(&self) -> Result<Vec<PersonId>, SqliteError> {
        self.owners("SELECT key FROM records WHERE key >= 'p-' AND key < 'p.' ORDER BY key")
    }

    /// Everybody who has an account here, by number: what a job goes through that
    /// [reassesses](pinlatch::gate::Gate::reassess) or [delivers](pinlatch::gate::Gate::deliver_events), and a scan
    /// of the records.
    ///
    /// # Errors
    /// The file could not be read.
    pub fn accounts(&self) -> Result<Vec<PersonId>, SqliteError> {
        self.owners("SELECT key FROM records WHERE key >= 'a-' AND key < 'a.' ORDER BY key")
    }

    fn owners(&self, keys: &str) -> Result<Vec<PersonId>, SqliteError> {
        let apart = self.apart()?;
        let mut statement = apart.prepare(keys)?;
        let keys = statement.query_map([], |row| row.get::<_, String>(0))?;
        let owner = |key: String| Key::parse(&key).map(|key| key.owner());
        keys.filter_map(|key| key.map(owner).transpose()).map(|id| Ok(id?)).collect()
    }

    /// Removes what is known of a person, and says whether there was anything. The account stays: it is
    /// [erased](pinlatch::gate::Gate::erase) by the gate, which leaves a tombstone. Changes that still wait for
    /// the journal go with the facts: [deliver](pinlatch::gate::Gate::deliver_changes) them first.
    ///
    /// # Errors
    /// The file could not be written; nothing was removed.
    pub fn remove_facts(&self, person: PersonId) -> Result<bool, SqliteError> {
        let mut writer = self.writer()?;
        let transaction = begin(&mut writer)?;
        let removed =
            transaction.execute("DELETE FROM records WHERE key = ?1", [Key::person(person).as_str()])?;
        transaction.commit()?;
        Ok(removed > 0)
    }
}

/// A transaction that holds the lock for writing from its first statement on: what it reads is
/// still so when it writes. Dropped without a commit, it rolls back.
pub(super) fn begin(writer: &mut Connection) -> Result<Transaction<'_>, SqliteError> {
    if !writer.is_autocommit() {
        // The transaction before failed, and so did rolling it back.
        writer.execute_batch("ROLLBACK")?;
    }
    Ok(writer.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn stored_version(transaction: &Transaction<'_>, key: &Key) -> Result<Option<i64>, SqliteError> {
    let mut statement = transaction.prepare_cached("SELECT version FROM records WHERE key = ?1")?;
    Ok(statement.query_row([key.as_str()], |row| row.get(0)).optional()?)
}

/// One sequence for all records: no key ever has a version twice, even after a delete.
fn next_version(transaction: &Transaction<'_>) -> Result<i64, SqliteError> {
    let mut statement = transaction.prepare_cached("UPDATE versions SET last = last + 1 RETURNING last")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn version(number: i64) -> Result<Version, SqliteError> {
    u64::try_from(number).map(Version::from_number).map_err(|_| SqliteError::TooLarge)
}
