#![doc = include_str!("codes.md")]

use axum::http::StatusCode;
use pinlatch::refusal::Language;

/// What is answered before the gate is asked: the request itself was not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HttpCode {
    /// The body is no JSON, or not of the form that is asked for.
    BodyMalformed,
    /// The body is not said to be JSON.
    BodyNotJson,
    /// The body is longer than the host takes.
    BodyTooLarge,
    /// The body did not arrive in the time that the host gives it.
    BodyTooSlow,
    /// The name of a device or a profile cannot be used: too long, or with characters that nobody sees.
    NameNotUsable,
    /// A date, or a period that ends before it begins, cannot be used.
    DateNotUsable,
    /// The `Idempotency-Key` is not 16 to 128 visible ASCII characters.
    KeyMalformed,
    /// The `Idempotency-Key` was sent before with another body.
    KeyReused,
    /// There is no browser session, or it has ended.
    BrowserSessionRequired,
    /// There is no such route, or an id in it is none.
    RouteUnknown,
    /// The route does not know this method.
    MethodUnknown,
}

impl HttpCode {
    /// Every one, in the order of the page.
    pub const ALL: &'static [Self] = &[
        Self::BodyMalformed,
        Self::BodyNotJson,
        Self::BodyTooLarge,
        Self::BodyTooSlow,
        Self::NameNotUsable,
        Self::DateNotUsable,
        Self::KeyMalformed,
        Self::KeyReused,
        Self::BrowserSessionRequired,
        Self::RouteUnknown,
        Self::MethodUnknown,
    ];

    /// The code as text; it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BodyMalformed => "BodyMalformed",
            Self::BodyNotJson => "BodyNotJson",
            Self::BodyTooLarge => "BodyTooLarge",
            Self::BodyTooSlow => "BodyTooSlow",
            Self::NameNotUsable => "NameNotUsable",
            Self::DateNotUsable => "DateNotUsable",
            Self::KeyMalformed => "KeyMalformed",
            Self::KeyReused => "KeyReused",
            Self::BrowserSessionRequired => "BrowserSessionRequired",
            Self::RouteUnknown => "RouteUnknown",
            Self::MethodUnknown => "MethodUnknown",
        }
    }

    /// The status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BodyMalformed | Self::KeyMalformed => StatusCode::BAD_REQUEST,
            Self::BodyNotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NameNotUsable | Self::DateNotUsable | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BrowserSessionRequired => StatusCode::UNAUTHORIZED,
            Self::RouteUnknown => StatusCode::NOT_FOUND,
            Self::MethodUnknown => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The text for the person.
    #[must_use]
    pub const fn message(self, language: Language) -> &'static str {
        let is_finnish = matches!(language, Language::Finnish);
        match self {
            Self::BodyMalformed | Self::BodyNotJson | Self::KeyMalformed | Self::KeyReused if is_finnish => {
                "Pyyntöä ei voitu lukea. Päivitä sovellus."
            }
            Self::BodyMalformed | Self::BodyNotJson | Self::KeyMalformed | Self::KeyReused => {
                "The request could not be read. Update the app."
            }
            Self::BodyTooLarge if is_finnish => "Pyyntö on liian suuri.",
            Self::BodyTooLarge => "The request is too large.",
            Self::BodyTooSlow if is_finnish => "Pyynnön lähettäminen kesti liian kauan. Yritä uudelleen.",
            Self::BodyTooSlow => "Sending the request took too long. Try again.",
            Self::NameNotUsable if is_finnish => "Nimeä ei voi käyttää. Anna toinen nimi.",
            Self::NameNotUsable => "This name cannot be used. Enter another one.",
            Self::DateNotUsable if is_finnish => "Päivämäärää ei voi käyttää. Tarkista se.",
            Self::DateNotUsable => "This date cannot be used. Check it.",
            Self::BrowserSessionRequired if is_finnish => "Kirjaudu sisään jatkaaksesi.",
            Self::BrowserSessionRequired => "Sign in to continue.",
            Self::RouteUnknown | Self::MethodUnknown if is_finnish => "Sivua ei löydy.",
            Self::RouteUnknown | Self::MethodUnknown => "There is no such page.",
        }
    }
}

/// The name of a code as a URI: an identifier, not an address.
pub(super) fn uri_of(code: &str) -> String {
    format!("urn:pinlatch:problem:{code}")
}
