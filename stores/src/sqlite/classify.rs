//! What an error of SQLite means, and whether it leaves a write in doubt.
//!
//! | where it comes up | what it means | answer |
//! |---|---|---|
//! | `BEGIN IMMEDIATE`, "busy" included | no lock was had: nothing was written | `Err` |
//! | between `BEGIN` and `COMMIT` | no commit is in the log: rolled back, now or by whoever opens the file next | `Err` |
//! | `COMMIT` | the commit may stand in the log although the disk refused it, and count after a crash | `Unknown` |
//!
//! "Busy" is not answered as `Conflict`: the gate would decide anew at once and wait again, many
//! times over, where an error lets it answer after one wait.

use pinlatch::host::{Swap, Version};
use rusqlite::ErrorCode;

use super::error::SqliteError;

impl From<rusqlite::Error> for SqliteError {
    fn from(error: rusqlite::Error) -> Self {
        let wrap = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
                Self::CannotOpen
            }
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Engine,
        };
        wrap(Box::new(error))
    }
}

/// What a swap is answered whose commit was answered like this.
pub(super) fn committed(commit: &rusqlite::Result<()>, version: Version) -> Swap {
    match commit {
        Ok(()) => Swap::Applied(version),
        Err(_) => Swap::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn failure(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn each_error_tells_what_to_do() {
        type Is = fn(&SqliteError) -> bool;
        let table: [(i32, Is); 9] = [
            (ffi::SQLITE_CORRUPT, |error| matches!(error, SqliteError::Damaged(_))),
            (ffi::SQLITE_NOTADB, |error| matches!(error, SqliteError::Damaged(_))),
            (ffi::SQLITE_BUSY, |error| matches!(error, SqliteError::Busy(_))),
            (ffi::SQLITE_LOCKED, |error| matches!(error, SqliteError::Busy(_))),
            (ffi::SQLITE_CANTOPEN, |error| matches!(error, SqliteError::CannotOpen(_))),
            (ffi::SQLITE_PERM, |error| matches!(error, SqliteError::CannotOpen(_))),
            (ffi::SQLITE_READONLY, |error| matches!(error, SqliteError::CannotOpen(_))),
            (ffi::SQLITE_FULL, |error| matches!(error, SqliteError::Full(_))),
            (ffi::SQLITE_IOERR, |error| matches!(error, SqliteError::Engine(_))),
        ];
        for (code, is_meant) in table {
            let error = SqliteError::from(failure(code));
            assert!(is_meant(&error), "{code}: {error:?}");
        }
    }

    #[test]
    fn only_a_commit_that_failed_is_in_doubt() {
        let version = Version::from_number(7);
        assert_eq!(committed(&Ok(()), version), Swap::Applied(version));
        assert_eq!(committed(&Err(failure(ffi::SQLITE_IOERR)), version), Swap::Unknown);
        assert_eq!(committed(&Err(failure(ffi::SQLITE_FULL)), version), Swap::Unknown);
    }
}
