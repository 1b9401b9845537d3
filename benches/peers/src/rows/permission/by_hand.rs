//! The floors: the same decisions by hand, on facts prepared for them; and a set of strings.

use std::collections::HashSet;

use pinlatch::access::{Channel, Request};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{Action, Function, Functions};

use super::cases::{Asked, COMPANIES, Holding, Subject};

/// The facts as a program for this one purpose would keep them.
pub struct Held {
    person: PersonId,
    places: Vec<Place>,
}

struct Place {
    company: CompanyId,
    functions: Functions,
    holding: Holding,
    user: bool,
    employed: bool,
    administers: bool,
}

impl Held {
    /// Of a person, today.
    pub fn of(subject: &Subject) -> Self {
        let place = |place: &super::cases::Place| Place {
            company: place.company,
            functions: place
                .services
                .iter()
                .flat_map(|service| service.functions().iter().collect::<Vec<_>>())
                .collect(),
            holding: place.holding,
            user: place.user,
            employed: subject.person.employments_in(place.company).next().is_some(),
            administers: place.administers,
        };
        Self { person: subject.person.id(), places: subject.places.iter().map(place).collect() }
    }
}

/// The fourteen rules as a `match`.
pub fn decide(held: &Held, asked: &Asked) -> bool {
    let Asked { channel, request } = asked;
    let app = *channel == Channel::MobileApp;
    let here = held.places.iter().find(|place| place.company == request.company);
    if app && !held.places.iter().any(|place| !place.functions.is_empty() || (place.user && !place.employed))
    {
        return false;
    }
    let Some(here) = here else { return false };
    if !app && !here.user {
        return false;
    }
    let own = request.owner == held.person;
    if request.function == Function::UsersAndRoles {
        return !app && here.administers && (request.action == Action::Read || !own);
    }
    if !here.functions.contains(request.function) {
        return false;
    }
    match (here.holding, request.action, request.function) {
        (Holding::Implicit, Action::Read, _)
        | (Holding::Implicit, Action::Edit, Function::WorkingHours | Function::TravelExpenseReports)
        | (Holding::Employee, Action::Read, _)
        | (Holding::Employee, Action::Edit, Function::WorkingHours | Function::TravelExpenseReports) => own,
        (Holding::Supervisor, _, Function::WorkingHours)
        | (Holding::Supervisor, Action::Read, Function::TravelExpenseReports) => true,
        _ => false,
    }
}

/// Which of the 32 requests that can be made about a company this one is.
fn index(held_by: PersonId, Asked { channel, request }: &Asked) -> u32 {
    let function = match request.function {
        Function::SalaryInformation => 0,
        Function::WorkingHours => 1,
        Function::TravelExpenseReports => 2,
        _ => 3,
    };
    let channel = u32::from(*channel == Channel::MobileApp);
    let action = u32::from(request.action == Action::Edit);
    let own = u32::from(request.owner == held_by);
    channel << 4 | action << 3 | function << 1 | own
}

/// Every decision made beforehand: 32 bits a company. Somebody has to make them anew whenever a
/// fact changes, and at midnight.
pub struct Bits {
    person: PersonId,
    companies: Vec<(CompanyId, u32)>,
}

impl Bits {
    /// Of the facts.
    pub fn of(held: &Held) -> Self {
        let bits = |place: &Place| {
            let requests = requests(place.company, held.person);
            let allowed = requests.iter().filter(|request| decide(held, request));
            (place.company, allowed.fold(0, |bits, request| bits | 1 << index(held.person, request)))
        };
        Self { person: held.person, companies: held.places.iter().map(bits).collect() }
    }

    /// One look.
    pub fn decide(&self, asked: &Asked) -> bool {
        let bits = self.companies.iter().find(|(company, _)| *company == asked.request.company);
        bits.is_some_and(|(_, bits)| bits >> index(self.person, asked) & 1 == 1)
    }
}

/// A set of "person/company/…": what one writes in an afternoon.
pub struct Strings {
    person: PersonId,
    allowed: HashSet<String>,
}

impl Strings {
    /// Every request that is allowed.
    pub fn of(held: &Held) -> Self {
        let mut strings = Self { person: held.person, allowed: HashSet::new() };
        for request in COMPANIES.iter().flat_map(|company| requests(*company, held.person)) {
            if decide(held, &request) {
                let mut key = String::new();
                strings.write(&mut key, &request);
                strings.allowed.insert(key);
            }
        }
        strings
    }

    /// Writes the key into a buffer that is used again, and looks it up.
    pub fn decide(&self, key: &mut String, asked: &Asked) -> bool {
        self.write(key, asked);
        self.allowed.contains(key.as_str())
    }

    fn write(&self, key: &mut String, Asked { channel, request }: &Asked) {
        key.clear();
        let [act, object] = names(request);
        let reach = if request.owner == self.person { "own" } else { "others" };
        let channel = if *channel == Channel::MobileApp { "app" } else { "browser" };
        let company = company_name(request.company);
        for part in ["anna", company, act, object, reach, channel] {
            key.push_str(part);
            key.push('/');
        }
    }
}

/// Action and function as text.
pub fn names(request: &Request) -> [&'static str; 2] {
    let action = if request.action == Action::Read { "read" } else { "edit" };
    [action, function_name(request.function)]
}

/// A function as text.
pub fn function_name(function: Function) -> &'static str {
    match function {
        Function::SalaryInformation => "salary",
        Function::WorkingHours => "hours",
        Function::TravelExpenseReports => "travel",
        _ => "users",
    }
}

/// A company as text.
pub fn company_name(company: CompanyId) -> &'static str {
    let names = ["acme", "bolt", "other"];
    let index = COMPANIES.iter().position(|known| *known == company).expect("one of the three");
    names[index]
}

fn requests(company: CompanyId, person: PersonId) -> Vec<Asked> {
    let mut requests = Vec::new();
    for channel in [Channel::MobileApp, Channel::Browser] {
        for &action in Action::ALL {
            for &function in Function::ALL {
                for owner in [person, PersonId::from_u128(0)] {
                    let request = Request { company, action, function, owner };
                    requests.push(Asked { channel, request });
                }
            }
        }
    }
    requests
}
