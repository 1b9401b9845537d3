//! Profiles: sets of rights that are given to a user as a whole.

use alloc::string::String;

use super::rights::{Function, Rights};

/// The rights that a user has in a company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Profile {
    /// No rights, not even to one's own data (D10). What a new user has until a profile is set.
    #[default]
    NoRights,
    /// The ready-made profile "Employee" (R23): reads own salary information, reads and edits own working
    /// hours and travel expense reports, and does with own data of the host's functions what an employee may
    /// who is no user (D32).
    Employee,
    /// A profile that the host defines.
    Custom(CustomProfile),
}

/// A profile that the host defines: a name and any rights except those to users and roles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedProfile"))]
pub struct CustomProfile {
    name: String,
    rights: Rights,
}

impl CustomProfile {
    /// The longest name in bytes of UTF-8: enough for a label, and it bounds the audit trail.
    pub const LONGEST_NAME_BYTES: usize = 64;

    /// The most functions to which there are rights: as many as a host may add, which bounds the record.
    pub const MOST_FUNCTIONS: usize = 32;

    /// A profile of that name with those rights.
    ///
    /// # Errors
    /// A [`ProfileError`] if the name is blank or too long, if there are rights to too many functions, or if
    /// one to [`Function::UsersAndRoles`] is among them.
    pub fn new(name: impl Into<String>, rights: Rights) -> Result<Self, ProfileError> {
        let name = name.into();
        if name.trim().is_empty() {
            return Err(ProfileError::BlankName);
        }
        if name.len() > Self::LONGEST_NAME_BYTES {
            return Err(ProfileError::NameTooLong);
        }
        let functions = rights.functions();
        if functions.size() > Self::MOST_FUNCTIONS {
            return Err(ProfileError::TooManyFunctions);
        }
        if functions.contains(Function::UsersAndRoles) {
            return Err(ProfileError::GrantsAdministration);
        }
        Ok(Self { name, rights })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rights it grants.
    #[must_use]
    pub const fn rights(&self) -> &Rights {
        &self.rights
    }
}

/// Why something is no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The name is empty or only white space.
    #[error("the profile has no name: give it one")]
    BlankName,
    /// The name is longer than [`CustomProfile::LONGEST_NAME_BYTES`].
    #[error("the profile's name is too long: give it at most 64 bytes")]
    NameTooLong,
    /// There are rights to more functions than [`CustomProfile::MOST_FUNCTIONS`].
    #[error("the profile has rights to too many functions: give it rights to at most 32")]
    TooManyFunctions,
    /// Administration comes from roles, never from a profile: grant a role instead.
    #[error("a profile cannot grant rights to users and roles: grant a role instead")]
    GrantsAdministration,
}

/// A profile as it was read, before its name and rights are known to be allowed.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "CustomProfile", deny_unknown_fields)]
struct UncheckedProfile {
    name: String,
    rights: Rights,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedProfile> for CustomProfile {
    type Error = ProfileError;

    fn try_from(read: UncheckedProfile) -> Result<Self, Self::Error> {
        Self::new(read.name, read.rights)
    }
}
