//! Who there is when the program starts for the first time: two companies, and their people.
//!
//! Names are the host's: the crate knows people by their ids.

use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    Action, CalendarDate, CalendarError, ChargeableService, CustomProfile, Employment, Function, Person,
    Profile, Reach, Right, Rights, Role, UserAccess, Validity,
};
use pinlatch::pin::{PersonalWords, PersonalWordsError};
use serde::{Deserialize, Serialize};

pub(crate) const KUURA: CompanyId = CompanyId::from_u128(1);
pub(crate) const HALLA: CompanyId = CompanyId::from_u128(2);

/// The companies, and their names.
pub(crate) const COMPANIES: [(CompanyId, &str); 2] = [(KUURA, "Kuura Oy"), (HALLA, "Halla Oy")];

/// What only the host knows of a person: a row of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Resident {
    pub(crate) name: String,
    /// What the first page says of the person.
    pub(crate) about: String,
    /// Year, month and day.
    pub(crate) birth_date: (i16, i8, i8),
    pub(crate) telephone: String,
    /// Gross salary of a month, in cents.
    pub(crate) salary_cents: u32,
    /// How the test bank knows the person.
    pub(crate) subject: String,
}

impl Resident {
    /// What the person's PIN must not be made of.
    pub(crate) fn personal_words(&self) -> Result<PersonalWords, PersonalWordsError> {
        let (year, month, day) = self.birth_date;
        PersonalWords::none().with(&self.telephone)?.with_birth_date(year, month, day)
    }
}

/// Name, what the first page says, birth date, telephone, gross salary of a month in cents.
type Row = (&'static str, &'static str, (i16, i8, i8), &'static str, u32);

/// Everybody on the first day, with what the directory knows of them.
pub(crate) fn first_day() -> Result<Vec<(PersonId, Resident, Person)>, CalendarError> {
    let for_long = Validity::from(CalendarDate::new(2025, 1, 1)?);
    let job = Employment::new(KUURA, for_long);
    let [salaries, travel] = [ChargeableService::Salaries, ChargeableService::Travel];
    let both = job.with_service(salaries).with_service(travel);
    let access = UserAccess::new(KUURA, for_long);
    let accountant = accountant().unwrap_or(Profile::NoRights);
    let people: [Row; 7] = [
        ("Aino Virtanen", "an employee with Salaries and Travel", (1990, 5, 17), "+358 40 735 9146", 312_000),
        (
            "Kaisa Koski",
            "a user administrator, and an employee with Salaries",
            (1979, 11, 2),
            "+358 40 162 8840",
            387_000,
        ),
        ("Eero Salo", "an employee without a chargeable service", (2001, 1, 30), "+358 50 447 2093", 254_000),
        (
            "Marek Nowak",
            "an employee without Finnish bank credentials, not invited yet",
            (1986, 8, 9),
            "+48 601 553 720",
            298_000,
        ),
        (
            "Pekka Laine",
            "a company administrator, who administers no users",
            (1968, 3, 21),
            "+358 40 908 3317",
            0,
        ),
        ("Saara Niemi", "a payroll accountant, who is no employee", (1974, 9, 25), "+358 40 511 7702", 0),
        ("Bo Lind", "the user administrator of another company", (1983, 12, 6), "+358 45 270 6614", 0),
    ];
    let facts = |number: u128, person: Person| match number {
        1 => person.with_bank_credentials().with_mobile_certificate().with_employment(both),
        2 => person.with_bank_credentials().with_employment(job.with_service(salaries)).with_user_access(
            access.clone().with_profile(Profile::Employee).with_role(Role::UserAdministrator),
        ),
        3 => person.with_bank_credentials().with_employment(job),
        4 => person.with_employment(both),
        5 => person
            .with_bank_credentials()
            .with_user_access(access.clone().with_role(Role::CompanyAdministrator)),
        6 => person.with_bank_credentials().with_user_access(access.clone().with_profile(accountant.clone())),
        _ => person
            .with_bank_credentials()
            .with_user_access(UserAccess::new(HALLA, for_long).with_role(Role::UserAdministrator)),
    };
    let everybody = (1..).zip(people).map(|(number, (name, about, birth_date, telephone, salary_cents))| {
        let id = PersonId::from_u128(number);
        let resident = Resident {
            name: name.to_owned(),
            about: about.to_owned(),
            birth_date,
            telephone: telephone.to_owned(),
            salary_cents,
            subject: name.split(' ').next().unwrap_or_default().to_lowercase(),
        };
        (id, resident, facts(number, Person::new(id)))
    });
    Ok(everybody.collect())
}

/// This host's own profile: reads what everybody earns and works.
pub(crate) fn accountant() -> Option<Profile> {
    let read = |function| Right::new(Action::Read, function, Reach::Company);
    let of_everybody = Rights::from_iter([read(Function::SalaryInformation), read(Function::WorkingHours)]);
    CustomProfile::new("Payroll accountant", of_everybody).ok().map(Profile::Custom)
}

/// What day it is where the companies are: both are in Finland.
pub(crate) fn today() -> Result<CalendarDate, CalendarError> {
    let date = jiff::Timestamp::now().to_zoned(time_zone()).date();
    CalendarDate::new(date.year(), date.month(), date.day())
}

/// Where the companies are.
pub(crate) fn time_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/Helsinki").unwrap_or(jiff::tz::TimeZone::UTC)
}
