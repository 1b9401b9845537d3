//! Servers that are killed in the middle, and 64 wrong PINs at once.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pinlatch::account::Event;
use pinlatch::host::{Expect, Store, Swap};
use pinlatch_testkit::person;

use crate::by_hand::{by_hand, key, open, options, plain, server, until, url, write};
use crate::journal::event;
use crate::shared;

#[test]
fn five_of_64_wrong_pins_are_compared() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let handles = [open(server.address(), "guessing").await, open(server.address(), "guessing").await];
        shared::guessing::five_of_64_are_compared(handles).await;
    });
}

/// The statement has changed the record and waits to write its event, when the power fails.
#[test]
fn i11_a_server_killed_between_a_record_and_its_event_has_neither() {
    let Some(server) = server(&[]) else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "pinlatch").await;
        let first = write(&store, &key(1), Expect::Absent, b"before").await;
        let rival = by_hand(address).await;
        let id = event(0, 1).id.to_string();
        rival.batch_execute("begin").await.unwrap();
        let insert = "insert into pinlatch.events (id, person, event) values ($1, 'nobody', '{}')";
        rival.execute(insert, &[&id]).await.unwrap();
        let swapping = store.clone();
        let swap = tokio::spawn(async move {
            let events: [Event; 1] = [event(0, 1)];
            swapping.compare_and_swap(&key(1), Expect::At(first), b"after".into(), &events).await
        });
        let waits = "select count(*) from pg_stat_activity where application_name = 'pinlatch' and wait_event_type = 'Lock'";
        until(address, waits, 1).await;
        server.kill().unwrap();
        assert_eq!(swap.await.unwrap().unwrap(), Swap::Unknown);
        server.restart().unwrap();
        assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, b"before");
        assert_eq!(store.events(person(1)).await.unwrap(), []);
        let again =
            store.compare_and_swap(&key(1), Expect::At(first), b"after".into(), &[event(0, 1)]).await.unwrap();
        assert!(matches!(again, Swap::Applied(_)), "{again:?}");
        assert_eq!(store.events(person(1)).await.unwrap(), [event(0, 1)]);
    });
}

/// `synchronous_commit = off` in the server's configuration, and a log writer that sleeps: what is answered
/// is on the disk all the same, on connections that were used before and on those made after a restart.
#[test]
fn a_server_that_is_killed_under_load_has_what_it_answered_and_the_same_handle_goes_on() {
    let Some(server) = server(&["synchronous_commit=off", "wal_writer_delay=10s"]) else { return };
    let patience = Duration::from_secs(4);
    shared::runtime().block_on(async {
        let store = options("pinlatch").patience(patience).open(&url(server.address())).await.unwrap();
        for round in 0..2_u128 {
            let is_over = Arc::new(AtomicBool::new(false));
            let writers: Vec<_> = (0..6_u128)
                .map(|writer| {
                    let (store, is_over) = (store.clone(), Arc::clone(&is_over));
                    tokio::spawn(async move {
                        let key = key(round * 10 + writer);
                        let (mut expect, mut applied, mut sent) = (Expect::Absent, 0_u64, 0_u64);
                        while !is_over.load(Ordering::Relaxed) {
                            sent += 1;
                            let bytes = sent.to_be_bytes().to_vec();
                            match store.compare_and_swap(&key, expect, bytes, &[]).await {
                                Ok(Swap::Applied(version)) => (expect, applied) = (Expect::At(version), sent),
                                other => return (key, applied, sent, format!("{other:?}")),
                            }
                        }
                        (key, applied, sent, "not stopped".to_owned())
                    })
                })
                .collect();
            tokio::time::sleep(Duration::from_millis(300)).await;
            server.kill().unwrap();
            is_over.store(true, Ordering::Relaxed);
            server.restart().unwrap();
            let back = Instant::now();
            for writer in writers {
                let (key, applied, sent, stopped) = writer.await.unwrap();
                let found = store.load(&key).await.unwrap().unwrap();
                let found = u64::from_be_bytes(found.bytes.try_into().unwrap());
                println!("{applied} applied, {sent} sent, {found} found; {stopped}");
                assert!(applied > 0 && (applied..=sent).contains(&found), "{applied} {sent} {found}");
            }
            write(&store, &key(round * 10 + 9), Expect::Absent, b"again").await;
            assert!(back.elapsed() < patience, "{:?}", back.elapsed());
        }
    });
}

/// A standby that had not heard of the last writes takes over: here the same files as they were before these.
/// Whoever holds the version of one that was lost writes nothing by it.
#[test]
fn after_a_fail_over_that_lost_writes_none_of_their_versions_comes_again() {
    let Some(server) = server(&[]) else { return };
    let (data, standby) = (server.directory().join("data"), server.directory().join("standby"));
    let runtime = shared::runtime();
    let store = runtime.block_on(open(server.address(), "pinlatch"));
    let mut held = runtime.block_on(write(&store, &key(1), Expect::Absent, b"before"));
    server.kill().unwrap();
    assert!(Command::new("cp").arg("-a").args([&data, &standby]).status().unwrap().success());
    server.restart().unwrap();
    let before = runtime.block_on(store.load(&key(1))).unwrap().unwrap().version;
    let mut lost = Vec::new();
    for _ in 0..5 {
        held = runtime.block_on(write(&store, &key(1), Expect::At(held), b"lost"));
        lost.push(held);
    }
    server.kill().unwrap();
    fs::remove_dir_all(&data).unwrap();
    fs::rename(&standby, &data).unwrap();
    server.restart().unwrap();
    let mut held = runtime.block_on(store.load(&key(1))).unwrap().unwrap().version;
    assert_eq!(held, before);
    // A sequence of PostgreSQL jumps by up to 32 when its server was killed.
    for _ in 0..64 {
        held = runtime.block_on(write(&store, &key(1), Expect::At(held), b"after"));
        assert!(!lost.contains(&held), "{held:?} was given before");
    }
}
