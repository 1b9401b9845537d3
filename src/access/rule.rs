//! The rules that decisions name.

use core::fmt;

/// The rule that decided. Every eligibility and every [`Decision`](super::Decision) names one.
///
/// With the feature `serde` it is its name without the number, as in `"OwnDataOnly"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Rule {
    /// Lets in: an employee with a chargeable service uses the app, and needs nothing else.
    EmployeeWithService,
    /// Lets in or keeps out, by policy: a user who is no employee, in the app.
    UserWithoutEmployment,
    /// Lets in, and allows own data: somebody who left, for the days that the policy gives.
    LeaverAccess,
    /// Lets in: a user of at least one company signs in to the browser version.
    UserInBrowser,
    /// Keeps out: neither employee nor user today, whatever the reason.
    NeitherEmployeeNorUser,
    /// Keeps out: employed, and no chargeable service is in effect.
    NoServiceInEffect,
    /// Keeps out: the browser version is for users only.
    BrowserForUsersOnly,
    /// Allows: an employee who is no user has rights to his or her own data.
    ImplicitOwnData,
    /// Allows: the profile "Employee".
    EmployeeProfile,
    /// Allows: a profile that the host defines.
    CustomProfile,
    /// Allows: a role that administers users.
    AdministratorRole,
    /// Refuses: no service of the person whose data it is, in that company, has the function.
    ServiceNotSelected,
    /// Refuses: another person's data, with rights to one's own only.
    OwnDataOnly,
    /// Refuses: neither implicit rights nor the profile hold the right.
    NoRight,
    /// Refuses: users are administered in the browser only.
    AdministrationInBrowserOnly,
    /// Refuses: no role in that company that administers users.
    RoleMissing,
    /// Refuses: nobody administers his or her own profile, roles and user access.
    NotOneself,
}

impl Rule {
    /// The number of the rule, for example `R25`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::EmployeeWithService => "R17",
            Self::UserWithoutEmployment => "D12",
            Self::LeaverAccess => "D29",
            Self::UserInBrowser => "R19",
            Self::NeitherEmployeeNorUser => "E18",
            Self::NoServiceInEffect => "R21",
            Self::BrowserForUsersOnly => "R18",
            Self::ImplicitOwnData | Self::CustomProfile | Self::NoRight => "D10",
            Self::EmployeeProfile => "R23",
            Self::AdministratorRole => "D14",
            Self::ServiceNotSelected => "R22",
            Self::OwnDataOnly => "R25",
            Self::AdministrationInBrowserOnly | Self::RoleMissing => "R36",
            Self::NotOneself => "D15",
        }
    }
}

impl fmt::Display for Rule {
    /// Number and name, for example `R25 OwnDataOnly`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self:?}", self.number())
    }
}
