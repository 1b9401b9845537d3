//! How a server is opened.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use redis::Client;

use super::RedisStore;
use super::connections::Pool;
use super::error::RedisError;
use super::settings::Risk;
use super::{schema, settings, trial};
use crate::patience::bounded;
#[cfg(feature = "tls")]
use crate::tls::Roots;

/// How long a call may take by itself: 5 s, the same as with every store of this crate.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections. One cut connection makes every swap in flight on it unknown, and of four it is a quarter.
const CONNECTIONS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(3);

const LONGEST_PREFIX: usize = 64;

/// How to open a [`RedisStore`]: `RedisOptions::new().connections(two).open(address).await`.
#[derive(Clone, Debug)]
pub struct RedisOptions {
    pub(super) prefix: String,
    pub(super) connections: NonZeroUsize,
    pub(super) patience: Duration,
    pub(super) replicas: u32,
    pub(super) accepted: Vec<Risk>,
    #[cfg(feature = "tls")]
    roots: Option<Roots>,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self {
            prefix: "pinlatch".to_owned(),
            connections: CONNECTIONS,
            patience: PATIENCE,
            replicas: 0,
            accepted: Vec::new(),
            #[cfg(feature = "tls")]
            roots: None,
        }
    }
}

impl RedisOptions {
    /// Prefix `pinlatch`, four connections, five seconds of patience, no replicas, no risk accepted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What every key begins with, before a colon: another one for each deployment in one database. 1 to 64
    /// characters of a to z, 0 to 9, `_`, `-` and `.`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How many connections, used in turn, each by any number of calls at a time: two to four are right. With
    /// [replicas](Self::acknowledged_by) there are as many again, for writes alone.
    #[must_use]
    pub const fn connections(mut self, number: NonZeroUsize) -> Self {
        self.connections = number;
        self
    }

    /// How long a call may take, the wait for a connection included. A write that waits for replicas waits for
    /// three fifths of it. From 10 ms to an hour; less and more count as these.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = bounded(patience);
        self
    }

    /// A write counts only when so many replicas have it (`WAIT`, on the connection of the write); answered by
    /// fewer it is unknown, and read again only once they have it. It makes a loss by fail-over less likely, and
    /// does not exclude it: see the [module](crate::redis).
    #[must_use]
    pub const fn acknowledged_by(mut self, replicas: NonZeroU32) -> Self {
        self.replicas = replicas.get();
        self
    }

    /// Accepts one risk; call it again for another.
    #[must_use]
    pub fn accepting(mut self, risk: Risk) -> Self {
        self.accepted.push(risk);
        self
    }

    /// Believes a server that one of these certificates (PEM) signed for, and no other; without, whom the system
    /// believes: of `rediss://`. Other addresses are then refused.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::new(pem));
        self
    }

    /// Connects; reads the server's settings, and refuses one that breaks a promise; claims the prefix on first
    /// use; and tries with a record of its own, removed afterwards, whether the server refuses a stale write.
    ///
    /// The address is `redis://[user:password@]host[:port][/database]`, with `redis`, `rediss`, `valkey`,
    /// `valkeys` or `unix` before the colon.
    ///
    /// # Errors
    /// [`RedisError`]. Nothing of somebody else's was changed.
    pub async fn open(self, address: &str) -> Result<RedisStore, RedisError> {
        if !is_prefix(&self.prefix) {
            return Err(RedisError::Prefix);
        }
        let client = self.client(address)?;
        let options = Arc::new(self);
        let connections = || Arc::new(Pool::new(client.clone(), Arc::clone(&options)));
        let loads = connections();
        let swaps = if options.replicas == 0 { Arc::clone(&loads) } else { connections() };
        let store = RedisStore { loads, swaps, doubts: Arc::default(), options };
        settings::check_replicas(&store).await?;
        schema::claim(&store).await?;
        trial::hold(&store).await?;
        Ok(store)
    }

    #[cfg(not(feature = "tls"))]
    #[expect(clippy::unused_self, reason = "with the feature there is more to it")]
    fn client(&self, address: &str) -> Result<Client, RedisError> {
        plain(address)
    }

    #[cfg(feature = "tls")]
    fn client(&self, address: &str) -> Result<Client, RedisError> {
        if ["rediss:", "valkeys:"].iter().any(|scheme| address.starts_with(scheme)) {
            crate::tls::choose_cryptography();
        }
        let Some(roots) = &self.roots else { return plain(address) };
        let pem = roots.checked().map_err(RedisError::Unreachable)?.to_vec();
        let certificates = redis::TlsCertificates { client_tls: None, root_cert: Some(pem) };
        Client::build_with_tls(address, certificates).map_err(|_| RedisError::Address)
    }

    pub(super) fn accepts(&self, risk: Risk) -> bool {
        self.accepted.contains(&risk)
            || (risk == Risk::LosesASecond && self.accepted.contains(&Risk::LosesUnsyncedWrites))
    }
}

/// The driver's error is dropped, here as elsewhere: it may repeat a part of the address.
fn plain(address: &str) -> Result<Client, RedisError> {
    Client::open(address).map_err(|_| RedisError::Address)
}

/// None of its characters means anything in a pattern of `SCAN`, or makes a hash tag.
fn is_prefix(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
    (1..=LONGEST_PREFIX).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patience_is_neither_over_at_once_nor_for_ever() {
        for said in [Duration::ZERO, PATIENCE, Duration::MAX] {
            assert_eq!(RedisOptions::new().patience(said).patience, bounded(said), "{said:?}");
        }
    }
}
