//! A place for each connection that a pool may have: drivers' own queues have no end, or count only who waits.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::connections::{Meter, Waiting};

pub(crate) struct Places(Arc<Semaphore>);

/// Free again when it is dropped.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(crate) fn new(connections: NonZeroUsize) -> Self {
        Self(Arc::new(Semaphore::new(connections.get().min(Semaphore::MAX_PERMITS))))
    }

    /// A place, for whoever came first; none if none was free until then. Whoever has to wait does so from now on, and until
    /// a connection is there.
    pub(crate) async fn take<'m>(
        &self,
        until: Instant,
        meter: &'m Meter,
        waiting: &mut Option<Waiting<'m>>,
    ) -> Option<Place> {
        if let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() {
            return Some(Place { _permit: permit });
        }
        waiting.get_or_insert_with(|| meter.wait());
        let permit = timeout_at(until, Arc::clone(&self.0).acquire_owned()).await.ok()?.ok()?;
        Some(Place { _permit: permit })
    }
}
