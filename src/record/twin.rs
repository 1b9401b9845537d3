//! Frozen twins of public enums without data.

/// Maps a public enum to its frozen twin, name by name, both ways.
macro_rules! twin {
    ($stored:ident = $live:ident { $($name:ident),* $(,)? }) => {
        #[derive(Serialize, Deserialize)]
        #[allow(clippy::enum_variant_names, reason = "the names are the public enum's")]
        enum $stored {
            $($name),*
        }

        impl From<$live> for $stored {
            fn from(live: $live) -> Self {
                match live {
                    $($live::$name => Self::$name),*
                }
            }
        }

        impl From<$stored> for $live {
            fn from(stored: $stored) -> Self {
                match stored {
                    $($stored::$name => Self::$name),*
                }
            }
        }
    };
}
pub(super) use twin;
