//! What a kill takes back where a commit does not wait for the disk, and what it does not where it does.

use mysql_async::prelude::Queryable;
use pinlatch::account::Wanted;
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore, Risk};
use pinlatch_testkit::rig::{Engine, Server};
use pinlatch_testkit::{UNMODIFIED, WRONG_PIN, person, pin};
use tokio::task::block_in_place;

use crate::hosts::{Counted, gate, opened};
use crate::journal::event;
use crate::servers::{LONG, by_hand, hand, until_waiting, url};
use crate::shared;

/// InnoDB flushes once a second by itself, and may do so just then: such a round shows nothing.
const ROUNDS: u128 = 10;

async fn flush_at_commit(server: &Server, how: u8) {
    by_hand(&url(server.address()), &format!("SET GLOBAL innodb_flush_log_at_trx_commit = {how}")).await;
}

async fn open_at_risk(server: &Server) -> MariaDbStore {
    MariaDbOptions::new().accepting(Risk::LosesTheLastWrites).open(&url(server.address())).await.unwrap()
}

/// Signs somebody in with all of it on the disk, then does five wrong PINs on one device and locks another session
/// under this setting, kills the server, and starts it again. How many PINs were compared, and whether the token
/// of the session that was locked is accepted.
async fn after_a_kill(server: &Server, how: u8, round: u128) -> (u64, bool) {
    flush_at_commit(server, 1).await;
    let store = open_at_risk(server).await;
    let (gate, hasher) = gate(&Counted::on(store.clone()));
    let (anna, bert) = (person(2 * round), person(2 * round + 1));
    let (guessed, _) = opened(&gate, &store, anna).await;
    gate.lock(&guessed, &UNMODIFIED).await.unwrap();
    let (locked, session) = opened(&gate, &store, bert).await;
    let before = hasher.count();
    let wrong = pin(WRONG_PIN).unwrap();

    flush_at_commit(server, how).await;
    for _ in 0..5 {
        gate.unlock_with_pin(&guessed, &wrong, &UNMODIFIED).await.unwrap_err();
    }
    gate.lock(&locked, &UNMODIFIED).await.unwrap();
    block_in_place(|| server.restart()).unwrap();

    for _ in 0..6 {
        gate.unlock_with_pin(&guessed, &wrong, &UNMODIFIED).await.unwrap_err();
    }
    (hasher.count() - before, gate.check(&session, Wanted::session(), &UNMODIFIED).await.is_ok())
}

#[test]
fn what_opening_refuses_takes_guesses_and_a_lock_back_and_what_it_takes_does_not() {
    let Some(server) = shared::private(Engine::MariaDb, &["--innodb-flush-log-at-trx-commit=0"]) else {
        return;
    };
    shared::runtime().block_on(async {
        let refused = MariaDbStore::open(&url(server.address())).await.unwrap_err();
        let MariaDbError::Unsafe(found) = &refused else { panic!("{refused}") };
        assert_eq!(
            (found.setting, found.risk),
            ("innodb_flush_log_at_trx_commit", Some(Risk::LosesTheLastWrites))
        );

        assert_eq!(after_a_kill(&server, 1, 100).await, (5, false), "safe settings");
        let mut seen = Vec::new();
        for round in 0..ROUNDS {
            seen.push(after_a_kill(&server, 0, round).await);
            if seen.last() == Some(&(10, true)) {
                return;
            }
        }
        panic!("no kill took anything back: {seen:?}");
    });
}

/// The insert of the event waits for a row that somebody holds, so the record is written and not committed.
#[test]
fn a_server_that_is_killed_between_record_and_event_keeps_neither() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let store = MariaDbOptions::new().patience(LONG).open(&url(server.address())).await.unwrap();
        let (key, event) = (Key::account(person(1)), event(0, 1));
        let mut holder = hand(&url(server.address())).await;
        let insert = "BEGIN; INSERT INTO pinlatch_events (id, person, event) VALUES";
        holder.query_drop(format!("{insert} ('{}', 'p', '{{}}')", event.id)).await.unwrap();
        let writer = store.clone();
        let written =
            tokio::spawn(
                async move { writer.compare_and_swap(&key, Expect::Absent, vec![1], &[event]).await },
            );
        until_waiting(&server, 1).await;
        block_in_place(|| server.restart()).unwrap();
        let written = written.await.unwrap();
        assert!(matches!(written, Ok(Swap::Unknown)), "{written:?}");
        assert!(store.load(&key).await.unwrap().is_none());
        assert_eq!(store.events(person(1)).await.unwrap(), []);
    });
}
