//! Tables of an older schema become newer ones, while hosts of the older version go on.
//!
//! Part of the crate's own tests, not of those beside it: there is no second schema yet, so the steps are made up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mysql_async::prelude::{FromValue, Queryable};
use mysql_async::{Conn, Opts, OptsBuilder};
use pinlatch::account::Wanted;
use pinlatch::host::Key;
use pinlatch_testkit::rig::{Engine, Server};
use pinlatch_testkit::{PIN, UNMODIFIED, person, pin};
use tokio::runtime::{Builder, Runtime};

use super::schema::{Step, prepare_by};
use super::{MariaDbError, MariaDbStore};
use crate::live::Live;

#[allow(dead_code, reason = "the tests beside it use the rest")]
#[path = "../mariadb/hosts.rs"]
mod hosts;

const PATIENCE: Duration = Duration::from_secs(5);

const SCHEMA_1: Step = Step::Once(include_str!("../../src/mariadb/schema_1.sql"));
/// What a second schema might be; it fails on tables that have it.
const SCHEMA_2: Step = Step::Once("ALTER TABLE {prefix}_records ADD COLUMN note mediumtext;\n");
/// And a third: every row is rewritten, and one that is rewritten twice says so.
const SCHEMA_3: Step = Step::InBatches {
    last: "SELECT MAX(k) FROM (SELECT k FROM {prefix}_records WHERE k > {done} ORDER BY k LIMIT 1000) batch",
    rewrite: "UPDATE {prefix}_records SET note = CONCAT(COALESCE(note, ''), 'x') WHERE k > {done} AND k <= {last}",
};

fn server() -> Option<Server> {
    match Engine::MariaDb.start(&[]) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing}");
            println!("SKIPPED: {missing}");
            None
        }
        started => Some(started.unwrap()),
    }
}

fn url(server: &Server) -> String {
    format!("mysql://root@{}/test", server.address())
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn by_hand(server: &Server) -> Conn {
    let opts = Opts::from_url(&url(server)).unwrap();
    Conn::new(OptsBuilder::from_opts(opts).prefer_socket(false)).await.unwrap()
}

async fn answer<T: FromValue + Send + 'static>(conn: &mut Conn, query: &str) -> T {
    conn.query_first::<T, _>(query).await.unwrap().unwrap()
}

/// On a connection that is set up as the store's are.
async fn upgrade(store: &MariaDbStore, steps: &[Step]) -> Result<(), MariaDbError> {
    let mut taken = store.pool().take(store.pool().deadline()).await.unwrap();
    prepare_by(taken.conn().unwrap(), store.tables(), PATIENCE, steps).await
}

#[test]
fn older_tables_are_upgraded_once_and_a_step_that_fails_leaves_their_number() {
    let Some(server) = server() else { return };
    runtime().block_on(async {
        let store = MariaDbStore::open(&url(&server)).await.unwrap();
        let mut hand = by_hand(&server).await;
        hand.query_drop("INSERT INTO pinlatch_records VALUES ('a-1', 7, '')").await.unwrap();
        for _ in 0..2 {
            upgrade(&store, &[SCHEMA_1, SCHEMA_2]).await.unwrap();
        }
        let later = "SELECT COUNT(note) + MAX(version) FROM pinlatch_records";
        assert_eq!(answer::<u64>(&mut hand, later).await, 7);
        // And to the version before, they are newer ones.
        let refused = MariaDbStore::open(&url(&server)).await;
        assert!(matches!(refused, Err(MariaDbError::NewerSchema { found: 2, known: 1 })), "{refused:?}");

        let broken = Step::Once("UPDATE {prefix}_records SET note = 'y'; no SQL");
        let failed = upgrade(&store, &[SCHEMA_1, SCHEMA_2, broken]).await;
        assert!(matches!(failed, Err(MariaDbError::Refused(_))), "{failed:?}");
        assert_eq!(answer::<u64>(&mut hand, "SELECT number FROM pinlatch_schema").await, 2);
        // Neither is the lock left behind.
        upgrade(&store, &[SCHEMA_1, SCHEMA_2, Step::Once("DO 1")]).await.unwrap();
        assert_eq!(answer::<u64>(&mut hand, "SELECT number FROM pinlatch_schema").await, 3);
    });
}

#[test]
fn an_upgrade_of_20_000_sessions_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out() {
    killed_in_the_middle(20_000);
}

/// `cargo test -p pinlatch-stores --features mariadb --lib -- --ignored --nocapture 1_000_000`
#[test]
#[ignore = "takes minutes"]
fn an_upgrade_of_1_000_000_sessions_that_is_killed_goes_on_where_it_stopped_and_signs_nobody_out() {
    killed_in_the_middle(1_000_000);
}

/// Everybody is signed in, each row one person's.
async fn fill(hand: &mut Conn, live: &Live) {
    for records in live.records.chunks(500) {
        let row = |(key, bytes): &(Key, String)| format!("('{}', 1, x'{bytes}')", key.as_str());
        let rows: Vec<String> = records.iter().map(row).collect();
        hand.query_drop(format!("INSERT INTO pinlatch_records VALUES {}", rows.join(", "))).await.unwrap();
    }
}

fn killed_in_the_middle(rows: u32) {
    let live = Live::people(1_000_000..1_000_000 + u128::from(rows));
    let rows = u64::from(rows);
    let Some(server) = server() else { return };
    runtime().block_on(async {
        let store = MariaDbStore::open(&url(&server)).await.unwrap();
        let (gate, _) = hosts::gate(&hosts::Counted::on(store.clone()));
        let (gate, anna) = (Arc::new(gate), person(7));
        let (token, session) = hosts::opened(&gate, &store, anna).await;
        let mut hand = by_hand(&server).await;
        fill(&mut hand, &live).await;
        let steps = || [SCHEMA_1, SCHEMA_2, SCHEMA_3];

        let first = store.clone();
        let upgrading = tokio::spawn(async move { upgrade(&first, &steps()).await });
        let half = live.records[live.records.len() / 2].0.as_str();
        let come_far = format!("SELECT COUNT(*) FROM pinlatch_schema WHERE progress > '{half}'");
        while !upgrading.is_finished() && answer::<u64>(&mut hand, &come_far).await == 0 {
            // A host of the version before goes on meanwhile.
            let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        }
        server.kill().unwrap();
        assert!(upgrading.await.unwrap().is_err());
        server.restart().unwrap();
        let mut hand = by_hand(&server).await;
        let before: u64 = answer(&mut hand, "SELECT COUNT(note) FROM pinlatch_records").await;
        println!("killed after {before} of {rows} rows");
        assert!(before > 0 && before < rows, "{before}");
        let refused = MariaDbStore::open(&url(&server)).await;
        assert!(matches!(refused, Err(MariaDbError::NewerSchema { found: 2, known: 1 })), "{refused:?}");
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
        upgrade(&store, &steps()).await.unwrap();
        is_over.store(true, Ordering::Relaxed);
        let (locks, session) = user.await.unwrap();
        println!("locked and unlocked {locks} times meanwhile");
        assert!(locks > 0);
        let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        let [are_in, asked] = live.are_in(store.clone()).await;
        println!("{are_in} of {asked} are signed in");
        assert!(asked > 0 && are_in == asked, "{are_in} of {asked}");
        let all = "SELECT COUNT(*) FROM pinlatch_records";
        let once = "SELECT COUNT(*) FROM pinlatch_records WHERE note = 'x'";
        assert_eq!(
            answer::<u64>(&mut hand, once).await,
            answer::<u64>(&mut hand, all).await,
            "not each row once"
        );
        let state = "SELECT number FROM pinlatch_schema WHERE progress IS NULL";
        assert_eq!(answer::<u64>(&mut hand, state).await, 3);
    });
}
