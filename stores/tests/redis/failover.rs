//! A replica takes over without the last writes.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pinlatch::gate::Gate;
use pinlatch::host::{Expect, Host, Key, Store, Swap};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch_stores::redis::{RedisError, RedisOptions, RedisStore, Risk};
use pinlatch_testkit::rig::{Server, Wire};
use pinlatch_testkit::{QuickHasher, UNMODIFIED, WRONG_PIN, person, pin};

use crate::shared::{self, guessing};
use crate::support::{applied, at, by_hand, is_replicated, open, opened, server};

const PATIENCE: Duration = Duration::from_secs(2);

/// A primary, and a replica that hears of it through a wire.
struct Pair {
    primary: Server,
    link: Wire,
    replica: Server,
}

impl Pair {
    async fn start(settings: &[&str]) -> Option<Self> {
        // The first copy is sent at once, and not after 5 s.
        let at_once = [&["--repl-diskless-sync-delay", "0"], settings].concat();
        let primary = server(&at_once)?;
        let link = Wire::before(primary.address()).unwrap();
        let port = link.address().port().to_string();
        let replica = server(&["--replicaof", "127.0.0.1", &port])?;
        let pair = Self { primary, link, replica };
        pair.is_in_step().await;
        Some(pair)
    }

    async fn is_in_step(&self) {
        is_replicated(self.primary.address()).await;
    }

    /// The primary is lost, and the replica takes over: on a safe server of its own, as after a fail-over.
    async fn fail_over(&self) -> RedisStore {
        self.primary.kill().unwrap();
        let _: String = by_hand(self.replica.address(), "REPLICAOF NO ONE").await;
        open(self.replica.address()).await
    }
}

fn acknowledged_by_one() -> RedisOptions {
    RedisOptions::new().acknowledged_by(NonZeroU32::MIN).patience(PATIENCE)
}

/// Wrong PINs before the fail-over, after the link was cut, and as many after it.
async fn compared_around_a_fail_over(pair: &Pair, options: RedisOptions) -> [u64; 2] {
    let store = Arc::new(opened(options, pair.primary.address()).await);
    let (gate, compared) = guessing::host(Arc::clone(&store));
    let token = guessing::locked_phone(&gate, &store, person(1)).await;
    pair.is_in_step().await;
    pair.link.go_down();
    let before = guesses(&gate, &compared, &token, 4).await;
    let successor = Arc::new(pair.fail_over().await);
    let (gate, compared) = guessing::host(successor);
    [before, guesses(&gate, &compared, &token, 9).await]
}

async fn guesses(gate: &Gate<impl Host>, compared: &QuickHasher, token: &DeviceToken, number: u32) -> u64 {
    let before = compared.count();
    for _ in 0..number {
        let refused = gate.unlock_with_pin(token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED).await.unwrap_err();
        println!("{refused}");
    }
    compared.count() - before
}

#[test]
fn without_waiting_for_a_replica_spent_guesses_come_back() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&[]).await else { return };
        let refused = RedisStore::open(&at(pair.primary.address())).await.unwrap_err();
        assert!(
            matches!(&refused, RedisError::Unsafe(found) if found.risk == Some(Risk::FailOverLosesWrites)),
            "{refused}"
        );
        let options = RedisOptions::new().accepting(Risk::FailOverLosesWrites);
        assert_eq!(compared_around_a_fail_over(&pair, options).await, [4, 5], "nine of five");
    });
}

#[test]
fn waiting_for_a_replica_no_guess_is_compared_that_it_does_not_have() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&["--min-replicas-to-write", "1"]).await else { return };
        assert_eq!(compared_around_a_fail_over(&pair, acknowledged_by_one()).await, [0, 5]);
    });
}

/// The harder case: the primary writes what no replica has, and the write is found there when it is looked for.
#[test]
fn a_write_that_no_replica_has_is_not_believed_when_it_is_read_again() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&[]).await else { return };
        let options = acknowledged_by_one();
        let refused = options.clone().open(&at(pair.primary.address())).await.unwrap_err();
        assert!(
            matches!(&refused, RedisError::Unsafe(found) if found.setting == "min-replicas-to-write"),
            "{refused}"
        );
        let options = options.accepting(Risk::UnacknowledgedWrites);
        assert_eq!(compared_around_a_fail_over(&pair, options).await, [0, 5]);
    });
}

/// How often a hash was written on the primary.
async fn written(pair: &Pair) -> u64 {
    let told: String = by_hand(pair.primary.address(), "INFO commandstats").await;
    let after = told.split("cmdstat_hset:calls=").nth(1).unwrap();
    after.split(',').next().unwrap().parse().unwrap()
}

#[test]
fn what_was_in_doubt_is_read_once_a_replica_has_it() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&[]).await else { return };
        let options = acknowledged_by_one().accepting(Risk::UnacknowledgedWrites);
        let store = opened(options, pair.primary.address()).await;
        let (key, other) = (Key::account(person(1)), Key::account(person(2)));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        applied(&store, &other, Expect::Absent, b"other").await;
        pair.link.go_down();
        let swapped = store.compare_and_swap(&key, Expect::At(version), b"two".to_vec(), &[]).await;
        assert_eq!(swapped.unwrap(), Swap::Unknown);
        let before = written(&pair).await;
        let loaded = store.load(&key).await;
        assert!(written(&pair).await > before, "`WAIT` is about what its own connection wrote");
        assert!(matches!(loaded, Err(RedisError::NotAcknowledged { found: 0, wanted: 1 })), "{loaded:?}");
        assert!(store.load(&other).await.unwrap().is_some(), "others are not in doubt");
        pair.link.come_back();
        let start = Instant::now();
        let found = loop {
            assert!(start.elapsed() < Duration::from_secs(20), "the replica does not come back");
            if let Ok(found) = store.load(&key).await {
                break found.unwrap();
            }
        };
        assert_eq!(found.bytes, b"two");
        let replicated: String =
            by_hand(pair.replica.address(), &format!("HGET pinlatch:{} v", key.as_str())).await;
        assert_eq!(replicated, found.version.number().to_string());
        applied(&store, &key, Expect::At(found.version), b"three").await;
    });
}

/// Whoever gives a request up may have had it written.
#[test]
fn a_swap_that_was_given_up_is_in_doubt() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&[]).await else { return };
        let options = acknowledged_by_one().accepting(Risk::UnacknowledgedWrites);
        let store = opened(options, pair.primary.address()).await;
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        pair.link.go_down();
        let before = written(&pair).await;
        let swap = store.compare_and_swap(&key, Expect::At(version), b"two".to_vec(), &[]);
        let given_up = async {
            while written(&pair).await == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            swapped = swap => panic!("{swapped:?}"),
            () = given_up => {}
        }
        let loaded = store.load(&key).await;
        assert!(matches!(loaded, Err(RedisError::NotAcknowledged { found: 0, wanted: 1 })), "{loaded:?}");
    });
}

#[test]
fn a_patience_for_ever_is_none_that_is_over() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&["--min-replicas-to-write", "1"]).await else { return };
        let options = acknowledged_by_one().patience(Duration::MAX);
        let store = opened(options, pair.primary.address()).await;
        let key = Key::account(person(1));
        applied(&store, &key, Expect::Absent, b"one").await;
        assert!(store.load(&key).await.unwrap().is_some());
    });
}

/// One connection for each kind: a write that waits for a replica does not hold up who is only looked at.
#[test]
fn loads_do_not_wait_behind_writes_that_wait() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&[]).await else { return };
        let options = acknowledged_by_one().accepting(Risk::UnacknowledgedWrites);
        let store = opened(options.connections(NonZeroUsize::MIN), pair.primary.address()).await;
        pair.link.go_down();
        let (writes, reads) = (Key::account(person(1)), Key::account(person(2)));
        let start = Instant::now();
        let write = async {
            let swapped = store.compare_and_swap(&writes, Expect::Absent, vec![1], &[]).await.unwrap();
            (swapped, start.elapsed())
        };
        let read = async {
            store.load(&reads).await.unwrap();
            start.elapsed()
        };
        let ((swapped, written), read) = tokio::join!(write, read);
        assert_eq!(swapped, Swap::Unknown);
        let waits = PATIENCE.mul_f64(0.6);
        assert!(written >= waits && written < PATIENCE, "it waits for three fifths of patience: {written:?}");
        assert!(read < waits, "{read:?}");
    });
}

#[test]
fn a_replica_is_refused_on_opening_and_too_few_are() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&["--min-replicas-to-write", "1"]).await else { return };
        let refused = RedisStore::open(&at(pair.replica.address())).await.unwrap_err();
        assert!(matches!(refused, RedisError::NotPrimary { ref role } if &**role == "slave"), "{refused}");
        let two = NonZeroU32::new(2).unwrap();
        let refused = RedisOptions::new().acknowledged_by(two).open(&at(pair.primary.address())).await;
        assert!(matches!(refused, Err(RedisError::TooFewReplicas { found: 1, wanted: 2 })), "{refused:?}");
    });
}

/// A primary that was made a replica while its clients stayed connected answers from the past.
#[test]
fn a_primary_that_became_a_replica_is_not_read() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        let _: String = by_hand(server.address(), "REPLICAOF 127.0.0.1 1").await;
        let loaded = store.load(&key).await.unwrap_err();
        assert!(matches!(loaded, RedisError::NotPrimary { .. }), "{loaded}");
        let swapped = store.compare_and_swap(&key, Expect::At(version), vec![], &[]).await.unwrap_err();
        assert!(
            matches!(swapped, RedisError::Refused { ref code, .. } if &**code == "READONLY"),
            "{swapped}"
        );
        let _: String = by_hand(server.address(), "REPLICAOF NO ONE").await;
        assert_eq!(store.load(&key).await.unwrap().unwrap().version, version);
    });
}

/// The gate tells "try again", and nothing of the PIN.
#[test]
fn without_its_replica_a_guess_is_refused_as_unavailable() {
    shared::runtime().block_on(async {
        let Some(pair) = Pair::start(&["--min-replicas-to-write", "1"]).await else { return };
        let store = Arc::new(opened(acknowledged_by_one(), pair.primary.address()).await);
        let (gate, _) = guessing::host(Arc::clone(&store));
        let token = guessing::locked_phone(&gate, &store, person(1)).await;
        pair.link.go_down();
        let wrong = pin(WRONG_PIN).unwrap();
        let refused = gate.unlock_with_pin(&token, &wrong, &UNMODIFIED).await.unwrap_err();
        assert_eq!(refused.code(), RefusalCode::Unavailable);
    });
}
