//! Opening a file: made new, made at once by many, damaged, newer, somebody else's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;

use pinlatch::host::{BlockingStore, Expect, Key, Swap};
use pinlatch_stores::sqlite::{SqliteError, SqliteStore};
use pinlatch_testkit::person;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::again::{self, Process};

fn key(number: u128) -> Key {
    Key::account(person(number))
}

/// A file with 50 records in it, closed.
fn filled(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    for number in 0..50 {
        let _applied = store.compare_and_swap(&key(number), Expect::Absent, vec![7; 2_000], &[]).unwrap();
    }
}

/// Such a file, in a directory of its own that ends with the first.
fn one_filled() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    filled(&path);
    (directory, path)
}

#[test]
fn a_file_keeps_what_it_holds_when_it_is_opened_again() {
    let (_directory, path) = one_filled();
    let store = SqliteStore::open(&path).unwrap();
    let found = store.load(&key(49)).unwrap().unwrap();
    assert_eq!(found.bytes, vec![7; 2_000]);
    let again = store.compare_and_swap(&key(50), Expect::Absent, vec![1], &[]).unwrap();
    assert!(
        matches!(again, Swap::Applied(version) if version.number() > found.version.number()),
        "{again:?}"
    );
    store.check_integrity().unwrap();
}

#[test]
fn versions_go_on_when_everything_is_deleted_and_the_file_is_opened_again() {
    let (_directory, path) = one_filled();
    Connection::open(&path).unwrap().execute("DELETE FROM records", []).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    let anew = store.compare_and_swap(&key(0), Expect::Absent, vec![1], &[]).unwrap();
    assert!(matches!(anew, Swap::Applied(version) if version.number() == 51), "{anew:?}");
}

/// SQLite lets one of two that switch to write-ahead logging at the same moment fail at once. That is
/// rare, hence the rounds.
#[test]
fn many_threads_open_a_new_file_at_once() {
    const THREADS: usize = 8;
    const ROUNDS: u32 = 100;
    let directory = tempfile::tempdir().unwrap();
    for round in 0..ROUNDS {
        let path = directory.path().join(round.to_string());
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    SqliteStore::open(&path).unwrap();
                });
            }
        });
        let store = SqliteStore::open(&path).unwrap();
        let first = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).unwrap();
        assert!(matches!(first, Swap::Applied(version) if version.number() == 1), "{first:?}");
    }
}

#[test]
fn many_processes_open_a_new_file_at_once() {
    const PROCESSES: u32 = 4;
    if let Some(path) = again::file() {
        again::ready();
        let store = SqliteStore::open(path).unwrap();
        let me = key(std::process::id().into());
        let made = store.compare_and_swap(&me, Expect::Absent, vec![1], &[]).unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    for round in 0..10 {
        let path = directory.path().join(round.to_string());
        let mut command = again::command("opening::many_processes_open_a_new_file_at_once", &path);
        let mut processes: Vec<_> = (0..PROCESSES).map(|_| Process::start(&mut command)).collect();
        processes.iter_mut().for_each(|process| assert_eq!(process.hear().as_deref(), Some("ready")));
        processes.iter_mut().for_each(Process::go);
        let keys: Vec<_> = processes.iter().map(|process| key(process.child.id().into())).collect();
        processes.into_iter().for_each(Process::end);
        let store = SqliteStore::open(&path).unwrap();
        assert!(keys.iter().all(|key| store.load(key).unwrap().is_some()));
    }
}

#[test]
fn one_file_is_opened_twice_and_both_handles_write() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let (one, other) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap());
    let Swap::Applied(first) = one.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).unwrap() else {
        panic!("a first write");
    };
    let second = other.compare_and_swap(&key(1), Expect::At(first), vec![2], &[]).unwrap();
    assert!(matches!(second, Swap::Applied(version) if version != first), "{second:?}");
    assert_eq!(one.compare_and_swap(&key(1), Expect::At(first), vec![3], &[]).unwrap(), Swap::Conflict);
    drop(other);
    assert_eq!(one.load(&key(1)).unwrap().unwrap().bytes, [2]);
}

#[test]
fn a_file_that_is_no_database_is_an_error_and_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let text = "Dear diary, this is not a database at all. ".repeat(200);
    fs::write(&path, &text).unwrap();
    let refused = SqliteStore::open(&path);
    assert!(matches!(refused, Err(SqliteError::Damaged(_))), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn e32_a_damaged_file_is_an_error_and_never_an_absent_record() {
    const PAGE_BYTES: usize = 4_096;
    let (_directory, path) = one_filled();
    let sound = fs::read(&path).unwrap();
    let (mut refused, mut noticed) = (0, 0);
    // Each page in turn but the first, which has the schema.
    for start in (PAGE_BYTES..sound.len()).step_by(PAGE_BYTES) {
        let mut damaged = sound.clone();
        damaged[start..start + PAGE_BYTES].fill(0xa5);
        fs::write(&path, &damaged).unwrap();
        let store = match SqliteStore::open(&path) {
            // The page of what is read at opening.
            Err(SqliteError::Damaged(_)) => {
                refused += 1;
                continue;
            }
            opened => opened.unwrap(),
        };
        let lost = (0..50).any(|number| matches!(store.load(&key(number)), Ok(None)));
        assert!(
            !lost,
            "page {} of {} is damaged, and a record reads as absent",
            start / PAGE_BYTES,
            sound.len() / PAGE_BYTES
        );
        noticed +=
            u32::from((0..50).any(|number| matches!(store.load(&key(number)), Err(SqliteError::Damaged(_)))));
        let checked = store.check_integrity();
        assert!(matches!(checked, Err(SqliteError::Damaged(_))), "page {}: {checked:?}", start / PAGE_BYTES);
    }
    assert_eq!(refused, 1, "the one page of `versions`");
    assert!(noticed > 10, "only {noticed} damaged pages were noticed by a load");
}

#[test]
fn a_damaged_first_page_is_an_error() {
    let (_directory, path) = one_filled();
    let mut damaged = fs::read(&path).unwrap();
    damaged[100..4_096].fill(0xa5);
    fs::write(&path, &damaged).unwrap();
    let refused = SqliteStore::open(&path);
    assert!(matches!(refused, Err(SqliteError::Damaged(_))), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), damaged);
}

#[test]
fn a_newer_schema_is_an_error_and_stays_as_it_is() {
    let (_directory, path) = one_filled();
    let newer = Connection::open(&path).unwrap();
    newer.execute_batch("PRAGMA user_version = 2; ALTER TABLE records ADD COLUMN later TEXT").unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();
    let refused = SqliteStore::open(&path);
    assert!(matches!(refused, Err(SqliteError::NewerSchema { found: 2, known: 1 })), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn the_database_of_another_program_is_an_error_and_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    for (number, theirs) in
        ["CREATE TABLE t (x)", "PRAGMA user_version = 1", "PRAGMA application_id = 1"].iter().enumerate()
    {
        let path = directory.path().join(number.to_string());
        Connection::open(&path).unwrap().execute_batch(theirs).unwrap();
        let before = fs::read(&path).unwrap();
        let refused = SqliteStore::open(&path);
        assert!(matches!(refused, Err(SqliteError::AnotherProgram)), "{theirs}: {refused:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_file_without_one_of_its_tables_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    for missing in ["versions", "records", "events", "changes", "refusals"] {
        let path = directory.path().join(missing);
        filled(&path);
        Connection::open(&path).unwrap().execute_batch(&format!("DROP TABLE {missing}")).unwrap();
        let refused = SqliteStore::open(&path);
        assert!(
            matches!(&refused, Err(SqliteError::Missing { table }) if table == missing),
            "{missing}: {refused:?}"
        );
    }
}

#[test]
fn a_file_whose_tables_were_changed_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let without_key = "ALTER TABLE records RENAME TO old; CREATE TABLE records (key TEXT NOT NULL, version INTEGER NOT NULL, \
                       bytes BLOB NOT NULL) STRICT; INSERT INTO records SELECT * FROM old; DROP TABLE old";
    let lenient = without_key.replace("key TEXT NOT NULL", "key TEXT NOT NULL COLLATE NOCASE PRIMARY KEY");
    let not_unique =
        "CREATE TABLE new AS SELECT * FROM events; DROP TABLE events; ALTER TABLE new RENAME TO events";
    let lax = "ALTER TABLE records RENAME TO old; CREATE TABLE records (key TEXT NOT NULL COLLATE BINARY PRIMARY KEY, \
               version INTEGER NOT NULL, bytes BLOB NOT NULL); INSERT INTO records SELECT * FROM old; DROP TABLE old";
    let replaces = lax.replace("BLOB NOT NULL)", "BLOB NOT NULL ON   CONFLICT\tREPLACE) STRICT");
    let cascades =
        "ALTER TABLE changes ADD COLUMN of TEXT REFERENCES records (key) ON DELETE CASCADE".to_owned();
    let again = "DROP TABLE refusals; CREATE TABLE refusals (number INTEGER PRIMARY KEY, person TEXT COLLATE BINARY, \
                 at INTEGER, refusal TEXT NOT NULL) STRICT";
    for (number, (changed, name, said)) in [
        ("ALTER TABLE records DROP COLUMN bytes", "records", "lacks the column bytes BLOB NOT NULL"),
        (
            "DROP INDEX refusals_by_time; ALTER TABLE refusals DROP COLUMN at",
            "refusals",
            "lacks the column at INTEGER",
        ),
        (without_key, "records", "lacks the column key TEXT NOT NULL PRIMARY KEY"),
        (&lenient, "records", "lacks the unique index on key BINARY"),
        (not_unique, "events", "lacks the column number INTEGER PRIMARY KEY"),
        (lax, "records", "lacks the word STRICT"),
        (again, "refusals", "lacks the word AUTOINCREMENT"),
        (
            "CREATE UNIQUE INDEX one ON records (version)",
            "records",
            "has the unique index on version BINARY too much",
        ),
        (
            "ALTER TABLE events ADD COLUMN their INTEGER NOT NULL DEFAULT 0",
            "events",
            "has the column their INTEGER NOT NULL too much",
        ),
        (&cascades, "changes", "has the foreign key to records too much"),
        (&replaces, "records", "has the words ON CONFLICT too much"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = directory.path().join(number.to_string());
        filled(&path);
        Connection::open(&path).unwrap().execute_batch(changed).unwrap();
        let refused = SqliteStore::open(&path);
        assert!(
            matches!(&refused, Err(SqliteError::Changed { table, how }) if table == name && how == said),
            "{changed}: {refused:?}"
        );
    }
}

#[test]
fn a_file_with_a_trigger_on_a_table_is_an_error_and_one_of_another_table_is_none() {
    let (_directory, path) = one_filled();
    let file = Connection::open(&path).unwrap();
    file.execute_batch(
        "CREATE TABLE theirs (x UNIQUE ON CONFLICT REPLACE); CREATE TRIGGER harmless AFTER INSERT ON theirs BEGIN SELECT 1; END",
    )
    .unwrap();
    // Their own tables and indexes are nobody's harm, nor is a column that may be empty.
    file.execute_batch(
        "CREATE INDEX by_version ON records (version); ALTER TABLE events ADD COLUMN note TEXT",
    )
    .unwrap();
    SqliteStore::open(&path).unwrap();
    file.execute_batch(
        "CREATE TRIGGER revives AFTER UPDATE ON RECORDS BEGIN UPDATE records SET bytes = old.bytes; END",
    )
    .unwrap();
    let refused = SqliteStore::open(&path);
    assert!(
        matches!(&refused, Err(SqliteError::Trigger { table, trigger }) if table == "records" && trigger == "revives"),
        "{refused:?}"
    );
    file.execute_batch("DROP TRIGGER revives").unwrap();
    SqliteStore::open(&path).unwrap();
}

/// No record gets a version that it has had. The error's own documentation mends both.
#[test]
fn a_number_of_versions_that_is_gone_or_went_back_is_an_error_that_names_the_repair() {
    let (_directory, path) = one_filled();
    let file = Connection::open(&path).unwrap();
    let words = include_str!("../../src/sqlite/error.rs");
    let repair: String =
        words.split("```").find_map(|part| part.strip_prefix("sql\n")).unwrap().replace("///", "");
    let above = |last: u64| {
        move |store: &SqliteStore| {
            let before = store.load(&key(1)).unwrap().unwrap();
            let swap = store.compare_and_swap(&key(1), Expect::At(before.version), vec![9], &[]).unwrap();
            assert!(matches!(swap, Swap::Applied(version) if version.number() > last), "{swap:?}");
        }
    };

    file.execute_batch("UPDATE versions SET last = 0").unwrap();
    let store = SqliteStore::open(&path).unwrap();
    let before = store.load(&key(1)).unwrap().unwrap();
    let swap = store.compare_and_swap(&key(1), Expect::At(before.version), vec![9], &[]);
    assert!(matches!(&swap, Err(SqliteError::Versions { how: "is behind the records" })), "{swap:?}");
    assert_eq!(store.load(&key(1)).unwrap().unwrap(), before);
    file.execute_batch(&repair).unwrap();
    above(1_000_000_000_000)(&store);

    file.execute_batch("DELETE FROM versions").unwrap();
    let refused = SqliteStore::open(&path);
    assert!(matches!(&refused, Err(SqliteError::Versions { how: "is gone" })), "{refused:?}");
    file.execute_batch(&repair).unwrap();
    above(2_000_000_000_000)(&SqliteStore::open(&path).unwrap());
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    let missing = SqliteStore::open("/no/such/directory/store");
    assert!(matches!(missing, Err(SqliteError::CannotOpen(_))), "{missing:?}");
    assert!(matches!(SqliteStore::open(""), Err(SqliteError::CannotOpen(_))));
}

#[test]
fn names_that_mean_something_else_to_sqlite_are_files() {
    if let Some(name) = again::file() {
        return filled(&name);
    }
    let directory = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:store?mode=memory"] {
        // Relative names, in a process whose directory that is.
        let test = "opening::names_that_mean_something_else_to_sqlite_are_files";
        let mut command = again::command(test, Path::new(name));
        Process::start(command.current_dir(directory.path())).end();
        let path = directory.path().join(name);
        assert!(path.is_file(), "{name}");
        assert!(SqliteStore::open(&path).unwrap().load(&key(49)).unwrap().is_some(), "{name}");
    }
}

#[test]
#[cfg(unix)]
fn i13_nobody_but_the_owner_may_read_a_file_that_was_made_here() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let store = SqliteStore::open(&path).unwrap();
    let _applied = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).unwrap();
    for side in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{side}", path.display()));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

#[test]
fn r14_what_was_replaced_is_not_in_the_file_any_more() {
    const SECRET: &[u8] = b"the verifier of a PIN that was wiped";
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let store = SqliteStore::open(&path).unwrap();
    let contains = || {
        // The log is emptied into the file.
        let by_hand = Connection::open(&path).unwrap();
        by_hand.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        fs::read(&path).unwrap().windows(SECRET.len()).any(|bytes| bytes == SECRET)
    };
    let Swap::Applied(version) =
        store.compare_and_swap(&key(1), Expect::Absent, SECRET.repeat(300), &[]).unwrap()
    else {
        panic!("a first write");
    };
    assert!(contains());
    let _applied = store.compare_and_swap(&key(1), Expect::At(version), vec![0], &[]).unwrap();
    assert!(!contains());
}
