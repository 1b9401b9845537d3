//! The conformance kit, with every hook real: below the adapter, on its wire and its server.

use std::error::Error;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use pinlatch::host::{Key, Version};
use pinlatch::time::Timestamp;
use pinlatch_stores::nats::NatsStore;
use pinlatch_testkit::conformance::{AsyncFixture, CHECKS, RACES, Rival, run};
use pinlatch_testkit::rig::{Server, Wire};
use tokio::runtime::Runtime;

use crate::fixture;
use crate::shared;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(shared::runtime);

struct Nats {
    server: Server,
    wire: Wire,
    made: AtomicU32,
}

/// Which bucket a handle is on.
fn bucket(store: &NatsStore) -> String {
    let shown = format!("{store:?}");
    shown.trim_start_matches("NatsStore(KV_").trim_end_matches(')').to_owned()
}

impl AsyncFixture for Nats {
    type Store = NatsStore;
    type Error = Box<dyn Error + Send + Sync>;

    async fn fresh(&self) -> Result<NatsStore, Self::Error> {
        self.wire.come_back();
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        Ok(fixture::open(self.wire.address(), &format!("kit-{number}")).await)
    }

    async fn another(&self, store: &NatsStore) -> Result<Option<NatsStore>, Self::Error> {
        Ok(Some(fixture::open(self.server.address(), &bucket(store)).await))
    }

    async fn crash_and_reopen(&self, store: NatsStore) -> Result<Option<NatsStore>, Self::Error> {
        self.server.kill()?;
        let bucket = bucket(&store);
        drop(store);
        self.server.restart()?;
        Ok(Some(fixture::open(self.wire.address(), &bucket).await))
    }

    /// As an operator would: what says "removed" stays.
    async fn delete(&self, store: &NatsStore, key: &Key) -> Result<bool, Self::Error> {
        let bucket = fixture::bucket_by_hand(self.server.address(), &bucket(store)).await;
        bucket.purge(key.as_str()).await?;
        Ok(true)
    }

    async fn delete_if_unchanged(
        &self,
        store: &NatsStore,
        key: &Key,
        since: Version,
    ) -> Result<Option<bool>, Self::Error> {
        let bucket = fixture::bucket_by_hand(self.server.address(), &bucket(store)).await;
        Ok(Some(bucket.purge_expect_revision(key.as_str(), Some(since.number())).await.is_ok()))
    }

    async fn lose_next_reply(&self, _: &NatsStore) -> Result<bool, Self::Error> {
        self.wire.lose_next_reply();
        Ok(true)
    }

    async fn lose_next_request(&self, _: &NatsStore) -> Result<bool, Self::Error> {
        self.wire.lose_next_request();
        Ok(true)
    }

    async fn interrupt_next_swap(&self, store: &NatsStore, rival: Rival) -> Result<bool, Self::Error> {
        let other = fixture::open(self.server.address(), &bucket(store)).await;
        self.wire.interrupt_next(move || RUNTIME.block_on(rival.writes_through(&other)));
        Ok(true)
    }

    async fn interrupt_next_load(&self, store: &NatsStore, rival: Rival) -> Result<bool, Self::Error> {
        self.interrupt_next_swap(store, rival).await
    }

    async fn stop_next_swap_half_way(&self, _: &NatsStore) -> Result<bool, Self::Error> {
        self.wire.cut_next_request();
        Ok(true)
    }

    async fn go_down(&self, _: &NatsStore) -> Result<bool, Self::Error> {
        self.wire.go_down();
        Ok(true)
    }

    /// Neither this adapter nor a bucket without an age goes by any clock.
    async fn set_clock(&self, _: &NatsStore, _: Timestamp) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

#[test]
fn the_kit_passes_with_all_but_the_width_of_versions_shown() {
    let Some(server) = fixture::server() else { return };
    let wire = fixture::wire(&server);
    let report = run(&Nats { server, wire, made: AtomicU32::new(0) }, |task| RUNTIME.block_on(task));
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    // The sequence of a stream cannot be set. It has 64 bits.
    assert_eq!(report.unproven().collect::<Vec<_>>(), ["versions_do_not_wrap"]);
    let on_word = [
        "another_handle_sees_every_write",
        "another_handles_write_makes_ours_stale",
        "an_applied_write_survives_a_crash",
        "nothing_expires",
        "versions_do_not_follow_the_clock",
        "a_write_is_whole_or_not_at_all",
    ];
    assert_eq!(report.on_the_authors_word().collect::<Vec<_>>(), on_word);
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len(), "a check did not run");
}
