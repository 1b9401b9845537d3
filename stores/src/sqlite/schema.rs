//! The tables, and how an older file becomes a newer one.
//!
//! SQLite keeps two numbers in a file's header for programs to use: `application_id` says whose
//! file it is, `user_version` which schema it has.
//!
//! A step that rewrites rows goes a batch at a time, each in a transaction that also says, in a table
//! that is there for so long, how far it has come: one that is interrupted goes on from there, and
//! nobody waits longer than for a batch. Several processes may do it at once: each batch begins where
//! the one before ended, whosever that was.

use std::thread;
use std::time::Instant;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::error::SqliteError;
use super::shape::is_whole;

/// Marks a file as one of ours: `PLch` in ASCII.
const APPLICATION_ID: i64 = 0x504c_6368;

/// How to get from each schema to the next: the first makes schema 1 from an empty file.
const STEPS: &[Step] = &[Step::Once(include_str!("schema_1.sql"))];

/// One step from a schema to the next.
pub(super) enum Step {
    /// Done at once, in one transaction.
    Once(&'static str),
    /// Done in batches. The statement gets the last key that is done, empty at first, and answers the
    /// keys of its batch in some order, none when none is left.
    #[cfg_attr(not(test), expect(dead_code, reason = "schema 1 rewrites nothing"))]
    InBatches(&'static str),
}

/// Which schema a file has, if it is one that this version may use.
pub(super) fn known(connection: &mut Connection) -> Result<usize, SqliteError> {
    known_among(connection, STEPS)
}

/// Brings a file to the newest schema. Of two processes that open a new file at once, one makes the
/// tables and the other waits and finds them.
pub(super) fn upgrade(connection: &mut Connection) -> Result<(), SqliteError> {
    upgrade_by(connection, STEPS)?;
    let transaction = connection.transaction()?;
    // Asked once more: a newer version may have made other tables of them meanwhile.
    found(&transaction, STEPS)?;
    is_whole(&transaction, |fresh| upgrade_by(fresh, STEPS))
}

fn known_among(connection: &mut Connection, steps: &[Step]) -> Result<usize, SqliteError> {
    // One transaction, or else another process makes the tables between two of the questions.
    found(&connection.transaction()?, steps)
}

fn found(transaction: &Transaction<'_>, steps: &[Step]) -> Result<usize, SqliteError> {
    let number = |question: &str| transaction.query_row(question, [], |row| row.get::<_, i64>(0));
    let found = number("PRAGMA user_version")?;
    let application = number("PRAGMA application_id")?;
    if application != APPLICATION_ID {
        let objects = number("SELECT count(*) FROM sqlite_schema")?;
        let untouched = [application, found, objects] == [0; 3];
        return if untouched { Ok(0) } else { Err(SqliteError::AnotherProgram) };
    }
    let newer = SqliteError::NewerSchema { found, known: as_number(steps.len()) };
    usize::try_from(found).ok().filter(|schema| *schema <= steps.len()).ok_or(newer)
}

pub(super) fn upgrade_by(connection: &mut Connection, steps: &[Step]) -> Result<(), SqliteError> {
    while known_among(connection, steps)? < steps.len() {
        let (before, begun) = (progress(connection)?, Instant::now());
        match advance(connection, steps) {
            Ok(true) => {}
            // Who waits for a file looks at it now and then: most of the time it is theirs, the more so the longer
            // this one waited.
            Ok(false) => thread::sleep(begun.elapsed().saturating_mul(2)),
            // Another process is at it, and gets on.
            Err(SqliteError::Busy(_)) if progress(connection)? != before => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// How far the file has come: its schema, and the last key that is done of a step in batches.
fn progress(connection: &mut Connection) -> Result<(i64, Option<String>), SqliteError> {
    let transaction = connection.transaction()?;
    let schema = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let is_upgrading = has_table(&transaction, "upgrading")?;
    Ok((schema, if is_upgrading { last_done(&transaction)? } else { None }))
}

/// Asked of the file: what the engine remembers of its tables may be of before another process changed them.
fn has_table(transaction: &Transaction<'_>, name: &str) -> Result<bool, SqliteError> {
    let question = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    Ok(transaction.query_row(question, [name], |row| row.get(0))?)
}

fn last_done(transaction: &Transaction<'_>) -> Result<Option<String>, SqliteError> {
    Ok(transaction.query_row("SELECT done FROM upgrading", [], |row| row.get(0)).optional()?)
}

/// One transaction towards the newest schema, and whether it ended a step.
fn advance(connection: &mut Connection, steps: &[Step]) -> Result<bool, SqliteError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again, now that nobody else can change it.
    let done = found(&transaction, steps)?;
    let is_over = match steps.get(done) {
        None => return Ok(true),
        Some(Step::Once(sql)) => transaction.execute_batch(sql).map(|()| true)?,
        Some(Step::InBatches(sql)) => batch(&transaction, sql)?,
    };
    if is_over {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", as_number(done.saturating_add(1)))?;
    }
    transaction.commit()?;
    Ok(is_over)
}

/// Whether nothing was left to do.
fn batch(transaction: &Transaction<'_>, sql: &str) -> Result<bool, SqliteError> {
    transaction.execute_batch("CREATE TABLE IF NOT EXISTS upgrading (done TEXT NOT NULL) STRICT")?;
    let done = last_done(transaction)?.unwrap_or_default();
    let mut statement = transaction.prepare(sql)?;
    let keys = statement.query_map([done], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let Some(last) = keys.into_iter().max() else {
        transaction.execute_batch("DROP TABLE upgrading")?;
        return Ok(true);
    };
    transaction.execute("DELETE FROM upgrading", [])?;
    transaction.execute("INSERT INTO upgrading (done) VALUES (?1)", [last])?;
    Ok(false)
}

fn as_number(schemas: usize) -> i64 {
    i64::try_from(schemas).unwrap_or(i64::MAX)
}
