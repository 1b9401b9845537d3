//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::app::HasApp;

/// Where the host's requests say which address they come from. There is no guessing: a header that nobody sets is
/// a header that everybody may set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAddress {
    /// Nowhere: no address is known, and none gets into the audit trail.
    #[default]
    NotTaken,
    /// The other end of the connection. Serve with `into_make_service_with_connect_info::<SocketAddr>()`.
    Peer,
    /// A list such as `X-Forwarded-For`, to which each proxy appends the address it sees. So many proxies of the
    /// host's own stand in front: the list is walked from the right, and the entry that the outermost of them wrote
    /// is taken. What stands left of it is the client's own invention.
    Forwarded {
        /// The header, for example `x-forwarded-for`.
        header: HeaderName,
        /// How many trusted proxies append to it.
        proxies: NonZeroUsize,
    },
}

/// The client, as far as the host said how to tell: an extractor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address. `None` if it is not known: **never put those who have none into one bucket of a limit**, or one of
    /// them shuts the others out.
    pub address: Option<IpAddr>,
}

impl ClientAddress {
    pub(crate) fn of(&self, parts: &Parts) -> Option<IpAddr> {
        match self {
            Self::NotTaken => None,
            Self::Peer => parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip()),
            Self::Forwarded { header, proxies } => forwarded(&parts.headers, header, *proxies),
        }
    }
}

/// Several lines of a list are one list (RFC 9110 §5.3). Nothing but the one entry is read: what the client wrote left of
/// it may be any bytes, and must not hide where it is.
fn forwarded(headers: &HeaderMap, header: &HeaderName, proxies: NonZeroUsize) -> Option<IpAddr> {
    let lines = headers.get_all(header).iter().rev();
    let mut from_the_right = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let entry = from_the_right.nth(proxies.get().saturating_sub(1))?;
    let entry = std::str::from_utf8(entry).ok()?.trim();
    let address = entry.parse().ok();
    address.or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl<S: HasApp> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self { address: state.app().parts().address.of(parts) })
    }
}
