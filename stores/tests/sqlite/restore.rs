//! A file that is restored from a backup, by the steps of the manual: what of it is SQLite's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pinlatch::access::users_and_roles::PeopleChange;
use pinlatch::access::{BrowserSession, PeopleEntry};
use pinlatch::account::Event;
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingStore, ChangesPeople, Expect, Host, HostParts, Inline, Key, PeopleJournal,
    StoredDirectory, Swap, SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::{LocalDates, Person, Role};
use pinlatch::pin::PepperRing;
use pinlatch::session::Change;
use pinlatch_stores::sqlite::{JournalledRefusal, SqliteStore};
use pinlatch_testkit::{ACME, day, person};
use rusqlite::Connection;

type People = StoredDirectory<Blocking<Arc<SqliteStore>>, fn(&Person) -> LocalDates>;

fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

fn people(file: &Arc<SqliteStore>) -> People {
    StoredDirectory::new(Blocking(Arc::clone(file)), today as fn(&Person) -> LocalDates)
}

fn gate(file: &Arc<SqliteStore>) -> Gate<impl Host<Directory: ChangesPeople, Journal: PeopleJournal>> {
    let host = HostParts {
        store: Blocking(Arc::clone(file)),
        clock: SystemClock,
        directory: people(file),
        journal: Blocking(Arc::clone(file)),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).build().unwrap()
}

fn open(path: &Path) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(path).unwrap())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Table by table: of a damaged file, what can be read.
fn export(path: &Path, exported: &Path) {
    let connection = Connection::open(exported).unwrap();
    connection.execute("ATTACH ?1 AS old", [path.to_str().unwrap()]).unwrap();
    for table in ["events", "changes", "refusals", "versions"] {
        connection.execute(&format!("CREATE TABLE {table} AS SELECT * FROM old.{table}"), []).unwrap();
    }
    connection.execute("CREATE TABLE records AS SELECT version FROM old.records", []).unwrap();
}

fn back_up(path: &Path, backup: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
}

/// Puts what the export has beyond the backup into the trail, and then the whole in the place of the file.
fn restore(backup: &Path, path: &Path, exported: &Path) {
    let restored = beside(path, ".new");
    fs::copy(backup, &restored).unwrap();
    let connection = Connection::open(&restored).unwrap();
    connection.execute("ATTACH ?1 AS exported", [exported.to_str().unwrap()]).unwrap();
    for (table, columns) in [
        ("events", "id, person, event"),
        ("changes", "id, person, change"),
        ("refusals", "number, person, at, refusal"),
    ] {
        let insert = format!(
            "INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM exported.{table} ORDER BY number"
        );
        connection.execute(&insert, []).unwrap();
    }
    let beyond = "UPDATE main.versions SET last = 1000000000000 + abs(random() % 1000000000000) \
                  + max(last, 1000000 * strftime('%s', 'now'), \
                  coalesce((SELECT last FROM exported.versions), 0), \
                  (SELECT coalesce(max(version), 0) FROM exported.records))";
    connection.execute(beyond, []).unwrap();
    drop(connection);
    for log in ["-wal", "-shm"] {
        let _may_be_absent = fs::remove_file(beside(path, log));
    }
    fs::rename(restored, path).unwrap();
}

fn administers(directory: &People, id: PersonId) -> bool {
    let known = directory.person_now(id).unwrap().unwrap();
    known.user_access(ACME).is_some_and(|access| access.roles().contains(Role::UserAdministrator))
}

/// A host that was not stopped after all holds a version from after the backup, and writes nothing with it; nor does what
/// it does to the old file reach the new one. The same backup may be restored twice.
#[test]
fn a_version_from_after_the_backup_does_not_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let [path, backup, exported] = ["store", "backup", "exported"].map(|name| folder.path().join(name));
    let key = Key::account(person(3));
    let write = |file: &SqliteStore, expect, byte| match file.compare_and_swap(&key, expect, vec![byte], &[])
    {
        Ok(Swap::Applied(version)) => version,
        other => panic!("{other:?}"),
    };
    let file = open(&path);
    let first = write(&file, Expect::Absent, 1);
    back_up(&path, &backup);
    let late = write(&file, Expect::At(first), 2);
    export(&path, &exported);
    let not_stopped = file;

    let mut given = late;
    for _ in 0..2 {
        restore(&backup, &path, &exported);
        let file = open(&path);
        let again = write(&file, Expect::At(first), 3);
        assert!(again.number() > late.number() && again != given, "{again:?} was given before");
        assert_eq!(file.compare_and_swap(&key, Expect::At(late), vec![4], &[]).unwrap(), Swap::Conflict);
        assert_eq!(file.load(&key).unwrap().unwrap().bytes, [3]);
        given = write(&file, Expect::At(again), 5);
    }
    write(&not_stopped, Expect::At(late), 6);
    drop(not_stopped);
    let file = open(&path);
    file.check_integrity().unwrap();
    assert_eq!(file.load(&key).unwrap().unwrap().version, given);
}

type Trail = (Vec<Event>, Vec<PeopleEntry>, Vec<JournalledRefusal>);

fn trail(file: &SqliteStore, of: PersonId) -> Trail {
    (file.events(of).unwrap(), file.changes(of).unwrap(), file.refusals(of).unwrap())
}

/// A backup; after it Anna's role is revoked, she is logged out from all devices, and is refused once. The file is
/// closed at the end; the answer is Anna's trail.
fn backed_up_and_used(path: &Path, backup: &Path, exported: &Path) -> Trail {
    let (kaisa, anna) = (BrowserSession::verified_by_host(person(1)), person(2));
    let file = open(path);
    let gate = gate(&file);
    let gate = gate.blocking();
    for id in [kaisa.person(), anna] {
        gate.establish_first_administrator(ACME, id).unwrap();
    }
    gate.invite(&kaisa, ACME, anna).unwrap();
    back_up(path, backup);
    gate.revoke_role(&kaisa, ACME, anna, Role::UserAdministrator).unwrap();
    gate.revoke_all(&kaisa, ACME, anna).unwrap();
    gate.administrator(&BrowserSession::verified_by_host(anna), ACME).unwrap_err();
    export(path, exported);
    trail(&file, anna)
}

/// A role that was taken away after the backup is held again, and `changes` says so.
#[test]
fn i11_a_restored_file_gets_the_rows_of_the_trail_that_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let [path, backup, exported] = ["store", "backup", "exported"].map(|name| folder.path().join(name));
    let before = backed_up_and_used(&path, &backup, &exported);
    let (events, changes, refusals) = &before;
    assert!(events.iter().any(|event| matches!(event.change, Change::LoggedOutEverywhere { .. })));
    assert_eq!(changes.last().unwrap().event.change, PeopleChange::RoleRevoked(Role::UserAdministrator));
    assert_eq!(refusals.len(), 1);

    restore(&backup, &path, &exported);
    let (file, anna) = (open(&path), person(2));
    file.check_integrity().unwrap();
    assert_eq!(trail(&file, anna), before);

    let directory = people(&file);
    assert!(administers(&directory, anna), "the facts went back too");
    // The backup has two first administrators.
    let later = file.changes_after(2).unwrap();
    assert_eq!(directory.catch_up_now(anna, &later).unwrap(), 1);
    assert!(!administers(&directory, anna));
    assert_eq!(gate(&file).blocking().deliver_changes(anna).unwrap(), 0);
    assert_eq!(trail(&file, anna), before);
}
