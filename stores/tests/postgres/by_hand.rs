//! What somebody does to a server by hand, past the store.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use pinlatch::host::{Expect, Key, Store, Swap, Version};
use pinlatch_stores::postgres::{PostgresOptions, PostgresStore};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Server};
use tokio_postgres::{Client, NoTls};

use crate::shared;

pub(crate) fn url(address: SocketAddr) -> String {
    format!("postgres://postgres@{address}/postgres")
}

/// A private server with these settings, if it is installed.
pub(crate) fn server(settings: &[&str]) -> Option<Server> {
    let settings: Vec<_> = settings.iter().flat_map(|setting| ["-c", *setting]).collect();
    shared::private(Engine::Postgres, &settings)
}

/// One safe server for all tests that do nothing to it, each in a schema of its own. It ends with the last of
/// them.
pub(crate) fn plain() -> Option<Arc<Server>> {
    static PLAIN: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut plain = PLAIN.lock().unwrap();
    if let Some(running) = plain.upgrade() {
        return Some(running);
    }
    let started = Arc::new(server(&[])?);
    *plain = Arc::downgrade(&started);
    Some(started)
}

/// Few connections, so that many tests fit on one server.
pub(crate) fn options(schema: &str) -> PostgresOptions {
    PostgresOptions::new().prefix(schema).connections(NonZeroUsize::new(4).unwrap())
}

pub(crate) async fn open(address: SocketAddr, schema: &str) -> PostgresStore {
    options(schema).open(&url(address)).await.unwrap()
}

pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) async fn impatient(address: SocketAddr, schema: &str) -> PostgresStore {
    options(schema).patience(PATIENCE).open(&url(address)).await.unwrap()
}

/// A connection of somebody who works on the database by hand.
pub(crate) async fn by_hand(address: SocketAddr) -> Client {
    let (client, connection) = tokio_postgres::connect(&url(address), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Statements without an answer.
pub(crate) async fn run(address: SocketAddr, statements: &str) {
    by_hand(address).await.batch_execute(statements).await.unwrap();
}

/// The one number that a query answers.
pub(crate) async fn number(address: SocketAddr, query: &str) -> i64 {
    by_hand(address).await.query_one(query, &[]).await.unwrap().get(0)
}

/// Asks until the answer is this number; half a minute at most.
pub(crate) async fn until(address: SocketAddr, query: &str, wanted: i64) {
    let start = Instant::now();
    while number(address, query).await != wanted {
        assert!(start.elapsed() < Duration::from_secs(30), "never {wanted}: {query}");
        tokio::task::yield_now().await;
    }
}

/// Somebody's transaction that holds this account's row, until it is dropped.
pub(crate) async fn holder(address: SocketAddr, schema: &str, key: &Key) -> Client {
    let holder = by_hand(address).await;
    holder.batch_execute("begin").await.unwrap();
    let hold = format!("select from {schema}.records where key = $1 for update");
    assert_eq!(holder.query(&hold, &[&key.as_str()]).await.unwrap().len(), 1);
    holder
}

pub(crate) fn key(number: u128) -> Key {
    Key::account(person(number))
}

/// A write that is applied.
pub(crate) async fn write(store: &PostgresStore, key: &Key, expect: Expect, bytes: &[u8]) -> Version {
    match store.compare_and_swap(key, expect, bytes.to_vec(), &[]).await {
        Ok(Swap::Applied(version)) => version,
        other => panic!("{other:?}"),
    }
}
