//! Settings that are refused, at opening and on every new connection.

use std::num::NonZeroUsize;

use mysql_async::prelude::Queryable;
use pinlatch::account::Note;
use pinlatch::host::{Expect, Journal, Key, Store, Swap};
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore, Risk};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Wire};

use crate::journal::event;
use crate::servers::{by_hand, hand, url};
use crate::shared;

fn which(refused: &MariaDbError) -> (&'static str, Option<Risk>) {
    match refused {
        MariaDbError::Unsafe(found) => (found.setting, found.risk),
        MariaDbError::Unusable { setting, .. } => (setting, None),
        other => panic!("{other}"),
    }
}

/// Some cannot be changed while a server runs: this one is started with them.
#[test]
fn each_is_refused_and_each_risk_is_accepted_for_itself() {
    let settings = ["--innodb-doublewrite=0", "--log-bin=log", "--sync-binlog=0"];
    let Some(server) = shared::private(Engine::MariaDb, &settings) else { return };
    let url = url(server.address());
    shared::runtime().block_on(async {
        let open = async |risks: &[Risk]| {
            risks
                .iter()
                .fold(MariaDbOptions::new(), |options, risk| options.accepting(*risk))
                .open(&url)
                .await
        };
        let refused = async |risks: &[Risk]| which(&open(risks).await.unwrap_err());
        assert_eq!(refused(&[]).await, ("innodb_doublewrite", Some(Risk::TornPages)));
        assert_eq!(refused(&[Risk::TornPages]).await, ("sync_binlog", Some(Risk::BinaryLogBehind)));
        let both = [Risk::TornPages, Risk::BinaryLogBehind];
        open(&both).await.unwrap();

        for (setting, bad, good, risk) in [
            ("innodb_flush_log_at_trx_commit", "2", "1", Some(Risk::LosesTheLastWrites)),
            ("innodb_flush_log_at_trx_commit", "0", "1", Some(Risk::LosesTheLastWrites)),
            ("read_only", "1", "0", None),
            ("max_allowed_packet", "524288", "16777216", None),
        ] {
            by_hand(&url, &format!("SET GLOBAL {setting} = {bad}")).await;
            assert_eq!(refused(&both).await, (setting, risk));
            if let Some(risk) = risk {
                open(&[both[0], both[1], risk]).await.unwrap();
            }
            by_hand(&url, &format!("SET GLOBAL {setting} = {good}")).await;
        }
        open(&both).await.unwrap();
        by_hand(&url, "SET GLOBAL sync_binlog = 1").await;
        open(&[Risk::TornPages]).await.unwrap();
    });
}

#[test]
fn an_error_says_what_to_do() {
    let Some(server) = shared::private(Engine::MariaDb, &["--innodb-flush-log-at-trx-commit=2"]) else {
        return;
    };
    let refused = shared::runtime().block_on(MariaDbStore::open(&url(server.address()))).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "innodb_flush_log_at_trx_commit is `2`: a crash takes spent guesses and ended sessions back; set it to 1, or \
         accept `Risk::LosesTheLastWrites`"
    );
}

#[test]
fn a_server_that_changed_is_refused_by_the_next_connection() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    let wire = Wire::before(server.address()).unwrap();
    shared::runtime().block_on(async {
        let store = MariaDbStore::open(&url(wire.address())).await.unwrap();
        let key = Key::account(person(1));
        by_hand(&url(server.address()), "SET GLOBAL innodb_flush_log_at_trx_commit = 0").await;
        wire.break_connections();
        let refused = store.load(&key).await.unwrap_err();
        assert_eq!(which(&refused), ("innodb_flush_log_at_trx_commit", Some(Risk::LosesTheLastWrites)));
        by_hand(&url(server.address()), "SET GLOBAL innodb_flush_log_at_trx_commit = 1").await;
        assert!(store.load(&key).await.unwrap().is_none());
    });
}

/// A switchover without a restart: the connections stay, and what they read falls behind.
#[test]
fn a_primary_that_was_made_a_replica_serves_no_check_and_a_write_leaves_it() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    let url = url(server.address());
    shared::runtime().block_on(async {
        by_hand(&url, "CREATE USER app; GRANT ALL ON test.* TO app").await;
        let options = MariaDbOptions::new().connections(NonZeroUsize::MIN);
        let store = options.open(&url.replace("root", "app")).await.unwrap();
        let (here, absent) = (Key::account(person(1)), Key::account(person(2)));
        let made = store.compare_and_swap(&here, Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        for key in [&here, &absent] {
            by_hand(&url, "SET GLOBAL read_only = 1").await;
            let refused = store.load(key).await.unwrap_err();
            assert!(matches!(refused, MariaDbError::ReadOnly(_)), "{refused}");
            by_hand(&url, "SET GLOBAL read_only = 0").await;
            assert_eq!(store.load(key).await.unwrap().is_some(), key == &here);
        }
        let made = store.connections().made;
        by_hand(&url, "SET GLOBAL read_only = 1").await;
        let refused = store.compare_and_swap(&absent, Expect::Absent, vec![1], &[]).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::ReadOnly(_)), "{refused}");
        by_hand(&url, "SET GLOBAL read_only = 0").await;
        assert!(store.load(&absent).await.unwrap().is_none());
        assert_eq!(store.connections().made, made + 1, "its connection was closed");
    });
}

#[test]
fn a_limit_of_the_servers_cuts_no_listing() {
    // Fewer than the variables that are looked at.
    let Some(server) = shared::private(Engine::MariaDb, &["--init-connect=SET sql_select_limit = 2"]) else {
        return;
    };
    let url = url(server.address());
    shared::runtime().block_on(async {
        by_hand(&url, "SET GLOBAL sql_select_limit = 2; CREATE USER app; GRANT ALL ON test.* TO app").await;
        for url in [url.clone(), url.replace("root", "app")] {
            let store = MariaDbStore::open(&url).await.unwrap();
            by_hand(&url, "DELETE FROM pinlatch_records; DELETE FROM pinlatch_events").await;
            for number in 0..3 {
                let key = Key::account(person(number));
                let made = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap();
                assert!(matches!(made, Swap::Applied(_)), "{made:?}");
            }
            let events = [event(0, 1), event(1, 1), event(2, 1)];
            store.record(&events).await.unwrap();
            assert_eq!(store.accounts().await.unwrap().len(), 3);
            assert_eq!(store.events(person(1)).await.unwrap(), events);
        }
    });
}

/// Shown where the engine is MySQL: MariaDB cannot switch it off.
#[test]
fn a_redo_log_that_is_off_is_refused() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let url = url(server.address());
        let version: Option<String> = hand(&url).await.query_first("SELECT VERSION()").await.unwrap();
        if version.unwrap().contains("MariaDB") {
            return println!("nothing to show: this is MariaDB");
        }
        MariaDbStore::open(&url).await.unwrap();
        by_hand(&url, "ALTER INSTANCE DISABLE INNODB REDO_LOG").await;
        let refused = which(&MariaDbStore::open(&url).await.unwrap_err());
        assert_eq!(refused, ("innodb_redo_log_enabled", Some(Risk::LosesTheLastWrites)));
        MariaDbOptions::new().accepting(Risk::LosesTheLastWrites).open(&url).await.unwrap();
        by_hand(&url, "ALTER INSTANCE ENABLE INNODB REDO_LOG").await;
        MariaDbStore::open(&url).await.unwrap();
    });
}

#[test]
fn a_note_is_given_back_whatever_the_servers_character_set_is() {
    let latin = ["--loose-skip-character-set-client-handshake", "--character-set-server=latin1"];
    for settings in [&latin[..], &["--init-connect=SET NAMES latin1"]] {
        let Some(server) = shared::private(Engine::MariaDb, settings) else { return };
        shared::runtime().block_on(async {
            let url = url(server.address());
            by_hand(&url, "CREATE USER app; GRANT ALL ON test.* TO app").await;
            let store = MariaDbStore::open(&url.replace("root", "app")).await.unwrap();
            let mut noted = event(0, 1);
            noted.note = Some(Note::new("å \u{1f511} €").unwrap());
            store.record(&[noted]).await.unwrap();
            assert_eq!(store.events(person(1)).await.unwrap(), [noted], "{settings:?}");
        });
    }
}
