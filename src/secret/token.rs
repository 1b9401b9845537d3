//! The bearer secrets: [`DeviceToken`] and [`SessionToken`] of a device, [`InvitationToken`] of a person.
//!
//! A token's text is `prefix` + account key (22 characters) + `.` + secret (43 characters), both
//! base64url without padding (RFC 4648 §5). The fixed prefixes let secret scanners find a leaked
//! token; the account key lets the host find the record without an index. The secret is 256 bits.
//! Only the digest of the secret is stored.

use core::fmt;

use data_encoding::BASE64URL_NOPAD;
use zeroize::zeroize_bytes;

use super::digest::Digest;
use crate::id::PersonId;
use crate::refusal::{Cause, Refusal, RefusalCode};

const PREFIX_LENGTH: usize = 8;
const KEY_LENGTH: usize = 22;
const SECRET_START: usize = PREFIX_LENGTH + KEY_LENGTH + 1;
const SECRET_LENGTH: usize = 43;
/// Characters in the text of a token.
const TEXT_LENGTH: usize = SECRET_START + SECRET_LENGTH;

/// Whose account the text of a token names, if it is one with this prefix.
fn account_of(text: &[u8; TEXT_LENGTH], prefix: &[u8]) -> Option<PersonId> {
    let (key, rest) = text.strip_prefix(prefix)?.split_first_chunk::<KEY_LENGTH>()?;
    let _secret = rest.strip_prefix(b".")?;
    let mut person = [0; 16];
    let length = BASE64URL_NOPAD.decode_mut(key, &mut person).ok()?;
    (length == person.len()).then(|| PersonId::from_bytes(person))
}

/// Whether the secret of a token is 32 bytes in base64url.
fn is_secret(text: &[u8; TEXT_LENGTH]) -> bool {
    let (_, secret) = text.split_at(SECRET_START);
    let mut bytes = [0; 32];
    let is_secret = BASE64URL_NOPAD.decode_mut(secret, &mut bytes).is_ok();
    zeroize_bytes(&mut bytes);
    is_secret
}

/// Why a text is no token. [`refusal`](Self::refusal) is what to answer: for a device's and a session's token what
/// an unknown one of that kind gets. An unknown invitation is told later than a malformed one, and otherwise: a
/// sign-in may be begun with it, and is then refused `InvitationRequired` or `ReinvitationRequired`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The text has the wrong length, prefix or alphabet. Send the token exactly as it was issued.
    #[error("not a token of this kind: send the text exactly as it was issued")]
    Malformed,
    /// The same of a session's token.
    #[error("not a session token: send the text exactly as it was issued")]
    MalformedSession,
}

impl TokenError {
    /// The refusal to show for it: "authenticate", of an invitation too; of a session's token "enter your PIN", as
    /// where the session is not live.
    #[must_use]
    pub const fn refusal(self) -> Refusal {
        match self {
            Self::Malformed => Refusal::because(RefusalCode::AuthenticationRequired, Cause::TokenMalformed),
            Self::MalformedSession => Refusal::because(RefusalCode::SessionRequired, Cause::TokenMalformed),
        }
    }
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        error.refusal()
    }
}

macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $malformed:ident) => {
        $(#[$doc])*
        ///
        /// Not `Clone` and without equality: it is shown to the gate by reference and compared
        /// there as a digest. Wiped from memory when dropped.
        pub struct $name {
            person: PersonId,
            digest: Digest,
            text: [u8; TEXT_LENGTH],
        }

        impl $name {
            /// What the text of every such token begins with.
            pub const PREFIX: &'static str = $prefix;

            /// The token of `person` with this secret: 32 bytes straight from a cryptographic random
            /// source, which are wiped. The gate draws them for you.
            pub fn from_secret(person: PersonId, secret: &mut [u8; 32]) -> Self {
                let mut text = [b'.'; TEXT_LENGTH];
                let (prefix, rest) = text.split_at_mut(PREFIX_LENGTH);
                let (key, rest) = rest.split_at_mut(KEY_LENGTH);
                let (_dot, tail) = rest.split_at_mut(1);
                prefix.copy_from_slice($prefix.as_bytes());
                BASE64URL_NOPAD.encode_mut(person.as_bytes(), key);
                BASE64URL_NOPAD.encode_mut(&secret[..], tail);
                zeroize_bytes(secret);
                let digest = Self::digest_of(&text);
                Self { person, digest, text }
            }

            /// Reads a token from the text that was sent back.
            ///
            /// # Errors
            /// [`TokenError`] if the text is not of the form described above.
            pub fn parse(text: &str) -> Result<Self, TokenError> {
                let text: &[u8; TEXT_LENGTH] =
                    text.as_bytes().try_into().map_err(|_| TokenError::$malformed)?;
                let person = account_of(text, $prefix.as_bytes()).ok_or(TokenError::$malformed)?;
                if !is_secret(text) {
                    return Err(TokenError::$malformed);
                }
                Ok(Self { person, digest: Self::digest_of(text), text: *text })
            }

            fn digest_of(text: &[u8; TEXT_LENGTH]) -> Digest {
                let (_, secret) = text.split_at(SECRET_START);
                Digest::of(&[$prefix.as_bytes(), secret])
            }

            /// The text, to be sent over a protected channel to whom the token was made for, and to nobody else. What
            /// becomes of it there, the page of this type says.
            #[must_use]
            pub fn expose(&self) -> &str {
                core::str::from_utf8(&self.text).unwrap_or_default()
            }

            /// Whose account this token says it belongs to; unproven until the gate has compared it.
            #[must_use]
            pub const fn person(&self) -> PersonId {
                self.person
            }

            /// The digest under which this token is stored. The secret's text is hashed as it is,
            /// behind the prefix: one SHA-256 block.
            #[must_use]
            pub fn digest(&self) -> Digest {
                self.digest
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                zeroize_bytes(&mut self.text);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

token! {
    /// Proves which device is asking, from authentication to log-out. It opens nothing by itself: with it a device may
    /// create its PIN, try to unlock, lock and log out, and ask afterwards why it was. The device keeps it in its key
    /// store until the next authentication.
    #[doc(alias = "refresh token")]
    DeviceToken, "pinlatd_", Malformed
}
token! {
    /// An invitation, to be sent to the invited person, who presents it when authenticating. Worth nothing
    /// without strong authentication. Nobody keeps it: once it was used it is void.
    InvitationToken, "pinlati_", Malformed
}
token! {
    /// Proves a session: it lives while the device is authenticated, is new at every unlock and
    /// dies at lock (R11, R26, I06). The device keeps it in memory only.
    #[doc(alias = "access token")]
    #[doc(alias = "session")]
    SessionToken, "pinlats_", MalformedSession
}

/// Once more, for a handle of the gate's that outlives the caller's.
impl DeviceToken {
    pub(crate) const fn duplicate(&self) -> Self {
        Self { person: self.person, digest: self.digest, text: self.text }
    }
}

impl SessionToken {
    pub(crate) const fn duplicate(&self) -> Self {
        Self { person: self.person, digest: self.digest, text: self.text }
    }
}
