//! Where hashes run.

use std::num::NonZeroUsize;
use std::sync::Arc;

use pinlatch::host::{Offload, OffloadError};
use pinlatch::pin::PooledArgon2id;
use tokio::sync::Semaphore;

/// Runs hashes in tokio's blocking pool, so many at a time. Whoever comes later waits as a future, first come first
/// served, and not as a thread.
#[derive(Clone, Debug)]
pub struct BoundedPool(Arc<Semaphore>);

impl BoundedPool {
    /// So many at a time. Each takes a core, and 19 MiB by default.
    #[must_use]
    pub fn with_slots(slots: NonZeroUsize) -> Self {
        Self(Arc::new(Semaphore::new(slots.get().min(Semaphore::MAX_PERMITS))))
    }

    /// As many as this hasher has memories: give the same one to the gate.
    #[must_use]
    pub fn beside(hasher: &PooledArgon2id) -> Self {
        Self::with_slots(hasher.slots())
    }
}

/// Counts itself among those that wait, until it is dropped.
struct Waiting(metrics::Gauge);

impl Waiting {
    fn begin() -> Self {
        let queue = metrics::gauge!("pinlatch_hash_queue");
        queue.increment(1);
        Self(queue)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

impl Offload for BoundedPool {
    async fn run<T, W>(&self, work: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let waiting = Waiting::begin();
        let slot = Arc::clone(&self.0).acquire_owned().await.map_err(|_| OffloadError)?;
        drop(waiting);
        // The slot moves in: work that nobody waits for any more still occupies it.
        let work = move || {
            let _slot = slot;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| OffloadError)
    }
}
