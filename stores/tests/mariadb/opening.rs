//! Opening: made new, made at once by many, newer, incomplete, somebody else's; and where the password goes.

use std::num::NonZeroUsize;
use std::time::Duration;

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::Wire;
use tokio::task::JoinSet;

use crate::servers::{by_hand, common, database, hand};
use crate::shared;

const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

fn key(number: u128) -> Key {
    Key::account(person(number))
}

#[test]
fn ten_open_a_new_database_at_once_and_all_of_them_write() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        for _ in 0..3 {
            let url = database(&server, server.address()).await;
            let mut opening = JoinSet::new();
            for number in 0..10 {
                let url = url.clone();
                opening.spawn(async move {
                    let store = MariaDbOptions::new().connections(TWO).open(&url).await.unwrap();
                    let made =
                        store.compare_and_swap(&key(number), Expect::Absent, vec![1], &[]).await.unwrap();
                    assert!(matches!(made, Swap::Applied(_)), "{made:?}");
                });
            }
            opening.join_all().await;
            let store = MariaDbStore::open(&url).await.unwrap();
            assert_eq!(store.accounts().await.unwrap(), (0..10).map(person).collect::<Vec<_>>());
            assert_eq!(store.people().await.unwrap(), [], "a probe left its record");
        }
    });
}

#[test]
fn a_database_keeps_what_it_holds_when_it_is_opened_again() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        let store = MariaDbStore::open(&url).await.unwrap();
        let Swap::Applied(version) =
            store.compare_and_swap(&key(1), Expect::Absent, vec![7; 2_000], &[]).await.unwrap()
        else {
            panic!("a first write");
        };
        drop(store);
        let found = MariaDbStore::open(&url).await.unwrap().load(&key(1)).await.unwrap().unwrap();
        assert_eq!((found.bytes, found.version), (vec![7; 2_000], version));
    });
}

/// What stands in the database is the same after a refusal.
async fn is_refused_and_left(url: &str, looked_at: &str) -> MariaDbError {
    use mysql_async::prelude::Queryable;
    let seen = async || {
        let mut hand = hand(url).await;
        let tables: Vec<String> = hand.query("SHOW TABLES").await.unwrap();
        let text: Option<mysql_async::Row> =
            hand.query_first(format!("SHOW CREATE TABLE {looked_at}")).await.unwrap();
        (tables, text.map(mysql_async::Row::unwrap))
    };
    let before = seen().await;
    let refused = MariaDbStore::open(url).await.unwrap_err();
    assert_eq!(seen().await, before);
    refused
}

#[test]
fn what_is_newer_or_somebody_elses_is_refused_and_left_as_it_is() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        MariaDbStore::open(&url).await.unwrap();
        by_hand(&url, "UPDATE pinlatch_schema SET number = 2; ALTER TABLE pinlatch_records ADD later int")
            .await;
        let refused = is_refused_and_left(&url, "pinlatch_records").await;
        assert!(matches!(refused, MariaDbError::NewerSchema { found: 2, known: 1 }), "{refused}");

        for theirs in [
            "CREATE TABLE pinlatch_records (x int)",
            "CREATE VIEW pinlatch_events AS SELECT 1",
            "CREATE TABLE pinlatch_schema (number int)",
        ] {
            let url = database(&server, server.address()).await;
            by_hand(&url, theirs).await;
            let name = theirs.split(' ').nth(2).unwrap();
            let refused = is_refused_and_left(&url, name).await;
            assert!(matches!(&refused, MariaDbError::AnotherProgram { table } if table == name), "{refused}");
        }
    });
}

#[test]
fn tables_that_are_gone_or_have_another_engine_are_refused() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        MariaDbStore::open(&url).await.unwrap();
        by_hand(&url, "ALTER TABLE pinlatch_events ENGINE=MyISAM").await;
        let refused = is_refused_and_left(&url, "pinlatch_events").await;
        assert!(
            matches!(&refused, MariaDbError::NotInnoDb { engine, .. } if engine == "MyISAM"),
            "{refused}"
        );
        by_hand(&url, "DROP TABLE pinlatch_events").await;
        let refused = is_refused_and_left(&url, "pinlatch_records").await;
        assert!(
            matches!(&refused, MariaDbError::Missing { table } if table == "pinlatch_events"),
            "{refused}"
        );
    });
}

#[test]
fn a_column_that_is_gone_and_a_right_that_is_not_granted_are_told_apart_from_a_table_that_is_gone() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        // Of databases whose names begin with `test` MariaDB gives everybody all rights, as it is shipped.
        let (root, name) = (format!("mysql://root@{}", server.address()), "rights");
        let url = format!("{root}/{name}");
        by_hand(&format!("{root}/test"), "CREATE DATABASE rights").await;
        MariaDbStore::open(&url).await.unwrap();
        let user = format!("CREATE USER {name}; GRANT SELECT, INSERT, UPDATE, DELETE ON {name}.pinlatch_records TO {name}");
        by_hand(&url, &user).await;
        let refused = MariaDbStore::open(&format!("{}/{name}", root.replace("root", name))).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::Denied(_)), "{refused:?}");
        let theirs = root.replace("root", name);
        by_hand(&url, "CREATE DATABASE forbidden").await;
        let refused = MariaDbStore::open(&format!("{theirs}/forbidden")).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::Denied(_)), "{refused:?}");
        by_hand(&url, &format!("CREATE DATABASE unmade; GRANT SELECT, INSERT, UPDATE, DELETE ON unmade.* TO {name}")).await;
        let refused = MariaDbStore::open(&format!("{theirs}/unmade")).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::Denied(_)) && refused.to_string().contains("CREATE"), "{refused:?}");
        // Every other column of the trail.
        by_hand(
            &url,
            "GRANT SELECT, INSERT, UPDATE, DELETE ON rights.pinlatch_schema TO rights;
            GRANT SELECT, INSERT, UPDATE, DELETE ON rights.pinlatch_changes TO rights;
            GRANT SELECT, INSERT, UPDATE, DELETE ON rights.pinlatch_refusals TO rights;
            GRANT SELECT (number, id, person), INSERT (number, id, person) ON rights.pinlatch_events TO rights",
        )
        .await;
        let refused = MariaDbStore::open(&format!("{theirs}/{name}")).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::Denied(_)), "{refused:?}");
        by_hand(&url, "ALTER TABLE pinlatch_events DROP COLUMN event").await;
        let refused = is_refused_and_left(&url, "pinlatch_events").await;
        assert!(
            matches!(&refused, MariaDbError::MissingColumn { table, column: "event" } if table == "pinlatch_events"),
            "{refused}"
        );
    });
}

/// Half-way through making the tables, a process died.
#[test]
fn what_a_process_that_died_has_begun_is_finished() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        MariaDbStore::open(&url).await.unwrap();
        by_hand(&url, "DELETE FROM pinlatch_schema; DROP TABLE pinlatch_refusals").await;
        let store = MariaDbStore::open(&url).await.unwrap();
        assert!(store.refusals(None).await.unwrap().is_empty());
    });
}

/// What is done to the tables of a store that is open is refused by its next connection.
#[test]
fn a_trigger_an_index_that_is_gone_and_another_engine_are_refused_by_every_new_connection() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let url = database(&server, wire.address()).await;
        let store = MariaDbStore::open(&url).await.unwrap();
        let trigger = |table: &str, how: &str| {
            format!("CREATE TRIGGER t {how} ON pinlatch_{table} FOR EACH ROW SET @x = 1")
        };
        let reindexed =
            |table: &str, by: &str| format!("ALTER TABLE pinlatch_{table} DROP INDEX id, ADD {by}");
        let whole = |table: &str| reindexed(table, "UNIQUE id (id)");
        let records = |how: &str| format!("ALTER TABLE pinlatch_records {how} PRIMARY KEY");
        for (done, undone, seen) in [
            (trigger("records", "BEFORE UPDATE"), "DROP TRIGGER t".to_owned(), "the trigger t"),
            (trigger("refusals", "AFTER INSERT"), "DROP TRIGGER t".to_owned(), "the trigger t"),
            (reindexed("events", "INDEX id (id)"), whole("events"), "no unique index on id"),
            (reindexed("events", "UNIQUE id (id, person)"), whole("events"), "no unique index on id"),
            (reindexed("changes", "UNIQUE id (id(9))"), whole("changes"), "no unique index on id"),
            (records("DROP"), records("ADD") + " (k)", "no unique index on k"),
            (
                "ALTER TABLE pinlatch_changes ENGINE=MyISAM".to_owned(),
                "ALTER TABLE pinlatch_changes ENGINE=InnoDB".to_owned(),
                "the engine MyISAM",
            ),
            (
                // What the mark is taken off is looked at all the same.
                format!("ALTER TABLE pinlatch_records COMMENT = 'ours'; {}", records("DROP")),
                format!("ALTER TABLE pinlatch_records COMMENT = 'pinlatch'; {} (k)", records("ADD")),
                "the table pinlatch_records is another program's",
            ),
        ] {
            by_hand(&url, &done).await;
            wire.break_connections();
            let refused = store.load(&key(1)).await.unwrap_err().to_string();
            assert!(refused.contains(seen), "{done}: {refused}");
            by_hand(&url, &undone).await;
            assert!(store.load(&key(1)).await.unwrap().is_none());
        }
    });
}

#[test]
fn two_deployments_share_a_database() {
    let Some(url) = shared::url("PINLATCH_MARIADB_URL") else { return };
    shared::runtime().block_on(async {
        let mine = format!("test_{:x}", std::process::id());
        let prefixes = [format!("{mine}_a"), format!("{mine}_b")];
        let open = async |prefix: &str| MariaDbOptions::new().prefix(prefix).open(&url).await.unwrap();
        let (one, other) = (open(&prefixes[0]).await, open(&prefixes[1]).await);
        let made = one.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert_eq!(
            (one.accounts().await.unwrap(), other.accounts().await.unwrap()),
            (vec![person(1)], vec![])
        );
        assert!(other.load(&key(1)).await.unwrap().is_none());
        for prefix in prefixes {
            for table in ["schema", "records", "events", "changes", "refusals"] {
                by_hand(&url, &format!("DROP TABLE {prefix}_{table}")).await;
            }
        }
    });
}

fn told(error: &dyn std::error::Error) -> String {
    let mut told = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        told = format!("{told} {cause} {cause:?}");
        source = cause.source();
    }
    told
}

#[test]
fn i13_the_password_is_nowhere() {
    const SECRET: &str = "hunter2";
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let address = server.address();
        for (url, is) in [
            (format!("mysql://root:{SECRET}@{address}/test"), "CannotConnect"),
            (format!("mysql://root:{SECRET}@127.0.0.1:1/test"), "CannotConnect"),
            (format!("mysql://root:{SECRET}@{address}"), "Url"),
            (format!("postgres://root:{SECRET}@{address}/test"), "Url"),
            (format!("mysql://root:a?{SECRET}@{address}/test"), "Url"),
            (format!("mysql://root:{SECRET}@{address}/test?{SECRET}=1"), "Url"),
            (format!("mysql://root@{address}/test?pool_min={SECRET}"), "Url"),
            (
                format!("mysql://root:{SECRET}@{address}/test?require_ssl=true"),
                // This server has no certificate.
                if cfg!(feature = "tls") { "CannotConnect" } else { "Url" },
            ),
            (format!("mysql://root:{SECRET}@{address}/test?require_ssl=true&verify_ca=false"), "Url"),
            (format!("mysql://root:{SECRET}@:{SECRET}/test"), "Url"),
            (SECRET.to_owned(), "Url"),
        ] {
            let refused = told(&MariaDbStore::open(&url).await.unwrap_err());
            assert!(refused.contains(is), "{refused}");
            assert!(!refused.contains(SECRET), "{refused}");
        }
        by_hand(
            &format!("mysql://root@{address}/test"),
            &format!("CREATE USER u@'%' IDENTIFIED BY '{SECRET}'; GRANT ALL ON *.* TO u@'%'"),
        )
        .await;
        let url = database(&server, address).await.replace("root", &format!("u:{SECRET}"));
        let store = MariaDbStore::open(&url.replace("mysql:", "mariadb:")).await.unwrap();
        let shown = format!("{store:?}");
        assert_eq!(shown, format!("MariaDbStore(pinlatch at {address})"));
    });
}

#[test]
fn a_socket_does_as_well() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        let socket = server.directory().join("socket");
        // Nothing listens at the address.
        let url = url.replace(&server.address().to_string(), "127.0.0.1:1");
        let store = MariaDbStore::open(&format!("{url}?socket={}", socket.display())).await.unwrap();
        assert!(store.load(&key(1)).await.unwrap().is_none());
    });
}

#[test]
fn options_that_cannot_work_are_refused() {
    shared::runtime().block_on(async {
        let url = "mysql://root@127.0.0.1:1/test";
        let refused = MariaDbOptions::new().prefix("drop table").open(url).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::Prefix { longest: 32 }), "{refused}");
        for short in [Duration::ZERO, Duration::from_millis(1_999)] {
            let refused = MariaDbOptions::new().patience(short).open(url).await.unwrap_err();
            assert!(matches!(refused, MariaDbError::Patience { .. }), "{refused}");
        }
    });
}

#[test]
fn a_patience_without_end_is_no_patience_that_is_over() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        let store = MariaDbOptions::new().patience(Duration::MAX).open(&url).await.unwrap();
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
    });
}

/// Somebody let columns be empty, and emptied them: no account that never signed in, and nothing to write over.
#[test]
fn a_record_without_its_bytes_or_its_version_is_unreadable_and_not_absent() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        let store = MariaDbStore::open(&url).await.unwrap();
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        by_hand(
            &url,
            "ALTER TABLE pinlatch_records MODIFY bytes MEDIUMBLOB NULL, MODIFY version BIGINT UNSIGNED NULL",
        )
        .await;
        for emptied in ["bytes = NULL", "version = NULL", "bytes = ''"] {
            by_hand(&url, &format!("UPDATE pinlatch_records SET {emptied}")).await;
            let loaded = store.load(&key(1)).await;
            assert!(matches!(loaded, Err(MariaDbError::Unreadable(_))), "{emptied}: {loaded:?}");
            let swapped = store.compare_and_swap(&key(1), Expect::Absent, vec![2], &[]).await.unwrap();
            assert_eq!(swapped, Swap::Conflict, "{emptied}");
        }
        by_hand(&url, "UPDATE pinlatch_records SET version = 7, bytes = ''").await;
        assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, [0; 0]);
        assert_eq!(store.load(&key(2)).await.unwrap(), None);
    });
}
