//! PostgreSQL: accounts, people and the audit trail in one schema.

mod classify;
mod error;
mod journal;
mod options;
mod pool;
mod records;
mod schema;
mod settings;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may")]
#[path = "../../tests/inside/postgres_upgrade.rs"]
mod upgrading;

use std::fmt;
use std::sync::Arc;

use schema::SchemaName;

pub use crate::{JournalledRefusal, Untrustworthy};
pub use error::PostgresError;
pub use options::PostgresOptions;
pub use pool::Connections;
pub use settings::{Risk, UnsafeSetting};

/// Accounts, people and the audit trail in one schema of a PostgreSQL database.
///
/// A handle on a pool of connections: cloning it is cheap, and clones share the pool. It lives in the tokio runtime in
/// which it was opened.
#[derive(Clone)]
pub struct PostgresStore {
    shared: Arc<Shared>,
    takes_events: bool,
}

struct Shared {
    connecting: pool::Connecting,
    schema: SchemaName,
    load: String,
    create: String,
    update: String,
}

impl PostgresStore {
    /// Opens a database as [`PostgresOptions::new`] says, without encryption.
    ///
    /// # Errors
    /// [`PostgresError`]. Tables of another program or of a newer version are left as they are.
    pub async fn open(url: &str) -> Result<Self, PostgresError> {
        PostgresOptions::new().open(url).await
    }

    /// The connections of this store, and how often they were waited for: for a dashboard, and for finding out why an
    /// operation answered [`NoConnection`](PostgresError::NoConnection).
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.shared.connecting.connections()
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresStore({}, {:?})", self.shared.schema.as_str(), self.shared.connecting)
    }
}
