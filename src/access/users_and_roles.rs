//! The page "Users and roles": what an administrator changes about people.
//!
//! Each command takes the proof of who acts, the person acted on and what to change, and answers
//! with the changed person and one event for the audit trail. The company is always the
//! administrator's own. The host stores the person; nothing is stored here.
//!
//! Common to all, in this order, with the code of the refusal:
//!
//! 1. nobody changes his or her own user access, profile or roles (D15): `NotAuthorised`;
//! 2. the person belongs to the company (R36, E25): `NotAuthorised`. [`establish_user`] and
//!    [`hire`] do not ask for this, since they make a person belong to it;
//! 3. profile and roles are a user's (R24): `NotAUser`;
//! 4. something changes: `NothingToChange`.

use crate::id::{CompanyId, PersonId};
use crate::people::{
    CalendarDate, ChargeableService, Employment, LocalDates, Person, PersonFull, Profile, Role, Services,
    UserAccess, Validity,
};
use crate::refusal::{Audience, Cause, Refusal, RefusalCode};

use super::administrator::Administrator;

/// A command's success: the person to store, and what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing is stored here: store the person, and record the event"]
#[non_exhaustive]
pub struct Changed {
    /// The person with the change. To be stored in place of the one that was handed in.
    pub person: Person,
    /// What happened, for the audit trail.
    pub event: PeopleEvent,
}

/// A change made by an administrator, or by the host's own hand, for the audit trail.
///
/// With the feature `serde` it reads back from a journal. A field that is not known is passed over
/// there, since nothing is decided by a report (E40); a profile or a period in it is read as strictly as
/// everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PeopleEvent {
    /// The administrator; `None` for the host, which establishes a company's first one.
    pub by: Option<PersonId>,
    /// The company for which the administrator acted.
    pub company: CompanyId,
    /// The person acted on.
    pub person: PersonId,
    /// The day in the company.
    pub on: CalendarDate,
    /// What was changed.
    pub change: PeopleChange,
}

/// What an administrator changed.
///
/// With the feature `serde` it is its name and what it holds, as in `{"RoleGranted":"UserAdministrator"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PeopleChange {
    /// Established as a user, or the period of the user access was changed.
    UserEstablished(Validity),
    /// The user access ends with this day.
    UserAccessEnded(CalendarDate),
    /// The profile was set.
    ProfileSet(Profile),
    /// The role was granted.
    RoleGranted(Role),
    /// The role was revoked.
    RoleRevoked(Role),
    /// Hired: a new employment with these services.
    Hired(Validity, Services),
    /// The service was opened for these employments.
    ServiceOpened(ChargeableService, EmploymentChoice),
    /// The service was closed for these employments, with effect from the end of the month.
    ServiceClosed(ChargeableService, EmploymentChoice),
    /// These employments end with this day.
    EmploymentEnded(CalendarDate, EmploymentChoice),
    /// Established by the host as a user with this role: the company's first administrator.
    FirstAdministratorEstablished(Role),
}

/// Which of a person's employments in the company a command is about. Those that have ended are
/// never meant.
///
/// With the feature `serde` it is `"Every"` or `{"BeginningOn":"2026-11-22"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum EmploymentChoice {
    /// Every one.
    Every,
    /// The one whose first day this is.
    BeginningOn(CalendarDate),
}

/// Establishes a person as a user of the company for that period, without rights and roles; for
/// one who is a user already, changes the period and keeps them. An access that is in effect, and goes on
/// without a day between, keeps its first day: the days before were days as a user, and no session ends for a
/// gap that never was (E23). A later beginning keeps the person out until then.
///
/// An access that has ended is not revived: its profile and roles are gone for good (E22).
///
/// # Errors
/// `NotAuthorised` for oneself (D15); `NothingToChange` if the period is over or is the present one;
/// `RecordFull` if the person's companies are as many as there may be (D31).
pub fn establish_user(
    by: &Administrator,
    person: &Person,
    validity: Validity,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    not_oneself(by, person)?;
    let today = dates.today(by.company());
    let known = person.user_access(by.company()).filter(|access| !access.validity().has_ended(today));
    let validity = match known.map(UserAccess::validity) {
        Some(present) if present.contains(today) && goes_on(present, validity, today) => {
            validity.beginning_by(present.first())
        }
        _ => validity,
    };
    if validity.has_ended(today) || known.is_some_and(|access| access.validity() == validity) {
        return Err(nothing_to_change());
    }
    let access = known.cloned().unwrap_or_else(|| UserAccess::new(by.company(), validity));
    let changed = person.clone().established(access.with_validity(validity), dates).map_err(full)?; // D31
    Ok(record(by, changed, dates, PeopleChange::UserEstablished(validity)))
}

/// Whether the present period goes on in the next: no day lies between the two. Of one without an end none lies
/// between if the next begins by tomorrow; who names a later day means to keep the person out until then.
fn goes_on(present: Validity, next: Validity, today: CalendarDate) -> bool {
    next.first() <= present.last().unwrap_or(today).plus_days(1)
}

/// Ends the person's user access with that day, which may lie in the past. An access that would
/// end before it begins is removed.
///
/// # Errors
/// `NotAuthorised` for oneself (D15) and for a person unrelated to the company; `NotAUser` for
/// one who is no user of it; `NothingToChange` if the access ends on that day or earlier anyway.
pub fn end_user_access(
    by: &Administrator,
    person: &Person,
    last_day: CalendarDate,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    change_access(by, person, dates, PeopleChange::UserAccessEnded(last_day), |access| {
        ending(access.validity(), last_day).map(|validity| access.with_validity(validity))
    })
}

/// Sets the profile of a user (R24).
///
/// # Errors
/// `NotAuthorised` for oneself (D15) and for a person unrelated to the company; `NotAUser` for
/// one who is no user of it (R24); `NothingToChange` if it is the profile already.
pub fn set_profile(
    by: &Administrator,
    person: &Person,
    profile: Profile,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    change_access(by, person, dates, PeopleChange::ProfileSet(profile.clone()), |access| {
        Some(access.with_profile(profile))
    })
}

/// Grants a role to a user.
///
/// # Errors
/// `NotAuthorised` for oneself (D15) and for a person unrelated to the company; `NotAUser` for
/// one who is no user of it; `NothingToChange` for a role that is held already.
pub fn grant_role(
    by: &Administrator,
    person: &Person,
    role: Role,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    change_access(by, person, dates, PeopleChange::RoleGranted(role), |access| Some(access.with_role(role)))
}

/// Revokes a role of a user.
///
/// # Errors
/// `NotAuthorised` for oneself (D15) and for a person unrelated to the company; `NotAUser` for
/// one who is no user of it; `NothingToChange` for a role that is not held.
pub fn revoke_role(
    by: &Administrator,
    person: &Person,
    role: Role,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    change_access(by, person, dates, PeopleChange::RoleRevoked(role), |access| {
        Some(access.without_role(role))
    })
}

/// Adds an employment in the company for that period, with these services selected.
///
/// Employments and services are facts, not rights, so they may be one's own. Whoever is new here has **no bank
/// credentials** until the host imports that they have some ([`Person::with_bank_credentials`]): until then they
/// need an invitation, and sign in by an identity provider (R01, R02).
///
/// # Errors
/// `NothingToChange` if the period is over, or if the very same employment is there already; `RecordFull` if
/// this company has no room for one more of this person, or the person none for one more company (D31).
pub fn hire(
    by: &Administrator,
    person: &Person,
    validity: Validity,
    services: Services,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    let new = services.iter().fold(Employment::new(by.company(), validity), Employment::with_service);
    if validity.has_ended(dates.today(by.company())) || person.employments().contains(&new) {
        return Err(nothing_to_change());
    }
    let changed = person.clone().hired(new, dates).map_err(full)?; // D31
    Ok(record(by, changed, dates, PeopleChange::Hired(validity, services)))
}

/// Selects a service for the chosen employments until further notice, clearing a closing.
///
/// # Errors
/// `NotAuthorised` for a person unrelated to the company; `NothingToChange` if there is no such
/// employment, or if the service is open for each already.
pub fn open_service(
    by: &Administrator,
    person: &Person,
    service: ChargeableService,
    employments: EmploymentChoice,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    let change = PeopleChange::ServiceOpened(service, employments);
    change_employments(by, person, employments, dates, change, |employment| {
        Some(employment.with_service(service))
    })
}

/// Closes a service for the chosen employments. It runs to the end of this month (E19).
///
/// # Errors
/// `NotAuthorised` for a person unrelated to the company; `NothingToChange` if there is no such
/// employment, or if the service is open for none.
pub fn close_service(
    by: &Administrator,
    person: &Person,
    service: ChargeableService,
    employments: EmploymentChoice,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    let today = dates.today(by.company());
    let change = PeopleChange::ServiceClosed(service, employments);
    change_employments(by, person, employments, dates, change, |employment| {
        Some(employment.with_service_closed(service, today))
    })
}

/// Ends the chosen employments with that day (E23), which may lie in the past. An employment that
/// would end before it begins is removed.
///
/// # Errors
/// `NotAuthorised` for a person unrelated to the company; `NothingToChange` if there is no such
/// employment, or if each ends on that day or earlier anyway.
pub fn end_employment(
    by: &Administrator,
    person: &Person,
    last_day: CalendarDate,
    employments: EmploymentChoice,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    let change = PeopleChange::EmploymentEnded(last_day, employments);
    change_employments(by, person, employments, dates, change, |employment| {
        ending(employment.validity(), last_day).map(|validity| employment.with_validity(validity))
    })
}

impl EmploymentChoice {
    pub(super) fn means(self, employment: &Employment) -> bool {
        match self {
            Self::Every => true,
            Self::BeginningOn(day) => employment.validity().first() == day,
        }
    }
}

/// Puts what `change_to` makes of the user access in its place; `None` removes it.
fn change_access(
    by: &Administrator,
    person: &Person,
    dates: &LocalDates,
    change: PeopleChange,
    change_to: impl FnOnce(UserAccess) -> Option<UserAccess>,
) -> Result<Changed, Refusal> {
    not_oneself(by, person)?;
    by.has_on_the_page(person, dates)?;
    let today = dates.today(by.company());
    let access = person
        .user_access(by.company())
        .filter(|access| !access.validity().has_ended(today))
        .ok_or(Refusal::new(RefusalCode::NotAUser).told_to(Audience::Administrator))?; // R24
    let person = person.clone();
    let changed = match change_to(access.clone()) {
        Some(same) if same == *access => return Err(nothing_to_change()),
        Some(other) => person.with_user_access(other),
        None => person.without_user_access(by.company()),
    };
    Ok(record(by, changed, dates, change))
}

/// Puts what `change_to` makes of each chosen employment in its place; nothing is made of one to
/// remove it.
fn change_employments(
    by: &Administrator,
    person: &Person,
    chosen: EmploymentChoice,
    dates: &LocalDates,
    change: PeopleChange,
    change_to: impl Fn(Employment) -> Option<Employment>,
) -> Result<Changed, Refusal> {
    by.has_on_the_page(person, dates)?;
    let today = dates.today(by.company());
    let is_meant = |employment: &Employment| {
        employment.company() == by.company()
            && !employment.validity().has_ended(today)
            && chosen.means(employment)
    };
    let changed = person.clone().with_each_employment(|employment| {
        if is_meant(&employment) { change_to(employment) } else { Some(employment) }
    });
    if changed == *person {
        return Err(nothing_to_change());
    }
    Ok(record(by, changed, dates, change))
}

/// `validity` when it is cut off after `last_day`: nothing if that lies before it begins, itself if
/// it ends no later anyway.
fn ending(validity: Validity, last_day: CalendarDate) -> Option<Validity> {
    match validity.last() {
        Some(last) if last <= last_day => Some(validity),
        _ => Validity::between(validity.first(), last_day).ok(),
    }
}

/// D15.
fn not_oneself(by: &Administrator, person: &Person) -> Result<(), Refusal> {
    if by.person() == person.id() {
        return Err(Refusal::because(RefusalCode::NotAuthorised, Cause::OwnRights));
    }
    Ok(())
}

const fn full(PersonFull: PersonFull) -> Refusal {
    Refusal::new(RefusalCode::RecordFull)
}

const fn nothing_to_change() -> Refusal {
    Refusal::new(RefusalCode::NothingToChange)
}

fn record(by: &Administrator, person: Person, dates: &LocalDates, change: PeopleChange) -> Changed {
    let (company, on) = (by.company(), dates.today(by.company()));
    let event = PeopleEvent { by: Some(by.person()), company, person: person.id(), on, change };
    Changed { person, event }
}
