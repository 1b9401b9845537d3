//! How somebody proves who they are, as the test bank says it in `acr`. What another provider does is its own matter: to
//! this program it is an account with an identity provider.

use pinlatch::people::AuthenticationMethod;

/// The `acr` of a method; none of one that a later release of pinlatch may have.
pub(crate) const fn class_of(method: AuthenticationMethod) -> Option<&'static str> {
    match method {
        AuthenticationMethod::BankCredentials => Some("bank"),
        AuthenticationMethod::MobileCertificate => Some("mobile"),
        AuthenticationMethod::IdentityProviderAccount => Some("account"),
        _ => None,
    }
}

/// The method of an `acr`.
pub(crate) fn of_class(class: &str) -> Option<AuthenticationMethod> {
    AuthenticationMethod::ALL.iter().copied().find(|method| class_of(*method) == Some(class))
}
