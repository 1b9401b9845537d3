//! One SQLite file for a host: accounts, people and the audit trail.
//!
//! ```
//! use std::sync::Arc;
//!
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::{LocalDates, UserAccess};
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::sqlite::SqliteStore;
//! # use pinlatch_testkit::{ACME, day, person, since_last_year};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("sign-in.sqlite");
//! // 1. One file is the store, the journal, and where people are kept.
//! let file = Arc::new(SqliteStore::open(path)?);
//! let shared = || Blocking(Arc::clone(&file));
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let directory = StoredDirectory::new(shared(), move |_| today.clone());
//! let host = HostParts {
//!     store: shared(),
//!     clock: SystemClock,
//!     directory,
//!     journal: shared(),
//!     offload: Inline,
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//!
//! // 2. The host imports whom it knows; from then on "Users and roles" changes people through the gate.
//! let access = UserAccess::new(ACME, since_last_year());
//! gate.host().directory.change_now(person(7), |anna| Ok(anna.with_user_access(access.clone())))?;
//! assert!(gate.blocking().browser_access(person(7)).is_ok());
//!
//! // 3. What happened is in the journal.
//! assert_eq!(file.people()?, [person(7)]);
//! assert!(gate.blocking().browser_access(person(8)).is_err());
//! assert_eq!(file.refusals(person(8))?.len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - What was answered `Applied` is on the disk, and so is an event that was taken: each commit waits
//!   until the operating system says that the disk has it (`fsync`; write-ahead log,
//!   `synchronous=FULL`). A process killed at any moment loses nothing of it. Against a power cut it
//!   is as good as the disk's word: a drive that says "written" for what is in its volatile cache
//!   makes it a lie, and then a spent budget of PIN guesses can come back.
//! - A compare-and-swap is one transaction that holds the lock for writing from its first statement
//!   on, so any number of threads, handles and processes may share a file.
//! - Versions come from one sequence for all records. It is kept in the same file and written in the
//!   same transaction, so no key sees a version twice, even after a delete.
//! - An error of a swap means that surely nothing was written, a lock that was not had in
//!   [`BUSY_TIMEOUT`] included. Only a commit that fails is answered `Unknown`: the disk may keep it
//!   or not.
//! - Events are written in the same transaction as the record that they tell of, so there are both or
//!   neither, nothing waits in a record, and nothing is written twice: a lock costs a load and a swap,
//!   an unlock a load and two swaps. What waited in records from before goes with their next swap.
//! - An event is kept once, under its own id. Records that were restored from a backup, or removed, go on
//!   with events of other ids: all are kept, and nobody is stopped.
//! - A file of another program, a newer version or no database at all is refused and left as it is.
//!
//! # What it does not
//!
//! - **One host, one local file.** Processes share the log's index through memory, and file locks of
//!   network file systems (NFS, SMB, some container volumes) do not hold. Where that is noticed,
//!   [`open`](SqliteStore::open) fails; it is not always noticed.
//! - **Backups take guesses back.** A file restored from a backup knows nothing of what was spent,
//!   locked out or revoked since. Copy it with SQLite's own `VACUUM INTO` or backup, never the one
//!   file alone while it is in use. The audit trail is in the same file, and goes back with it: before a restore
//!   export the tables `events`, `changes` and `refusals`, or keep the trail elsewhere
//!   ([`without_events`](SqliteStore::without_events)). Replace the file while no process has it open, and delete
//!   the `-wal` and `-shm` beside it: SQLite replays a log that it finds, and that of another file can damage this
//!   one. Then insert the exported rows that the restored tables lack, and let versions go
//!   on beyond all that were given. The page `docs/which-store.md` of the repository has the commands; the other steps are
//!   in [the manual](pinlatch::guide::operating#restoring-a-backup).
//! - **Nothing in it is encrypted.** A file made here is readable by its owner only (Unix); PINs are
//!   protected by Argon2id and the pepper, which belongs somewhere else. What is replaced is
//!   overwritten in the file, and in its log when the log comes round again.
//! - **Damage inside a record** is found by the record's own checksum and not by SQLite, whose pages
//!   have none; damage between records mostly when it is read, and by
//!   [`check_integrity`](SqliteStore::check_integrity).
//! - **Refusals grow.** Whoever may send requests can be refused often: limit requests per address,
//!   and call [`remove_refusals_before`](SqliteStore::remove_refusals_before) from a job.
//! - **Removing a person** takes four calls: [`deliver_changes`](pinlatch::gate::Gate::deliver_changes),
//!   [`remove_facts`](SqliteStore::remove_facts),
//!   [erase](pinlatch::gate::Gate::erase) by the gate, then [`remove_trail`](SqliteStore::remove_trail). The account's row
//!   stays, without personal data.
//!
//! # What it costs
//!
//! Measured on a two-core virtual machine with ext4, one thread, `cargo bench -p pinlatch-stores`,
//! medians:
//!
//! | operation | 300 bytes | 4,000 bytes |
//! |---|---|---|
//! | load | 2.2 µs | 2.3 µs |
//! | load, then swap, on the disk | 0.18 ms | 0.20 ms |
//! | the same while other programs keep the disk busy | 3.4 ms | 4.0 ms |
//!
//! A swap waits for one `fsync`, and what it costs is what the disk takes for that. Writes of all
//! processes on one file go one after the other; loads do not wait for them.
//!
//! # In an async host
//!
//! Every operation waits for the disk. Run whole commands where blocking is allowed, as below: Argon2id then runs
//! there too, and a request that is cancelled does not interrupt a PIN attempt. Or take `Background` (feature
//! `any`), which runs each operation in tokio's blocking pool: where the engine is chosen by an address
//! (`any::AnyStore` uses it for SQLite), or where commands are to be awaited. A request that is cancelled then
//! interrupts a PIN attempt, unless each attempt runs in a task of its own.
//!
//! ```
//! # use std::sync::Arc;
//! # use pinlatch::account::{BeginFor, RequestContext};
//! # use pinlatch::gate::Gate;
//! # use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! # use pinlatch::people::LocalDates;
//! # use pinlatch::pin::PepperRing;
//! # use pinlatch_testkit::day;
//! # use pinlatch_stores::sqlite::SqliteStore;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let file = Arc::new(SqliteStore::open(directory.path().join("sign-in.sqlite"))?);
//! # let shared = || Blocking(Arc::clone(&file));
//! # let directory = StoredDirectory::new(shared(), |_: &_| LocalDates::everywhere(day(2026, 11, 22)));
//! # let host = HostParts {
//! #     store: shared(),
//! #     clock: SystemClock,
//! #     directory,
//! #     journal: shared(),
//! #     offload: Inline,
//! #     randomness: SystemRandomness,
//! # };
//! # let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let gate = Arc::new(gate);
//! let asked = Arc::clone(&gate);
//! let begin = move || asked.blocking().begin_authentication(BeginFor::Nobody, &RequestContext::default());
//! let begun = tokio::task::spawn_blocking(begin).await?;
//! # assert!(begun.is_ok());
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # The file
//!
//! | table | what it holds |
//! |---|---|
//! | `records` | key, version and bytes: accounts under `a-…`, people under `p-…` |
//! | `changes` | the id of a change about a person, person (its key), and the change as JSON, in their order |
//! | `events` | the event's id, person (its key), and the event as JSON, in their order |
//! | `refusals` | person, time in unix milliseconds, and the refusal as JSON, in their order |
//! | `versions` | the last version given out |
//!
//! So far there is one schema. A newer one is made by the first that opens the file with a newer version of this crate.
//! What rewrites rows goes a thousand at a time, each batch in a transaction of its own that also says how far it came:
//! one that is killed goes on there at the next opening, and nobody is signed out. Handles that are open go on
//! meanwhile, the older version's too; opened by an older version, a newer file is
//! [refused](SqliteError::NewerSchema).
//!
//! `application_id` is `0x504c6368`; `user_version` is the schema, 1. Other programs may read all of
//! it, at any time: `SELECT event ->> '$.at', event ->> '$.change' FROM events WHERE person = 'p-…'`. The
//! times and ids inside the JSON are texts: ISO 8601 and UUIDs.

#[cfg(feature = "any")]
mod background;
mod classify;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::print_stdout, reason = "a test may")]
#[path = "../../tests/inside/conformance.rs"]
mod conformance;
mod error;
mod journal;
mod records;
mod schema;
mod settings;
mod shape;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::print_stdout, reason = "a test may")]
#[path = "../../tests/inside/sqlite_upgrade.rs"]
mod upgrade;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use rusqlite::Connection;

pub use crate::JournalledRefusal;
#[cfg(feature = "any")]
pub use background::Background;
pub use error::SqliteError;

/// How long an operation waits for others that write, threads of this process before it and other processes together,
/// before it fails with [`SqliteError::Busy`]: 5 s. A write takes milliseconds, so this is a queue of hundreds; after it
/// an error tells the person more than waiting on would.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// One file that keeps accounts, people and the audit trail.
pub struct SqliteStore {
    path: PathBuf,
    takes_events: bool,
    writer: Mutex<Connection>,
    /// Beside the writer, so that checking a session never waits for another's write to reach the
    /// disk.
    reader: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens the file, or makes it; creates its tables, or upgrades them.
    ///
    /// Any number of handles and processes may have one file open, and open it at once.
    ///
    /// # Errors
    /// [`SqliteError`]. A file that is damaged, another program's or newer is left as it is.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SqliteError> {
        let path = settings::absolute(path.as_ref())?;
        settings::make_file(&path)?;
        let writer = Mutex::new(settings::writer(&path)?);
        let reader = Mutex::new(settings::reader(&path)?);
        Ok(Self { path, takes_events: true, writer, reader })
    }

    /// Leaves the events of a write in its record, for the gate to hand to the host's journal: for a
    /// host that keeps its audit trail somewhere else.
    #[must_use]
    pub const fn without_events(mut self) -> Self {
        self.takes_events = false;
        self
    }

    /// Where the file is. Two more lie beside it, with `-wal` and `-shm` after its name: the
    /// newest writes are in the first of them, so never copy or remove one of the three alone.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the whole file and checks that it is sound. Takes as long as reading the file.
    ///
    /// # Errors
    /// [`SqliteError::Damaged`] with what is wrong, or why it could not be read.
    pub fn check_integrity(&self) -> Result<(), SqliteError> {
        let report: String = self.apart()?.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if report == "ok" { Ok(()) } else { Err(SqliteError::Damaged(report.into())) }
    }

    /// The connection that writes, within [`BUSY_TIMEOUT`]; what is left of that is for other processes. A thread that
    /// panicked while it held the connection rolled back on its way, so the next one may go on.
    fn writer(&self) -> Result<MutexGuard<'_, Connection>, SqliteError> {
        let began = Instant::now();
        let others = || SqliteError::Busy("other threads of this process wrote all that time".into());
        let writer = self.writer.try_lock_for(BUSY_TIMEOUT).ok_or_else(others)?;
        writer.busy_timeout(BUSY_TIMEOUT.saturating_sub(began.elapsed()))?;
        Ok(writer)
    }

    /// For what reads one record, or one person's trail.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock()
    }

    /// For what reads much, so that no check waits for it.
    fn apart(&self) -> Result<Connection, SqliteError> {
        settings::reader(&self.path)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteStore({})", self.path.display())
    }
}
