//! TODO

mod classify;
mod error;
mod link;
mod options;
mod records;
mod schema;
mod settings;

use std::fmt;
use std::sync::Arc;

pub use async_nats;

pub use error::NatsError;
pub use options::NatsOptions;
pub use settings::{Risk, Unsafe};

use records::Bucket;

/// A bucket of NATS that keeps accounts and people. A clone shares the connection.
#[derive(Clone)]
pub struct NatsStore {
    bucket: Arc<Bucket>,
}

impl NatsStore {
    /// [`NatsOptions::open`] with what is usual.
    ///
    /// # Errors
    /// [`NatsError`].
    pub async fn open(url: &str) -> Result<Self, NatsError> {
        NatsOptions::new().open(url).await
    }
}

impl fmt::Debug for NatsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NatsStore({})", self.bucket.stream_name())
    }
}
