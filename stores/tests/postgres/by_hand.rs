//! What somebody does to a server by hand, past the store.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use pinlatch_stores::postgres::{PostgresOptions, PostgresStore};
use pinlatch_testkit::rig::{Engine, Server};
use tokio_postgres::{Client, NoTls, Row};

use crate::shared;

pub(crate) fn url(address: SocketAddr) -> String {
    format!("postgres://postgres@{address}/postgres")
}

/// A private server with these settings, if it is installed.
pub(crate) fn server(settings: &[&str]) -> Option<Server> {
    let settings: Vec<_> = settings.iter().flat_map(|setting| ["-c", *setting]).collect();
    shared::private(Engine::Postgres, &settings)
}

/// Few connections, so that many tests fit on one server.
pub(crate) fn options(schema: &str) -> PostgresOptions {
    PostgresOptions::new().schema(schema).connections(NonZeroUsize::new(4).unwrap())
}

pub(crate) async fn open(address: SocketAddr) -> PostgresStore {
    PostgresOptions::new().open(&url(address)).await.unwrap()
}

/// With so much patience.
pub(crate) fn patient(millis: u64) -> PostgresOptions {
    PostgresOptions::new().patience(Duration::from_millis(millis))
}

/// A connection of somebody who works on the database by hand.
pub(crate) async fn by_hand(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Statements without an answer.
pub(crate) async fn run(address: SocketAddr, statements: &str) {
    by_hand(&url(address)).await.batch_execute(statements).await.unwrap();
}

/// The one row of an answer.
pub(crate) async fn row(address: SocketAddr, query: &str) -> Row {
    by_hand(&url(address)).await.query_one(query, &[]).await.unwrap()
}
