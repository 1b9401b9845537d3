//! Encryption on the way to a server, with rustls.

use std::fmt;
use std::sync::Arc;

#[cfg(any(feature = "postgres", feature = "nats"))]
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Whom to believe, as PEM.
#[derive(Clone)]
pub(crate) struct Roots(Arc<[u8]>);

/// The root certificates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the root certificates cannot be read: they are one or more certificates as PEM")]
struct Unreadable;

pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Roots {
    pub(crate) fn new(pem: impl Into<Vec<u8>>) -> Self {
        Self(Arc::from(pem.into()))
    }

    /// The text, once it has been read and holds at least one.
    #[cfg(any(feature = "mariadb", feature = "redis", feature = "etcd"))]
    pub(crate) fn checked(&self) -> Result<&[u8], Cause> {
        self.store().map(|_| &*self.0)
    }

    fn store(&self) -> Result<RootCertStore, Cause> {
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&self.0) {
            store.add(certificate.map_err(|_| Unreadable)?).map_err(|_| Unreadable)?;
        }
        if store.is_empty() { Err(Unreadable.into()) } else { Ok(store) }
    }

    /// For the drivers that take it.
    #[cfg(any(feature = "postgres", feature = "nats"))]
    pub(crate) fn client(&self) -> Result<ClientConfig, Cause> {
        choose_cryptography();
        Ok(ClientConfig::builder().with_root_certificates(self.store()?).with_no_client_auth())
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({} bytes)", self.0.len())
    }
}

/// rustls takes the process's choice of cryptography, and panics where a program has two compiled in and chose none.
pub(crate) fn choose_cryptography() {
    // An error means that the host has chosen.
    let _chosen = rustls::crypto::ring::default_provider().install_default();
}
