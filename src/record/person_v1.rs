//! Version 1 of the stored person. **Frozen**: a change is a version 2 beside it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::envelope::RecordError;
use super::twin::twin;
use crate::id::{CompanyId, PersonId};
use crate::people::{
    Action, CalendarDate, ChargeableService, CustomProfile, Employment, Function, Person, Profile, Reach,
    Right, Role, ServiceSelection, UserAccess, Validity,
};

type Id = [u8; 16];
type Day = (i16, i8, i8);

#[derive(Serialize, Deserialize)]
pub(super) struct StoredPerson {
    id: Id,
    bank: bool,
    mobile_certificate: bool,
    employments: Vec<StoredEmployment>,
    user_accesses: Vec<StoredUserAccess>,
}

#[derive(Serialize, Deserialize)]
struct StoredEmployment {
    company: Id,
    first: Day,
    last: Option<Day>,
    travel: StoredSelection,
    salaries: StoredSelection,
}

#[derive(Serialize, Deserialize)]
enum StoredSelection {
    NotSelected,
    Open,
    ClosedAfter(Day),
}

#[derive(Serialize, Deserialize)]
struct StoredUserAccess {
    company: Id,
    first: Day,
    last: Option<Day>,
    profile: StoredProfile,
    roles: Vec<StoredRole>,
}

#[derive(Serialize, Deserialize)]
enum StoredProfile {
    NoRights,
    Employee,
    Custom { name: String, rights: Vec<(StoredAction, StoredFunction, StoredReach)> },
}

twin!(StoredRole = Role { UserAdministrator, AccountingOfficeAdministrator, CompanyAdministrator });
twin!(StoredAction = Action { Read, Edit });
twin!(StoredFunction = Function { SalaryInformation, WorkingHours, TravelExpenseReports, UsersAndRoles });
twin!(StoredReach = Reach { OwnData, Company });

fn day((year, month, day): Day) -> Result<CalendarDate, RecordError> {
    CalendarDate::new(year, month, day).map_err(|_| RecordError::Corrupted)
}

fn validity(first: Day, last: Option<Day>) -> Result<Validity, RecordError> {
    let first = day(first)?;
    match last {
        None => Ok(Validity::from(first)),
        Some(last) => Validity::between(first, day(last)?).map_err(|_| RecordError::Corrupted),
    }
}

impl From<&Person> for StoredPerson {
    fn from(person: &Person) -> Self {
        Self {
            id: *person.id().as_bytes(),
            bank: person.credentials().bank,
            mobile_certificate: person.credentials().mobile_certificate,
            employments: person.employments().iter().map(StoredEmployment::from).collect(),
            user_accesses: person.user_accesses().iter().map(StoredUserAccess::from).collect(),
        }
    }
}

impl StoredPerson {
    pub(super) fn restore(self) -> Result<Person, RecordError> {
        let mut person = Person::new(PersonId::from_bytes(self.id));
        if self.bank {
            person = person.with_bank_credentials();
        }
        if self.mobile_certificate {
            person = person.with_mobile_certificate();
        }
        for employment in self.employments {
            person = person.with_employment(employment.restore()?);
        }
        for access in self.user_accesses {
            person = person.with_user_access(access.restore()?);
        }
        Ok(person)
    }
}

impl From<&Employment> for StoredEmployment {
    fn from(employment: &Employment) -> Self {
        Self {
            company: *employment.company().as_bytes(),
            first: employment.validity().first().into(),
            last: employment.validity().last().map(Day::from),
            travel: employment.selection(ChargeableService::Travel).into(),
            salaries: employment.selection(ChargeableService::Salaries).into(),
        }
    }
}

impl StoredEmployment {
    fn restore(self) -> Result<Employment, RecordError> {
        let validity = validity(self.first, self.last)?;
        Ok(Employment::new(CompanyId::from_bytes(self.company), validity)
            .with_selection(ChargeableService::Travel, self.travel.restore()?)
            .with_selection(ChargeableService::Salaries, self.salaries.restore()?))
    }
}

impl From<ServiceSelection> for StoredSelection {
    fn from(selection: ServiceSelection) -> Self {
        match selection {
            ServiceSelection::NotSelected => Self::NotSelected,
            ServiceSelection::Open => Self::Open,
            ServiceSelection::ClosedAfter(last) => Self::ClosedAfter(last.into()),
        }
    }
}

impl StoredSelection {
    fn restore(self) -> Result<ServiceSelection, RecordError> {
        Ok(match self {
            Self::NotSelected => ServiceSelection::NotSelected,
            Self::Open => ServiceSelection::Open,
            Self::ClosedAfter(last) => ServiceSelection::ClosedAfter(day(last)?),
        })
    }
}

impl From<&UserAccess> for StoredUserAccess {
    fn from(access: &UserAccess) -> Self {
        Self {
            company: *access.company().as_bytes(),
            first: access.validity().first().into(),
            last: access.validity().last().map(Day::from),
            profile: access.profile().into(),
            roles: access.roles().iter().map(StoredRole::from).collect(),
        }
    }
}

impl StoredUserAccess {
    fn restore(self) -> Result<UserAccess, RecordError> {
        let access = UserAccess::new(CompanyId::from_bytes(self.company), validity(self.first, self.last)?)
            .with_profile(self.profile.restore()?);
        Ok(self.roles.into_iter().fold(access, |access, role| access.with_role(role.into())))
    }
}

impl From<&Profile> for StoredProfile {
    fn from(profile: &Profile) -> Self {
        match profile {
            Profile::NoRights => Self::NoRights,
            Profile::Employee => Self::Employee,
            Profile::Custom(custom) => Self::Custom {
                name: custom.name().into(),
                rights: custom
                    .rights()
                    .iter()
                    .map(|right| (right.action.into(), right.function.into(), right.reach.into()))
                    .collect(),
            },
        }
    }
}

impl StoredProfile {
    fn restore(self) -> Result<Profile, RecordError> {
        Ok(match self {
            Self::NoRights => Profile::NoRights,
            Self::Employee => Profile::Employee,
            Self::Custom { name, rights } => {
                let right = |(action, function, reach): (StoredAction, StoredFunction, StoredReach)| {
                    Right::new(action.into(), function.into(), reach.into())
                };
                let rights = rights.into_iter().map(right).collect();
                Profile::Custom(CustomProfile::new(name, rights).map_err(|_| RecordError::Corrupted)?)
            }
        })
    }
}
