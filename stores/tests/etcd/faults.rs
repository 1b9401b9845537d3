//! Servers that are down, silent, full or killed, and what a command makes of that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use etcd_client::{AlarmAction, AlarmType};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::etcd::{EtcdError, EtcdOptions, EtcdStore};
use pinlatch_testkit::rig::{Engine, Server};
use pinlatch_testkit::{UNMODIFIED, person};
use tokio::task::JoinSet;

use crate::fixture::{by_hand, open, server, url};
use crate::shared;

const PATIENCE: Duration = Duration::from_secs(1);

/// What the machine may add to the patience when it is busy.
const SLACK: Duration = Duration::from_millis(500);

fn key(number: u128) -> Key {
    Key::account(person(number))
}

async fn impatient(server: &Server) -> EtcdStore {
    EtcdOptions::new().patience(PATIENCE).open(&url(server.address(), "faults")).await.unwrap()
}

#[test]
fn five_of_64_wrong_pins_are_compared() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let handles = [open(server.address(), "guesses").await, open(server.address(), "guesses").await];
        shared::guessing::five_of_64_are_compared(handles).await;
    });
}

#[test]
fn a_silent_server_costs_no_more_than_the_patience() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = impatient(&server).await;
        let (gate, _) = shared::guessing::host(Arc::new(store.clone()));
        let token = shared::guessing::locked_phone(&gate, &Arc::new(store.clone()), person(1)).await;
        server.freeze().unwrap();
        let start = Instant::now();
        let swap = store.compare_and_swap(&key(9), Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swap, Ok(Swap::Unknown)), "{swap:?}");
        assert!(start.elapsed() < PATIENCE + SLACK, "a swap: {:?}", start.elapsed());
        let start = Instant::now();
        let load = store.load(&key(9)).await.unwrap_err();
        assert!(matches!(load, EtcdError::NoAnswer(_) | EtcdError::NotConnected(_)), "{load:?}");
        assert!(start.elapsed() < PATIENCE + SLACK, "a load: {:?}", start.elapsed());
        let start = Instant::now();
        gate.lock(&token, &UNMODIFIED).await.unwrap_err();
        assert!(start.elapsed() < 2 * PATIENCE + SLACK, "a command: {:?}", start.elapsed());
        server.thaw().unwrap();
        let start = Instant::now();
        while store.load(&key(9)).await.is_err() {
            assert!(start.elapsed() < 2 * PATIENCE + SLACK, "not back after {:?}", start.elapsed());
        }
    });
}

#[test]
fn a_server_that_is_down_is_an_error_and_nothing_is_written_when_it_is_back() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = impatient(&server).await;
        server.kill().unwrap();
        let start = Instant::now();
        // The first write may find out that the connection broke.
        let first = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await;
        assert!(!matches!(first, Ok(Swap::Applied(_) | Swap::Conflict)), "{first:?}");
        let down = store.compare_and_swap(&key(2), Expect::Absent, vec![1], &[]).await.unwrap_err();
        assert!(matches!(down, EtcdError::NotConnected(_)), "{down:?}");
        assert!(start.elapsed() < 2 * PATIENCE + SLACK, "{:?}", start.elapsed());
        server.restart().unwrap();
        let start = Instant::now();
        while store.load(&key(2)).await.is_err() {
            assert!(start.elapsed() < PATIENCE + SLACK, "not back after {:?}", start.elapsed());
        }
        assert_eq!(store.load(&key(2)).await.unwrap(), None, "a write that was an error is there");
        let refused = EtcdStore::open("etcd://127.0.0.1:1").await.unwrap_err();
        assert!(matches!(refused, EtcdError::NotConnected(Some(_))), "{refused:?}");
    });
}

#[test]
fn killed_under_load_the_same_handle_goes_on_and_nothing_applied_is_lost() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let handles = [open(server.address(), "load").await, open(server.address(), "load").await];
        let kill = move || {
            server.kill().unwrap();
            server.restart().unwrap();
            server
        };
        shared::fail_over::the_leader_dies(handles, 5, kill).await;
    });
}

/// Raised after it was opened, as by a check of the members' data.
#[test]
fn a_corrupt_alarm_is_refused_on_the_next_connection() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = impatient(&server).await;
        let mut client = by_hand(server.address()).await;
        client.alarm(AlarmAction::Activate, AlarmType::Corrupt, None).await.unwrap();
        // The first one learns that something is wrong.
        let swap = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swap, Ok(Swap::Unknown)), "{swap:?}");
        let swap = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap_err();
        assert!(matches!(&swap, EtcdError::Unsafe(found) if found.setting == "alarm"), "{swap:?}");
        let load = store.load(&key(1)).await.unwrap_err();
        assert!(matches!(&load, EtcdError::Unsafe(found) if found.setting == "alarm"), "{load:?}");
    });
}

#[test]
fn a_patience_for_ever_is_none_that_is_over() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let options = EtcdOptions::new().patience(Duration::MAX);
        let store = options.open(&url(server.address(), "patient")).await.unwrap();
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert!(store.load(&key(1)).await.unwrap().is_some());
    });
}

/// etcd answers "no space" to writes that it did not make, and to those that crossed its quota and were made.
#[test]
fn when_it_is_full_an_error_still_means_that_nothing_was_written() {
    // Whether a write meets the quota on its way is a matter of moments.
    const ROUNDS: u32 = 10;
    let crossed = (0..ROUNDS).map_while(|_| writes_made_that_crossed_the_quota()).find(|made| *made > 0);
    let is_installed = shared::private(Engine::Etcd, &[]).is_some();
    assert!(crossed.is_some() || !is_installed, "no write crossed the quota: then this shows little");
}

/// Fills an etcd, and looks after every answer; `None` is a loud skip.
fn writes_made_that_crossed_the_quota() -> Option<u32> {
    const WRITERS: u128 = 16;
    let server = shared::private(Engine::Etcd, &["--quota-backend-bytes=4194304"])?;
    shared::runtime().block_on(async {
        let store = open(server.address(), "full").await;
        let mut writing = JoinSet::new();
        for writer in 0..WRITERS {
            let store = store.clone();
            writing.spawn(async move {
                let mut answers = Vec::new();
                for number in 0..100 {
                    let key = key(writer * 1_000 + number);
                    let answer = store.compare_and_swap(&key, Expect::Absent, vec![7; 50_000], &[]).await;
                    let is_full = answer.is_err();
                    answers.push((key, answer));
                    if is_full {
                        break;
                    }
                }
                answers
            });
        }
        let (mut refused, mut unclear, mut crossed) = (0, 0, 0);
        for (key, answer) in writing.join_all().await.into_iter().flatten() {
            let is_there = store.load(&key).await.unwrap().is_some();
            match answer {
                Ok(Swap::Applied(_)) => assert!(is_there, "an applied write is lost"),
                Ok(Swap::Unknown) => (unclear, crossed) = (unclear + 1, crossed + u32::from(is_there)),
                Err(EtcdError::Full(_)) => {
                    refused += 1;
                    assert!(!is_there, "what was an error is there");
                }
                other => panic!("{other:?}"),
            }
        }
        println!("{refused} refused, {unclear} unclear, of which {crossed} were made");
        assert!(refused > 0, "it was never full");
        let full = EtcdStore::open(&url(server.address(), "another")).await.unwrap_err();
        assert!(matches!(full, EtcdError::Full(_)), "{full:?}");
        Some(crossed)
    })
}

#[test]
fn a_record_larger_than_the_server_takes_is_an_error() {
    let Some(server) = shared::private(Engine::Etcd, &["--max-request-bytes=100000"]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "large").await;
        let large = store.compare_and_swap(&key(1), Expect::Absent, vec![1; 150_000], &[]).await.unwrap_err();
        assert!(matches!(large, EtcdError::Refused(_)), "{large:?}");
        assert_eq!(store.load(&key(1)).await.unwrap(), None);
    });
}
