//! Who asks, and what.

use pinlatch::access::{AccessPolicy, Channel, Request, eligibility};
use pinlatch::id::CompanyId;
use pinlatch::people::{
    Action, CustomProfile, Function, Person, Profile, Reach, Right, Rights, Role, Services, UserAccess,
};
use pinlatch_testkit::{ACME, BOLT, company, since_last_year};

use crate::fixture::{Fixture, employee, employee_of_two, person_id};

/// The person who asks.
pub const ANNA: u64 = 1;
/// Somebody else, whose data are asked for.
pub const BERT: u64 = 2;
/// The companies that requests are about; nobody here belongs to the third.
pub const COMPANIES: [CompanyId; 3] = [ACME, BOLT, company(3)];

/// A request, and by which kind of session it is made.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The channel of the session.
    pub channel: Channel,
    /// What is wanted.
    pub request: Request,
}

/// The rights of the host's own profile: three rules besides those of the crate.
pub fn supervisor() -> Rights {
    [
        Right::new(Action::Read, Function::WorkingHours, Reach::Company),
        Right::new(Action::Edit, Function::WorkingHours, Reach::Company),
        Right::new(Action::Read, Function::TravelExpenseReports, Reach::Company),
    ]
    .into_iter()
    .collect()
}

/// A person together with today's facts, which the contestants are handed.
pub struct Subject {
    /// The person, as ours takes it.
    pub person: Person,
    /// Whether the app has a place for the person.
    pub in_the_app: bool,
    /// What the person holds in each company.
    pub places: Vec<Place>,
}

/// What a person holds in one company today.
pub struct Place {
    /// The company.
    pub company: CompanyId,
    /// The services in effect.
    pub services: Services,
    /// The rights: the implicit ones or a profile's.
    pub holding: Holding,
    /// Whether there is a valid user access.
    pub user: bool,
    /// Whether a role administers users.
    pub administers: bool,
}

/// By what a person holds rights.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// An employee who is no user.
    Implicit,
    /// The profile "Employee".
    Employee,
    /// The host's own profile.
    Supervisor,
    /// A user without rights.
    Nothing,
}

impl Subject {
    /// Today's facts about a person.
    pub fn of(person: Person) -> Self {
        let fixture = Fixture::new();
        let policy = AccessPolicy::default();
        let in_the_app = eligibility(Some(&person), Channel::MobileApp, &fixture.dates, &policy).is_ok();
        let place = |company| {
            let today = fixture.dates.today(company);
            let access = person.valid_user_access(company, today);
            Place {
                company,
                services: person.services_in(company, today),
                holding: match access.map(UserAccess::profile) {
                    None => Holding::Implicit,
                    Some(Profile::Employee) => Holding::Employee,
                    Some(Profile::Custom(_)) => Holding::Supervisor,
                    Some(_) => Holding::Nothing,
                },
                user: access.is_some(),
                administers: access.is_some_and(|access| access.roles().contains(Role::UserAdministrator)),
            }
        };
        let known = |company: &CompanyId| {
            person.employments_in(*company).next().is_some() || person.user_access(*company).is_some()
        };
        let places = COMPANIES.into_iter().filter(known).map(place).collect();
        Self { in_the_app, places, person }
    }

    /// The eight requests that are timed, of which about half are allowed; they go round the
    /// person's companies.
    pub fn asked(&self) -> Vec<Asked> {
        use Action::{Edit, Read};
        use Channel::{Browser, MobileApp};
        use Function::{SalaryInformation, TravelExpenseReports, UsersAndRoles, WorkingHours};
        let asked = [
            (MobileApp, Read, SalaryInformation, ANNA),
            (MobileApp, Edit, WorkingHours, ANNA),
            (MobileApp, Edit, SalaryInformation, ANNA),
            (MobileApp, Read, WorkingHours, BERT),
            (MobileApp, Read, TravelExpenseReports, ANNA),
            (Browser, Read, SalaryInformation, ANNA),
            (MobileApp, Read, UsersAndRoles, BERT),
            (MobileApp, Edit, TravelExpenseReports, ANNA),
        ];
        let companies = self.places.iter().map(|place| place.company).cycle();
        let asked_there = |((channel, action, function, owner), company)| Asked {
            channel,
            request: Request { company, action, function, owner: person_id(owner) },
        };
        asked.into_iter().zip(companies).map(asked_there).collect()
    }

    /// Every request there is: 2 channels × 3 companies × 2 actions × 4 functions × 2 owners.
    pub fn every_request(&self) -> Vec<Asked> {
        let mut requests = Vec::new();
        for channel in [Channel::MobileApp, Channel::Browser] {
            for company in COMPANIES {
                for &action in Action::ALL {
                    for &function in Function::ALL {
                        for owner in [ANNA, BERT].map(person_id) {
                            let request = Request { company, action, function, owner };
                            requests.push(Asked { channel, request });
                        }
                    }
                }
            }
        }
        requests
    }
}

/// People of every kind.
pub fn everybody() -> Vec<Subject> {
    let access = |company| UserAccess::new(company, since_last_year());
    let profile = CustomProfile::new("Supervisor", supervisor()).expect("a good profile");
    let people = [
        employee(ANNA),
        employee_of_two(ANNA),
        employee(ANNA).with_user_access(access(ACME).with_profile(Profile::Custom(profile))),
        employee(ANNA).with_user_access(access(BOLT).with_role(Role::UserAdministrator)),
        Person::new(person_id(ANNA)).with_user_access(
            access(ACME).with_profile(Profile::Employee).with_role(Role::UserAdministrator),
        ),
    ];
    people.into_iter().map(Subject::of).collect()
}
