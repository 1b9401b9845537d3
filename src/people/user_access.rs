//! User accesses: what makes a person a user of one company.

use crate::id::CompanyId;

use super::calendar::{CalendarDate, Validity};
use super::profile::Profile;
use super::set::set_of;

/// A role complements a user's rights in one company.
///
/// With the feature `serde` it is its name, as in `"UserAdministrator"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Role {
    /// Administers users and roles, and invites (Finnish *käyttäjähallitsija*, "KH user").
    UserAdministrator,
    /// The accounting office's administrator (*TPK*). Administers where policy says so (D14).
    AccountingOfficeAdministrator,
    /// The company's main user (*pääkäyttäjä*). By itself it administers no users (D14).
    CompanyAdministrator,
}

impl Role {
    /// Every role there is.
    pub const ALL: &'static [Self] =
        &[Self::UserAdministrator, Self::AccountingOfficeAdministrator, Self::CompanyAdministrator];

    const fn bit(self) -> u32 {
        match self {
            Self::UserAdministrator => 0b001,
            Self::AccountingOfficeAdministrator => 0b010,
            Self::CompanyAdministrator => 0b100,
        }
    }
}

set_of! {
    /// A set of roles.
    Roles of Role, every Role::ALL.iter().copied()
}

/// A place on one company's page "Users and roles".
///
/// With the feature `serde` every field is written by its name; one that is not known, or left out, is an
/// error (E40).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct UserAccess {
    company: CompanyId,
    validity: Validity,
    profile: Profile,
    roles: Roles,
}

impl UserAccess {
    /// A user access to that company, with no rights and no roles.
    #[must_use]
    pub const fn new(company: CompanyId, validity: Validity) -> Self {
        Self { company, validity, profile: Profile::NoRights, roles: Roles::EMPTY }
    }

    /// With this profile.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// With this role too.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.roles = self.roles.with(role);
        self
    }

    /// The company.
    #[must_use]
    pub const fn company(&self) -> CompanyId {
        self.company
    }

    /// From when to when.
    #[must_use]
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    /// The profile, as set; it has effect only while the access is valid.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The roles, as granted; they have effect only while the access is valid (E22).
    #[must_use]
    pub const fn roles(&self) -> Roles {
        self.roles
    }

    /// Whether the access is valid on `day`.
    #[must_use]
    pub fn is_valid(&self, day: CalendarDate) -> bool {
        self.validity.contains(day)
    }

    pub(crate) const fn with_validity(mut self, validity: Validity) -> Self {
        self.validity = validity;
        self
    }

    pub(crate) const fn without_role(mut self, role: Role) -> Self {
        self.roles = self.roles.without(role);
        self
    }
}
