//! How a connection is set up, so that what it answers `Applied` to is on the disk.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::BUSY_TIMEOUT;
use super::error::SqliteError;
use super::schema;

/// How long to wait before the switch to write-ahead logging is tried again.
const SWITCH_PAUSE: Duration = Duration::from_millis(5);

/// The path that SQLite is given: absolute, so that neither `:memory:` nor an empty name means
/// anything but a file.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, SqliteError> {
    std::path::absolute(path).map_err(SqliteError::file)
}

/// Makes the file if there is none, readable by its owner only where the system knows owners:
/// it holds what PINs are checked against. SQLite gives its side files the same permissions.
pub(super) fn make_file(path: &Path) -> Result<(), SqliteError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(SqliteError::file)
}

/// A connection for writing, on a file whose schema is the newest known.
pub(super) fn writer(path: &Path) -> Result<Connection, SqliteError> {
    let mut connection = connect(path)?;
    // Before anything is changed: is it ours to change?
    schema::known(&mut connection)?;
    write_ahead(&connection)?;
    schema::upgrade(&mut connection)?;
    Ok(connection)
}

/// A connection for reading, on a file that a writer has set up.
pub(super) fn reader(path: &Path) -> Result<Connection, SqliteError> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}

pub(super) fn connect(path: &Path) -> Result<Connection, SqliteError> {
    // Neither CREATE (`make_file` does) nor URI (a path is a path). Each connection is behind a
    // lock of ours, so SQLite needs none.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch(
        // A commit is on the disk before it is answered, not only after the next checkpoint.
        "PRAGMA synchronous = FULL;
         -- macOS: to the medium, not to the drive's cache. Elsewhere without effect.
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         -- What is replaced is overwritten: a wiped credential does not linger in free pages.
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         -- Damaged pages are noticed when they are read; a schema planted in the file runs nothing.
         PRAGMA cell_size_check = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}

/// Switches to write-ahead logging and sees that it was switched. Of two connections that switch a new
/// file at the same moment SQLite tells one "busy" at once, without waiting.
fn write_ahead(connection: &Connection) -> Result<(), SqliteError> {
    let start = Instant::now();
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(found) => return Err(SqliteError::NoWriteAheadLog { found }),
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && start.elapsed() < BUSY_TIMEOUT =>
            {
                std::thread::sleep(SWITCH_PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Killing a process does not show whether a commit waits for the disk; the setting does.
    #[test]
    fn both_connections_are_set_up_to_last() -> Result<(), Box<dyn std::error::Error>> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("store");
        make_file(&path)?;
        let connections = [writer(&path)?, reader(&path)?];
        for connection in &connections {
            let set = |name: &str| {
                connection
                    .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
            };
            assert_eq!(set("journal_mode")?, String::from("wal").into());
            assert_eq!(set("synchronous")?, 2.into(), "2 is FULL");
            for on in
                ["fullfsync", "checkpoint_fullfsync", "secure_delete", "foreign_keys", "cell_size_check"]
            {
                assert_eq!(set(on)?, 1.into(), "{on}");
            }
            assert_eq!(set("trusted_schema")?, 0.into());
            assert_eq!(set("busy_timeout")?, 5_000.into(), "in milliseconds");
        }
        let [_, reader] = connections;
        assert!(reader.execute("DELETE FROM records", []).is_err(), "the reader writes");
        Ok(())
    }
}
