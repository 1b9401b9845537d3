//! A finger and a face without a person: Chromium's virtual authenticator, of the platform, which verifies its user.

use serde_json::{Value, json};

use super::driver::Chromium;

/// An authenticator of the tab that is in front. A window has none of another's: [`Authenticator::with`] gives it one with the
/// same passkeys.
pub(crate) struct Authenticator<'a> {
    browser: &'a Chromium,
    id: Value,
}

impl<'a> Authenticator<'a> {
    /// A new one, which nobody has shown anything to.
    pub(crate) async fn added(browser: &'a Chromium) -> Self {
        browser.devtools("WebAuthn.enable", json!({})).await;
        let options = json!({
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true,
        });
        let added = browser.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
        Self { browser, id: added["authenticatorId"].clone() }
    }

    /// A new one with these passkeys.
    pub(crate) async fn with(browser: &'a Chromium, passkeys: &[Value]) -> Self {
        let added = Self::added(browser).await;
        for passkey in passkeys {
            added.add(passkey).await;
        }
        added
    }

    pub(crate) async fn passkeys(&self) -> Vec<Value> {
        let found = self.ask("WebAuthn.getCredentials", json!({})).await;
        found["credentials"].as_array().unwrap().clone()
    }

    pub(crate) async fn add(&self, passkey: &Value) {
        self.ask("WebAuthn.addCredential", json!({ "credential": passkey })).await;
    }

    pub(crate) async fn forget_all(&self) {
        self.ask("WebAuthn.clearCredentials", json!({})).await;
    }

    /// Whether the finger that it is shown is one that it knows.
    pub(crate) async fn recognises(&self, recognises: bool) {
        self.ask("WebAuthn.setUserVerified", json!({ "isUserVerified": recognises })).await;
    }

    async fn ask(&self, command: &str, mut parameters: Value) -> Value {
        parameters["authenticatorId"] = self.id.clone();
        self.browser.devtools(command, parameters).await
    }
}
