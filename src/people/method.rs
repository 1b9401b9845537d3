//! The methods of strong authentication.

/// A way to prove who one is. Verifying the proof is the host's; the crate decides who may use
/// which.
///
/// With the feature `serde` it is its name, as in `"BankCredentials"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive] // D08
pub enum AuthenticationMethod {
    /// Finnish bank credentials.
    BankCredentials,
    /// A mobile certificate of a Finnish operator.
    MobileCertificate,
    /// An account with the identity provider (Visma Connect). Open to anyone (R01, R30).
    IdentityProviderAccount,
}

impl AuthenticationMethod {
    /// Every method there is.
    pub const ALL: &'static [Self] =
        &[Self::BankCredentials, Self::MobileCertificate, Self::IdentityProviderAccount];
}

/// Which credentials a person holds besides the identity-provider account that anyone may have.
///
/// With the feature `serde` it is `{"bank":true,"mobile_certificate":false}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct CredentialsHeld {
    /// Finnish bank credentials. Without them the person is a foreign user.
    pub bank: bool,
    /// A mobile certificate.
    pub mobile_certificate: bool,
}

impl CredentialsHeld {
    /// Whether who holds these may use `method` (R01, R30).
    #[must_use]
    pub const fn allow(self, method: AuthenticationMethod) -> bool {
        match method {
            AuthenticationMethod::BankCredentials => self.bank,
            AuthenticationMethod::MobileCertificate => self.mobile_certificate,
            AuthenticationMethod::IdentityProviderAccount => true,
        }
    }
}
