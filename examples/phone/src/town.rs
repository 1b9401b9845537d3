//! Who there is when the program starts for the first time: two companies and six people.
//!
//! Names are the host's: the crate knows people by their ids.

use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    CalendarDate, CalendarError, ChargeableService, Employment, Person, Profile, Role, UserAccess, Validity,
};
use pinlatch::pin::{PersonalWords, PersonalWordsError};

const KUURA: CompanyId = CompanyId::from_u128(1);
const HALLA: CompanyId = CompanyId::from_u128(2);

/// What only the host knows of a person.
#[derive(Debug)]
pub(crate) struct Resident {
    pub(crate) id: PersonId,
    pub(crate) name: &'static str,
    pub(crate) first_name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) company: CompanyId,
    pub(crate) pay: &'static str,
    birth_date: (i16, i8, i8),
    telephone: &'static str,
}

pub(crate) const RESIDENTS: [Resident; 6] = [
    Resident {
        id: PersonId::from_u128(1),
        name: "Aino Virtanen",
        first_name: "Aino",
        about: "employee with both services",
        company: KUURA,
        pay: "3 120.00 €",
        birth_date: (1990, 5, 17),
        telephone: "+358 40 735 9146",
    },
    Resident {
        id: PersonId::from_u128(2),
        name: "Kaisa Koski",
        first_name: "Kaisa",
        about: "user administrator, and an employee with Salaries",
        company: KUURA,
        pay: "3 870.00 €",
        birth_date: (1979, 11, 2),
        telephone: "+358 40 162 8840",
    },
    Resident {
        id: PersonId::from_u128(3),
        name: "Eero Salo",
        first_name: "Eero",
        about: "employee without services",
        company: KUURA,
        pay: "2 540.00 €",
        birth_date: (2001, 1, 30),
        telephone: "+358 50 447 2093",
    },
    Resident {
        id: PersonId::from_u128(4),
        name: "Marek Nowak",
        first_name: "Marek",
        about: "employee without Finnish bank credentials, not invited yet",
        company: KUURA,
        pay: "2 980.00 €",
        birth_date: (1986, 8, 9),
        telephone: "+48 601 553 720",
    },
    Resident {
        id: PersonId::from_u128(5),
        name: "Pekka Laine",
        first_name: "Pekka",
        about: "company administrator, who administers no users",
        company: KUURA,
        pay: "none",
        birth_date: (1968, 3, 21),
        telephone: "+358 40 908 3317",
    },
    Resident {
        id: PersonId::from_u128(6),
        name: "Bo Lind",
        first_name: "Bo",
        about: "user administrator of another company",
        company: HALLA,
        pay: "none",
        birth_date: (1983, 12, 6),
        telephone: "+358 45 270 6614",
    },
];

pub(crate) fn resident(id: PersonId) -> Option<&'static Resident> {
    RESIDENTS.iter().find(|resident| resident.id == id)
}

pub(crate) fn name(id: PersonId) -> &'static str {
    resident(id).map_or("somebody", |resident| resident.name)
}

pub(crate) const fn company_name(id: CompanyId) -> &'static str {
    match id.as_u128() {
        1 => "Kuura Oy",
        2 => "Halla Oy",
        _ => "another company",
    }
}

impl Resident {
    /// What the person's PIN must not be made of.
    pub(crate) fn personal_words(&self) -> Result<PersonalWords, PersonalWordsError> {
        let (year, month, day) = self.birth_date;
        PersonalWords::none().with(self.telephone)?.with_birth_date(year, month, day)
    }

    /// The facts about the person on the first day.
    pub(crate) fn facts(&self) -> Result<Person, CalendarError> {
        let for_long = Validity::from(CalendarDate::new(2025, 1, 1)?);
        let job = Employment::new(self.company, for_long);
        let [salaries, travel] = [ChargeableService::Salaries, ChargeableService::Travel];
        let both = job.with_service(salaries).with_service(travel);
        let access = UserAccess::new(self.company, for_long);
        let person = Person::new(self.id);
        Ok(match self.first_name {
            "Aino" => person.with_bank_credentials().with_mobile_certificate().with_employment(both),
            "Kaisa" => person
                .with_bank_credentials()
                .with_employment(job.with_service(salaries))
                .with_user_access(access.with_profile(Profile::Employee).with_role(Role::UserAdministrator)),
            "Eero" => person.with_bank_credentials().with_employment(job),
            "Marek" => person.with_employment(both),
            "Pekka" => {
                person.with_bank_credentials().with_user_access(access.with_role(Role::CompanyAdministrator))
            }
            _ => person.with_bank_credentials().with_user_access(access.with_role(Role::UserAdministrator)),
        })
    }
}
