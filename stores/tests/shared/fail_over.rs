//! The leader of a cluster dies under wrong PINs: never a sixth comparison (`most` says otherwise where the engine is known
//! to let more through), and no applied write is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pinlatch::gate::Gate;
use pinlatch::host::{Expect, Host, Key, Store, Swap, Version};
use pinlatch::secret::DeviceToken;
use pinlatch_testkit::{UNMODIFIED, WRONG_PIN, person, pin};
use tokio::task::JoinSet;

use super::guessing::{host, locked_phone};

const PEOPLE: u128 = 4;
const GUESSES: usize = 32;

/// Writes before the kill, so that it meets a cluster at work.
const WRITES_BEFORE: u64 = 20;

/// Until a write is applied again. Elections take seconds, and so does this machine when it is busy.
const BACK_WITHIN: Duration = Duration::from_secs(30);

/// Two handles on one cluster, or on one server that comes back; `kill` ends its leader, and gives what has to live
/// on.
pub(crate) async fn the_leader_dies<S: Store + 'static, L: Send + 'static>(
    handles: [S; 2],
    most: u64,
    kill: impl FnOnce() -> L + Send + 'static,
) {
    let [one, other] = handles.map(Arc::new);
    let mut phones = Vec::new();
    for number in 0..PEOPLE {
        let hosts = [host(Arc::clone(&one)), host(Arc::clone(&other))];
        let token = Arc::new(locked_phone(&hosts[0].0, &one, person(number)).await);
        phones.push((hosts.map(|(gate, compared)| (Arc::new(gate), compared)), token));
    }
    let writer = Arc::new(Writer::default());
    let writing = tokio::spawn(Arc::clone(&writer).write(one));
    while writer.applied.load(Ordering::Relaxed) < WRITES_BEFORE {
        tokio::task::yield_now().await;
    }
    let mut guesses = JoinSet::new();
    for (hosts, token) in &phones {
        for number in 0..GUESSES {
            guesses.spawn(guess(Arc::clone(&hosts[number % 2].0), Arc::clone(token)));
        }
    }
    let _lives_on = tokio::task::spawn_blocking(kill).await.unwrap();
    let (killed, before) = (Instant::now(), writer.applied.load(Ordering::Relaxed));
    while writer.applied.load(Ordering::Relaxed) < before + 2 {
        assert!(killed.elapsed() < BACK_WITHIN, "no write was applied after {BACK_WITHIN:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    println!("writes go on {:?} after the leader's death", killed.elapsed());
    guesses.join_all().await;
    for (hosts, token) in &phones {
        // Whatever is left of the budget, and more.
        for number in 0..8 {
            guess(Arc::clone(&hosts[number % 2].0), Arc::clone(token)).await;
        }
        // The first hash was the PIN's own.
        let compared = hosts[0].1.count() + hosts[1].1.count() - 1;
        println!("{compared} compared");
        assert!((1..=most).contains(&compared), "{compared} compared");
    }
    writer.is_over.store(true, Ordering::Relaxed);
    writing.await.unwrap();
}

async fn guess(gate: Arc<Gate<impl Host>>, token: Arc<DeviceToken>) {
    let refused = gate.unlock_with_pin(&token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED).await;
    refused.unwrap_err();
}

/// Counts in one record, and looks after every answer that is none whether the count went back.
#[derive(Default)]
struct Writer {
    applied: AtomicU64,
    is_over: AtomicBool,
}

impl Writer {
    async fn write<S: Store>(self: Arc<Self>, store: Arc<S>) {
        let key = Key::account(person(1_000));
        let (mut at, mut count) = (Expect::Absent, 0_u64);
        while !self.is_over.load(Ordering::Relaxed) {
            let next = count + 1;
            match store.compare_and_swap(&key, at, next.to_be_bytes().to_vec(), &[]).await {
                Ok(Swap::Applied(version)) => {
                    (at, count) = (Expect::At(version), next);
                    self.applied.fetch_add(1, Ordering::Relaxed);
                }
                unclear => {
                    let (version, found) = look(&store, &key).await;
                    assert!((count..=next).contains(&found), "{count} was applied, {found} is there");
                    // Nobody else writes here: a refusal of what is not there yet is a lost write.
                    let surely_not = matches!(unclear, Err(_) | Ok(Swap::Conflict));
                    assert!(!surely_not || found == count, "{unclear:?}, and it was written");
                    (at, count) = (version.map_or(Expect::Absent, Expect::At), found);
                }
            }
        }
        assert!(look(&store, &key).await.1 >= count);
    }
}

/// As soon as the store answers.
async fn look<S: Store>(store: &S, key: &Key) -> (Option<Version>, u64) {
    let start = Instant::now();
    loop {
        match store.load(key).await {
            Ok(None) => return (None, 0),
            Ok(Some(found)) => {
                let count = u64::from_be_bytes(found.bytes.try_into().unwrap());
                return (Some(found.version), count);
            }
            Err(error) => assert!(start.elapsed() < BACK_WITHIN, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
