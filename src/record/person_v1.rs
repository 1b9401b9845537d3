//! Version 1 of the facts about a stored person. Frozen: a change is a version 2 beside it.

use super::day::{read_day, write_day};
use super::numbered::numbered;
use super::wire::{Reader, Writer};
use crate::id::{CompanyId, PersonId};
use crate::people::{
    Action, ChargeableService, CustomFunction, CustomProfile, Employment, Function, Person, Profile, Reach,
    Right, Rights, Role, ServiceSelection, UserAccess, Validity,
};

numbered!(Role, write_role, read_role {
    UserAdministrator = 0,
    AccountingOfficeAdministrator = 1,
    CompanyAdministrator = 2,
});

pub(super) fn write_person(out: &mut Writer<'_>, person: &Person) {
    out.bytes(person.id().as_bytes());
    out.flag(person.credentials().bank);
    out.flag(person.credentials().mobile_certificate);
    out.length(person.employments().len());
    for employment in person.employments() {
        write_employment(out, employment);
    }
    out.length(person.user_accesses().len());
    for access in person.user_accesses() {
        write_user_access(out, access);
    }
    out.option(person.incomplete_until(), write_day);
}

pub(super) fn read_person(from: &mut Reader<'_>) -> Option<Person> {
    let mut person = Person::new(PersonId::from_bytes(*from.array()?));
    if from.flag()? {
        person = person.with_bank_credentials();
    }
    if from.flag()? {
        person = person.with_mobile_certificate();
    }
    for employment in from.list(from.rest().len(), read_employment)? {
        person = person.read_with_employment(employment).ok()?;
    }
    for access in from.list(from.rest().len(), read_user_access)? {
        person = person.read_with_user_access(access).ok()?;
    }
    if let Some(day) = from.option(read_day)? {
        person = person.with_incomplete_until(day);
    }
    Some(person)
}

pub(super) fn write_validity(out: &mut Writer<'_>, validity: Validity) {
    write_day(out, validity.first());
    out.option(validity.last(), write_day);
}

pub(super) fn read_validity(from: &mut Reader<'_>) -> Option<Validity> {
    let first = read_day(from)?;
    match from.option(read_day)? {
        None => Some(Validity::from(first)),
        Some(last) => Validity::between(first, last).ok(),
    }
}

fn write_employment(out: &mut Writer<'_>, employment: &Employment) {
    out.bytes(employment.company().as_bytes());
    write_validity(out, employment.validity());
    write_selection(out, employment.selection(ChargeableService::Travel));
    write_selection(out, employment.selection(ChargeableService::Salaries));
}

fn read_employment(from: &mut Reader<'_>) -> Option<Employment> {
    let company = CompanyId::from_bytes(*from.array()?);
    let employment = Employment::new(company, read_validity(from)?);
    let employment = employment.with_selection(ChargeableService::Travel, read_selection(from)?);
    Some(employment.with_selection(ChargeableService::Salaries, read_selection(from)?))
}

/// The numbers of the selections.
const NOT_SELECTED: u8 = 0;
const OPEN: u8 = 1;
const CLOSED_AFTER: u8 = 2;

fn write_selection(out: &mut Writer<'_>, selection: ServiceSelection) {
    match selection {
        ServiceSelection::NotSelected => out.byte(NOT_SELECTED),
        ServiceSelection::Open => out.byte(OPEN),
        ServiceSelection::ClosedAfter(last) => {
            out.byte(CLOSED_AFTER);
            write_day(out, last);
        }
    }
}

fn read_selection(from: &mut Reader<'_>) -> Option<ServiceSelection> {
    match from.byte()? {
        NOT_SELECTED => Some(ServiceSelection::NotSelected),
        OPEN => Some(ServiceSelection::Open),
        CLOSED_AFTER => read_day(from).map(ServiceSelection::ClosedAfter),
        _ => None,
    }
}

fn write_user_access(out: &mut Writer<'_>, access: &UserAccess) {
    out.bytes(access.company().as_bytes());
    write_validity(out, access.validity());
    write_profile(out, access.profile());
    out.length(access.roles().iter().count());
    for role in access.roles().iter() {
        write_role(out, role);
    }
}

fn read_user_access(from: &mut Reader<'_>) -> Option<UserAccess> {
    let company = CompanyId::from_bytes(*from.array()?);
    let access = UserAccess::new(company, read_validity(from)?).with_profile(read_profile(from)?);
    let roles = from.list(from.rest().len(), read_role)?;
    Some(roles.into_iter().fold(access, UserAccess::with_role))
}

/// The numbers of the profiles.
const NO_RIGHTS: u8 = 0;
const EMPLOYEE: u8 = 1;
const CUSTOM: u8 = 2;

pub(super) fn write_profile(out: &mut Writer<'_>, profile: &Profile) {
    match profile {
        Profile::NoRights => out.byte(NO_RIGHTS),
        Profile::Employee => out.byte(EMPLOYEE),
        Profile::Custom(custom) => {
            out.byte(CUSTOM);
            out.text(custom.name());
            write_rights(out, custom.rights());
        }
    }
}

pub(super) fn read_profile(from: &mut Reader<'_>) -> Option<Profile> {
    match from.byte()? {
        NO_RIGHTS => Some(Profile::NoRights),
        EMPLOYEE => Some(Profile::Employee),
        CUSTOM => {
            let name = core::str::from_utf8(from.text()?).ok()?;
            CustomProfile::restore(name, read_rights(from)?).map(Profile::Custom)
        }
        _ => None,
    }
}

/// The numbers of the functions.
const SALARY_INFORMATION: u8 = 0;
const WORKING_HOURS: u8 = 1;
const TRAVEL_EXPENSE_REPORTS: u8 = 2;
const USERS_AND_ROLES: u8 = 3;
const CUSTOM_FUNCTION: u8 = 4;

fn write_function(out: &mut Writer<'_>, function: Function) {
    match function {
        Function::SalaryInformation => out.byte(SALARY_INFORMATION),
        Function::WorkingHours => out.byte(WORKING_HOURS),
        Function::TravelExpenseReports => out.byte(TRAVEL_EXPENSE_REPORTS),
        Function::UsersAndRoles => out.byte(USERS_AND_ROLES),
        Function::Custom(custom) => {
            out.byte(CUSTOM_FUNCTION);
            out.text(custom.name());
        }
    }
}

fn read_function(from: &mut Reader<'_>) -> Option<Function> {
    Some(match from.byte()? {
        SALARY_INFORMATION => Function::SalaryInformation,
        WORKING_HOURS => Function::WorkingHours,
        TRAVEL_EXPENSE_REPORTS => Function::TravelExpenseReports,
        USERS_AND_ROLES => Function::UsersAndRoles,
        CUSTOM_FUNCTION => {
            Function::Custom(CustomFunction::new(core::str::from_utf8(from.text()?).ok()?).ok()?)
        }
        _ => return None,
    })
}

/// The bit of a right among those to one function.
const RIGHT_BITS: [(Action, Reach, u8); 4] = [
    (Action::Read, Reach::OwnData, 0b0001),
    (Action::Read, Reach::Company, 0b0010),
    (Action::Edit, Reach::OwnData, 0b0100),
    (Action::Edit, Reach::Company, 0b1000),
];

/// Each function once, in order, with the bits of the rights to it.
fn write_rights(out: &mut Writer<'_>, rights: &Rights) {
    let functions = rights.functions();
    out.length(functions.size());
    for function in functions.iter() {
        write_function(out, function);
        let held = RIGHT_BITS
            .iter()
            .filter(|(action, reach, _)| rights.contains(Right::new(*action, function, *reach)));
        out.byte(held.fold(0, |bits, (_, _, bit)| bits | bit));
    }
}

fn read_rights(from: &mut Reader<'_>) -> Option<Rights> {
    let functions = from.list(CustomProfile::MOST_FUNCTIONS, |from| {
        Some((read_function(from)?, from.byte().filter(|bits| matches!(bits, 1..=0b1111))?))
    })?;
    // One form only: in order, and none twice.
    let is_in_order = functions.is_sorted_by(|(earlier, _), (later, _)| earlier < later);
    let rights = functions.iter().flat_map(|(function, bits)| {
        let held = RIGHT_BITS.iter().filter(move |(_, _, bit)| bits & bit != 0);
        held.map(|(action, reach, _)| Right::new(*action, *function, *reach))
    });
    is_in_order.then(|| rights.collect())
}
