//! MariaDB and MySQL.

mod classify;
mod connections;
mod error;
mod journal;
mod options;
mod records;
mod request;
mod schema;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
#[path = "../../tests/inside/mariadb_sessions.rs"]
mod sessions;
mod settings;
mod sql;

use std::fmt;
use std::sync::Arc;

use pinlatch::host::{Randomness, SystemRandomness};
use tokio::time::timeout;

pub use crate::{JournalledRefusal, Untrustworthy};
pub use connections::Connections;
pub use error::MariaDbError;
pub use options::{MariaDbOptions, Risk};

use connections::Pooled;
use settings::LEAST_PATIENCE;
use sql::Tables;

use crate::probe;

/// Accounts, people and the audit trail in one database. Clones share the connections.
#[derive(Clone)]
pub struct MariaDbStore {
    shared: Arc<Shared>,
    takes_events: bool,
}

struct Shared {
    pool: Pooled,
    tables: Tables,
}

impl MariaDbStore {
    /// Opens the store with the default [options](MariaDbOptions): `mysql://user:password@host:port/database`.
    ///
    /// # Errors
    /// [`MariaDbError`], with what to do.
    pub async fn open(url: &str) -> Result<Self, MariaDbError> {
        MariaDbOptions::new().open(url).await
    }

    /// How many connections there are, and how long they were waited for.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.shared.pool.counted()
    }

    async fn open_with(options: MariaDbOptions, url: &str) -> Result<Self, MariaDbError> {
        if options.patience < LEAST_PATIENCE {
            return Err(MariaDbError::Patience { least: LEAST_PATIENCE });
        }
        let tables = Tables::of(&options.prefix)?;
        let pool = Pooled::new(url, &options)?;
        let store = Self { shared: Arc::new(Shared { pool, tables }), takes_events: options.takes_events };
        store.prepare().await?;
        store.probe().await?;
        Ok(store)
    }

    /// The settings were judged when the connection was made.
    async fn prepare(&self) -> Result<(), MariaDbError> {
        let pool = self.pool();
        let mut taken = pool.take().await?;
        let Some(conn) = taken.conn() else { return Err(MariaDbError::NoAnswer(None)) };
        let seconds = pool.patience().as_secs();
        // Several times the patience: another process may be making the tables, and then the disk has its say.
        let most = pool.patience().saturating_mul(4);
        let prepared = timeout(most, schema::prepare(conn, self.tables(), seconds)).await;
        // The connection is not kept: making tables changed its time-outs.
        prepared.map_err(|_elapsed| MariaDbError::NoAnswer(None))?
    }

    /// Engines and proxies that ignore a precondition exist.
    async fn probe(&self) -> Result<(), MariaDbError> {
        let mut drawn = [0; 16];
        SystemRandomness.fill(&mut drawn).map_err(|error| MariaDbError::Randomness(Box::new(error)))?;
        let key = probe::key(u128::from_le_bytes(drawn));
        let probed = probe::stale_write(self, &key).await;
        self.delete(&key).await?;
        probed.map_err(|failed| match failed {
            probe::Failed::Store(error) => error,
            probe::Failed::Found(found) => MariaDbError::Untrustworthy(found),
        })
    }

    fn pool(&self) -> &Pooled {
        &self.shared.pool
    }

    fn tables(&self) -> &Tables {
        &self.shared.tables
    }
}

impl fmt::Debug for MariaDbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MariaDbStore({} at {:?})", self.tables().prefix(), self.pool())
    }
}
