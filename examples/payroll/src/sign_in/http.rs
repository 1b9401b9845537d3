//! The HTTP client that asks the provider. It follows no redirects, waits for a bounded time and reads bounded answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use axum::http;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect;
use url::{Host, Url};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(8);
/// The longest answer that is read, in bytes: key sets of large providers have some ten thousand.
const LARGEST_ANSWER: usize = 1_048_576;

/// The client. Clones share its connections.
#[derive(Clone, Debug)]
pub(super) struct Client(reqwest::Client);

/// The provider was not asked, or its answer not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAsked {
    #[error("the request failed")]
    Failed(#[from] reqwest::Error),
    #[error("the answer is longer than {LARGEST_ANSWER} bytes")]
    TooLong,
    #[error("the answer is no HTTP")]
    Malformed(#[from] http::Error),
}

/// Whether this address is on this machine (RFC 6761 §6.3 for names that end with `.localhost`).
pub(super) fn is_local(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl Client {
    /// A client for a provider. A system resolver may not know names that end with `.localhost`: those are where this
    /// program listens, or elsewhere on this machine.
    pub(super) fn of_provider(issuer: &Url, listening: IpAddr) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        let client = match issuer.host_str() {
            Some(name) if name.ends_with(".localhost") => {
                let own = Some(listening).filter(IpAddr::is_loopback);
                let others = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
                // Port 0: the one that the address names.
                let addresses: Vec<SocketAddr> =
                    own.into_iter().chain(others).map(|address| SocketAddr::new(address, 0)).collect();
                client.resolve_to_addrs(name, &addresses)
            }
            _ => client,
        };
        let client = if is_local(issuer) { client.no_proxy() } else { client };
        client.build().map(Self)
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, NotAsked> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len().saturating_add(chunk.len()) > LARGEST_ANSWER {
                return Err(NotAsked::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = NotAsked;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NotAsked>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
