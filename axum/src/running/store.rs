//! A store that is counted.

use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap};

/// Counts what a store answers to writes. The gate tries again after `conflict` and `unknown`; unknown answers above
/// zero, and conflicts although hardly anybody uses those accounts, are worth a look.
#[derive(Clone, Debug)]
pub struct MeteredStore<S>(pub S);

impl<S: Store> Store for MeteredStore<S> {
    type Error = S::Error;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, S::Error> {
        self.0.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, S::Error> {
        let answer = self.0.compare_and_swap(key, expect, bytes, events).await;
        let label = match &answer {
            Ok(Swap::Applied(_)) => "applied",
            Ok(Swap::Conflict) => "conflict",
            Ok(Swap::Unknown) => "unknown",
            Err(_) => "error",
        };
        metrics::counter!("pinlatch_store_swaps_total", "answer" => label).increment(1);
        answer
    }

    fn takes_events(&self) -> bool {
        self.0.takes_events()
    }
}
