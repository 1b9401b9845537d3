//! A server that is killed and comes back under load.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::mariadb::{MariaDbOptions, MariaDbStore};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Wire};
use tokio::task::{JoinSet, block_in_place};

use crate::servers::{common, database, url};
use crate::shared;

const WRITERS: u128 = 8;

/// Writes numbers under a key until told to stop; the last one that was applied, and the last one that may have been.
async fn count(store: MariaDbStore, key: Key, is_over: Arc<AtomicBool>) -> (u64, u64) {
    let (mut applied, mut sent) = (0, 0);
    while !is_over.load(Ordering::Relaxed) {
        let Ok(found) = store.load(&key).await else {
            tokio::task::yield_now().await;
            continue;
        };
        let expect = found.map_or(Expect::Absent, |found| Expect::At(found.version));
        let next: u64 = sent + 1;
        match store.compare_and_swap(&key, expect, next.to_le_bytes().into(), &[]).await {
            Ok(Swap::Applied(_)) => (applied, sent) = (next, next),
            Ok(Swap::Conflict) => panic!("nobody else writes"),
            Ok(Swap::Unknown) => sent = next,
            Err(_) => {}
        }
    }
    (applied, sent)
}

#[test]
fn a_handle_goes_on_after_a_kill_and_nothing_that_was_applied_is_lost() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let store = MariaDbStore::open(&url(server.address())).await.unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let mut writers = JoinSet::new();
        for number in 0..WRITERS {
            let (store, key, is_over) = (store.clone(), Key::account(person(number)), Arc::clone(&is_over));
            writers.spawn(async move { (key, count(store, key, is_over).await) });
        }
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            block_in_place(|| server.restart()).unwrap();
            let begun = Instant::now();
            while store.load(&Key::account(person(99))).await.is_err() {}
            assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        is_over.store(true, Ordering::Relaxed);
        for (key, (applied, sent)) in writers.join_all().await {
            let found = store
                .load(&key)
                .await
                .unwrap()
                .map_or(0, |found| u64::from_le_bytes(found.bytes.try_into().unwrap()));
            assert!(applied > 0, "it never wrote");
            assert!((applied..=sent).contains(&found), "{applied} was applied, and {found} is there");
        }
        let counted = store.connections();
        assert!(counted.open <= counted.at_most, "{counted:?}");
    });
}

#[test]
fn a_load_is_tried_once_more_and_a_write_is_not() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        // One connection, so that what is lost is not of a new one.
        let options = MariaDbOptions::new().connections(NonZeroUsize::MIN);
        let store = options.open(&database(&server, wire.address()).await).await.unwrap();
        let key = Key::account(person(1));
        wire.lose_next_reply();
        assert!(store.load(&key).await.unwrap().is_none());
        wire.lose_next_request();
        let answer = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap();
        assert_eq!(answer, Swap::Unknown);
        assert!(store.load(&key).await.unwrap().is_none(), "it was sent again");
    });
}
