//! The store passes the conformance kit, and nothing stays unproven.
//!
//! Part of the crate's own tests, not of those beside it: the hooks act inside SQLite, below the
//! adapter, through connections that are private.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use pinlatch::account::Event;
use pinlatch::host::{Blocking, BlockingStore, Expect, Key, Swap, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use pinlatch_testkit::conformance::{CHECKS, Fixture, RACES, Rival, at_once, run};
use pinlatch_testkit::person;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, ffi};
use tempfile::TempDir;

use super::SqliteStore;

/// Every store is a file of its own in one directory.
struct Files {
    directory: TempDir,
    made: AtomicU32,
    /// Whether another client could get the lock after a swap had begun.
    gap: Arc<AtomicBool>,
}

/// The log beside a file.
fn log(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", path.display()))
}

/// Where the files are kept as they were in the middle of a write.
fn half_way(path: &Path) -> PathBuf {
    path.with_extension("half-way")
}

/// The files as another process finds them at this moment. The third of them is the log's index; it
/// lives in memory, does not outlive a crash, and is made anew.
fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
    fs::copy(log(from), log(to)).unwrap();
}

/// A connection of somebody who works on the file by hand.
fn by_hand(store: &SqliteStore) -> Connection {
    Connection::open(store.path()).unwrap()
}

impl Files {
    fn path(&self) -> PathBuf {
        self.directory.path().join(self.made.fetch_add(1, Ordering::Relaxed).to_string())
    }
}

impl Fixture for Files {
    type Store = Blocking<SqliteStore>;

    async fn fresh(&self) -> Self::Store {
        Blocking(SqliteStore::open(self.path()).unwrap())
    }

    /// Connections of its own, as in another process.
    async fn another(&self, store: &Self::Store) -> Option<Self::Store> {
        Some(Blocking(SqliteStore::open(store.0.path()).unwrap()))
    }

    /// What another process finds if this one is killed now: file and log as they stand, with
    /// nothing closed and so nothing tidied up. That a killed process leaves them so is shown with
    /// real kills (`tests/sqlite/kill.rs`); that a commit waits for the disk is a setting, and
    /// tested as one (`settings.rs`). No test pulls a plug.
    async fn crash_and_reopen(&self, store: Self::Store) -> Option<Self::Store> {
        let to = self.path();
        let stopped = half_way(store.0.path());
        copy(if stopped.exists() { &stopped } else { store.0.path() }, &to);
        assert!(fs::metadata(log(&to)).unwrap().len() > 0, "an empty log: then this shows nothing");
        Some(Blocking(SqliteStore::open(to).unwrap()))
    }

    async fn delete(&self, store: &Self::Store, key: &Key) -> bool {
        by_hand(&store.0).execute("DELETE FROM records WHERE key = ?1", [key.as_str()]).unwrap() == 1
    }

    async fn delete_if_unchanged(&self, store: &Self::Store, key: &Key, since: Version) -> Option<bool> {
        let since = i64::try_from(since.number()).unwrap();
        let delete = "DELETE FROM records WHERE key = ?1 AND version = ?2";
        Some(by_hand(&store.0).execute(delete, (key.as_str(), since)).unwrap() == 1)
    }

    /// The commit is in the log, and SQLite is made to report an error for it.
    fn lose_next_reply(&self, store: &Self::Store) -> bool {
        let mut next = true;
        let error = || rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR), None);
        let hook = move |_: &mut _, _| if std::mem::take(&mut next) { Err(error()) } else { Ok(()) };
        store.0.writer().unwrap().wal_hook(Some(hook)).unwrap();
        true
    }

    /// SQLite is made to roll back where it was told to commit.
    fn lose_next_request(&self, store: &Self::Store) -> bool {
        let mut next = true;
        store.0.writer().unwrap().commit_hook(Some(move || std::mem::take(&mut next))).unwrap();
        true
    }

    /// The rival comes just before the lock is had, and at every later statement somebody tries to
    /// get it.
    fn interrupt_next_swap(&self, store: &Self::Store, rival: Rival) -> bool {
        let other = Blocking(SqliteStore::open(store.0.path()).unwrap());
        let (stranger, gap) = (by_hand(&store.0), Arc::clone(&self.gap));
        stranger.busy_timeout(Duration::ZERO).unwrap();
        let (mut rival, mut within) = (Some(rival), false);
        let meet = move |event: TraceEvent<'_>| {
            let TraceEvent::Stmt(_, statement) = event else { return };
            if within && stranger.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok() {
                gap.store(true, Ordering::Relaxed);
            }
            let is = |word| statement.starts_with(word);
            within = is("BEGIN") || within && !is("COMMIT") && !is("ROLLBACK");
            if let Some(rival) = rival.take() {
                at_once(rival.writes_through(&other));
            }
        };
        store.0.writer().unwrap().trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(meet)).unwrap();
        true
    }

    /// A load is one statement; the rival comes as it begins.
    fn interrupt_next_load(&self, store: &Self::Store, rival: Rival) -> bool {
        let other = Blocking(SqliteStore::open(store.0.path()).unwrap());
        let mut rival = Some(rival);
        let meet = move |_: TraceEvent<'_>| {
            if let Some(rival) = rival.take() {
                at_once(rival.writes_through(&other));
            }
        };
        store.0.reader().trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(meet)).unwrap();
        true
    }

    /// The power fails as SQLite is about to commit: what is in the files then is kept for the
    /// crash. With so little memory, part of the write is in the log already.
    fn stop_next_swap_half_way(&self, store: &Self::Store) -> bool {
        let path = store.0.path().to_owned();
        let before = fs::metadata(log(&path)).unwrap().len();
        let writer = &mut *store.0.writer().unwrap();
        writer.execute_batch("PRAGMA cache_size = 5").unwrap();
        let stop = move || {
            copy(&path, &half_way(&path));
            // A panic would be lost here. Without the copy's log, opening it will fail.
            if fs::metadata(log(&path)).unwrap().len() == before {
                fs::remove_file(log(&half_way(&path))).unwrap();
            }
            true
        };
        writer.commit_hook(Some(stop)).unwrap();
        true
    }

    /// Every statement is interrupted from now on.
    fn go_down(&self, store: &Self::Store) -> bool {
        for mut connection in [store.0.writer().unwrap(), store.0.reader()] {
            connection.progress_handler(1, Some(|| true)).unwrap();
        }
        true
    }

    async fn events(&self, store: &Self::Store, person: PersonId) -> Option<Vec<Event>> {
        store.0.events(person).ok()
    }

    /// Neither this crate nor SQLite goes by any clock: nothing here has a time.
    async fn set_clock(&self, _: &Self::Store, _: Timestamp) -> bool {
        true
    }

    async fn set_next_version(&self, store: &Self::Store, number: u64) -> bool {
        let last = i64::try_from(number).unwrap() - 1;
        by_hand(&store.0).execute("UPDATE versions SET last = ?1", [last]).unwrap() == 1
    }
}

#[test]
fn the_kit_passes_with_nothing_unproven() {
    let gap = Arc::new(AtomicBool::new(false));
    let files =
        Files { directory: tempfile::tempdir().unwrap(), made: AtomicU32::new(0), gap: Arc::clone(&gap) };
    let report = run(&files, at_once);
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    assert_eq!(report.unproven().collect::<Vec<_>>(), [""; 0]);
    // Other connections, copies in place of crashes, no clock: what the hooks above say of themselves.
    let on_word = [
        "another_handle_sees_every_write",
        "another_handles_write_makes_ours_stale",
        "an_applied_write_survives_a_crash",
        "nothing_expires",
        "versions_do_not_follow_the_clock",
        "a_write_is_whole_or_not_at_all",
        "events_are_kept_with_their_write_or_not_at_all",
    ];
    assert_eq!(report.on_the_authors_word().collect::<Vec<_>>(), on_word);
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len(), "a check did not run");
    assert!(!gap.load(Ordering::Relaxed), "another client can write between comparing and writing");
}

/// Versions are 63 bits wide here. The last one is given, and then no more, rather than one again.
#[test]
fn after_the_last_version_nothing_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    by_hand(&store).execute("UPDATE versions SET last = ?1", [i64::MAX - 1]).unwrap();
    let key = Key::account(person(1));
    let last = Version::from_number(u64::try_from(i64::MAX).unwrap());
    assert_eq!(store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).unwrap(), Swap::Applied(last));
    assert!(store.compare_and_swap(&key, Expect::At(last), vec![2], &[]).is_err());
    assert_eq!(store.load(&key).unwrap().unwrap().bytes, [1]);
}

/// Should a rollback fail, the next write begins with another try.
#[test]
fn a_transaction_that_was_left_open_is_rolled_back_and_not_joined() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    store.writer().unwrap().execute_batch("BEGIN; UPDATE versions SET last = 100").unwrap();
    let key = Key::account(person(1));
    let first = Version::from_number(1);
    assert_eq!(store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).unwrap(), Swap::Applied(first));
}
