//! Tables of an older schema become newer ones, while hosts of the older version go on.
//!
//! Part of the crate's own tests, not of those beside it: there is no second schema yet, so the steps are
//! made up.

use std::fmt::Write;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::SinkExt;
use pinlatch::account::Wanted;
use pinlatch_testkit::rig::{Engine, Server};
use pinlatch_testkit::{PIN, UNMODIFIED, person, pin};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

use super::schema::{LOCK, SchemaName, Step, upgrade, upgrade_by};
use super::{PostgresError, PostgresStore};
use crate::live::Live;

#[allow(dead_code, reason = "the tests beside it use the rest")]
#[path = "../postgres/gates.rs"]
mod gates;

const PATIENCE: Duration = Duration::from_secs(5);

const SCHEMA_1: Step = Step::Once(include_str!("../../src/postgres/schema_1.sql"));
/// What a second schema might be; it fails on tables that have it.
const SCHEMA_2: Step = Step::Once("alter table {schema}.records add column note text");
/// And a third: every row is rewritten, and one that is rewritten twice says so.
const SCHEMA_3: Step = Step::InBatches(
    "with batch as (
        select key from {schema}.records where key > coalesce($1::text, '') order by key limit 1000
    ), rewritten as (
        update {schema}.records set note = coalesce(note, '') || 'x' where key in (select key from batch)
    ) select max(key) from batch",
);

fn server() -> Option<Server> {
    match Engine::Postgres.start(&[]) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing}");
            println!("SKIPPED: {missing}");
            None
        }
        started => Some(started.unwrap()),
    }
}

fn url(server: &Server) -> String {
    format!("postgres://postgres@{}/postgres", server.address())
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn by_hand(server: &Server) -> Client {
    let (client, connection) = tokio_postgres::connect(&url(server), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn number(client: &Client, query: &str) -> i64 {
    client.query_one(query, &[]).await.unwrap().get(0)
}

fn schema() -> SchemaName {
    SchemaName::new("pinlatch").unwrap()
}

#[test]
fn older_tables_are_upgraded_once_and_a_step_that_fails_changes_nothing() {
    let Some(server) = server() else { return };
    runtime().block_on(async {
        let mut client = by_hand(&server).await;
        upgrade(&mut client, &schema(), PATIENCE).await.unwrap();
        client.batch_execute("insert into pinlatch.records values ('a-1', '', 7)").await.unwrap();
        for _ in 0..2 {
            upgrade_by(&mut client, &schema(), &[SCHEMA_1, SCHEMA_2], PATIENCE).await.unwrap();
        }
        let later = "select count(note) + max(version) from pinlatch.records";
        assert_eq!(number(&client, later).await, 7);
        // And to the version before, they are newer ones.
        let refused = PostgresStore::open(&url(&server)).await;
        assert!(matches!(refused, Err(PostgresError::NewerSchema { found: 2, known: 1 })), "{refused:?}");

        let broken = Step::Once("alter table {schema}.records drop column note; no SQL");
        let failed = upgrade_by(&mut client, &schema(), &[SCHEMA_1, SCHEMA_2, broken], PATIENCE).await;
        assert!(matches!(failed, Err(PostgresError::Refused { .. })), "{failed:?}");
        assert_eq!(number(&client, later).await, 7, "a part of the step stays");
        assert_eq!(number(&client, "select number::bigint from pinlatch.pinlatch_schema").await, 2);
    });
}

/// One that waits longer than the server lets it is told so, and leaves the work to the other.
#[test]
fn of_two_that_upgrade_at_once_one_waits() {
    let Some(server) = server() else { return };
    runtime().block_on(async {
        let (mut client, other) = (by_hand(&server).await, by_hand(&server).await);
        let lock = format!("select pg_advisory_lock({LOCK}, hashtext('pinlatch'))");
        other.batch_execute(&lock).await.unwrap();
        client.batch_execute("set lock_timeout = 100").await.unwrap();
        let waited = upgrade(&mut client, &schema(), PATIENCE).await;
        assert!(matches!(waited, Err(PostgresError::Upgrading)), "{waited:?}");
        drop(other);
        client.batch_execute("set lock_timeout = 0").await.unwrap();
        upgrade(&mut client, &schema(), PATIENCE).await.unwrap();
    });
}

#[test]
fn an_upgrade_of_20_000_sessions_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out() {
    killed_in_the_middle(20_000);
}

/// `cargo test -p pinlatch-stores --features postgres --lib -- --ignored --nocapture 1_000_000`
#[test]
#[ignore = "takes minutes"]
fn an_upgrade_of_1_000_000_sessions_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out() {
    killed_in_the_middle(1_000_000);
}

/// Everybody is signed in, each row one person's.
async fn fill(client: &Client, live: &Live) {
    let sink = client.copy_in("copy pinlatch.records (key, bytes, version) from stdin").await.unwrap();
    let mut sink = pin!(sink);
    for records in live.records.chunks(1_000) {
        let mut lines = String::new();
        for (key, bytes) in records {
            let _written = writeln!(lines, "{}\t\\\\x{bytes}\t1", key.as_str());
        }
        sink.send(bytes::Bytes::from(lines)).await.unwrap();
    }
    assert_eq!(sink.finish().await.unwrap(), live.records.len() as u64);
}

fn killed_in_the_middle(rows: u32) {
    let live = Live::people(1_000_000..1_000_000 + u128::from(rows));
    let rows = i64::from(rows);
    let Some(server) = server() else { return };
    runtime().block_on(async {
        let store = PostgresStore::open(&url(&server)).await.unwrap();
        let (gate, anna) = (Arc::new(gates::gate(&store)), person(7));
        gates::hire(&store, anna).await;
        let (token, session) = gates::opened(&gate, anna).await;
        let client = by_hand(&server).await;
        fill(&client, &live).await;
        let steps = [SCHEMA_1, SCHEMA_2, SCHEMA_3];

        let mut first = by_hand(&server).await;
        let upgrading = tokio::spawn(async move {
            upgrade_by(&mut first, &schema(), &[SCHEMA_1, SCHEMA_2, SCHEMA_3], PATIENCE).await
        });
        let done = "select count(note) from pinlatch.records";
        let half = live.records[live.records.len() / 2].0.as_str();
        let come_far = format!("select count(*) from pinlatch.pinlatch_schema where progress > '{half}'");
        while !upgrading.is_finished() && number(&client, &come_far).await == 0 {
            // A host of the version before goes on meanwhile.
            let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        }
        server.kill().unwrap();
        assert!(upgrading.await.unwrap().is_err());
        server.restart().unwrap();
        let client = by_hand(&server).await;
        let before = number(&client, done).await;
        println!("killed after {before} of {rows} rows");
        assert!(before > 0 && before < rows, "{before}");
        let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();

        let is_over = Arc::new(AtomicBool::new(false));
        let (using, over) = (Arc::clone(&gate), Arc::clone(&is_over));
        let user = tokio::spawn(async move {
            let (mut locks, mut session) = (0_u32, session);
            while !over.load(Ordering::Relaxed) {
                let _grant = using.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
                using.lock(&token, &UNMODIFIED).await.unwrap();
                session = using.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).await.unwrap();
                locks = locks.saturating_add(1);
            }
            (locks, session)
        });
        let mut second = by_hand(&server).await;
        upgrade_by(&mut second, &schema(), &steps, PATIENCE).await.unwrap();
        is_over.store(true, Ordering::Relaxed);
        let (locks, session) = user.await.unwrap();
        println!("locked and unlocked {locks} times meanwhile");
        assert!(locks > 0);
        let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        let [are_in, asked] = live.are_in(store.clone()).await;
        println!("{are_in} of {asked} are signed in");
        assert!(asked > 0 && are_in == asked, "{are_in} of {asked}");
        let all = "select count(*) from pinlatch.records";
        let once = "select count(*) from pinlatch.records where note = 'x'";
        assert_eq!(number(&client, once).await, number(&client, all).await, "not each row once");
        let state = "select number::bigint from pinlatch.pinlatch_schema where progress is null";
        assert_eq!(number(&client, state).await, 3);
    });
}
