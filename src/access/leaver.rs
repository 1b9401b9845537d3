//! What somebody who has left may still do, for some days (D29).

use core::num::NonZeroU16;

use crate::people::{CalendarDate, Employment, Function, Reach, Right, Rights};

/// How long after the last day of an employment, and to what, a leaver has access in the app (D29): own data,
/// within the services of that last day.
///
/// With the feature `serde` it is `{"days":30,"rights":[…]}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedLeaverAccess"))]
pub struct LeaverAccess {
    days: NonZeroU16,
    rights: Rights,
}

/// Why something is no access for leavers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LeaverAccessError {
    /// A right reaches further than own data, or is one to users and roles.
    #[error(
        "a leaver has rights to own data only: leave out company-wide rights, and those to users and roles"
    )]
    NotOwnData,
}

impl LeaverAccess {
    /// For so many days after the last day, these rights.
    ///
    /// # Errors
    /// [`LeaverAccessError::NotOwnData`] if a right has another reach than [`Reach::OwnData`], or is one to
    /// [`Function::UsersAndRoles`].
    pub fn new(days: NonZeroU16, rights: Rights) -> Result<Self, LeaverAccessError> {
        let is_own =
            |right: Right| right.reach == Reach::OwnData && right.function != Function::UsersAndRoles;
        if rights.iter().all(is_own) { Ok(Self { days, rights }) } else { Err(LeaverAccessError::NotOwnData) }
    }

    /// For how many days after the last day.
    #[must_use]
    pub const fn day_count(&self) -> NonZeroU16 {
        self.days
    }

    /// The rights, all of them to own data.
    #[must_use]
    pub const fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The last of the days after this last day.
    pub(super) fn until(&self, last: CalendarDate) -> CalendarDate {
        last.plus_days(self.days.get())
    }

    /// Whether `today` is one of the days after this employment.
    pub(super) fn covers(&self, employment: &Employment, today: CalendarDate) -> bool {
        employment.validity().last().is_some_and(|last| last < today && today <= self.until(last))
    }
}

/// As it was read, before its rights are known to be allowed.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "LeaverAccess", deny_unknown_fields)]
struct UncheckedLeaverAccess {
    days: NonZeroU16,
    rights: Rights,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedLeaverAccess> for LeaverAccess {
    type Error = LeaverAccessError;

    fn try_from(read: UncheckedLeaverAccess) -> Result<Self, Self::Error> {
        Self::new(read.days, read.rights)
    }
}
