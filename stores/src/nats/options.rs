//! How a bucket is opened.

use std::num::NonZeroUsize;
use std::time::Duration;

use pinlatch::host::{Randomness, SystemRandomness};
use tokio::time::{Instant, sleep};

use super::connections::Link;
use super::error::NatsError;
use super::settings::Risk;
use super::{NatsStore, schema};
use crate::InvalidUrl;
use crate::address::Address;
use crate::patience::bounded;
use crate::probe::{self, Failed};
#[cfg(feature = "tls")]
use crate::tls::Roots;

/// How long an operation may take as a whole, if nothing else is said: 5 s. An answer takes milliseconds; the
/// election of another leader in a cluster takes seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Before a bucket that is being made is asked for again.
const PAUSE: Duration = Duration::from_millis(20);

/// The port of NATS.
const PORT: u16 = 4222;

const NAME_BYTES: usize = 64;

/// How to open a bucket: [`NatsOptions::new`], what differs, then [`open`](Self::open).
#[derive(Clone, Debug)]
pub struct NatsOptions {
    prefix: String,
    pub(super) patience: Duration,
    pub(super) replicas: Option<NonZeroUsize>,
    pub(super) accepted: Vec<Risk>,
    #[cfg(feature = "tls")]
    pub(super) roots: Option<Roots>,
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl NatsOptions {
    /// The bucket `pinlatch`, a patience of 5 s, three replicas in a cluster, no risk accepted.
    #[must_use]
    pub fn new() -> Self {
        Self {
            prefix: "pinlatch".to_owned(),
            patience: PATIENCE,
            replicas: None,
            accepted: Vec::new(),
            #[cfg(feature = "tls")]
            roots: None,
        }
    }

    /// The bucket's name: one for each deployment that shares an account of NATS. 1 to 64 letters, digits, `-`
    /// and `_`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long an operation may take as a whole, the wait for a connection included. Of it, two fifths are for
    /// the connection and three for the answer. From 10 ms to an hour; less and more count as these.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = bounded(patience);
        self
    }

    /// On how many servers of a cluster a bucket is kept that is made now; one that is there keeps what it has.
    /// If nothing is said: three where the server names a cluster, else one; and one where it names the cluster after
    /// itself and has no others, as with a leaf node's remote.
    #[must_use]
    pub const fn replicas(mut self, replicas: NonZeroUsize) -> Self {
        self.replicas = Some(replicas);
        self
    }

    /// Accepts a risk that [`open`](Self::open) refuses otherwise. May be called for several.
    #[must_use]
    pub fn accepting(mut self, risk: Risk) -> Self {
        self.accepted.push(risk);
        self
    }

    /// Believes a server that one of these certificates (PEM) signed for, and no other; without, whom the system
    /// believes. Then nothing goes without encryption.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::new(pem));
        self
    }

    /// Connects, and opens the bucket or makes it. The URL is `nats://user:password@host:4222,host:4222`, with the
    /// credentials percent-encoded and optional, or `tls://…`.
    ///
    /// # Errors
    /// [`NatsError`].
    pub async fn open(self, url: &str) -> Result<NatsStore, NatsError> {
        let address = Address::parse(url, &["nats", "tls"], PORT)?;
        if address.name.is_some() {
            return Err(InvalidUrl::Rest.into());
        }
        self.check_prefix()?;
        let link = Link::connect(address, &self).await?;
        self.over_link(link).await
    }

    /// As [`open`](Self::open), on a connection of the host's: for other credentials, certificates, or a
    /// proxy. It stays the host's: it is not thrown away when it falls silent, and a broken one is noticed only
    /// when the patience is over.
    ///
    /// # Errors
    /// [`NatsError`].
    pub async fn over(self, client: async_nats::Client) -> Result<NatsStore, NatsError> {
        self.check_prefix()?;
        let link = Link::over(client, self.patience);
        self.over_link(link).await
    }

    /// Of many that open a new bucket at once, one finds it and is told by its subject that nobody is there: the server that
    /// makes it is not done yet.
    async fn over_link(self, link: Link) -> Result<NatsStore, NatsError> {
        let deadline = link.deadline();
        loop {
            match self.opened(&link).await {
                Err(error) if error.is_of_no_stream() && Instant::now() < deadline => sleep(PAUSE).await,
                opened => return opened,
            }
        }
    }

    async fn opened(&self, link: &Link) -> Result<NatsStore, NatsError> {
        let store = NatsStore { bucket: schema::open(link, &self.prefix, self).await?.into() };
        let mut drawn = [0; 16];
        SystemRandomness.fill(&mut drawn)?;
        let key = probe::key(u128::from_be_bytes(drawn));
        let probed = probe::stale_write(&store, &key, self.patience).await;
        let forgotten = store.bucket.forget(&key).await;
        probed.map_err(|failed| match failed {
            Failed::Store(error) => error,
            Failed::Found(found) => found.into(),
            Failed::Unanswered => NatsError::NoAnswer(self.patience),
        })?;
        forgotten.map(|()| store)
    }

    fn check_prefix(&self) -> Result<(), NatsError> {
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = (1..=NAME_BYTES).contains(&self.prefix.len());
        if fits && self.prefix.bytes().all(is_usual) { Ok(()) } else { Err(NatsError::InvalidPrefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patience_is_neither_over_at_once_nor_for_ever() {
        for said in [Duration::ZERO, PATIENCE, Duration::MAX] {
            assert_eq!(NatsOptions::new().patience(said).patience, bounded(said), "{said:?}");
        }
    }
}
