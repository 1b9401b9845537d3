//! Profiles: sets of rights that are given to a user as a whole.

use alloc::string::String;

use super::rights::{Function, Rights};
use crate::name::{self, NameError};

/// The rights that a user has in a company.
///
/// With the feature `serde` it is its name, or `{"Custom":…}`.
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
///
/// With the feature `serde` it is `{"name":"Payroll","rights":[…]}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedProfile"))]
pub struct CustomProfile {
    name: String,
    rights: Rights,
}

impl CustomProfile {
    /// The longest name in bytes of UTF-8.
    pub const LONGEST_NAME_BYTES: usize = name::LONGEST_BYTES;

    /// The most functions to which there are rights: as many as a host may add, which bounds the record.
    pub const MOST_FUNCTIONS: usize = 32;

    /// A profile of that name with those rights.
    ///
    /// # Errors
    /// [`ProfileError::Name`] if nothing in the name can be seen, if it is too long, or if it has what no
    /// name may have (D33); [`ProfileError::TooManyFunctions`];
    /// [`ProfileError::GrantsAdministration`] if a right to [`Function::UsersAndRoles`] is among the rights.
    pub fn new(name: impl Into<String>, rights: Rights) -> Result<Self, ProfileError> {
        let name = name.into();
        name::check(&name)?; // D33
        Self::granting(name, rights)
    }

    /// A profile read back from storage; `None` if it is none. A newer host may have written the name.
    pub(crate) fn restore(name: &str, rights: Rights) -> Option<Self> {
        if name::is_kept(name) { Self::granting(name.into(), rights).ok() } else { None }
    }

    fn granting(name: String, rights: Rights) -> Result<Self, ProfileError> {
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
    /// The text is no name.
    #[error(transparent)]
    Name(#[from] NameError),
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
