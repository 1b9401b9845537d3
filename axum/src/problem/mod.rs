//! Refusals as `application/problem+json` (RFC 9457): one form for whatever is not done.
//!
//! A program reads `code`, which is stable and never translated, `kind` and `next`; a person reads `detail`. What the
//! audit trail knows of a refusal is not in it. A host replaces any text by [`Texts`](crate::parts::Texts).

mod body;
pub mod codes;
mod status;

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pinlatch::refusal::Refusal;

pub use body::{Next, ProblemBody, Step};
pub use codes::HttpCode;
pub use status::status_of;

use crate::parts::Wording;

/// The media type of every refusal.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not done, ready to be sent.
///
/// It is made by [`Asked::problem`](crate::asked::Asked::problem), which knows the languages of the request and the
/// host's texts, or, in the languages of the crate alone, `From` a [`Refusal`] or an [`HttpCode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Answer>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    body: ProblemBody,
    status: StatusCode,
    /// Whole seconds.
    retry_after: Option<u64>,
    challenge: Option<&'static str>,
    language: Cow<'static, str>,
}

/// A text and the language that it is in.
pub(crate) struct Worded {
    pub(crate) text: String,
    pub(crate) language: Cow<'static, str>,
}

impl Problem {
    /// The body.
    #[must_use]
    pub const fn body(&self) -> &ProblemBody {
        &self.0.body
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Whole seconds to wait before the same again, where that helps.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    pub(crate) fn of_refusal(refusal: Refusal, worded: impl FnOnce(&Wording<'_>) -> Worded) -> Self {
        let code = refusal.code();
        let status = status_of(code);
        let mut chosen = None;
        let public = refusal.public_with(|code, details| {
            let Worded { text, language } = worded(&Wording::of_refusal(code, details));
            chosen = Some(language);
            text
        });
        let challenge = (status == StatusCode::UNAUTHORIZED).then_some("Bearer");
        Self(Box::new(Answer {
            body: ProblemBody::of_refusal(&public, status),
            status,
            retry_after: status::retry_after(refusal, status),
            challenge,
            language: chosen.unwrap_or(Cow::Borrowed("en")),
        }))
    }

    pub(crate) fn of_http(code: HttpCode, worded: impl FnOnce(&Wording<'_>) -> Worded) -> Self {
        let Worded { text, language } = worded(&Wording::of_http(code));
        let challenge = (code == HttpCode::BrowserSessionRequired).then_some("Cookie");
        Self(Box::new(Answer {
            body: ProblemBody::of_http(code, text),
            status: code.status(),
            retry_after: None,
            challenge,
            language,
        }))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::of_refusal(refusal, |wording| wording.built_in(&crate::asked::Languages::default()))
    }
}

impl From<HttpCode> for Problem {
    fn from(code: HttpCode) -> Self {
        Self::of_http(code, |wording| wording.built_in(&crate::asked::Languages::default()))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Answer { body, status, retry_after, challenge, language } = *self.0;
        crate::running::meter::refused(&body.code);
        let mut response = (status, serde_json::to_vec(&body).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(language) = HeaderValue::from_str(&language) {
            headers.insert(header::CONTENT_LANGUAGE, language);
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
