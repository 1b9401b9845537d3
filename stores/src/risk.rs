//! The risks that a host may accept, each by its name, and the settings that take them.

use std::error::Error;
use std::fmt;

/// A setting of the server's, or of what is kept there, that breaks a promise. `R` is the engine's `Risk`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnsafeSetting<R> {
    /// Its name, as the server spells it, or what about which table.
    pub setting: &'static str,
    /// Its value; for a table its name.
    pub value: String,
    /// What would not hold.
    pub breaks: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// What a host accepts to go on all the same; `None` if nothing does.
    pub risk: Option<R>,
}

impl<R: fmt::Debug> fmt::Display for UnsafeSetting<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, value, breaks, remedy, risk } = self;
        write!(f, "{setting} is `{value}`: {breaks}; {remedy}")?;
        risk.as_ref().map_or(Ok(()), |risk| write!(f, ", or accept `Risk::{risk:?}`"))
    }
}

impl<R: fmt::Debug> Error for UnsafeSetting<R> {}

/// No risk of this engine has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownRisk {
    /// The names that there are.
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownRisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no risk of this engine has this name; there are {}", self.known.join(", "))
    }
}

impl Error for UnknownRisk {}

/// The risks of one engine, and each of them by its name: for an address or a file of settings.
macro_rules! risks {
    ($(#[$about:meta])* pub enum Risk { $($(#[$meaning:meta])* $name:ident,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Risk {
            $($(#[$meaning])* $name,)+
        }

        impl std::str::FromStr for Risk {
            type Err = crate::UnknownRisk;

            /// By the name that it has here: `TornPages`, or as errors say it: `Risk::TornPages`.
            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name.strip_prefix("Risk::").unwrap_or(name) {
                    $(stringify!($name) => Ok(Self::$name),)+
                    _ => Err(crate::UnknownRisk { known: &[$(stringify!($name)),+] }),
                }
            }
        }
    };
}
pub(crate) use risks;
