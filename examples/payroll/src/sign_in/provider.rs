//! The OpenID provider: where it is, what it says of itself, and who this program is to it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{
    AuthType, ClientId, ClientSecret, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, RedirectUrl,
};
use tokio::sync::Mutex;

use super::http::{Client, NotAsked, is_local};
use crate::settings::Settings;
use crate::{bank, places};

/// How long what a provider says of itself, its keys among it, is taken for true: a key that is withdrawn is good for so
/// long at most. A key that is new is found at once, see [`OpenIdProvider::asked_again`].
const FRESH: Duration = Duration::from_secs(600);
/// How long a provider that could not be asked is left alone, so that many who sign in do not queue up for its time-out.
const AWAY: Duration = Duration::from_secs(1);

/// Signatures that are accepted, if the provider offers them: those by a key of its own. Those by a shared secret are not.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::EdDsa,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
];

/// The client of the library, once the provider has said where its endpoints are.
pub(super) type KnownClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider could not be asked, or what it says of itself is not to be used. The log has the reason.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the OpenID provider could not be asked")]
pub(super) struct ProviderAway;

/// A provider.
pub(super) struct OpenIdProvider {
    /// As it was configured: with a slash at its end or without.
    issuer: IssuerUrl,
    id: ClientId,
    secret: Option<ClientSecret>,
    /// Whether it is the one of this program.
    pub(super) is_test_bank: bool,
    /// The level of authentication that it is asked for and has to state, if there is one.
    pub(super) acr: Option<String>,
    /// Whether its tokens have to say when somebody signed in.
    pub(super) says_when: bool,
    pub(super) http: Client,
    said: Mutex<Said>,
}

/// What the provider has said of itself, and when.
enum Said {
    Nothing,
    Known(Arc<CoreProviderMetadata>, Instant),
    Away(Instant),
}

impl fmt::Debug for OpenIdProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenIdProvider").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl OpenIdProvider {
    /// The configured one, or else the test bank. It is not asked for anything yet: it may be away.
    pub(super) fn of(settings: &Settings) -> Result<Self, Box<dyn Error>> {
        let (issuer, id, secret) = match &settings.provider {
            Some(provider) => {
                (provider.issuer.clone(), provider.client_id.clone(), provider.client_secret.clone())
            }
            None => (bank::issuer(settings), bank::CLIENT.to_owned(), Some(bank::client_secret(settings))),
        };
        let issuer = IssuerUrl::new(issuer)?;
        let is_secure = match issuer.url().scheme() {
            "https" => true,
            "http" => is_local(issuer.url()),
            _ => false,
        };
        if !is_secure || issuer.url().query().is_some() || issuer.url().fragment().is_some() {
            return Err("--issuer is an https address without a query; http is for this machine only".into());
        }
        Ok(Self {
            http: Client::of_provider(issuer.url(), settings.listening.ip())?,
            issuer,
            id: ClientId::new(id),
            secret: secret.map(ClientSecret::new),
            is_test_bank: settings.provider.is_none(),
            acr: settings.provider.as_ref().and_then(|provider| provider.acr.clone()),
            says_when: settings.provider.as_ref().is_none_or(|provider| provider.says_when),
            said: Mutex::new(Said::Nothing),
        })
    }

    /// The issuer, the same whether it is written with a slash at its end or without.
    pub(super) fn name(&self) -> &str {
        self.issuer.trim_end_matches('/')
    }

    /// What the provider says of itself, asked for now and then. Who comes meanwhile waits for the one question.
    pub(super) async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, ProviderAway> {
        let mut said = self.said.lock().await;
        match &*said {
            Said::Known(metadata, when) if when.elapsed() < FRESH => Ok(Arc::clone(metadata)),
            Said::Away(when) if when.elapsed() < AWAY => Err(ProviderAway),
            _ => self.discover(&mut said).await,
        }
    }

    /// Asked again, since a signature could not be verified by this: the provider may have changed its keys.
    pub(super) async fn asked_again(
        &self,
        known: &Arc<CoreProviderMetadata>,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderAway> {
        let mut said = self.said.lock().await;
        match &*said {
            Said::Known(metadata, _) if !Arc::ptr_eq(metadata, known) => Ok(Arc::clone(metadata)),
            _ => self.discover(&mut said).await,
        }
    }

    async fn discover(&self, said: &mut Said) -> Result<Arc<CoreProviderMetadata>, ProviderAway> {
        let found = match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await {
            // It may call itself by the other of the two names; whatever it answers, its tokens must name the same.
            Err(DiscoveryError::Validation(_)) => {
                CoreProviderMetadata::discover_async(self.other_name(), &self.http).await
            }
            found => found,
        };
        match found {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *said = Said::Known(Arc::clone(&metadata), Instant::now());
                Ok(metadata)
            }
            Err(error) => {
                log_discovery(&self.issuer, &error);
                *said = Said::Away(Instant::now());
                Err(ProviderAway)
            }
        }
    }

    /// With a slash at its end if it is configured without, and without if with.
    fn other_name(&self) -> IssuerUrl {
        let other = self.issuer.strip_suffix('/').map_or_else(|| format!("{}/", *self.issuer), str::to_owned);
        IssuerUrl::new(other).unwrap_or_else(|_| self.issuer.clone())
    }

    /// The library's client, for people who come back to this address.
    pub(super) fn client(&self, metadata: &CoreProviderMetadata, back: RedirectUrl) -> KnownClient {
        let ways = metadata.token_endpoint_auth_methods_supported();
        let has = |way| ways.is_some_and(|ways| ways.contains(&way));
        // What is not said is Basic (OpenID Connect Discovery 1.0 §3).
        let by_body =
            has(CoreClientAuthMethod::ClientSecretPost) && !has(CoreClientAuthMethod::ClientSecretBasic);
        let way = if by_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        CoreClient::from_provider_metadata(metadata.clone(), self.id.clone(), self.secret.clone())
            .set_auth_type(way)
            .set_redirect_uri(back)
    }

    /// Which of the signatures that the provider offers are accepted.
    pub(super) fn algorithms(metadata: &CoreProviderMetadata) -> Vec<CoreJwsSigningAlgorithm> {
        let offered = metadata.id_token_signing_alg_values_supported();
        ALGORITHMS.into_iter().filter(|algorithm| offered.contains(algorithm)).collect()
    }

    /// Who this program is to the provider.
    pub(super) const fn id(&self) -> &ClientId {
        &self.id
    }
}

fn log_discovery(issuer: &IssuerUrl, error: &DiscoveryError<NotAsked>) {
    tracing::error!(%issuer, error = error as &dyn Error, "the OpenID provider could not be asked");
}

/// Where people come back to, at one of our origins.
pub(super) fn back_to(origin: &str) -> Result<RedirectUrl, url::ParseError> {
    RedirectUrl::new(format!("{origin}{}", places::BACK))
}
