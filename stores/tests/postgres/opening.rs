//! Opening a database: made new, made at once by many, newer, somebody else's; and what its address must not
//! tell.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use pinlatch::host::{Expect, Journal, Store, Swap, Version};
use pinlatch_stores::postgres::{PostgresError, PostgresOptions, PostgresStore, Untrustworthy};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::Wire;
use tokio_postgres::NoTls;

use crate::by_hand::{key, number, open, options, plain, run, url, write};
use crate::journal::event;
use crate::shared;

#[test]
fn ten_open_a_new_database_at_once() {
    const OPENERS: usize = 10;
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let openers = (0..OPENERS).map(|_| tokio::spawn(open(address, "at_once"))).collect::<Vec<_>>();
        for (opener, number) in openers.into_iter().zip(0..) {
            write(&opener.await.unwrap(), &key(number), Expect::Absent, b"1").await;
        }
        assert_eq!(number(address, "select count(*) from at_once.records").await, 10);
        assert_eq!(number(address, "select number::bigint from at_once.pinlatch_schema").await, 1);
    });
}

#[test]
fn a_database_keeps_what_it_holds_and_no_version_comes_again() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "kept").await;
        let first = write(&store, &key(1), Expect::Absent, b"first").await;
        drop(store);
        let store = open(address, "kept").await;
        let found = store.load(&key(1)).await.unwrap().unwrap();
        assert_eq!((found.bytes.as_slice(), found.version), (&b"first"[..], first));
        run(address, "delete from kept.records").await;
        let anew = write(&store, &key(1), Expect::Absent, b"anew").await;
        assert_ne!(anew, first);
    });
}

/// On the machine's own server, if there is one.
#[test]
fn two_deployments_share_a_database() {
    let Some(url) = shared::url("PINLATCH_POSTGRES_URL") else { return };
    shared::runtime().block_on(async {
        let names = ["one", "two"].map(|name| format!("pinlatch_test_{name}_{}", std::process::id()));
        let open = async |name: &String| options(name).open(&url).await.unwrap();
        let (one, two) = (open(&names[0]).await, open(&names[1]).await);
        write(&one, &key(1), Expect::Absent, b"of one").await;
        assert_eq!(two.load(&key(1)).await.unwrap(), None);
        write(&two, &key(1), Expect::Absent, b"of two").await;
        assert_eq!(one.load(&key(1)).await.unwrap().unwrap().bytes, b"of one");
        let (by_hand, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let drop = names.map(|name| format!("drop schema {name} cascade")).join(";");
        by_hand.batch_execute(&drop).await.unwrap();
    });
}

#[test]
fn a_newer_schema_is_an_error_and_stays_as_it_is() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        drop(open(address, "newer").await);
        run(address, "update newer.pinlatch_schema set number = 2; alter table newer.records add later text")
            .await;
        let refused = options("newer").open(&url(address)).await;
        assert!(matches!(refused, Err(PostgresError::NewerSchema { found: 2, known: 1 })), "{refused:?}");
        assert_eq!(number(address, "select count(later) from newer.records").await, 0);
    });
}

#[test]
fn the_tables_of_another_program_are_an_error_and_stay_as_they_are() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        for (name, theirs) in [
            ("theirs_1", "create table theirs_1.records (id int)"),
            ("theirs_2", "create sequence theirs_2.versions"),
            ("theirs_3", "create table theirs_3.pinlatch_schema (id int)"),
            ("theirs_4", "create table theirs_4.pinlatch_schema (number text); insert into theirs_4.pinlatch_schema values ('1')"),
            ("theirs_5", "create view theirs_5.events as select 1"),
        ] {
            run(address, &format!("create schema {name}; {theirs}")).await;
            let refused = options(name).open(&url(address)).await;
            assert!(matches!(&refused, Err(PostgresError::AnotherProgram(of)) if of == name), "{refused:?}");
            let objects = format!("select count(*) from pg_class where relnamespace = '{name}'::regnamespace");
            assert_eq!(number(address, &objects).await, 1, "{name}");
        }
    });
}

/// A role that may not make a schema finds one that was made for it.
#[test]
fn a_role_with_few_rights_opens_a_schema_that_was_made_for_it() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        run(address, "create role clerk login; create schema made_for_it authorization clerk").await;
        let clerk = format!("postgres://clerk@{address}/postgres");
        let store = options("made_for_it").open(&clerk).await.unwrap();
        write(&store, &key(1), Expect::Absent, b"1").await;
        let refused = options("not_made").open(&clerk).await;
        assert!(matches!(&refused, Err(PostgresError::Denied(_))), "{refused:?}");
    });
}

/// A schema, and a role of its name with what a role needs from then on: its address.
async fn role_of_every_day(address: SocketAddr, name: &str) -> String {
    drop(open(address, name).await);
    let rights = format!(
        "create role {name} login; grant usage on schema {name} to {name};
        grant select, insert, update, delete on all tables in schema {name} to {name}"
    );
    run(address, &rights).await;
    format!("postgres://{name}@{address}/postgres")
}

/// The tables are there.
#[test]
fn the_rights_of_every_day_are_enough() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let daily = role_of_every_day(address, "every_day").await;
        let store = options("every_day").open(&daily).await.unwrap();
        let first = write(&store, &key(1), Expect::Absent, b"1").await;
        let events = [event(0, 1)];
        let next = store.compare_and_swap(&key(1), Expect::At(first), vec![2], &events).await.unwrap();
        assert!(matches!(next, Swap::Applied(_)), "{next:?}");
        store.record(&[event(1, 1)]).await.unwrap();
        assert_eq!(store.events(person(1)).await.unwrap(), [event(0, 1), event(1, 1)]);
        assert_eq!(store.remove_trail(person(1)).await.unwrap(), 2);
    });
}

/// A right on the trail that is missing would be noticed by nobody: events wait in their records then.
#[test]
fn a_role_without_a_right_that_it_needs_is_refused() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let lacking = role_of_every_day(address, "lacking").await;
        for (right, table) in
            [("update", "records"), ("insert", "changes"), ("select", "refusals"), ("insert", "events")]
        {
            run(address, &format!("revoke {right} on lacking.{table} from lacking")).await;
            let refused = options("lacking").open(&lacking).await.unwrap_err();
            let why = refused.source().map(ToString::to_string).unwrap_or_default();
            assert!(matches!(refused, PostgresError::Denied(_)) && why.contains(table), "{table}: {why}");
            let without = options("lacking").without_events().open(&lacking).await;
            assert_eq!(without.is_ok(), ["changes", "refusals"].contains(&table), "{table}: {without:?}");
            run(address, &format!("grant {right} on lacking.{table} to lacking")).await;
        }
        // A trail that nobody may change.
        run(
            address,
            "revoke update, delete on lacking.events, lacking.changes, lacking.refusals from lacking",
        )
        .await;
        options("lacking").open(&lacking).await.unwrap();
    });
}

/// Of several servers one that takes connections and says nothing, as one does whose disk hangs, keeps nobody from the others:
/// neither at opening nor later, and whichever stands first.
#[test]
fn a_server_that_hangs_keeps_nobody_from_the_others() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
        let silent = hangs.local_addr().unwrap();
        let wire = Wire::before(address).unwrap();
        let answers = wire.address();
        for (order, hosts) in [
            ("first", format!("{silent},{answers}")),
            ("last", format!("{answers},{silent}")),
            ("twice", format!("{silent},{silent},{answers}")),
        ] {
            let address = format!("postgres://postgres@{hosts}/postgres");
            let store = options(&format!("hangs_{order}")).open(&address).await.unwrap();
            for _ in 0..3 {
                assert_eq!(store.load(&key(1)).await.unwrap(), None, "{order}");
                wire.break_connections();
            }
            let made = store.connections().made;
            assert!(made >= 3, "{made} were made");
        }
    });
}

#[test]
fn names_that_are_none_are_refused_before_anything_is_asked() {
    shared::runtime().block_on(async {
        for name in ["", "Pinlatch", "a-b", "pg_own", "x\"; drop table records; --"] {
            let refused = options(name).open("postgres://nobody@localhost:1/none").await;
            assert!(matches!(&refused, Err(PostgresError::Name(told)) if told == name), "{refused:?}");
        }
    });
}

const PASSWORD: &str = "tellnobody";

/// An error with all of its sources, as a log would have it.
fn told(error: &PostgresError) -> String {
    let (mut text, mut source) = (format!("{error:?} {error}"), std::error::Error::source(error));
    while let Some(cause) = source {
        text = format!("{text}: {cause:?} {cause}");
        source = cause.source();
    }
    text
}

#[test]
fn i13_the_password_in_an_address_is_told_to_nobody() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        for wrong in [
            format!("postgres://me:{PASSWORD}@127.0.0.1:1/none"),
            format!("postgres://me:{PASSWORD}@{address}/no_such_database"),
            format!("postgres://no_such_role:{PASSWORD}@{address}/postgres"),
            format!("postgres://me:{PASSWORD}@nowhere.invalid/none"),
            format!("postgres://me:a?{PASSWORD}=1@{address}/postgres"),
            format!("host=127.0.0.1 user=me password=a {PASSWORD}=1"),
            format!("postgres://me:{PASSWORD}@{address}/postgres?sslmode={PASSWORD}"),
            format!("postgres://me:{PASSWORD}@{address}/postgres?sslmode=require"),
            format!("postgres://me:{PASSWORD}@127.0.0.1:{PASSWORD}/none"),
            PASSWORD.to_owned(),
        ] {
            let error = PostgresStore::open(&wrong).await.unwrap_err();
            assert!(!told(&error).contains(PASSWORD), "{}", told(&error));
        }
        let right = format!("postgres://postgres:{PASSWORD}@{address}/postgres");
        let store = options("told").open(&right).await.unwrap();
        assert!(!format!("{store:?}").contains(PASSWORD), "{store:?}");
    });
}

/// The server quotes the row that it refuses.
#[test]
fn i13_no_error_tells_what_is_in_a_record() {
    const VERIFIER: &[u8] = b"a verifier";
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "quoted").await;
        let first = write(&store, &key(1), Expect::Absent, b"1").await;
        run(address, "alter table quoted.records add constraint short check (octet_length(bytes) < 5)").await;
        let hex: String = VERIFIER.iter().map(|byte| format!("{byte:02x}")).collect();
        for (key, expect) in [(key(1), Expect::At(first)), (key(2), Expect::Absent)] {
            let refused = store.compare_and_swap(&key, expect, VERIFIER.to_vec(), &[]).await.unwrap_err();
            assert!(
                matches!(&refused, PostgresError::Refused { code, .. } if code == "23514"),
                "{refused:?}"
            );
            let told = told(&refused);
            for secret in [&hex, &format!("{VERIFIER:?}"), "verifier", "Failing row", key.as_str()] {
                assert!(!told.contains(secret), "{told}");
            }
            assert!(told.contains("ERROR") && told.contains("short"), "what the server said is gone: {told}");
        }
    });
}

#[test]
fn an_address_that_demands_encryption_is_never_talked_to_without() {
    let Some(server) = plain() else { return };
    let demanding = format!("{}?sslmode=require", url(server.address()));
    shared::runtime().block_on(async {
        let refused = PostgresStore::open(&demanding).await;
        if cfg!(feature = "tls") {
            // This server has no certificate.
            assert!(matches!(&refused, Err(PostgresError::CannotConnect(_))), "{refused:?}");
        } else {
            assert!(matches!(&refused, Err(PostgresError::TlsRequired)), "{refused:?}");
            assert!(refused.unwrap_err().to_string().contains("open_with"));
        }
        let refused = PostgresOptions::new().open_with(&demanding, NoTls).await;
        assert!(matches!(&refused, Err(PostgresError::CannotConnect(_))), "{refused:?}");
    });
}

/// What is opened is refused, and so is a new connection of what is open.
#[test]
fn a_table_or_a_column_that_is_missing_is_said_to_be_restored() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        for (schema, taken, named) in [
            ("without_records", "drop table without_records.records", "without_records.records"),
            ("without_events", "drop table without_events.events", "without_events.events"),
            ("without_refusals", "drop table without_refusals.refusals", "without_refusals.refusals"),
            ("without_schema", "drop table without_schema.pinlatch_schema", "pinlatch_schema"),
            ("without_number", "delete from without_number.pinlatch_schema", "pinlatch_schema"),
            ("without_bytes", "alter table without_bytes.records drop column bytes", "bytes"),
        ] {
            let wire = Wire::before(address).unwrap();
            let store = open(wire.address(), schema).await;
            run(address, taken).await;
            let refused = options(schema).open(&url(address)).await.unwrap_err();
            assert!(matches!(refused, PostgresError::Missing(_)), "{schema}: {refused:?}");
            let told = told(&refused);
            assert!(told.contains("backup") && told.contains(named), "{schema}: {told}");
            if schema == "without_schema" || schema == "without_number" {
                // Read at opening alone.
                continue;
            }
            wire.break_connections();
            let loaded = store.load(&key(1)).await;
            assert!(matches!(loaded, Err(PostgresError::Missing(_))), "{schema}: {loaded:?}");
        }
    });
}

/// A proxy that turns the condition of a write into one that is always met.
fn careless_proxy(server: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut server = TcpStream::connect(server).unwrap();
            let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut back));
            thread::spawn(move || {
                let mut piece = vec![0; 1 << 16];
                while let Ok(read @ 1..) = client.read(&mut piece) {
                    let (from, to) = (b"version = $7", b"$7::int8=$7 ");
                    while let Some(at) = piece[..read].windows(from.len()).position(|seen| seen == from) {
                        piece[at..at + to.len()].copy_from_slice(to);
                    }
                    server.write_all(&piece[..read]).unwrap();
                }
            });
        }
    });
    address
}

#[test]
fn a_proxy_that_lets_stale_writes_through_is_found_out() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let refused = options("careless").open(&url(careless_proxy(address))).await;
        let found = Untrustworthy::AcceptsStaleWrites;
        assert!(matches!(&refused, Err(PostgresError::Untrustworthy(it)) if *it == found), "{refused:?}");
        assert_eq!(
            number(address, "select count(*) from careless.records").await,
            0,
            "the trial write stays"
        );
        drop(open(address, "careless").await);
    });
}

/// The column is signed, and half of the versions are beyond its positive numbers.
#[test]
fn a_version_has_all_of_its_64_bits() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "bits").await;
        let mut held = write(&store, &key(1), Expect::Absent, b"1").await;
        let (mut ones, mut zeros) = (0, 0);
        for _ in 0..40 {
            (ones, zeros) = (ones | held.number(), zeros | !held.number());
            held = write(&store, &key(1), Expect::At(held), b"1").await;
            assert_eq!(store.load(&key(1)).await.unwrap().unwrap().version, held);
        }
        assert_eq!((ones, zeros), (u64::MAX, u64::MAX), "a bit is always the same");
        for (column, number) in
            [(-1, u64::MAX), (i64::MIN, 1 << 63), (i64::MAX, u64::MAX >> 1), (0, 0), (1, 1)]
        {
            run(address, &format!("update bits.records set version = {column}")).await;
            let version = Version::from_number(number);
            assert_eq!(store.load(&key(1)).await.unwrap().unwrap().version, version);
            let stale = Expect::At(Version::from_number(number ^ (1 << 63)));
            assert_eq!(store.compare_and_swap(&key(1), stale, vec![2], &[]).await.unwrap(), Swap::Conflict);
            write(&store, &key(1), Expect::At(version), b"1").await;
        }
    });
}
