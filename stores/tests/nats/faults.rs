//! Servers that are down, silent, full or killed, and what a command makes of that.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::stream::{Config, DiscardPolicy};
use futures_util::StreamExt;
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::nats::{NatsError, NatsOptions, NatsStore};
use pinlatch_testkit::rig::{Engine, Server};
use pinlatch_testkit::{UNMODIFIED, person};

use crate::fixture::{by_hand, open, server, url, wire};
use crate::shared;

const PATIENCE: Duration = Duration::from_secs(1);

/// What the machine may add to the patience when it is busy.
const SLACK: Duration = Duration::from_millis(500);

fn key(number: u128) -> Key {
    Key::account(person(number))
}

async fn impatient(server: &Server) -> NatsStore {
    NatsOptions::new().patience(PATIENCE).open(&url(server.address())).await.unwrap()
}

#[test]
fn five_of_64_wrong_pins_are_compared() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let handles = [open(server.address(), "guesses").await, open(server.address(), "guesses").await];
        shared::guessing::five_of_64_are_compared(handles).await;
    });
}

/// More than the driver's queue takes, each longer than a pipe: whoever waits for a place in it must not be in its way.
#[test]
fn thousands_that_a_silent_server_does_not_read_have_an_end_and_the_handle_goes_on() {
    const OPERATIONS: u128 = 4_500;
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = impatient(&server).await;
        server.freeze().unwrap();
        let begun = Instant::now();
        let swap = |number| {
            let store = store.clone();
            tokio::spawn(async move {
                store.compare_and_swap(&key(number), Expect::Absent, vec![7; 20_000], &[]).await
            })
        };
        let swaps: Vec<_> = (0..OPERATIONS).map(swap).collect();
        for swap in swaps {
            let left = (PATIENCE * 10).saturating_sub(begun.elapsed());
            let answered = tokio::time::timeout(left, swap).await.expect("each has an end").unwrap();
            assert!(!matches!(answered, Ok(Swap::Applied(_))), "{answered:?}");
        }
        server.thaw().unwrap();
        let back = async { while store.load(&key(0)).await.is_err() {} };
        tokio::time::timeout(PATIENCE * 30, back).await.expect("the same handle goes on");
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
        assert!(matches!(load, NatsError::NoAnswer(_) | NatsError::NotConnected(_)), "{load:?}");
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

/// The driver itself would let the request wait for all of its time.
#[test]
fn a_lost_reply_is_known_to_be_lost_at_once() {
    let Some(server) = server() else { return };
    let wire = wire(&server);
    shared::runtime().block_on(async {
        let patience = Duration::from_secs(30);
        let store = NatsOptions::new().patience(patience).open(&url(wire.address())).await.unwrap();
        store.load(&key(1)).await.unwrap();
        wire.lose_next_reply();
        let start = Instant::now();
        let swap = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swap, Ok(Swap::Unknown)), "{swap:?}");
        wire.lose_next_reply();
        // A load is asked once more.
        assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, [1]);
        assert!(start.elapsed() < patience / 5, "{:?}", start.elapsed());
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
        assert!(matches!(down, NatsError::NotConnected(_)), "{down:?}");
        assert!(start.elapsed() < 2 * PATIENCE + SLACK, "{:?}", start.elapsed());
        server.restart().unwrap();
        let start = Instant::now();
        while store.load(&key(2)).await.is_err() {
            assert!(start.elapsed() < PATIENCE + SLACK, "not back after {:?}", start.elapsed());
        }
        assert_eq!(store.load(&key(2)).await.unwrap(), None, "a write that was an error is there");
        let refused = NatsStore::open("nats://127.0.0.1:1").await.unwrap_err();
        assert!(matches!(refused, NatsError::NotConnected(Some(_))), "{refused:?}");
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

#[test]
fn a_patience_for_ever_is_none_that_is_over() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = NatsOptions::new().patience(Duration::MAX).open(&url(server.address())).await.unwrap();
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert_eq!(store.accounts().await.unwrap(), [person(1)]);
    });
}

/// While nobody answers for the bucket, nothing was written.
#[test]
fn a_bucket_that_is_gone_is_an_error() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = impatient(&server).await;
        by_hand(server.address()).await.delete_key_value("pinlatch").await.unwrap();
        let swap = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap_err();
        assert!(matches!(swap, NatsError::Refused(_)), "{swap:?}");
        let load = store.load(&key(1)).await.unwrap_err();
        assert!(matches!(load, NatsError::Refused(_)), "{load:?}");
    });
}

#[test]
fn a_full_bucket_refuses_writes_and_keeps_its_records() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let config = Config {
            name: "KV_full".to_owned(),
            subjects: vec!["$KV.full.>".to_owned()],
            max_messages_per_subject: 1,
            max_messages: 5,
            discard: DiscardPolicy::New,
            ..Config::default()
        };
        by_hand(server.address()).await.create_stream(config).await.unwrap();
        let store = open(server.address(), "full").await;
        for number in 0..4 {
            let made = store.compare_and_swap(&key(number), Expect::Absent, vec![1], &[]).await.unwrap();
            assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        }
        let full = store.compare_and_swap(&key(4), Expect::Absent, vec![1], &[]).await.unwrap_err();
        assert!(matches!(full, NatsError::Full(_)), "{full:?}");
        for number in 0..4 {
            assert!(store.load(&key(number)).await.unwrap().is_some(), "record {number} made room");
        }
    });
}

#[test]
fn a_record_larger_than_the_server_takes_is_an_error() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "large").await;
        let large = store.compare_and_swap(&key(1), Expect::Absent, vec![1; 2 << 20], &[]).await.unwrap_err();
        assert!(matches!(large, NatsError::Refused(_)), "{large:?}");
    });
}

#[test]
fn a_server_without_jetstream_is_refused() {
    let start = |directory: &std::path::Path, port: u16| {
        let mut command = std::process::Command::new("nats-server");
        command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-P"]).arg(directory.join("pid"));
        command
    };
    if shared::private(Engine::Nats, &[]).is_none() {
        return;
    }
    let is_ready = |port| std::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port)).is_ok();
    let Ok(server) = Server::start("NATS", start, is_ready) else { return };
    shared::runtime().block_on(async {
        let refused = NatsStore::open(&url(server.address())).await.unwrap_err();
        assert!(matches!(refused, NatsError::Refused(_)), "{refused:?}");
    });
}

/// Another stream that listens to the same subject, over a leaf node say, may be the first to answer.
#[test]
fn another_streams_refusal_is_no_refusal() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "pinlatch").await;
        let client = async_nats::connect(url(server.address())).await.unwrap();
        let subject = format!("$KV.pinlatch.{}", key(1).as_str());
        let mut writes = client.subscribe(subject).await.unwrap();
        client.flush().await.unwrap();
        let other = tokio::spawn(async move {
            let said =
                r#"{"error":{"code":400,"err_code":10060,"description":"expected stream does not match"}}"#;
            while let Some(write) = writes.next().await {
                client.publish(write.reply.unwrap(), said.into()).await.unwrap();
                client.flush().await.unwrap();
            }
        });
        let (mut at, mut unclear) = (Expect::Absent, 0);
        for number in 0..200 {
            let swap = store.compare_and_swap(&key(1), at, vec![number], &[]).await;
            let found = store.load(&key(1)).await.unwrap().unwrap();
            assert_eq!(found.bytes, [number], "{swap:?}");
            unclear += u32::from(swap.unwrap() == Swap::Unknown);
            at = Expect::At(found.version);
        }
        println!("the other stream was faster {unclear} times of 200");
        other.abort();
    });
}
