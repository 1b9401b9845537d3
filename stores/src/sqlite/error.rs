//! What can go wrong with a file.

use std::error::Error;

use super::BUSY_TIMEOUT;

/// What the engine said. Its type is none of this crate's promises.
type Cause = Box<dyn Error + Send + Sync>;

/// Why a file could not be opened, read or written. From
/// [`compare_and_swap`](pinlatch::host::BlockingStore::compare_and_swap) every one of them means
/// that nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// The file cannot be opened or made. Look at the path and its permissions.
    #[error("the file cannot be opened")]
    CannotOpen(#[source] Cause),
    /// The file is no database, or is damaged. It was left as it is. Export what can still be read of its trail, then restore
    /// it from a backup: the page `docs/which-store.md` of the repository has the commands.
    #[error(
        "the file is no database, or is damaged: export what can still be read, then restore it from a backup"
    )]
    Damaged(#[source] Cause),
    /// The file is the database of another program. It was left as it is: look at the path.
    #[error("the file is the database of another program: look at the path")]
    AnotherProgram,
    /// A table is missing; made anew, it would be empty. Where it is one of the trail (`events`, `changes`, `refusals`), fill in
    /// that table alone from a backup; else export the trail, then restore the file. The page `docs/which-store.md` of the
    /// repository has the commands for both.
    #[error(
        "the table {table} is missing: if it belongs to the trail, refill that table from a backup; otherwise export the \
         trail, then restore the file"
    )]
    Missing {
        /// Which table.
        table: String,
    },
    /// A table is not as it was made, so that nothing could be written, or something be lost or there twice. Undo what was
    /// changed: `DROP INDEX`, or the table made as another file has it and filled from this one. Restore the file from a backup
    /// only if what it held is gone: what was spent, locked out or revoked since the backup comes back with it.
    #[error(
        "the table {table} {how}: undo that change; only if what it held is gone, restore the file from a backup"
    )]
    Changed {
        /// Which table.
        table: String,
        /// What it lacks that it was made with, or has too much.
        how: String,
    },
    /// The table `versions` has lost its row, or its number went back, and numbers would come again. Nothing else is lost.
    /// Stop the hosts, and have it go on beyond every version that was given; a restored file needs the same:
    ///
    /// ```sql
    /// INSERT OR REPLACE INTO versions (only, last)
    ///     SELECT 1, 1000000000000 + abs(random() % 1000000000000) + max(1000000 * strftime('%s', 'now'),
    ///         coalesce((SELECT last FROM versions), 0), coalesce(max(version), 0)) FROM records;
    /// ```
    #[error(
        "the number in the table versions {how}: stop the hosts, and insert one beyond every version that was given"
    )]
    Versions {
        /// That it is gone, or that it went back.
        how: &'static str,
    },
    /// A table has a trigger, which may change what is written, or write elsewhere. `DROP TRIGGER`.
    #[error("the table {table} has the trigger {trigger}: drop it")]
    Trigger {
        /// Which table.
        table: String,
        /// The trigger's name.
        trigger: String,
    },
    /// The file was made by a newer version of this crate. It was left as it is: update this host.
    #[error("the file has schema {found}, newer than {known}, the last one known here: update this host")]
    NewerSchema {
        /// The schema of the file.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// Write-ahead logging is not to be had, as on network file systems. Move the file to a local
    /// disk.
    #[error("no write-ahead logging here but `{found}`: move the file to a local disk")]
    NoWriteAheadLog {
        /// The journal mode that SQLite gave instead.
        found: String,
    },
    /// Another process kept the file locked for [`BUSY_TIMEOUT`]. Retry; if it persists, look for a
    /// program that holds a transaction open on this file.
    #[error("the file was locked for {} s: look for a program that holds it", BUSY_TIMEOUT.as_secs())]
    Busy(#[source] Cause),
    /// The disk is full, or the file cannot grow. Make room.
    #[error("the disk is full, or the file cannot grow")]
    Full(#[source] Cause),
    /// An entry of the journal cannot be read. Update this host if it is a newer version's; one that was changed by hand keeps
    /// the rest of its person's from being read, so put its JSON back as a backup has it.
    #[error("an entry of the journal cannot be read")]
    UnreadableEntry(#[source] Cause),
    /// A number does not fit into SQLite's 63 bits.
    #[error("a number does not fit into 63 bits")]
    TooLarge,
    /// Anything else that the engine reports.
    #[error("SQLite reported an error")]
    Engine(#[source] Cause),
}

impl SqliteError {
    pub(super) fn file(error: std::io::Error) -> Self {
        Self::CannotOpen(Box::new(error))
    }

    pub(super) fn unreadable(error: impl Into<Cause>) -> Self {
        Self::UnreadableEntry(error.into())
    }
}
