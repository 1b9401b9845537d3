//! Servers and tables on which a promise would not hold are refused, each by name.

use std::num::NonZeroUsize;

use pinlatch::host::{Expect, Store, Swap};
use pinlatch_stores::postgres::{PostgresError, PostgresStore, Risk, UnsafeSetting};
use pinlatch_testkit::person;

use crate::by_hand::{by_hand, key, number, open, options, plain, run, server, url, write};
use crate::journal::event;
use crate::shared;

fn refused(opened: Result<PostgresStore, PostgresError>) -> UnsafeSetting {
    match opened {
        Err(PostgresError::Unsafe(setting)) => setting,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_does_not_wait_for_its_disk_is_refused_and_each_risk_accepts_its_own_setting() {
    let Some(server) = server(&["fsync=off", "full_page_writes=off", "zero_damaged_pages=on"]) else {
        return;
    };
    let url = url(server.address());
    shared::runtime().block_on(async {
        let fsync = refused(options("pinlatch").open(&url).await);
        assert_eq!((fsync.setting, fsync.value.as_str(), fsync.risk), ("fsync", "off", Some(Risk::NoFsync)));
        let told = fsync.to_string();
        assert!(told.contains("fsync = on") && told.contains("Risk::NoFsync"), "{told}");
        let pages = refused(options("pinlatch").accepting(Risk::NoFsync).open(&url).await);
        assert_eq!((pages.setting, pages.risk), ("full_page_writes", Some(Risk::TornPages)));
        let daring = || options("pinlatch").accepting(Risk::NoFsync).accepting(Risk::TornPages);
        let zeros = refused(daring().open(&url).await);
        assert_eq!((zeros.setting, zeros.risk), ("zero_damaged_pages", None));
        run(server.address(), "alter database postgres set zero_damaged_pages = off").await;
        let store = daring().open(&url).await.unwrap();
        write(&store, &key(1), Expect::Absent, b"1").await;
    });
}

#[test]
fn a_database_that_is_read_only_or_cannot_write_every_letter_is_refused() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        for make in [
            "create database read_only",
            "alter database read_only set default_transaction_read_only = on",
            "create database few_letters template template0 encoding 'LATIN1' locale 'C'",
        ] {
            by_hand(address).await.batch_execute(make).await.unwrap();
        }
        for (database, setting) in
            [("read_only", "default_transaction_read_only"), ("few_letters", "server_encoding")]
        {
            let url = format!("postgres://postgres@{address}/{database}");
            let found = refused(options("pinlatch").open(&url).await);
            assert_eq!((found.setting, found.risk), (setting, None));
        }
    });
}

/// What is found, where, how it is made, and how it is unmade.
const TWISTS: &[(&str, &str, &str, &str)] = &[
    (
        "unlogged",
        "records",
        "alter table twisted.records set unlogged",
        "alter table twisted.records set logged",
    ),
    (
        "unlogged",
        "events_number_seq",
        "alter sequence twisted.events_number_seq set unlogged",
        "alter sequence twisted.events_number_seq set logged",
    ),
    (
        "unlogged",
        "events",
        "alter table twisted.events set unlogged",
        "alter table twisted.events set logged",
    ),
    (
        "a table with a trigger",
        "records",
        "create trigger t before update on twisted.records for each row execute function twisted.nothing()",
        "drop trigger t on twisted.records",
    ),
    (
        "a table with a rule",
        "records",
        "create rule r as on insert to twisted.records do instead nothing",
        "drop rule r on twisted.records; vacuum twisted.records",
    ),
    (
        "a table with row security",
        "records",
        "alter table twisted.records enable row level security",
        "alter table twisted.records disable row level security",
    ),
    (
        "no plain table",
        "records",
        "alter table twisted.records set schema elsewhere;
        create view twisted.records as select key, bytes, version from elsewhere.records",
        "drop view twisted.records; alter table elsewhere.records set schema twisted",
    ),
    (
        "no plain table",
        "records",
        "alter table twisted.records set schema elsewhere;
        create table twisted.records (like elsewhere.records including all) partition by hash (key);
        create unlogged table elsewhere.part partition of twisted.records
            for values with (modulus 1, remainder 0)",
        "drop table twisted.records; alter table elsewhere.records set schema twisted",
    ),
    (
        "a table with a child or a parent",
        "records",
        "create unlogged table elsewhere.child () inherits (twisted.records)",
        "drop table elsewhere.child",
    ),
    (
        "a table with a child or a parent",
        "records",
        "create table elsewhere.parent (key text collate \"C\" not null);
        alter table twisted.records inherit elsewhere.parent",
        "alter table twisted.records no inherit elsewhere.parent; drop table elsewhere.parent",
    ),
];

/// Each as somebody might do it behind our back: what is opened after it is refused, and so is a new
/// connection of what is open.
#[test]
fn a_table_that_forgets_hides_or_rewrites_is_refused() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let named = format!("{}?application_name=twisted", url(address));
        let store = options("twisted").connections(NonZeroUsize::MIN).open(&named).await.unwrap();
        let nothing = "create function twisted.nothing() returns trigger language plpgsql as 'begin return new; end'";
        run(address, nothing).await;
        run(address, "create schema elsewhere").await;
        for (setting, value, twist, untwist) in TWISTS.iter().copied() {
            run(address, twist).await;
            let found = refused(options("twisted").open(&url(address)).await);
            // An index is unlogged with its table; of several, any is told.
            assert_eq!((found.setting, found.risk), (setting, None), "{twist}");
            assert!(found.value.starts_with(value), "{found:?}");
            // Its one connection is closed by the server; it does not hear of that before it asks.
            let close = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'twisted'";
            run(address, close).await;
            let mut answered = store.load(&key(1)).await;
            if !matches!(answered, Err(PostgresError::Unsafe(_))) {
                answered = store.load(&key(1)).await;
            }
            assert!(matches!(&answered, Err(PostgresError::Unsafe(found)) if found.setting == setting), "{answered:?}");
            for statement in untwist.split("; ") {
                run(address, statement).await;
            }
        }
        assert_eq!(store.load(&key(1)).await.unwrap(), None, "it goes on when all is well again");
        drop(open(address, "twisted").await);
    });
}

/// Functions of somebody else's, under names that the store calls: in a schema that everybody looks into, and
/// in one that comes before the system's own.
#[test]
fn nobodys_function_is_run_as_the_role_of_the_store() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        run(
            address,
            "create role app login; grant create on database postgres to app;
            create role mallory login; grant create on schema public to mallory;
            create schema early authorization mallory; grant usage on schema early to public;
            alter role app set search_path = early, pg_catalog, public;
            create table public.loot (who text); grant all on public.loot to public",
        )
        .await;
        let theirs = "set role mallory;
            create function public.unnest(text[]) returns setof text language plpgsql as $$ begin
                insert into public.loot select current_user; return query select pg_catalog.unnest($1);
            end $$;
            create function early.current_setting(text, boolean) returns text language plpgsql as $$ begin
                insert into public.loot select current_user; return pg_catalog.current_setting($1, $2);
            end $$;
            create function early.hashtext(text) returns int language plpgsql as $$ begin
                insert into public.loot select current_user; return pg_catalog.hashtext($1);
            end $$;";
        run(address, theirs).await;
        let app = format!("postgres://app@{address}/postgres");
        let store = options("lured").open(&app).await.unwrap();
        let event = [event(0, 1)];
        let written = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &event).await;
        assert!(matches!(written, Ok(Swap::Applied(_))), "{written:?}");
        assert_eq!(store.events(person(1)).await.unwrap(), event);
        run(
            address,
            "drop function public.unnest, early.current_setting, early.hashtext; alter role app reset search_path",
        )
        .await;
        assert_eq!(number(address, "select count(*) from public.loot").await, 0);
    });
}
