//! The conformance kit, with every hook real: below the adapter, on its wire and its server.

use std::error::Error;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use etcd_client::{Compare, CompareOp, Txn, TxnOp};
use pinlatch::host::{Key, Version};
use pinlatch::time::Timestamp;
use pinlatch_stores::etcd::EtcdStore;
use pinlatch_testkit::conformance::{AsyncFixture, CHECKS, RACES, Rival, run};
use pinlatch_testkit::rig::{Server, Wire};
use tokio::runtime::Runtime;

use crate::fixture;
use crate::shared;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(shared::runtime);

struct Etcd {
    server: Server,
    wire: Wire,
    made: AtomicU32,
}

/// Which prefix a handle is on.
fn prefix(store: &EtcdStore) -> String {
    let shown = format!("{store:?}");
    shown.trim_start_matches("EtcdStore(").trim_end_matches(')').to_owned()
}

fn name(store: &EtcdStore, key: &Key) -> String {
    format!("{}/{}", prefix(store), key.as_str())
}

impl AsyncFixture for Etcd {
    type Store = EtcdStore;
    type Error = Box<dyn Error + Send + Sync>;

    async fn fresh(&self) -> Result<EtcdStore, Self::Error> {
        self.wire.come_back();
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        Ok(fixture::open(self.wire.address(), &format!("kit-{number}")).await)
    }

    async fn another(&self, store: &EtcdStore) -> Result<Option<EtcdStore>, Self::Error> {
        Ok(Some(fixture::open(self.server.address(), &prefix(store)).await))
    }

    async fn crash_and_reopen(&self, store: EtcdStore) -> Result<Option<EtcdStore>, Self::Error> {
        self.server.kill()?;
        let prefix = prefix(&store);
        drop(store);
        self.server.restart()?;
        Ok(Some(fixture::open(self.wire.address(), &prefix).await))
    }

    async fn delete(&self, store: &EtcdStore, key: &Key) -> Result<bool, Self::Error> {
        let mut client = fixture::by_hand(self.server.address()).await;
        Ok(client.delete(name(store, key), None).await?.deleted() == 1)
    }

    async fn delete_if_unchanged(
        &self,
        store: &EtcdStore,
        key: &Key,
        since: Version,
    ) -> Result<Option<bool>, Self::Error> {
        let (mut client, name) = (fixture::by_hand(self.server.address()).await, name(store, key));
        let since = i64::try_from(since.number())?;
        let unchanged = Compare::mod_revision(name.clone(), CompareOp::Equal, since);
        let remove = Txn::new().when([unchanged]).and_then([TxnOp::delete(name, None)]);
        Ok(Some(client.txn(remove).await?.succeeded()))
    }

    async fn lose_next_reply(&self, _: &EtcdStore) -> Result<bool, Self::Error> {
        self.wire.lose_next_reply();
        Ok(true)
    }

    async fn lose_next_request(&self, _: &EtcdStore) -> Result<bool, Self::Error> {
        self.wire.lose_next_request();
        Ok(true)
    }

    async fn interrupt_next_swap(&self, store: &EtcdStore, rival: Rival) -> Result<bool, Self::Error> {
        let other = fixture::open(self.server.address(), &prefix(store)).await;
        self.wire.interrupt_next(move || RUNTIME.block_on(rival.writes_through(&other)));
        Ok(true)
    }

    async fn interrupt_next_load(&self, store: &EtcdStore, rival: Rival) -> Result<bool, Self::Error> {
        self.interrupt_next_swap(store, rival).await
    }

    async fn stop_next_swap_half_way(&self, _: &EtcdStore) -> Result<bool, Self::Error> {
        self.wire.cut_next_request();
        Ok(true)
    }

    async fn go_down(&self, _: &EtcdStore) -> Result<bool, Self::Error> {
        self.wire.go_down();
        Ok(true)
    }

    /// Neither this adapter nor a key without a lease goes by any clock.
    async fn set_clock(&self, _: &EtcdStore, _: Timestamp) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

#[test]
fn the_kit_passes_with_all_but_the_width_of_versions_shown() {
    let Some(server) = fixture::server() else { return };
    let wire = fixture::wire(&server);
    let report = run(&Etcd { server, wire, made: AtomicU32::new(0) }, |task| RUNTIME.block_on(task));
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    // The revision of etcd cannot be set. It has 63 bits.
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
