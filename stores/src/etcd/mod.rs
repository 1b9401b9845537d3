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

pub use etcd_client;

pub use error::EtcdError;
pub use options::EtcdOptions;
pub use settings::{Risk, Unsafe};

use records::Keys;

/// A prefix of etcd that keeps accounts and people. A clone shares the connection.
#[derive(Clone)]
pub struct EtcdStore {
    keys: Arc<Keys>,
}

impl EtcdStore {
    /// [`EtcdOptions::open`] with what is usual.
    ///
    /// # Errors
    /// [`EtcdError`].
    pub async fn open(url: &str) -> Result<Self, EtcdError> {
        EtcdOptions::new().open(url).await
    }
}

impl fmt::Debug for EtcdStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EtcdStore({})", self.keys.prefix)
    }
}
