//! Texts in the host's words or languages.

use pinlatch::account::EndReason;
use pinlatch::refusal::{Audience, Details, NextStep, Refusal, RefusalCode};

use crate::asked::Languages;
use crate::problem::{HttpCode, Worded};

/// What a text is wanted for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Wording<'a> {
    /// The code, as it is sent.
    pub code: &'a str,
    /// The same, if it is a refusal's; `None` of an [`HttpCode`] and of an end.
    pub refusal: Option<RefusalCode>,
    /// Who reads it.
    pub audience: Audience,
    /// How many digits the PIN has that was asked for, where an entry was malformed.
    pub pin_digits: Option<u8>,
    /// What the reader does next, if the gate has said it.
    pub next: Option<NextStep>,
    /// Why the device's session ended, where that is told; `code` is `SessionEnded` then.
    pub ended: Option<EndReason>,
    http: Option<HttpCode>,
}

/// A text of the host's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnText {
    /// The text.
    pub text: String,
    /// The language that it is in, as a tag: `sv`.
    pub language: String,
}

/// Replaces any text of a problem, and of why a session ended.
pub trait Texts: Send + Sync {
    /// The text for this, in the first of these languages that the host has; `None` leaves it to the crate, which has
    /// English and Finnish.
    fn text(&self, wording: &Wording<'_>, languages: &Languages) -> Option<OwnText>;
}

impl Wording<'_> {
    pub(crate) const fn of_refusal(code: RefusalCode, details: &Details) -> Self {
        let Details { audience, pin_digits, next, .. } = *details;
        Self {
            code: code.as_str(),
            refusal: Some(code),
            audience,
            pin_digits,
            next: Some(next),
            ended: None,
            http: None,
        }
    }

    pub(crate) const fn of_http(code: HttpCode) -> Self {
        Self {
            code: code.as_str(),
            refusal: None,
            audience: Audience::Person,
            pin_digits: None,
            next: None,
            ended: None,
            http: Some(code),
        }
    }

    pub(crate) const fn of_end(reason: EndReason) -> Self {
        Self {
            code: "SessionEnded",
            refusal: None,
            audience: Audience::Person,
            pin_digits: None,
            next: None,
            ended: Some(reason),
            http: None,
        }
    }

    /// The crate's own text.
    pub(crate) fn built_in(&self, languages: &Languages) -> Worded {
        let language = languages.built_in();
        let text = match (self.refusal, self.http) {
            (Some(code), _) => {
                let refusal = Refusal::new(code).told_to(self.audience);
                let refusal = self.next.map_or(refusal, |next| refusal.leading_to(next));
                refusal.for_pin_digits(self.pin_digits.unwrap_or(0)).public(language).text.into_owned()
            }
            (None, Some(code)) => code.message(language).to_owned(),
            (None, None) => self.ended.map_or("", |reason| reason.message(language)).to_owned(),
        };
        let tag = if language == pinlatch::refusal::Language::Finnish { "fi" } else { "en" };
        Worded { text, language: tag.into() }
    }
}
