//! What every request brings.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pinlatch::account::{EndReason, Note};
use pinlatch::refusal::Refusal;

use super::language::Languages;
use super::token::only;
use crate::app::HasApp;
use crate::parts::{Texts, Wording};
use crate::problem::{HttpCode, Problem, Worded};

/// The languages of a request, and what the audit trail says beside what it causes.
#[derive(Clone)]
pub struct Asked {
    /// Which languages the person reads.
    pub languages: Languages,
    /// The trace id and the client's address, as far as the host said where they are.
    pub note: Option<Note>,
    texts: Option<Arc<dyn Texts>>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("languages", &self.languages)
            .field("note", &self.note)
            .finish_non_exhaustive()
    }
}

impl Asked {
    /// As the extractor makes it: for a host that calls a handler as a function.
    #[must_use]
    pub fn from_parts<S: HasApp>(parts: &Parts, state: &S) -> Self {
        Self::of(parts, state)
    }

    /// A refusal, in the person's language.
    pub fn problem(&self, refusal: impl Into<Refusal>) -> Problem {
        Problem::of_refusal(refusal.into(), |wording| self.word(wording))
    }

    /// What the request itself got wrong, in the person's language.
    #[must_use]
    pub fn wrong(&self, code: HttpCode) -> Problem {
        Problem::of_http(code, |wording| self.word(wording))
    }

    /// Why a session ended, in the person's language.
    pub(crate) fn told(&self, reason: EndReason) -> Worded {
        self.word(&Wording::of_end(reason))
    }

    fn word(&self, wording: &Wording<'_>) -> Worded {
        let own = self.texts.as_ref().and_then(|texts| texts.text(wording, &self.languages));
        own.map_or_else(
            || wording.built_in(&self.languages),
            |own| Worded { text: own.text, language: own.language.into() },
        )
    }

    /// Of a request of which only the headers are known.
    pub(crate) fn in_languages<S: HasApp>(languages: Languages, state: &S) -> Self {
        Self { languages, note: None, texts: state.app().parts().texts.clone() }
    }

    pub(crate) fn of<S: HasApp>(parts: &Parts, state: &S) -> Self {
        let given = state.app().parts();
        Self {
            languages: Languages::of(&parts.headers),
            note: note(given.trace_header.as_ref(), given.address.of(parts), parts),
            texts: given.texts.clone(),
        }
    }
}

/// The trace id, then the address; whichever there is. One that does not fit is left out.
fn note(
    trace: Option<&axum::http::HeaderName>,
    address: Option<std::net::IpAddr>,
    parts: &Parts,
) -> Option<Note> {
    let address = address.map(|address| address.to_string());
    let trace = trace.and_then(|name| only(&parts.headers, name.as_str()).ok().flatten());
    // One word: behind a blank a client could write what looks like an address.
    let trace = trace.filter(|trace| trace.bytes().all(|byte| byte.is_ascii_graphic()));
    match (trace, address) {
        (Some(trace), Some(address)) => {
            Note::new(&format!("{trace} {address}")).or_else(|_| Note::new(&address)).ok()
        }
        (Some(alone), None) => Note::new(alone).ok(),
        (None, Some(alone)) => Note::new(&alone).ok(),
        (None, None) => None,
    }
}

impl<S: HasApp> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}
