//! What a host may decide otherwise about access.

use crate::people::{Role, Roles, UserAccess};

/// Whether a user who is no employee may sign in to the app (D12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum UsersWithoutEmployment {
    /// They may, and have no payroll functions there.
    #[default]
    Allow,
    /// They may not.
    Refuse,
}

/// The host's choices about access.
///
/// By default users without employment may sign in to the app (D12), since the browser lets them
/// in anyway, and user administrators alone invite and administer (D14), as the product says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedPolicy"))]
pub struct AccessPolicy {
    users_without_employment: UsersWithoutEmployment,
    inviting_roles: Roles,
}

/// D14: only these roles can be given the power to invite and administer.
const MAY_INVITE: Roles = Roles::of(&[Role::UserAdministrator, Role::AccountingOfficeAdministrator]);

impl AccessPolicy {
    /// With this answer for users without employment (D12).
    #[must_use]
    pub const fn with_users_without_employment(mut self, answer: UsersWithoutEmployment) -> Self {
        self.users_without_employment = answer;
        self
    }

    /// With these roles, any one of which suffices to invite and to administer users (D14).
    ///
    /// # Errors
    /// An [`InvitingRolesError`] for the empty set, with which nobody could be re-invited, and for
    /// a set with the company administrator, who alone never suffices.
    pub const fn with_inviting_roles(mut self, roles: Roles) -> Result<Self, InvitingRolesError> {
        if roles.is_empty() {
            return Err(InvitingRolesError::Empty);
        }
        if !roles.is_subset(MAY_INVITE) {
            return Err(InvitingRolesError::CompanyAdministrator);
        }
        self.inviting_roles = roles;
        Ok(self)
    }

    /// Whether users without employment may sign in to the app (D12).
    #[must_use]
    pub const fn users_without_employment(&self) -> UsersWithoutEmployment {
        self.users_without_employment
    }

    /// The roles of which any one suffices to invite and to administer users (D14).
    #[must_use]
    pub const fn inviting_roles(&self) -> Roles {
        self.inviting_roles
    }

    /// Whether this access, if valid, administers the users of its company (D14).
    pub(super) const fn lets_administer(&self, access: &UserAccess) -> bool {
        !access.roles().intersection(self.inviting_roles).is_empty()
    }
}

impl Default for AccessPolicy {
    fn default() -> Self {
        Self {
            users_without_employment: UsersWithoutEmployment::default(),
            inviting_roles: Roles::of(&[Role::UserAdministrator]),
        }
    }
}

/// Why a set of roles cannot be the inviting roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvitingRolesError {
    /// Nobody could invite: name at least one role.
    #[error("with no inviting role nobody could be re-invited: name at least one")]
    Empty,
    /// A company administrator alone never invites (D14): leave the role out.
    #[error("a company administrator alone never invites: leave that role out")]
    CompanyAdministrator,
}

/// A policy as it was read, before its inviting roles are known to be allowed.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "AccessPolicy", deny_unknown_fields)]
struct UncheckedPolicy {
    users_without_employment: UsersWithoutEmployment,
    inviting_roles: Roles,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedPolicy> for AccessPolicy {
    type Error = InvitingRolesError;

    fn try_from(read: UncheckedPolicy) -> Result<Self, Self::Error> {
        Self::default()
            .with_users_without_employment(read.users_without_employment)
            .with_inviting_roles(read.inviting_roles)
    }
}
