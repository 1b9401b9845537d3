//! The vocabulary of "no": every refusal is a value with a stable code, a public view that is safe
//! to show, and an audit view with the cause (E33).

mod cause;
mod code;
mod message;

use core::fmt;

pub use cause::Cause;
pub use code::RefusalCode;
pub use message::Language;

/// A refused command: what the person is told (`code`) and what the audit trail learns (`cause`).
///
/// A refusal is an answer, not a failure of the host: retrying it changes nothing. `Display` is
/// the public view, in English.
///
/// It does not serialize, and neither does [`AuditRefusal`]: the cause must not leave the server, and
/// what cannot be written is not written by accident. What goes out is [`public`](Self::public):
///
#[cfg_attr(feature = "serde", doc = "```")]
#[cfg_attr(not(feature = "serde"), doc = "```ignore")]
/// # use pinlatch::refusal::{Language, Refusal, RefusalCode};
/// # fn send(_: impl serde::Serialize) {}
/// let refusal = Refusal::new(RefusalCode::IncorrectPin);
/// send(refusal.public(Language::English));
/// ```
///
/// ```compile_fail,E0277
/// # use pinlatch::refusal::{Language, Refusal, RefusalCode};
/// # fn send(_: impl serde::Serialize) {}
/// let refusal = Refusal::new(RefusalCode::IncorrectPin);
/// send(refusal);
/// ```
///
/// ```compile_fail,E0277
/// # use pinlatch::refusal::{Language, Refusal, RefusalCode};
/// # fn send(_: impl serde::Serialize) {}
/// let refusal = Refusal::new(RefusalCode::IncorrectPin);
/// send(refusal.audit());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    code: RefusalCode,
    cause: Cause,
}

impl Refusal {
    /// A refusal whose code says all there is to say.
    #[must_use]
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, cause: Cause::AsCoded }
    }

    /// A refusal with a cause that only the audit trail may see.
    #[must_use]
    pub const fn because(code: RefusalCode, cause: Cause) -> Self {
        Self { code, cause }
    }

    /// The stable code. Programs match on this.
    #[must_use]
    pub const fn code(self) -> RefusalCode {
        self.code
    }

    /// The cause, for the audit trail only: it may tell that an account exists.
    #[must_use]
    pub const fn cause(self) -> Cause {
        self.cause
    }

    /// What may be shown to whoever asked: code and text, without the cause.
    #[must_use]
    pub const fn public(self, language: Language) -> PublicRefusal {
        PublicRefusal { code: self.code, text: self.code.message(language) }
    }

    /// What the audit trail records.
    #[must_use]
    pub const fn audit(self) -> AuditRefusal {
        AuditRefusal(self)
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.message(Language::English))
    }
}

impl core::error::Error for Refusal {}

/// The public view of a refusal: the same whether the account is unknown or the credential wrong.
///
/// With the feature `serde` it is written, in a human-readable format as
/// `{"code":"IncorrectPin","text":"Incorrect PIN code"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PublicRefusal {
    /// The stable code.
    pub code: RefusalCode,
    /// The text for the person.
    pub text: &'static str,
}

impl fmt::Display for PublicRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// The audit view of a refusal. `Display` gives `Code` or `Code (Cause)`. It does not serialize, as
/// [`Refusal`] does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AuditRefusal(Refusal);

impl fmt::Display for AuditRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.cause {
            Cause::AsCoded => f.write_str(self.0.code.as_str()),
            cause => write!(f, "{} ({cause:?})", self.0.code.as_str()),
        }
    }
}
