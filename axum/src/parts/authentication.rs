//! For whom a bank or an identity provider answered.

use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Answer;
use super::failed::PartFailed;
use super::starts::{BegunSignIn, FlowId};

/// Takes people to the bank, the operator or the identity provider, and verifies what comes back.
///
/// It is not by this crate that a person is believed: **everything rests on [`verify`](Self::verify)**.
pub trait VerifiesAuthentication: Send + Sync {
    /// A sign-in was begun. The answer is handed to the phone as it is: an address to open, for example. The host
    /// keeps what it will need to verify (state, nonce, PKCE verifier) under the flow. `null` if there is nothing to say.
    fn begin<'a>(
        &'a self,
        flow: FlowId,
        methods: &'a [AuthenticationMethod],
    ) -> Answer<'a, Result<Value, PartFailed>>;

    /// What the phone has brought back. Verify signature, audience, nonce and time, and take the person from the proof's
    /// subject, never from what the phone says.
    ///
    /// If the phone sends the same evidence again after a lost reply, what was answered the first time is used, and this
    /// is not asked again; of two requests at one instant both may ask. It runs to its end, whether or not the client
    /// waits: give it a time-out.
    fn verify<'a>(
        &'a self,
        flow: FlowId,
        begun: &'a BegunSignIn,
        evidence: Value,
    ) -> Answer<'a, Result<Verified, NotVerified>>;
}

/// Who was authenticated, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Who, by the proof's subject.
    pub person: PersonId,
    /// By which method.
    pub method: AuthenticationMethod,
}

/// Why nobody was authenticated.
#[derive(Debug, thiserror::Error)]
pub enum NotVerified {
    /// The evidence is not of the form that the host asks for: `BodyMalformed`.
    #[error("the evidence is not of the form that is asked for")]
    Malformed,
    /// The proof was refused: `AuthenticationFailed`.
    #[error("the proof was refused")]
    Failed,
    /// The person gave up: `AuthenticationFailed`.
    #[error("the person gave up")]
    Cancelled,
    /// The bank or the provider could not be asked: `Unavailable`.
    #[error(transparent)]
    Unavailable(#[from] PartFailed),
}
