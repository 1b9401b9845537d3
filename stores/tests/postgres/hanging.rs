//! Callers who hang up, and servers that hang or are gone.

use std::num::NonZeroUsize;
use std::time::Instant;

use pinlatch::host::{Expect, Store, Swap};
use pinlatch_stores::postgres::{PostgresError, PostgresStore};
use pinlatch_testkit::rig::Wire;

use crate::by_hand::{
    PATIENCE, by_hand, holder, impatient, key, number, options, plain, server, until, url, write,
};
use crate::shared;

/// Whoever hangs up again and again has the server wait for no more than the store may have connections; and each is as good
/// as before once the server has answered.
#[test]
fn a_cancelled_call_keeps_its_connection_until_the_server_has_answered() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let two = options("cancelled").connections(NonZeroUsize::new(2).unwrap()).patience(PATIENCE * 20);
        let store = two.open(&url(address)).await.unwrap();
        let key = key(1);
        let version = write(&store, &key, Expect::Absent, b"before").await;
        let held = holder(address, "cancelled", &key).await;
        let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%\"cancelled\".%'";
        for _ in 0..20 {
            let swap = store.compare_and_swap(&key, Expect::At(version), b"after".into(), &[]);
            assert!(tokio::time::timeout(PATIENCE / 50, swap).await.is_err());
            let found = number(address, waiting).await;
            assert!(found <= 2, "{found} wait");
        }
        let meant = store.connections();
        assert_eq!((meant.open, meant.idle), (2, 0), "{meant:?}");
        drop(held);
        while store.connections().idle < 2 {
            tokio::time::sleep(PATIENCE / 100).await;
        }
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, b"after", "the statement it left");
        let after = store.connections();
        assert_eq!((after.made, after.given_up), (meant.made, 0), "{after:?}");
    });
}

/// The same while connections are made: here each waits, set up, for a table that somebody holds.
#[test]
fn whoever_hangs_up_while_connections_are_made_makes_no_more_of_them() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let two = options("hasty").connections(NonZeroUsize::new(2).unwrap()).patience(PATIENCE * 20);
        let wire = Wire::before(address).unwrap();
        let store = two.open(&format!("{}?application_name=hasty", url(wire.address()))).await.unwrap();
        let key = key(1);
        write(&store, &key, Expect::Absent, b"before").await;
        let mut holder = by_hand(address).await;
        let held = holder.transaction().await.unwrap();
        held.batch_execute("lock table hasty.records in access exclusive mode").await.unwrap();
        wire.break_connections();
        let there = "select count(*) from pg_stat_activity where application_name = 'hasty'";
        // The server's processes for what broke end a moment later.
        until(address, there, 0).await;
        let mut most = 0;
        for _ in 0..20 {
            assert!(!matches!(tokio::time::timeout(PATIENCE / 50, store.load(&key)).await, Ok(Ok(_))));
            most = most.max(number(address, there).await);
        }
        assert_eq!(most, 2, "connections");
        held.rollback().await.unwrap();
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, b"before");
    });
}

/// What never answers holds a place for no longer than the call would have been waited for.
#[test]
fn a_cancelled_call_that_is_never_answered_frees_its_place_at_its_deadline() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let one = options("silent").connections(NonZeroUsize::MIN).patience(PATIENCE);
        let store = one.open(&format!("{}?application_name=silent", url(address))).await.unwrap();
        let key = key(1);
        let version = write(&store, &key, Expect::Absent, b"before").await;
        let pid =
            number(address, "select pid::bigint from pg_stat_activity where application_name = 'silent'")
                .await;
        signal("-STOP", pid);
        let (start, swap) =
            (Instant::now(), store.compare_and_swap(&key, Expect::At(version), b"after".into(), &[]));
        assert!(tokio::time::timeout(PATIENCE / 10, swap).await.is_err());
        assert_eq!(store.connections().open, 1, "{:?}", store.connections());
        while store.connections().open > 0 {
            tokio::time::sleep(PATIENCE / 100).await;
        }
        assert!(start.elapsed() >= PATIENCE, "{:?}", start.elapsed());
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, b"before");
        assert_eq!(
            (store.connections().made, store.connections().given_up),
            (2, 1),
            "{:?}",
            store.connections()
        );
        signal("-CONT", pid);
    });
}

fn signal(signal: &str, pid: i64) {
    assert!(std::process::Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

/// Its processes stand still: connections stay, nothing answers. A write is in doubt, a load is an error,
/// both within the patience; opening too. When it goes on, so does the same handle.
#[test]
fn patience_is_kept_when_the_server_stands_still_and_when_it_is_gone() {
    let Some(server) = server(&[]) else { return };
    let address = server.address();
    // For a machine that is busy with other tests.
    let slack = PATIENCE;
    shared::runtime().block_on(async {
        let store = impatient(address, "pinlatch").await;
        let version = write(&store, &key(1), Expect::Absent, b"before").await;
        let backend = number(
            address,
            "select max(pid)::bigint from pg_stat_activity where application_name = 'pinlatch'",
        );
        let backend = backend.await;
        server.freeze().unwrap();
        signal("-STOP", backend);
        let start = Instant::now();
        let swap = store.compare_and_swap(&key(1), Expect::At(version), b"after".into(), &[]).await;
        assert!(matches!(swap, Ok(Swap::Unknown)), "{swap:?}");
        assert!(start.elapsed() < PATIENCE + slack, "{:?}", start.elapsed());
        let start = Instant::now();
        let load = store.load(&key(1)).await;
        assert!(matches!(load, Err(PostgresError::NoConnection { .. })), "{load:?}");
        assert_eq!(store.connections().in_vain, 1);
        let opened = options("pinlatch").patience(PATIENCE).open(&url(address)).await;
        assert!(
            matches!(opened, Err(PostgresError::TimedOut { .. } | PostgresError::CannotConnect(_))),
            "{opened:?}"
        );
        assert!(start.elapsed() < PATIENCE * 2 + slack, "{:?}", start.elapsed());
        signal("-CONT", backend);
        server.thaw().unwrap();
        assert!(store.load(&key(1)).await.unwrap().is_some());

        server.kill().unwrap();
        let start = Instant::now();
        // The process that serves a connection answers until it notices, a moment later.
        while store.load(&key(1)).await.is_ok() {
            assert!(start.elapsed() < slack, "{:?}", start.elapsed());
        }
        let start = Instant::now();
        let swap = store.compare_and_swap(&key(1), Expect::At(version), b"after".into(), &[]).await;
        assert!(matches!(swap, Err(PostgresError::CannotConnect(_)) | Ok(Swap::Unknown)), "{swap:?}");
        assert!(options("pinlatch").open(&url(address)).await.is_err());
        assert!(start.elapsed() < PATIENCE + slack, "{:?}", start.elapsed());
        server.restart().unwrap();
        assert!(store.load(&key(1)).await.unwrap().is_some());
    });
}

/// A reply that is lost costs a load nothing.
#[test]
fn a_load_is_tried_once_more_on_another_connection() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let wire = Wire::before(address).unwrap();
        let store = impatient(wire.address(), "once_more").await;
        write(&store, &key(1), Expect::Absent, b"1").await;
        for _ in 0..10 {
            wire.lose_next_reply();
            assert!(store.load(&key(1)).await.unwrap().is_some());
        }
    });
}

/// All connections lead to a server that begins to hang, many wait for each place, and nobody for as long as a server has to
/// answer: the other one is found all the same, since what they began goes on.
#[test]
fn hasty_callers_leave_a_server_that_hangs_for_the_other() {
    let (Some(first), Some(other)) = (server(&[]), plain()) else { return };
    shared::runtime().block_on(async {
        drop(options("hasty_hosts").open(&url(other.address())).await.unwrap());
        let address = format!("postgres://postgres@{},{}/postgres", first.address(), other.address());
        let store = options("hasty_hosts").patience(PATIENCE).open(&address).await.unwrap();
        let loads = |store: PostgresStore| async move {
            let begun = Instant::now();
            let mut is_found = false;
            while !is_found && begun.elapsed() < PATIENCE * 15 {
                is_found =
                    matches!(tokio::time::timeout(PATIENCE / 20, store.load(&key(1))).await, Ok(Ok(_)));
                tokio::time::sleep(PATIENCE / 100).await;
            }
            is_found
        };
        assert!(loads(store.clone()).await);
        let there = "select pid::bigint from pg_stat_activity where application_name = 'pinlatch'";
        let there = by_hand(first.address()).await.query(there, &[]).await.unwrap();
        first.freeze().unwrap();
        there.iter().for_each(|row| signal("-STOP", row.get(0)));
        let many: Vec<_> = (0..50).map(|_| tokio::spawn(loads(store.clone()))).collect();
        for one in many {
            assert!(one.await.unwrap(), "it never got through");
        }
        first.kill().unwrap();
        there.iter().for_each(|row| signal("-CONT", row.get(0)));
    });
}
