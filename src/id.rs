//! Identifiers of 128 bits. Each kind is a type of its own, so two of them cannot be swapped.
//!
//! `Debug` shows the last four hexadecimal digits only: enough to tell two apart while reading a
//! test, too little to look a person up.

use core::fmt;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
    /// One write of a record. Drawn at random, so that after a conflict or a lost reply a command
    /// recognises its own write.
    WriteId
}
identifier! {
    /// An invitation. Drawn at random; the host sends it to the invited person, who presents it
    /// when authenticating. Worth nothing without strong authentication.
    InvitationId
}

/// The account's counter: "log out from all devices" raises it and so voids everything older.
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
