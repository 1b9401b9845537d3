//! A file of an older schema becomes a newer one, while hosts of the older version go on.
//!
//! Part of the crate's own tests, not of those beside it: there is no second schema yet, so the steps are made up.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication, Wanted};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, Host, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch_testkit::{ACME, PIN, QuickHasher, UNMODIFIED, day, person, pin, since_last_year};
use rusqlite::Connection;

use super::schema::{Step, upgrade, upgrade_by};
use super::settings::{connect, writer};
use super::{SqliteError, SqliteStore};

#[allow(dead_code, reason = "the tests beside it use the rest")]
#[path = "../sqlite/again.rs"]
mod again;

const SCHEMA_1: Step = Step::Once(include_str!("../../src/sqlite/schema_1.sql"));
/// What a second schema might be; it fails on a file that has it.
const SCHEMA_2: Step = Step::Once("ALTER TABLE records ADD COLUMN note TEXT");
/// And a third: every row is rewritten, and one that is rewritten twice says so.
const SCHEMA_3: Step = Step::InBatches(
    "UPDATE records SET note = coalesce(note, '') || 'x' WHERE key IN (
        SELECT key FROM records WHERE key > ?1 ORDER BY key LIMIT 1000
    ) RETURNING key",
);

fn answer(connection: &Connection, question: &str) -> rusqlite::Result<i64> {
    connection.query_row(question, [], |row| row.get(0))
}

const LATER: &str = "SELECT count(note) + max(version) FROM records";
const SCHEMA: &str = "PRAGMA user_version";

#[test]
fn an_older_file_is_upgraded_once_and_keeps_its_records() {
    let mut connection = Connection::open_in_memory().unwrap();
    upgrade(&mut connection).unwrap();
    connection.execute("INSERT INTO records VALUES ('a-1', 7, x'00')", []).unwrap();
    for _ in 0..2 {
        upgrade_by(&mut connection, &[SCHEMA_1, SCHEMA_2]).unwrap();
    }
    assert_eq!(answer(&connection, LATER), Ok(7));
    // And to the version before, that file is a newer one.
    let refused = upgrade(&mut connection);
    assert!(matches!(refused, Err(SqliteError::NewerSchema { found: 2, known: 1 })), "{refused:?}");
}

#[test]
fn a_step_that_fails_changes_nothing() {
    let mut connection = Connection::open_in_memory().unwrap();
    upgrade(&mut connection).unwrap();
    let broken = Step::Once("ALTER TABLE records ADD COLUMN note TEXT; no SQL");
    assert!(upgrade_by(&mut connection, &[SCHEMA_1, broken]).is_err());
    assert_eq!(answer(&connection, SCHEMA), Ok(1));
    assert!(answer(&connection, LATER).is_err(), "a part of the step stayed");
    upgrade_by(&mut connection, &[SCHEMA_1, SCHEMA_2]).unwrap();
}

#[test]
fn a_step_in_batches_leaves_nothing_of_its_own_behind() {
    let mut connection = Connection::open_in_memory().unwrap();
    upgrade(&mut connection).unwrap();
    upgrade_by(&mut connection, &[SCHEMA_1, SCHEMA_2, SCHEMA_3]).unwrap();
    assert_eq!(answer(&connection, SCHEMA), Ok(3));
    let left = "SELECT count(*) FROM sqlite_schema WHERE name = 'upgrading'";
    assert_eq!(answer(&connection, left), Ok(0));
}

fn host(file: &Arc<SqliteStore>) -> Gate<impl Host + use<>> {
    let shared = || Blocking(Arc::clone(file));
    let host = HostParts {
        store: shared(),
        clock: SystemClock,
        directory: StoredDirectory::new(shared(), |_| LocalDates::everywhere(day(2026, 11, 22))),
        journal: shared(),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(QuickHasher::new()).build().unwrap()
}

/// A person who is hired, has signed in and created a PIN.
fn opened(file: &Arc<SqliteStore>, gate: &Gate<impl Host>) -> (DeviceToken, SessionToken) {
    let (anna, gate) = (person(7), gate.blocking());
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    let today = |_: &_| LocalDates::everywhere(day(2026, 11, 22));
    let directory = StoredDirectory::new(Blocking(Arc::clone(file)), today);
    directory.change_now(anna, |new| Ok(new.with_bank_credentials().with_employment(job))).unwrap();
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let sign_in =
        SignIn { evidence, label: DeviceLabel::new("phone").unwrap(), known: None, invitation: None };
    let token = gate.authenticate(sign_in, &UNMODIFIED).unwrap().token;
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    let session = gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
    (token, session)
}

/// The other process, which upgrades until it is killed.
fn upgrade_until_killed(path: &Path) {
    let mut connection = writer(path).unwrap();
    again::say("begins");
    upgrade_by(&mut connection, &[SCHEMA_1, SCHEMA_2, SCHEMA_3]).unwrap();
}

#[test]
fn an_upgrade_of_100_000_rows_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out() {
    match again::file() {
        Some(path) => upgrade_until_killed(&path),
        None => killed_in_the_middle(100_000, "100_000"),
    }
}

/// `cargo test -p pinlatch-stores --features sqlite --lib -- --ignored --nocapture 1_000_000`
#[test]
#[ignore = "takes a minute"]
fn an_upgrade_of_1_000_000_rows_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out() {
    killed_in_the_middle(1_000_000, "100_000");
}

fn killed_in_the_middle(rows: i64, again: &str) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let file = Arc::new(SqliteStore::open(&path).unwrap());
    let gate = host(&file);
    let (token, session) = opened(&file, &gate);
    let hand = Connection::open(&path).unwrap();
    let many =
        "INSERT INTO records SELECT printf('%s-%032x', iif(value % 8, 'a', 'p'), value), 1, zeroblob(300)
        FROM (WITH RECURSIVE numbers (value) AS (VALUES (1000000) UNION ALL SELECT value + 1 FROM numbers
            WHERE value < 999999 + ?1) SELECT value FROM numbers)";
    hand.execute(many, [rows]).unwrap();

    let name = format!(
        "sqlite::upgrade::an_upgrade_of_{again}_rows_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out"
    );
    let mut process = again::Process::start(&mut again::command(&name, &path));
    assert_eq!(process.hear().as_deref(), Some("begins"));
    let come_far = format!("SELECT count(*) FROM upgrading WHERE done > 'a-{:032x}'", 1_000_000 + rows / 2);
    while answer(&hand, &come_far) != Ok(1) {
        assert!(process.child.try_wait().unwrap().is_none(), "it came to its end");
        // A host of the version before goes on meanwhile.
        let _grant = gate.blocking().check(&session, Wanted::session(), &UNMODIFIED).unwrap();
    }
    process.child.kill().unwrap();
    assert!(!process.child.wait().unwrap().success());
    let before = answer(&hand, "SELECT count(note) FROM records").unwrap();
    println!("killed after {before} of {rows} rows");
    assert!(before > 0 && before < rows, "{before}");
    let refused = SqliteStore::open(&path);
    assert!(matches!(refused, Err(SqliteError::NewerSchema { found: 2, known: 1 })), "{refused:?}");

    let is_over = AtomicBool::new(false);
    let use_it = || {
        let (mut locks, mut session) = (0_u32, session);
        while !is_over.load(Ordering::Relaxed) {
            let gate = gate.blocking();
            let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).unwrap();
            gate.lock(&token, &UNMODIFIED).unwrap();
            session = gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).unwrap();
            locks += 1;
        }
        (locks, session)
    };
    // Two processes that come to it at once do each row once together.
    let finish = || upgrade_by(&mut connect(&path)?, &[SCHEMA_1, SCHEMA_2, SCHEMA_3]);
    let (locks, session) = thread::scope(|scope| {
        let user = scope.spawn(use_it);
        let both = [scope.spawn(finish), scope.spawn(finish)].map(|one| one.join().unwrap());
        is_over.store(true, Ordering::Relaxed);
        for one in both {
            one.unwrap();
        }
        user.join().unwrap()
    });
    println!("locked and unlocked {locks} times meanwhile");
    assert!(locks > 0);
    let _grant = gate.blocking().check(&session, Wanted::session(), &UNMODIFIED).unwrap();
    let not_once = "SELECT count(*) FROM records WHERE note IS NOT 'x'";
    assert_eq!(answer(&hand, not_once), Ok(0), "not each row once");
    assert_eq!(answer(&hand, SCHEMA), Ok(3));
}
