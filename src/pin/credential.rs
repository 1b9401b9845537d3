//! The stored PIN verifier.

use alloc::vec::Vec;
use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::entry::{Pin, PinLength};
use super::hasher::{HashInput, HashParams, HasherError};
use super::hashing::Hashing;
use super::pepper::{Pepper, PepperId, PepperRing, UnknownPepper};
use crate::id::{CredentialId, DeviceId, Generation, PersonId};
use crate::refusal::{Cause, Refusal, RefusalCode};

/// Names the use and the version of what is hashed, so that no other hash can be passed off as one.
const DOMAIN: &[u8] = b"pinlatch/pin/1";

/// What a PIN belongs to. It is hashed together with the digits, so that a credential copied to
/// another account, device or generation fits no PIN there (R07).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The account.
    pub person: PersonId,
    /// The device session.
    pub device: DeviceId,
    /// The account's generation when the PIN was created.
    pub generation: Generation,
}

/// A PIN as it is stored: an Argon2id hash with its salt and parameters. Wiped when dropped.
#[derive(Clone)]
pub struct Credential {
    fields: CredentialFields,
}

/// What is stored of a credential, as it is found: parameters are judged when they are used.
#[derive(Clone)]
pub(crate) struct CredentialFields {
    pub(crate) id: CredentialId,
    pub(crate) length: u8,
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) pepper: Option<PepperId>,
    pub(crate) salt: [u8; 16],
    pub(crate) hash: [u8; 32],
}

impl Credential {
    pub(crate) const fn restore(fields: CredentialFields) -> Self {
        Self { fields }
    }

    pub(crate) const fn fields(&self) -> &CredentialFields {
        &self.fields
    }

    /// Which credential this is.
    #[must_use]
    pub const fn id(&self) -> CredentialId {
        self.fields.id
    }

    /// Which pepper it was made under.
    #[must_use]
    pub const fn pepper(&self) -> Option<PepperId> {
        self.fields.pepper
    }

    /// Whether an entry can be compared with it at all. Judged before an attempt is charged, so a
    /// missing pepper or a damaged record costs the person no try (E32).
    ///
    /// # Errors
    /// [`RefusalCode::CredentialUnusable`] if the pepper is unknown or a parameter out of bounds.
    pub fn usable(&self, peppers: &PepperRing) -> Result<(), Refusal> {
        let unusable = |cause| Refusal::because(RefusalCode::CredentialUnusable, cause);
        self.params().ok_or(unusable(Cause::ParametersOutOfBounds))?;
        self.length().ok_or(unusable(Cause::ParametersOutOfBounds))?;
        peppers.find(self.fields.pepper).map(|_| ()).map_err(UnknownPepper::refusal)
    }

    /// Whether the entry has the PIN's length. Judged before an attempt is charged.
    ///
    /// # Errors
    /// [`RefusalCode::PinMalformed`] if it has another length; it says which one is wanted (D19).
    pub fn fits(&self, entry: &Pin) -> Result<(), Refusal> {
        match self.length() {
            Some(length) if length == entry.length() => Ok(()),
            Some(length) => Err(length.refusal()), // D19
            None => Err(Refusal::because(RefusalCode::PinMalformed, Cause::ParametersOutOfBounds)),
        }
    }

    /// Compares in constant time. Crate-private: only a permit leads here.
    pub(super) fn matches(
        &self,
        binding: &Binding,
        entry: &Pin,
        hashing: &Hashing<'_>,
    ) -> Result<bool, HasherError> {
        let params = self.params().ok_or(HasherError::Failed)?;
        let mut hash = Zeroizing::new([0; 32]);
        derive(
            self.fields.id,
            binding,
            entry,
            params,
            self.fields.pepper,
            &self.fields.salt,
            hashing,
            &mut hash,
        )?;
        Ok(self.fields.hash.ct_eq(&*hash).into())
    }

    /// The parameters and pepper to hash with again, if these are outdated. Cost never falls.
    pub(super) fn outdated(&self, hashing: &Hashing<'_>) -> Option<HashParams> {
        let stored = self.params()?;
        let target = stored.strongest(hashing.params);
        (target != stored || self.fields.pepper != hashing.peppers.current()).then_some(target)
    }

    /// Whether this is the salt of this credential: each hash has one of its own (E39).
    pub(crate) fn has_salt(&self, salt: &[u8; 16]) -> bool {
        self.fields.salt.ct_eq(salt).into()
    }

    fn params(&self) -> Option<HashParams> {
        HashParams::new(self.fields.memory_kib, self.fields.passes).ok()
    }

    /// How many digits the PIN has, unless the record says something impossible.
    pub(crate) fn length(&self) -> Option<PinLength> {
        PinLength::new(self.fields.length).ok()
    }

    pub(super) fn make(
        id: CredentialId,
        binding: &Binding,
        entry: &Pin,
        params: HashParams,
        salt: [u8; 16],
        hashing: &Hashing<'_>,
    ) -> Result<Self, HasherError> {
        let pepper = hashing.peppers.current();
        let mut made = Self::restore(CredentialFields {
            id,
            length: u8::from(entry.length()),
            memory_kib: params.memory_kib(),
            passes: params.passes(),
            pepper,
            salt,
            hash: [0; 32],
        });
        derive(id, binding, entry, params, pepper, &salt, hashing, &mut made.fields.hash)?;
        Ok(made)
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        self.fields.hash.zeroize();
        self.fields.salt.zeroize();
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(redacted)")
    }
}

#[expect(clippy::too_many_arguments, reason = "every one of them is part of what is hashed")]
fn derive(
    id: CredentialId,
    binding: &Binding,
    entry: &Pin,
    params: HashParams,
    pepper: Option<PepperId>,
    salt: &[u8; 16],
    hashing: &Hashing<'_>,
    out: &mut [u8; 32],
) -> Result<(), HasherError> {
    let pepper = hashing.peppers.find(pepper).map_err(|_| HasherError::Failed)?;
    let mut message = Zeroizing::new(Vec::with_capacity(96));
    message.extend_from_slice(DOMAIN);
    message.extend_from_slice(binding.person.as_bytes());
    message.extend_from_slice(binding.device.as_bytes());
    message.extend_from_slice(id.as_bytes());
    message.extend_from_slice(&binding.generation.number().to_be_bytes());
    message.push(u8::from(entry.length()));
    message.extend_from_slice(entry.digits());
    let pepper = pepper.map(Pepper::key);
    hashing.hasher.hash(&HashInput { params, salt, pepper, message: &message }, out)
}
