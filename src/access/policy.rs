//! What a host may decide otherwise about access.

#[cfg(feature = "serde")]
use alloc::vec::Vec;

use crate::people::{ChargeableService, CustomFunction, Function, Role, Roles, UserAccess};

use super::host_function::{HostFunction, HostFunctions, OwnDataUse};
use super::leaver::LeaverAccess;

/// Whether a user who is no employee may sign in to the app (D12).
///
/// With the feature `serde` it is its name, as in `"Allow"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum UsersWithoutEmployment {
    /// They may, and have no functions with own data there; company-wide rights hold (R22).
    #[default]
    Allow,
    /// They may not.
    Refuse,
}

/// The host's choices about access.
///
/// By default users without employment may sign in to the app (D12), since the browser lets them
/// in anyway, user administrators alone invite and administer (D14), as the product says, leavers have no
/// access (D29), and there are no functions besides the product's own (D32).
///
/// With the feature `serde` every field is written by its name, the functions as a list; what is read goes
/// through the checks below, and a field that is not known is an error (E40).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedPolicy"))]
pub struct AccessPolicy {
    users_without_employment: UsersWithoutEmployment,
    inviting_roles: Roles,
    leaver_access: Option<LeaverAccess>,
    #[cfg_attr(feature = "serde", serde(serialize_with = "list_of"))]
    functions: HostFunctions,
}

/// D14: only these roles can be given the power to invite and administer.
const MAY_INVITE: Roles = Roles::of(&[Role::UserAdministrator, Role::AccountingOfficeAdministrator]);

impl AccessPolicy {
    /// The most functions that a host adds (D32).
    pub const MOST_FUNCTIONS: usize = HostFunctions::MOST;

    /// With this answer for users without employment (D12).
    #[must_use]
    pub fn with_users_without_employment(mut self, answer: UsersWithoutEmployment) -> Self {
        self.users_without_employment = answer;
        self
    }

    /// With these roles, any one of which suffices to invite and to administer users (D14).
    ///
    /// # Errors
    /// An [`InvitingRolesError`] for the empty set, with which nobody could be re-invited, and for
    /// a set with the company administrator, who alone never suffices.
    pub fn with_inviting_roles(mut self, roles: Roles) -> Result<Self, InvitingRolesError> {
        if roles.is_empty() {
            return Err(InvitingRolesError::Empty);
        }
        if !roles.is_subset(MAY_INVITE) {
            return Err(InvitingRolesError::CompanyAdministrator);
        }
        self.inviting_roles = roles;
        Ok(self)
    }

    /// With this access for leavers (D29); `None` for none.
    #[must_use]
    pub fn with_leaver_access(mut self, leaver_access: Option<LeaverAccess>) -> Self {
        self.leaver_access = leaver_access;
        self
    }

    /// With this function of the host's own, in place of one of the same name (D32).
    ///
    /// # Errors
    /// [`TooManyFunctions`] beyond [`MOST_FUNCTIONS`](Self::MOST_FUNCTIONS).
    pub fn with_function(mut self, function: HostFunction) -> Result<Self, TooManyFunctions> {
        self.functions = self.functions.with(function).ok_or(TooManyFunctions)?;
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

    /// The access for leavers (D29).
    #[must_use]
    pub const fn leaver_access(&self) -> Option<&LeaverAccess> {
        self.leaver_access.as_ref()
    }

    /// The functions of the host's own (D32).
    #[must_use]
    pub fn functions(&self) -> &[HostFunction] {
        self.functions.as_slice()
    }

    /// What that function needs of whoever wants to use it; `None` if there is no such function, or if it is
    /// no matter of services but of roles.
    pub(super) fn needs(&self, function: Function) -> Option<Needs> {
        // R22: the functions of the services.
        let (service, own_data) = match function {
            Function::SalaryInformation => (Some(ChargeableService::Salaries), OwnDataUse::Read),
            Function::WorkingHours => (Some(ChargeableService::Salaries), OwnDataUse::ReadAndEdit),
            Function::TravelExpenseReports => (Some(ChargeableService::Travel), OwnDataUse::ReadAndEdit),
            Function::Custom(custom) => self.custom(custom)?, // D32
            _ => return None,
        };
        Some(Needs { service, own_data })
    }

    fn custom(&self, function: CustomFunction) -> Option<(Option<ChargeableService>, OwnDataUse)> {
        self.functions.find(function).map(|known| (known.service, known.own_data))
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
            leaver_access: None,
            functions: HostFunctions::default(),
        }
    }
}

/// What a function needs.
#[derive(Clone, Copy)]
pub(super) struct Needs {
    /// The service in effect; `None` if it needs none.
    pub(super) service: Option<ChargeableService>,
    /// What an employee may do with own data of it without a profile (D10).
    pub(super) own_data: OwnDataUse,
}

/// A host has too many functions of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many functions of the host's own: add at most 32")]
pub struct TooManyFunctions;

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

#[cfg(feature = "serde")]
fn list_of<S: serde::Serializer>(functions: &HostFunctions, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(functions.as_slice())
}

/// A policy as it was read, before its inviting roles and functions are known to be allowed.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "AccessPolicy", deny_unknown_fields)]
struct UncheckedPolicy {
    users_without_employment: UsersWithoutEmployment,
    inviting_roles: Roles,
    leaver_access: Option<LeaverAccess>,
    functions: Vec<HostFunction>,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedPolicy> for AccessPolicy {
    type Error = alloc::string::String;

    fn try_from(read: UncheckedPolicy) -> Result<Self, Self::Error> {
        use alloc::string::ToString;

        let policy = Self::default()
            .with_users_without_employment(read.users_without_employment)
            .with_leaver_access(read.leaver_access)
            .with_inviting_roles(read.inviting_roles)
            .map_err(|error| error.to_string())?;
        let count = read.functions.len();
        let policy = read.functions.into_iter().try_fold(policy, Self::with_function);
        let policy = policy.map_err(|error| error.to_string())?;
        if policy.functions().len() == count {
            Ok(policy)
        } else {
            Err("a function of the host's own stands twice".to_string())
        }
    }
}
