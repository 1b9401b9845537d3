//! What there is to see or do, and rights to it.

use super::custom_function::CustomFunction;
use super::set::sorted_set_of;

/// A thing to see or do.
///
/// With the feature `serde` it is its name, or `{"Custom":"Holidays"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Function {
    /// Payslips and what belongs to them. Part of the service Salaries.
    SalaryInformation,
    /// Working hours entries. Part of the service Salaries.
    WorkingHours,
    /// Travel and expense reports. Part of the service Travel.
    TravelExpenseReports,
    /// The page "Users and roles". Part of no service: roles open it, never a profile.
    UsersAndRoles,
    /// A function of the host's own (D32). Which service it belongs to is said by the
    /// [`AccessPolicy`](crate::access::AccessPolicy).
    Custom(CustomFunction),
}

impl Function {
    /// Every function of the product, without those that hosts add.
    pub const ALL: &'static [Self] =
        &[Self::SalaryInformation, Self::WorkingHours, Self::TravelExpenseReports, Self::UsersAndRoles];
}

sorted_set_of! {
    /// A set of functions.
    Functions of Function
}

/// What is done with a function.
///
/// With the feature `serde` it is its name, as in `"Read"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Action {
    /// To see.
    Read,
    /// To add, change or remove. It does not include [`Action::Read`].
    Edit,
}

impl Action {
    /// Both actions.
    pub const ALL: &'static [Self] = &[Self::Read, Self::Edit];
}

/// Whose data a right reaches.
///
/// With the feature `serde` it is its name, as in `"OwnData"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Reach {
    /// One's own data only (I10).
    OwnData,
    /// The data of everybody in the company, one's own included.
    Company,
}

impl Reach {
    /// Both reaches.
    pub const ALL: &'static [Self] = &[Self::OwnData, Self::Company];
}

/// Read or edit × one function × one's own data or the company's.
///
/// With the feature `serde` it is `{"action":"Read","function":"WorkingHours","reach":"OwnData"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Right {
    /// What may be done.
    pub action: Action,
    /// With which function.
    pub function: Function,
    /// With whose data.
    pub reach: Reach,
}

impl Right {
    /// The right to `action` on `function` with data of that reach.
    #[must_use]
    pub const fn new(action: Action, function: Function, reach: Reach) -> Self {
        Self { action, function, reach }
    }

    /// Every right to a function of the product.
    pub fn all() -> impl Iterator<Item = Self> {
        Action::ALL.iter().flat_map(|action| {
            Reach::ALL.iter().flat_map(move |reach| {
                Function::ALL.iter().map(move |function| Self::new(*action, *function, *reach))
            })
        })
    }
}

sorted_set_of! {
    /// A set of rights.
    Rights of Right
}

impl Rights {
    /// Whether any right of this reach to this function is in the set, whatever the action.
    #[must_use]
    pub fn reach(&self, function: Function, reach: Reach) -> bool {
        self.contains(Right::new(Action::Read, function, reach))
            || self.contains(Right::new(Action::Edit, function, reach))
    }

    /// The functions to which any right is in the set.
    #[must_use]
    pub fn functions(&self) -> Functions {
        self.iter().map(|right| right.function).collect()
    }
}
