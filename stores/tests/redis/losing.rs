//! What the refused settings lose, shown after `kill -9`; and that nothing is lost without them.

use std::sync::Arc;
use std::time::Duration;

use pinlatch::refusal::RefusalCode;
use pinlatch_stores::redis::{RedisOptions, Risk};
use pinlatch_testkit::rig::Server;
use pinlatch_testkit::{UNMODIFIED, WRONG_PIN, person, pin};

use crate::shared::{self, guessing};
use crate::support::{by_hand, opened, server};

/// When the server is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Killed {
    /// At once.
    AtOnce,
    /// Once it has handed all that it was told to the operating system.
    Written,
}

/// Five wrong PINs, `kill -9`, and as many more as are allowed: how many were compared, and how the last was refused.
/// `before` is done when the phone is locked and nothing is guessed yet.
async fn compared_around_a_kill(
    server: &Server,
    options: RedisOptions,
    before: Option<&str>,
    killed: Killed,
) -> (u64, RefusalCode) {
    let store = Arc::new(opened(options, server.address()).await);
    let (gate, compared) = guessing::host(Arc::clone(&store));
    let token = guessing::locked_phone(&gate, &store, person(1)).await;
    if let Some(command) = before {
        let _: String = by_hand(server.address(), command).await;
    }
    let made = compared.count();
    let guess = async || {
        let wrong = pin(WRONG_PIN).unwrap();
        gate.unlock_with_pin(&token, &wrong, &UNMODIFIED).await.unwrap_err().code()
    };
    for _ in 0..5 {
        guess().await;
    }
    assert_eq!(compared.count() - made, 5);
    if killed == Killed::Written {
        let is_written = async || {
            let told: String = by_hand(server.address(), "INFO persistence").await;
            told.lines().any(|line| line == "aof_buffer_length:0")
        };
        // Two seconds are what Redis puts a write off at most.
        for _ in 0..500 {
            if is_written().await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(is_written().await, "not written in ten seconds");
    }
    server.kill().unwrap();
    server.restart().unwrap();
    let mut last = guess().await;
    for _ in 0..9 {
        last = guess().await;
    }
    (compared.count() - made, last)
}

#[test]
fn with_safe_settings_spent_guesses_stay_spent() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let (compared, last) =
            compared_around_a_kill(&server, RedisOptions::new(), None, Killed::AtOnce).await;
        assert_eq!(compared, 5, "{last:?}");
    });
}

/// What a kill does not lose and a power cut does: `everysec`. Redis writes nothing while a sync is under way, so on a busy
/// disk a kill loses up to two seconds, too; here it comes once all is written.
#[test]
fn with_a_sync_each_second_a_kill_loses_nothing_that_was_written() {
    let Some(server) = server(&["--appendfsync", "everysec"]) else { return };
    shared::runtime().block_on(async {
        let options = RedisOptions::new().accepting(Risk::LosesASecond);
        let (compared, last) = compared_around_a_kill(&server, options, None, Killed::Written).await;
        assert_eq!(compared, 5, "{last:?}");
    });
}

#[test]
fn with_snapshots_only_spent_guesses_come_back() {
    let Some(server) = server(&["--appendonly", "no"]) else { return };
    shared::runtime().block_on(async {
        let options = RedisOptions::new().accepting(Risk::LosesSinceSnapshot);
        let (compared, _) = compared_around_a_kill(&server, options, Some("SAVE"), Killed::AtOnce).await;
        assert_eq!(compared, 10, "five before the kill and five after it");
    });
}

#[test]
fn with_nothing_on_disk_the_account_itself_is_gone() {
    let Some(server) = server(&["--appendonly", "no"]) else { return };
    shared::runtime().block_on(async {
        let options = RedisOptions::new().accepting(Risk::LosesSinceSnapshot);
        let (compared, last) = compared_around_a_kill(&server, options, None, Killed::AtOnce).await;
        assert_eq!(compared, 5);
        assert_eq!(last, RefusalCode::AuthenticationRequired, "it reads as one that never signed in");
    });
}

/// `allkeys-lru`, as a cache is set up: the records of people who did not come for a while are dropped.
#[test]
fn with_eviction_records_are_gone() {
    use pinlatch::host::{Expect, Key, Store};
    let settings = ["--maxmemory-policy", "allkeys-lru", "--maxmemory", "3mb"];
    let Some(server) = server(&settings) else { return };
    shared::runtime().block_on(async {
        let store = opened(RedisOptions::new().accepting(Risk::Evicts), server.address()).await;
        let mut missing = 0;
        for number in 0..400 {
            let key = Key::account(person(number));
            crate::support::applied(&store, &key, Expect::Absent, &[7; 20_000]).await;
        }
        for number in 0..400 {
            missing += usize::from(store.load(&Key::account(person(number))).await.unwrap().is_none());
        }
        assert!(missing > 0, "nothing was dropped");
        println!("{missing} of 400 records dropped");
    });
}
