//! The vocabulary of "no": every refusal is a value with a stable code, a public view that is safe
//! to show, and an audit view with the cause (E33).

mod cause;
mod code;
mod kind;
mod message;
mod public;
mod step;

use alloc::borrow::Cow;
use core::fmt;
use core::num::NonZeroU8;

pub use cause::Cause;
pub use code::RefusalCode;
pub use kind::RefusalKind;
pub use message::Language;
pub use public::{Audience, Details, PublicRefusal};
pub use step::NextStep;

/// A refused command: what the reader is told (`code`, and what to do next) and what the audit trail
/// learns (`cause`).
///
/// A refusal is an answer, not a failure of the host. `Display` is the public view, in English.
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
    /// `None` is what the code says.
    next: Option<NextStep>,
    audience: Audience,
    pin_digits: Option<NonZeroU8>,
}

impl Refusal {
    /// A refusal whose code says all there is to say.
    #[must_use]
    pub const fn new(code: RefusalCode) -> Self {
        Self::because(code, Cause::AsCoded)
    }

    /// A refusal with a cause that only the audit trail may see.
    #[must_use]
    pub const fn because(code: RefusalCode, cause: Cause) -> Self {
        Self { code, cause, next: None, audience: Audience::Person, pin_digits: None }
    }

    /// The same with another next step than the code's: what the account knows (I14).
    #[must_use]
    pub const fn leading_to(mut self, next: NextStep) -> Self {
        self.next = Some(next);
        self
    }

    /// The same, worded for this reader; for the [`Person`](Audience::Person) unless set. What the gate refuses to
    /// an administrator it has set already, where it makes a difference.
    #[must_use]
    pub const fn told_to(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// The same, saying how many digits the PIN has that was asked for (D19). Zero says nothing.
    #[must_use]
    pub const fn for_pin_digits(mut self, digits: u8) -> Self {
        self.pin_digits = NonZeroU8::new(digits);
        self
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

    /// What kind of "no" it is, to its reader: who is to be asked to change something is asked to
    /// [fix the input](RefusalKind::FixInput).
    #[must_use]
    pub const fn kind(self) -> RefusalKind {
        match (self.code.kind(), self.audience) {
            (RefusalKind::AskAdministrator, Audience::Administrator) => RefusalKind::FixInput,
            (kind, _) => kind,
        }
    }

    /// What the reader does next: what was [set](Self::leading_to), else what the code says. Of the
    /// administrator who would be asked another input is wanted.
    #[must_use]
    pub const fn next_step(self) -> NextStep {
        match (self.next, self.kind()) {
            (Some(next), _) => next,
            (None, RefusalKind::FixInput) => NextStep::CorrectInput,
            (None, _) => self.code.next_step(),
        }
    }

    /// What may be shown to whoever asked: code, kind, next step and text, without the cause.
    #[must_use]
    pub fn public(self, language: Language) -> PublicRefusal {
        self.public_with(|code, details| message::text(code, details, language))
    }

    /// The same with a text of the host's own: another language, or the house's style. Where the host has none,
    /// fall back to the text of [`public`](Self::public): that of
    /// [`RefusalCode::message`] knows neither the reader nor the number of digits.
    ///
    /// ```
    /// # use pinlatch::refusal::{Details, Language, Refusal, RefusalCode};
    /// fn swedish(code: RefusalCode, details: &Details) -> Option<String> {
    ///     match (code, details.pin_digits) {
    ///         (RefusalCode::PinMalformed, Some(digits)) => Some(format!("Ange en PIN-kod med {digits} siffror.")),
    ///         _ => None,
    ///     }
    /// }
    /// let refusal = Refusal::new(RefusalCode::PinMalformed).for_pin_digits(6);
    /// let english = refusal.public(Language::English).text;
    /// let text = |code, details: &Details| swedish(code, details).map_or(english, Into::into);
    /// assert_eq!(refusal.public_with(text).text, "Ange en PIN-kod med 6 siffror.");
    /// ```
    #[must_use]
    pub fn public_with<T: Into<Cow<'static, str>>>(
        self,
        text: impl FnOnce(RefusalCode, &Details) -> T,
    ) -> PublicRefusal {
        let (code, next) = (self.code, self.next_step());
        let pin_digits = self.pin_digits.map(NonZeroU8::get);
        let details = Details { audience: self.audience, pin_digits, next };
        PublicRefusal { code, kind: self.kind(), next, text: text(code, &details).into() }
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
        self.public(Language::English).fmt(f)
    }
}

impl core::error::Error for Refusal {}

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
