//! Private servers, and what an operator does to them.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};
use pinlatch_testkit::rig::{Engine, Server};

use crate::shared;

/// The database of a private server that is there from the beginning.
pub(crate) fn url(address: SocketAddr) -> String {
    format!("mysql://root@{address}/test")
}

/// A server that several tests use, each with a database of its own; it ends with the last of them. `None` where
/// MariaDB is not installed.
pub(crate) fn common() -> Option<Arc<Server>> {
    static COMMON: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut common = COMMON.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(server) = common.upgrade() {
        return Some(server);
    }
    let server = Arc::new(shared::private(Engine::MariaDb, &["--max-connections=500"])?);
    *common = Arc::downgrade(&server);
    Some(server)
}

/// The URL of a new database there, by way of this address.
pub(crate) async fn database(server: &Server, address: SocketAddr) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
    by_hand(&url(server.address()), &format!("CREATE DATABASE {name}")).await;
    format!("mysql://root@{address}/{name}")
}

/// A connection of somebody who works by hand.
pub(crate) async fn hand(url: &str) -> Conn {
    let opts = mysql_async::OptsBuilder::from_opts(Opts::from_url(url).unwrap()).prefer_socket(false);
    Conn::new(opts).await.unwrap()
}

/// Statements done by hand, and what the last one changed.
pub(crate) async fn by_hand(url: &str, statements: &str) -> u64 {
    let mut hand = hand(url).await;
    hand.query_drop(statements).await.unwrap();
    let changed = hand.affected_rows();
    hand.disconnect().await.unwrap();
    changed
}

/// A patience with which a server still waits for a lock when a busy machine comes to look at it.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Waits until so many transactions wait for a lock.
pub(crate) async fn until_waiting(server: &Server, transactions: u64) {
    let mut hand = hand(&url(server.address())).await;
    // InnoDB makes this table anew only if nobody has read it for 0.1 s.
    let waits =
        "DO SLEEP(0.15); SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
    let begun = Instant::now();
    loop {
        let mut answer = hand.query_iter(waits).await.unwrap();
        let _slept = answer.collect::<mysql_async::Row>().await.unwrap();
        if answer.collect_and_drop::<u64>().await.unwrap() == [transactions] {
            return;
        }
        assert!(begun.elapsed() < LONG, "nobody waits");
    }
}
