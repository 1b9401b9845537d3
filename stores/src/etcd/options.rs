//! How a store is opened.

use std::time::Duration;

use pinlatch::host::{Randomness, SystemRandomness};

use super::connections::{Link, Tls};
use super::error::EtcdError;
use super::records::Keys;
use super::settings::Risk;
use super::{EtcdStore, schema};
#[cfg(feature = "tls")]
use crate::InvalidUrl;
use crate::address::Address;
use crate::patience::bounded;
use crate::probe::{self, Failed};
#[cfg(feature = "tls")]
use crate::tls::Roots;

/// How long an operation may take as a whole, if nothing else is said: 5 s. An answer takes milliseconds; the
/// election of another leader takes seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The port on which members of etcd talk to clients.
const PORT: u16 = 2379;

const NAME_BYTES: usize = 64;

/// How to open a store: [`EtcdOptions::new`], what differs, then [`open`](Self::open).
#[derive(Clone, Debug)]
pub struct EtcdOptions {
    prefix: String,
    patience: Duration,
    accepted: Vec<Risk>,
    #[cfg(feature = "tls")]
    roots: Option<Roots>,
}

impl Default for EtcdOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl EtcdOptions {
    /// The prefix `pinlatch`, a patience of 5 s, no risk accepted.
    #[must_use]
    pub fn new() -> Self {
        Self {
            prefix: "pinlatch".to_owned(),
            patience: PATIENCE,
            accepted: Vec::new(),
            #[cfg(feature = "tls")]
            roots: None,
        }
    }

    /// What stands before all keys, with a slash after it: one for each deployment in one etcd. 1 to 64 letters,
    /// digits, `-`, `_` and `.`. A prefix in the URL replaces it.
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

    /// Accepts a risk that [`open`](Self::open) refuses otherwise. May be called for several.
    #[must_use]
    pub fn accepting(mut self, risk: Risk) -> Self {
        self.accepted.push(risk);
        self
    }

    /// Believes a server that one of these certificates (PEM) signed for, and no other; without, whom the system
    /// believes.
    /// For `etcds://`.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::new(pem));
        self
    }

    /// Connects to one of the members, and sees that the prefix is ours. The URL is
    /// `etcd://user:password@host:2379,host:2379/prefix`, with the credentials percent-encoded; they and the
    /// prefix are optional. With the feature `tls`, `etcds://` is encrypted. Name all members: one that fails gives way
    /// to the next.
    ///
    /// # Errors
    /// [`EtcdError`].
    pub async fn open(mut self, url: &str) -> Result<EtcdStore, EtcdError> {
        let schemes: &[_] = if cfg!(feature = "tls") { &["etcd", "etcds"] } else { &["etcd"] };
        let address = Address::parse(url, schemes, PORT)?;
        if let Some(prefix) = &address.name {
            self.prefix.clone_from(prefix);
        }
        let tls = self.encryption(&address)?;
        let link = Link::new(address, self.patience, self.accepted.clone(), tls);
        self.over_link(link).await
    }

    #[cfg(not(feature = "tls"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "with the feature there is more to it")]
    const fn encryption(&self, _: &Address) -> Result<Option<Tls>, EtcdError> {
        Ok(None)
    }

    #[cfg(feature = "tls")]
    fn encryption(&self, address: &Address) -> Result<Option<Tls>, EtcdError> {
        if address.scheme == "etcds" {
            crate::tls::choose_cryptography();
        }
        match (address.scheme, &self.roots) {
            ("etcds", Some(roots)) => {
                let pem = roots.checked().map_err(|error| EtcdError::NotConnected(Some(error)))?;
                Ok(Some(Tls::new().ca_certificate(etcd_client::Certificate::from_pem(pem))))
            }
            ("etcds", None) => Ok(Some(Tls::new().with_native_roots())),
            (_, Some(_)) => Err(InvalidUrl::Scheme("etcds").into()),
            (_, None) => Ok(None),
        }
    }

    /// As [`open`](Self::open), on a client of the host's: for client certificates or
    /// a proxy. It stays the host's, and is never thrown away: whether another member takes over is up
    /// to how it was made, and its version and alarms are looked at on opening only.
    ///
    /// # Errors
    /// [`EtcdError`].
    pub async fn over(self, client: etcd_client::Client) -> Result<EtcdStore, EtcdError> {
        let link = Link::over(client, self.patience);
        self.over_link(link).await
    }

    async fn over_link(self, link: Link) -> Result<EtcdStore, EtcdError> {
        self.check_prefix()?;
        let keys = Keys { link, prefix: self.prefix };
        schema::open(&keys, &self.accepted).await?;
        let store = EtcdStore { keys: keys.into() };
        let mut drawn = [0; 16];
        SystemRandomness.fill(&mut drawn)?;
        let key = probe::key(u128::from_be_bytes(drawn));
        let probed = probe::stale_write(&store, &key, self.patience).await;
        let removed = store.keys.remove(&key).await;
        probed.map_err(|failed| match failed {
            Failed::Store(error) => error,
            Failed::Found(found) => found.into(),
            Failed::Unanswered => EtcdError::NoAnswer(self.patience),
        })?;
        removed.map(|_| store)
    }

    fn check_prefix(&self) -> Result<(), EtcdError> {
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let fits = (1..=NAME_BYTES).contains(&self.prefix.len());
        if fits && self.prefix.bytes().all(is_usual) { Ok(()) } else { Err(EtcdError::InvalidPrefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patience_is_neither_over_at_once_nor_for_ever() {
        for said in [Duration::ZERO, PATIENCE, Duration::MAX] {
            assert_eq!(EtcdOptions::new().patience(said).patience, bounded(said), "{said:?}");
        }
    }
}
