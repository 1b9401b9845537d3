//! The tables, and how an older file becomes a newer one.
//!
//! SQLite keeps two numbers in a file's header for programs to use: `application_id` says whose
//! file it is, `user_version` which schema it has.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::SqliteError;

/// Marks a file as one of ours: `PLch` in ASCII.
const APPLICATION_ID: i64 = 0x504c_6368;

/// How to get from each schema to the next: the first makes schema 1 from an empty file.
const STEPS: &[&str] = &[include_str!("schema_1.sql")];

/// Which schema a file has, if it is one that this version may use.
pub(super) fn known(connection: &mut Connection) -> Result<usize, SqliteError> {
    known_among(connection, STEPS)
}

/// Brings a file to the newest schema, in one transaction. Of two processes that open a new file at
/// once, one makes the tables and the other waits and finds them.
pub(super) fn upgrade(connection: &mut Connection) -> Result<(), SqliteError> {
    upgrade_by(connection, STEPS)
}

fn known_among(connection: &mut Connection, steps: &[&str]) -> Result<usize, SqliteError> {
    // One transaction, or else another process makes the tables between two of the questions.
    found(&connection.transaction()?, steps)
}

fn found(transaction: &Transaction<'_>, steps: &[&str]) -> Result<usize, SqliteError> {
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

fn upgrade_by(connection: &mut Connection, steps: &[&str]) -> Result<(), SqliteError> {
    if known_among(connection, steps)? == steps.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again, now that nobody else can change it.
    for step in steps.iter().skip(found(&transaction, steps)?) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", as_number(steps.len()))?;
    Ok(transaction.commit()?)
}

fn as_number(schemas: usize) -> i64 {
    i64::try_from(schemas).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a second schema might be; it fails on a file that has it.
    const LATER: &[&str] = &[include_str!("schema_1.sql"), "ALTER TABLE records ADD COLUMN note TEXT"];

    fn later(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row("SELECT count(note) + max(version) FROM records", [], |row| row.get(0))
    }

    #[test]
    fn an_older_file_is_upgraded_once_and_keeps_its_records() -> Result<(), SqliteError> {
        let mut connection = Connection::open_in_memory()?;
        upgrade(&mut connection)?;
        connection.execute("INSERT INTO records VALUES ('a-1', 7, x'00')", [])?;
        upgrade_by(&mut connection, LATER)?;
        upgrade_by(&mut connection, LATER)?;
        assert_eq!(later(&connection)?, 7);
        // And to the version before, that file is a newer one.
        let refused = upgrade(&mut connection);
        assert!(matches!(refused, Err(SqliteError::NewerSchema { found: 2, known: 1 })), "{refused:?}");
        Ok(())
    }

    #[test]
    fn an_upgrade_that_fails_changes_nothing() -> Result<(), SqliteError> {
        let mut connection = Connection::open_in_memory()?;
        upgrade(&mut connection)?;
        let broken = [LATER[0], LATER[1], "no SQL"];
        assert!(upgrade_by(&mut connection, &broken).is_err());
        assert_eq!(known(&mut connection)?, 1);
        assert!(later(&connection).is_err(), "the second step stayed although the third failed");
        upgrade_by(&mut connection, LATER)
    }
}
