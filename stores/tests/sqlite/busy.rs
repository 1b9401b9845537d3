//! What is answered when the file is locked, or cannot grow.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use pinlatch::host::{BlockingJournal, BlockingStore, Expect, Key, Swap};
use pinlatch_stores::sqlite::{BUSY_TIMEOUT, SqliteError, SqliteStore};
use pinlatch_testkit::person;
use rusqlite::Connection;

use crate::again::{self, Process};

fn key() -> Key {
    Key::account(person(1))
}

#[test]
fn a_locked_file_is_read_and_a_write_fails_surely_unwritten() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    let Swap::Applied(version) =
        store.compare_and_swap(&key(), Expect::Absent, b"before".into(), &[]).unwrap()
    else {
        panic!("a first write");
    };
    let holder = Connection::open(store.path()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = store.compare_and_swap(&key(), Expect::At(version), b"after".into(), &[]);
    assert!(matches!(busy, Err(SqliteError::Busy(_))), "{busy:?}");
    assert_eq!(store.load(&key()).unwrap().unwrap().bytes, b"before");
    holder.execute_batch("ROLLBACK").unwrap();
    let free = store.compare_and_swap(&key(), Expect::At(version), b"after".into(), &[]).unwrap();
    assert!(matches!(free, Swap::Applied(_)), "{free:?}");
}

/// The threads of one process wait for each other and then for the holder, and not one after the other.
#[test]
fn many_threads_behind_a_locked_file_are_told_in_time_every_one() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    let holder = Connection::open(store.path()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let store = &store;
            scope.spawn(move || {
                let began = Instant::now();
                let key = Key::account(person(number));
                let busy = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]);
                assert!(matches!(busy, Err(SqliteError::Busy(_))), "{busy:?}");
                assert!(began.elapsed() < BUSY_TIMEOUT * 2, "one after the other: {:?}", began.elapsed());
            });
        }
    });
    // Nobody's rest of the time-out is the next one's.
    let free = std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(BUSY_TIMEOUT / 5);
            holder.execute_batch("ROLLBACK").unwrap();
        });
        store.compare_and_swap(&key(), Expect::Absent, vec![1], &[]).unwrap()
    });
    assert!(matches!(free, Swap::Applied(_)), "{free:?}");
}

/// How large a file may get in the other process, in the shell's blocks of 512 or 1024 bytes.
const BLOCKS: &str = "300";
const RECORD_BYTES: usize = 10_000;
/// More than fit.
const WRITES: u64 = 100;

/// The other process: writes until the disk says no, then goes on trying.
fn write_into_a_full_disk(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    for number in 0..WRITES {
        let loaded = store.load(&key()).unwrap();
        let expect = loaded.as_ref().map_or(Expect::Absent, |found| Expect::At(found.version));
        let bytes = number.to_le_bytes().into_iter().cycle().take(RECORD_BYTES).collect();
        let answer = match store.compare_and_swap(&key(), expect, bytes, &[]) {
            Ok(Swap::Applied(_)) => "applied",
            Ok(Swap::Unknown) => "unknown",
            Ok(Swap::Conflict) => "conflict",
            Err(_) => "error",
        };
        again::say(&format!("{answer} {number}"));
        if answer != "applied" {
            assert_eq!(store.load(&key()).unwrap(), loaded, "what was not applied is there");
            // Something smaller may still fit; then it is there.
            let event = crate::journal::event(number, 1);
            let taken = store.record(&[event]).is_ok();
            assert_eq!(store.events(person(1)).unwrap().contains(&event), taken);
        }
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_never_answered_applied() {
    if let Some(path) = again::file() {
        return write_into_a_full_disk(&path);
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let test = again::command("busy::a_full_disk_is_never_answered_applied", &path);
    // Without the signal, a write beyond the limit is an error like that of a full disk.
    let mut command = Command::new("sh");
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"")]);
    command.arg(test.get_program()).args(test.get_args());
    command.envs(test.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut process = Process::start(&mut command);
    let mut answers = Vec::new();
    while let Some(line) = process.hear() {
        let (answer, number) = line.split_once(' ').unwrap();
        answers.push((answer.to_owned(), number.parse::<u64>().unwrap()));
    }
    process.end();
    let applied: Vec<u64> =
        answers.iter().filter(|(answer, _)| answer == "applied").map(|(_, number)| *number).collect();
    let unknown = answers.iter().filter(|(answer, _)| answer == "unknown").count();
    println!("{} applied, then {unknown} unknown of {}", applied.len(), answers.len());
    assert!(!applied.is_empty() && unknown > 0, "{answers:?}");
    assert!(answers.iter().all(|(answer, _)| answer != "conflict"), "nobody else writes: {answers:?}");

    let store = SqliteStore::open(&path).unwrap();
    store.check_integrity().unwrap();
    let found = store.load(&key()).unwrap().unwrap().bytes;
    let number = u64::from_le_bytes(found[..8].try_into().unwrap());
    assert!(Some(&number) >= applied.last(), "the last write answered Applied is gone");
}
