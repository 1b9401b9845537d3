//! What a connection has set for itself holds after it was used again, after an error, and on the one that follows it.
//!
//! Part of the crate's own tests: the connections are private.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use mysql_async::prelude::Queryable;
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Wire};

use super::{MariaDbOptions, MariaDbStore};

/// The session's variables, and the connection's number.
async fn session(store: &MariaDbStore) -> (u64, BTreeMap<String, String>) {
    let mut taken = store.pool().take(store.pool().deadline()).await.unwrap();
    let conn = taken.conn().unwrap();
    let number = conn.query_first("SELECT CONNECTION_ID()").await.unwrap().unwrap();
    let variables: Vec<(String, String)> = conn.query("SHOW SESSION VARIABLES").await.unwrap();
    taken.keep();
    (number, variables.into_iter().collect())
}

fn is_set_up(variables: &BTreeMap<String, String>) {
    for (name, value) in [
        ("autocommit", "ON"),
        ("completion_type", "NO_CHAIN"),
        ("unique_checks", "ON"),
        ("sql_safe_updates", "OFF"),
        ("sql_mode", "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION"),
        ("innodb_lock_wait_timeout", "2"),
        ("lock_wait_timeout", "2"),
    ] {
        assert_eq!(variables.get(name).map(String::as_str), Some(value), "{name}");
    }
    // MySQL has other names for two of them, and neither of the others.
    let is_mysql = !variables["version"].contains("MariaDB");
    let names = if is_mysql {
        ["transaction_isolation", "transaction_read_only"]
    } else {
        ["tx_isolation", "tx_read_only"]
    };
    assert_eq!(names.map(|name| variables[name].as_str()), ["READ-COMMITTED", "OFF"]);
    if !is_mysql {
        let names = ["max_statement_time", "wsrep_sync_wait"];
        assert_eq!(names.map(|name| variables[name].as_str()), ["3.000000", "1"]);
    }
}

/// Every default of this server is another one.
const OTHERWISE: &[&str] = &[
    "--autocommit=0",
    "--completion-type=CHAIN",
    "--sql-mode=",
    "--innodb-lock-wait-timeout=50",
    "--lock-wait-timeout=86400",
    "--loose-max-statement-time=0",
    "--transaction-isolation=READ-UNCOMMITTED",
    "--transaction-read-only=1",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_connection_has_set_holds_after_reuse_and_after_a_break() {
    let server = match Engine::MariaDb.start(OTHERWISE) {
        Err(missing)
            if missing.kind() == std::io::ErrorKind::NotFound
                && std::env::var_os("PINLATCH_NO_SKIPS").is_none() =>
        {
            return;
        }
        started => started.unwrap(),
    };
    let wire = Wire::before(server.address()).unwrap();
    let url = format!("mysql://root@{}/test", wire.address());
    let store = MariaDbOptions::new().connections(NonZeroUsize::MIN).open(&url).await.unwrap();
    let (first, variables) = session(&store).await;
    is_set_up(&variables);

    let key = Key::account(person(1));
    let made = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap();
    assert!(matches!(made, Swap::Applied(_)), "{made:?}");
    // An error of the server's, after which the connection is used again.
    assert_eq!(store.compare_and_swap(&key, Expect::Absent, vec![2], &[]).await.unwrap(), Swap::Conflict);
    for _ in 0..3 {
        assert!(store.load(&key).await.unwrap().is_some());
    }
    let (again, variables) = session(&store).await;
    assert_eq!(again, first, "the connection was used again");
    is_set_up(&variables);

    wire.break_connections();
    assert!(store.load(&key).await.unwrap().is_some(), "a load is tried once more");
    let (other, variables) = session(&store).await;
    assert_ne!(other, first);
    is_set_up(&variables);
}
