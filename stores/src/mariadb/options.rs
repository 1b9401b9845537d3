//! What a host says when it opens a store.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use super::MariaDbStore;
use super::error::MariaDbError;
use super::settings::Risk;
#[cfg(feature = "tls")]
use crate::tls::Roots;

/// 5 s: a write takes milliseconds, so this is a queue of hundreds, and a person does not wait longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to open a [`MariaDbStore`].
#[derive(Clone, Debug)]
#[must_use = "options do nothing until a store is opened with them"]
pub struct MariaDbOptions {
    pub(super) prefix: String,
    pub(super) connections: NonZeroUsize,
    pub(super) patience: Duration,
    pub(super) accepted: Vec<Risk>,
    pub(super) takes_events: bool,
    #[cfg(feature = "tls")]
    pub(super) roots: Option<Roots>,
}

impl Default for MariaDbOptions {
    fn default() -> Self {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            prefix: String::from("pinlatch"),
            connections: cores.saturating_mul(NonZeroUsize::MIN.saturating_add(1)),
            patience: PATIENCE,
            accepted: Vec::new(),
            takes_events: true,
            #[cfg(feature = "tls")]
            roots: None,
        }
    }
}

impl MariaDbOptions {
    /// Tables that begin with `pinlatch_`, two connections a core, a patience of 5 s, no risk accepted.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the names of the tables begin with, before a `_`: one for each deployment that shares a database. At most 32
    /// lowercase letters, digits and `_`, beginning with a letter.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How many connections are held at most. Whoever finds all of them in use waits for one.
    pub const fn connections(mut self, most: NonZeroUsize) -> Self {
        self.connections = most;
        self
    }

    /// How long an operation may take as a whole, at least 2 s; more than an hour is an hour. Two fifths of it are for a
    /// connection to be had. The server waits two fifths for a lock (whole seconds, at least one) and works three fifths
    /// on a statement, so a row that somebody holds is an error, and not an answer that never came.
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Opens the store in spite of settings that [`MariaDbError::Unsafe`] refuses with this risk.
    pub fn accepting(mut self, risk: Risk) -> Self {
        self.accepted.push(risk);
        self
    }

    /// Leaves the events of a write in its record, for the gate to hand to the host's journal: for a host that keeps
    /// its audit trail somewhere else.
    pub const fn without_events(mut self) -> Self {
        self.takes_events = false;
        self
    }

    /// Believes a server that one of these certificates (PEM) signed for, and no other; without, whom
    /// Mozilla believes. Then nothing goes without encryption.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::new(pem));
        self
    }

    /// Connects to `mysql://user:password@host:port/database`, reads the settings, makes the tables on first use, and
    /// tries whether a stale write is refused: for that moment there is an account and a person that are nobody's.
    ///
    /// # Errors
    /// [`MariaDbError`], with what to do. Of a server that is refused nothing was changed, but that the tables were made
    /// where it is [untrustworthy](MariaDbError::Untrustworthy).
    pub async fn open(self, url: &str) -> Result<MariaDbStore, MariaDbError> {
        MariaDbStore::open_with(self, url).await
    }
}
