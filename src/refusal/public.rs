//! What goes out of a refusal, and to whom.

use alloc::borrow::Cow;
use core::fmt;

use super::code::RefusalCode;
use super::kind::RefusalKind;
use super::step::NextStep;

/// Who reads the text of a refusal.
///
/// With the feature `serde` it is its name, as in `"Person"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Audience {
    /// The person whom it is about.
    #[default]
    Person,
    /// Somebody who acts on another person, or on another person's data.
    Administrator,
}

/// What the text of a refusal is made of, besides its code. Nothing in it is secret.
///
/// With the feature `serde` it is written, for a host whose texts come from templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Details {
    /// Who reads it.
    pub audience: Audience,
    /// How many digits the PIN has that was asked for, where an entry was malformed (D19).
    pub pin_digits: Option<u8>,
    /// What the reader does next.
    pub next: NextStep,
}

/// The public view of a refusal: the same whether the account is unknown or the credential wrong.
///
/// With the feature `serde` it is written, in a human-readable format as
/// `{"code":"IncorrectPin","kind":"EnterPin","next":"EnterPin","text":"Incorrect PIN code"}`; a wait as
/// `"next":{"TryAgain":{"after_milliseconds":5000}}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PublicRefusal {
    /// The stable code.
    pub code: RefusalCode,
    /// What kind of "no" it is.
    pub kind: RefusalKind,
    /// What the reader does next.
    pub next: NextStep,
    /// The text for the reader.
    pub text: Cow<'static, str>,
}

impl fmt::Display for PublicRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
