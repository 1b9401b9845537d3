//! Who somebody is, by the ID token that the provider gave out.

use std::error::Error;

use openidconnect::ClaimsVerificationError;
use openidconnect::core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreProviderMetadata};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod;
use pinlatch_axum::parts::{PartFailed, Verified};

use super::away::nonce_of;
use super::provider::OpenIdProvider;
use super::{OpenId, methods};
use crate::rows::{Kind, RowsFailed};

/// How far the provider's clock may be behind this one's, in seconds.
const SKEW: i64 = 60;

/// A token does not say when somebody signed in, though that was asked for by `max_age`, and OpenID Connect Core 1.0 §2 then
/// requires it. Whoever signed in there long ago may have logged out here since.
const NO_TIME: &str =
    "the OpenID provider does not say when somebody signed in; --without-auth-time believes it";
/// What is to be stated was not.
const NO_ACR: &str = "the OpenID provider does not state the level of authentication that --acr asks for";

/// Why it is nobody.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotIdentified {
    /// The proof is no proof.
    #[error("the proof was refused")]
    Refused,
    /// The provider knows who it is, and this program does not.
    #[error("nobody here has this account")]
    Stranger,
    #[error(transparent)]
    Unavailable(#[from] PartFailed),
}

impl From<RowsFailed> for NotIdentified {
    fn from(failed: RowsFailed) -> Self {
        Self::Unavailable(failed.into())
    }
}

impl OpenId {
    /// Verifies an ID token: signature, issuer, audience, time, and that it was given out for this flow; then whom of ours
    /// its subject is.
    pub(crate) async fn identify(
        &self,
        flow: &str,
        token: &str,
        since: i64,
    ) -> Result<Verified, NotIdentified> {
        let token: CoreIdToken = token.parse().map_err(|_| NotIdentified::Refused)?;
        let metadata = self.provider.metadata().await.map_err(PartFailed::because)?;
        let verified = match self.claims(&metadata, &token, flow, since) {
            // The provider may have new keys, perhaps by the names of old ones, and another algorithm with them. The token
            // comes from the provider itself, so that nobody else can have it asked again.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let metadata = self.provider.asked_again(&metadata).await.map_err(PartFailed::because)?;
                self.claims(&metadata, &token, flow, since)
            }
            verified => verified,
        };
        let claims = verified.map_err(|error| {
            tracing::warn!(error = &error as &dyn Error, "an ID token was refused");
            // The token came from the provider itself, for the code that this browser brought. So what is wrong with it is
            // not the person's doing, and to try again does not help; unless it is another browser's, or says how and when
            // the person signed in there.
            match error {
                ClaimsVerificationError::InvalidAuthTime(text) if text == NO_TIME => unavailable(NO_TIME),
                ClaimsVerificationError::InvalidAuthContext(text) if text == NO_ACR => unavailable(NO_ACR),
                ClaimsVerificationError::InvalidNonce(_)
                | ClaimsVerificationError::InvalidAuthTime(_)
                | ClaimsVerificationError::InvalidAuthContext(_) => NotIdentified::Refused,
                _ => unavailable("the OpenID provider gave out a token that is none for this program"),
            }
        })?;
        let method = self.method(claims)?;
        let person: Option<PersonId> = self.rows.get(Kind::Subject, &self.key_of(claims.subject())).await?;
        let person = person.ok_or_else(|| {
            // What the operator needs to say whose it is.
            tracing::warn!(
                subject = claims.subject().as_str(),
                "nobody here has this account; --subject says who"
            );
            NotIdentified::Stranger
        })?;
        Ok(Verified { person, method })
    }

    fn claims<'t>(
        &self,
        metadata: &CoreProviderMetadata,
        token: &'t CoreIdToken,
        flow: &str,
        since: i64,
    ) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
        let (id, issuer) = (self.provider.id().clone(), metadata.issuer().clone());
        let (says_when, wanted) = (self.provider.says_when, self.provider.acr.as_deref());
        let verifier = CoreIdTokenVerifier::new_public_client(id, issuer, metadata.jwks().clone())
            .set_allowed_algs(OpenIdProvider::algorithms(metadata))
            // It was asked to have it proven anew.
            .set_auth_time_verifier_fn(move |when| match when {
                Some(when) if when.timestamp().saturating_add(SKEW) < since => {
                    Err("proven long ago".to_owned())
                }
                None if says_when => Err(NO_TIME.to_owned()),
                _ => Ok(()),
            })
            .set_auth_context_verifier_fn(move |class| match (wanted, class) {
                (None, _) => Ok(()),
                (Some(_), None) => Err(NO_ACR.to_owned()),
                (Some(wanted), Some(class)) if class.as_str() == wanted => Ok(()),
                _ => Err("proven in another way than --acr asks for".to_owned()),
            });
        token.claims(&verifier, &nonce_of(flow))
    }

    /// The test bank says by what it believed; what another provider asks for is an account with it.
    fn method(&self, claims: &CoreIdTokenClaims) -> Result<AuthenticationMethod, NotIdentified> {
        if !self.is_test_bank() {
            return Ok(AuthenticationMethod::IdentityProviderAccount);
        }
        let class = claims.auth_context_ref().map(|class| class.as_str());
        class.and_then(methods::of_class).ok_or(NotIdentified::Refused)
    }

    /// The key of a subject's row.
    pub(super) fn key_of(&self, subject: &str) -> String {
        format!("{}\n{subject}", self.provider.name())
    }
}

fn unavailable(reason: &'static str) -> NotIdentified {
    NotIdentified::Unavailable(PartFailed::because(reason))
}
