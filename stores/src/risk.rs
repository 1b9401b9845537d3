//! The risks that a host may accept, each by its name.

/// No risk of this engine has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRisk;

impl std::fmt::Display for UnknownRisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no risk of this engine has this name")
    }
}

impl std::error::Error for UnknownRisk {}

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

            /// By the name that it has here: `TornPages`.
            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $(stringify!($name) => Ok(Self::$name),)+
                    _ => Err(crate::UnknownRisk),
                }
            }
        }
    };
}
pub(crate) use risks;
