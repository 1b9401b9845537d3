//! Identifiers of 128 bits. Each kind is a type of its own, so two of them cannot be swapped.
//!
//! `Display` writes the whole identifier, as a UUID is written: 32 lowercase hexadecimal digits in
//! groups of 8, 4, 4, 4 and 12. `FromStr` reads that form and no other, its digits in either case.
//! With the feature `serde` it is the form in human-readable formats, as a value and as the key of a
//! map; in others an identifier is an array of its sixteen bytes, without a length. The feature `uuid`
//! adds the conversions from and to `uuid::Uuid`.
//!
//! `Debug` shows the last four hexadecimal digits only: enough to tell two apart while reading a
//! test, too little to look a person up.
//!
//! ```
//! use pinlatch::id::PersonId;
//!
//! let anna: PersonId = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse()?;
//! assert_eq!(anna.to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
//! assert_eq!(format!("{anna:?}"), "PersonId(…e0c8)");
//! # Ok::<(), pinlatch::id::ParseIdError>(())
//! ```

use core::fmt;
use core::str::FromStr;

/// Why a text is no identifier. It never contains the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("no identifier: write 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with hyphens between")]
pub struct ParseIdError;

// By hand, and not by the crate `uuid`: core knows the digits, so all that is left is where the hyphens
// stand, which is no reason for one more dependency of every host. `uuid` also reads braces, a URN and
// digits without hyphens, which would have to be refused here first.

fn write(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, byte) in bytes.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

fn read(text: &str) -> Result<u128, ParseIdError> {
    if text.len() != 36 {
        return Err(ParseIdError);
    }
    let mut number = 0;
    for (position, byte) in text.bytes().enumerate() {
        match (position, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return Err(ParseIdError),
            (_, digit) => {
                number = number << 4 | u128::from(char::from(digit).to_digit(16).ok_or(ParseIdError)?);
            }
        }
    }
    Ok(number)
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From sixteen bytes, for example those of a UUID.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// From a number, big-endian.
            #[must_use]
            pub const fn from_u128(number: u128) -> Self {
                Self(number.to_be_bytes())
            }

            /// The sixteen bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// The number, big-endian.
            #[must_use]
            pub const fn as_u128(&self) -> u128 {
                u128::from_be_bytes(self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(…{:04x})"), self.as_u128() & 0xffff)
            }
        }

        impl fmt::Display for $name {
            /// All 32 digits, as in `67e55044-10b1-426f-9247-bb680e5fe0c8`.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                read(text).map(Self::from_u128)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = alloc::string::String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    <[u8; 16]>::deserialize(deserializer).map(Self)
                }
            }
        }

        #[cfg(feature = "uuid")]
        impl From<uuid::Uuid> for $name {
            fn from(uuid: uuid::Uuid) -> Self {
                Self(uuid.into_bytes())
            }
        }

        #[cfg(feature = "uuid")]
        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                Self::from_bytes(id.0)
            }
        }
    };
}

identifier! {
    /// A person, and so the person's one account. The host assigns it and never gives it to
    /// another person; it is also the key of the account's record.
    PersonId
}
identifier! {
    /// A company that employs persons or has users. The host assigns it.
    CompanyId
}
identifier! {
    /// A device session of one account. Drawn at random when the device authenticates.
    DeviceId
}
identifier! {
    /// A PIN credential. Drawn at random when the PIN is created; it is part of what is hashed.
    CredentialId
}
identifier! {
    /// One attempt to enter a PIN. Drawn at random before the attempt is charged, so that after a
    /// lost reply the attempt finds itself again and nobody else's is mistaken for it.
    AttemptId
}
identifier! {
    /// One write of a record. Drawn at random for each write that is sent, so that after a conflict or
    /// a lost reply a command recognises its own.
    WriteId
}
identifier! {
    /// One life of a record: the id of its first write. A record that is deleted and made anew, or
    /// replaced because it was damaged, has another history, so its numbering starts again without
    /// repeating anything.
    HistoryId
}
identifier! {
    /// One entry on a phone's PIN pad, or one evidence handed in. The phone draws it at random, anew for
    /// every entry, and sends it again with every repetition, so that a request that is repeated is one
    /// guess (D27).
    RequestId
}
identifier! {
    /// One strong authentication that was begun. Drawn at random; it makes one device session (D34).
    StartId
}

/// An audit event's identity: the write that carries it, and its place in that write, counted from 0.
/// Drawn with the write, so it repeats neither after a crash nor in a record that was deleted or
/// restored from a backup (I11).
///
/// As text, and so in human-readable formats: the write's identifier, a full stop, the place, as in
/// `67e55044-10b1-426f-9247-bb680e5fe0c8.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The write.
    pub write: WriteId,
    /// The place in it.
    pub index: u32,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.write, self.index)
    }
}

/// Why a text is no event's identity. It never contains the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("no event's identity: write an identifier, a full stop and a number without leading zeros")]
pub struct ParseEventIdError;

impl FromStr for EventId {
    type Err = ParseEventIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (write, place) = text.split_once('.').ok_or(ParseEventIdError)?;
        let is_number = place.bytes().all(|byte| byte.is_ascii_digit());
        let is_shortest = place == "0" || !place.starts_with('0');
        let write = write.parse().map_err(|_| ParseEventIdError)?;
        let index = place.parse().ok().filter(|_| is_number && is_shortest).ok_or(ParseEventIdError)?;
        Ok(Self { write, index })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for EventId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            (self.write, self.index).serialize(serializer)
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for EventId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = alloc::string::String::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            <(WriteId, u32)>::deserialize(deserializer).map(|(write, index)| Self { write, index })
        }
    }
}

/// The account's counter: "log out from all devices" raises it and so voids everything older.
///
/// With the feature `serde` it is its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Generation(u64);

impl Generation {
    /// The generation with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The next generation; saturates (I08: it never decreases).
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
