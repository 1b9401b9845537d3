//! What a client asks for (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 §4.3).

use serde::Deserialize;
use url::Url;

use super::CLIENT;
use crate::places::{self, BACK};
use crate::settings::Settings;
use crate::sign_in::of_class;

/// A request as it came: in the address at first, then in the hidden fields of the form.
#[derive(Clone, Deserialize)]
pub(super) struct Asked {
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    pub(super) response_type: String,
    #[serde(default)]
    pub(super) scope: String,
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) nonce: String,
    #[serde(default)]
    pub(super) code_challenge: String,
    #[serde(default)]
    pub(super) code_challenge_method: String,
    #[serde(default)]
    pub(super) acr_values: String,
}

/// A request by this program, to come back to one of its own addresses. Only of such a one is the browser sent back.
pub(super) struct Known {
    pub(super) asked: Asked,
    back: Url,
}

impl Asked {
    /// Who is sent nowhere if client or address are not known: nobody can make this bank lead to a page of theirs.
    pub(super) fn known(self, settings: &Settings) -> Option<Known> {
        let mut origins = places::phone_origins(settings);
        origins.push(places::origin(settings, "office"));
        let is_registered = origins.iter().any(|origin| self.redirect_uri == format!("{origin}{BACK}"));
        if self.client_id != CLIENT || !is_registered {
            return None;
        }
        Some(Known { back: Url::parse(&self.redirect_uri).ok()?, asked: self })
    }
}

impl Known {
    /// What is wrong with it, as RFC 6749 §4.1.2.1 calls it.
    pub(super) fn error(&self) -> Option<&'static str> {
        let Asked { response_type, scope, code_challenge, code_challenge_method, .. } = &self.asked;
        if response_type != "code" {
            return Some("unsupported_response_type");
        }
        if !scope.split(' ').any(|scope| scope == "openid") {
            return Some("invalid_scope");
        }
        let is_digest = code_challenge.len() == 43
            && code_challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        (code_challenge_method != "S256" || !is_digest).then_some("invalid_request")
    }

    /// The `acr` of the first of the methods it asks for that there is; an account if it asks for none.
    pub(super) fn class(&self) -> &str {
        let mut asked = self.asked.acr_values.split(' ');
        asked.find(|class| of_class(class).is_some()).unwrap_or("account")
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.asked.redirect_uri
    }

    pub(super) fn client_id(&self) -> &str {
        &self.asked.client_id
    }

    /// The address to go back to, with what is said there.
    pub(super) fn back_with(&self, name: &str, value: &str) -> String {
        let mut back = self.back.clone();
        back.query_pairs_mut().append_pair(name, value).append_pair("state", &self.asked.state);
        back.into()
    }
}
