//! The pages: the people of the administrator's companies, one of them, and what everybody else sees.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, ChargeableService, Person, Validity};
use pinlatch::refusal::RefusalCode;

use super::known::{self, Account, Known};
use super::one::PersonPage;
use super::visitor::{Visitor, in_language};
use super::words::{Words, filled};
use crate::payroll::Payroll;
use crate::phone::rendered;
use crate::shown;
use crate::town::{self, COMPANIES};

/// What is on every page.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) words: &'static Words,
    /// Who is signed in; empty if nobody is.
    pub(super) name: String,
    /// The page's own path, to come back to.
    pub(super) path: String,
}

/// Why something is not done.
#[derive(Template)]
#[template(path = "office/problem.html")]
pub(super) struct ProblemPage {
    pub(super) frame: Frame,
    pub(super) words: &'static Words,
    pub(super) detail: String,
    /// Whether there is a list for this visitor to go back to.
    pub(super) leads_back: bool,
}

/// The people of each company.
#[derive(Template)]
#[template(path = "office/people.html")]
struct PeoplePage {
    frame: Frame,
    words: &'static Words,
    companies: Vec<Company>,
}

struct Company {
    id: CompanyId,
    name: &'static str,
    people: Vec<Row>,
}

struct Row {
    id: PersonId,
    name: String,
    employments: Vec<String>,
    services: Vec<&'static str>,
    user: Option<UserCell>,
    account: AccountCells,
}

struct UserCell {
    period: String,
    roles: Vec<&'static str>,
}

enum AccountCells {
    Seen { is_barred: bool, invitation: Option<String>, devices: usize },
    Not { why: String },
}

/// For a user who administers nobody.
#[derive(Template)]
#[template(path = "office/plain.html")]
struct PlainPage {
    frame: Frame,
    words: &'static Words,
    accesses: Vec<OwnAccess>,
}

struct OwnAccess {
    company: &'static str,
    period: String,
    profile: String,
    roles: Vec<&'static str>,
}

/// Somebody new.
#[derive(Template)]
#[template(path = "office/new_person.html")]
struct NewPersonPage {
    frame: Frame,
    words: &'static Words,
    company: CompanyId,
    company_name: &'static str,
    today: CalendarDate,
}

pub(super) async fn people(State(payroll): State<Payroll>, visitor: Visitor) -> Response {
    let words = visitor.frame.words;
    let administered = known::administered(&payroll, &visitor);
    if administered.is_empty() {
        let accesses = own_accesses(&visitor);
        return in_language(words, rendered(&PlainPage { frame: visitor.frame, words, accesses }));
    }
    let mut companies = Vec::new();
    for (id, name) in administered {
        let today = visitor.dates.today(id);
        match known::people(&payroll, &visitor, id).await {
            Ok(people) => {
                let people = people.iter().map(|known| Row::of(known, id, today, words)).collect();
                companies.push(Company { id, name, people });
            }
            Err(error) => return visitor.failed(&payroll, "administrator", &error),
        }
    }
    in_language(words, rendered(&PeoplePage { frame: visitor.frame, words, companies }))
}

pub(super) async fn person(
    State(payroll): State<Payroll>,
    visitor: Visitor,
    Path((company, id)): Path<(String, String)>,
) -> Response {
    let words = visitor.frame.words;
    let ids = company.parse().ok().zip(id.parse().ok());
    let Some((company, id)) = ids else { return nowhere(visitor) };
    match known::person(&payroll, &visitor, company, id).await {
        Ok(Some(known)) => {
            let today = visitor.dates.today(company);
            let is_oneself = visitor.person.id() == id;
            let page = PersonPage::of(visitor.frame, &known, (company, name_of(company)), today, is_oneself);
            in_language(words, rendered(&page))
        }
        // The same for somebody of another company as for nobody (E25).
        Ok(None) => visitor.refused(&visitor.asked.problem(RefusalCode::NotAuthorised)),
        Err(error) => visitor.failed(&payroll, "administrator", &error),
    }
}

pub(super) async fn new_person(
    State(payroll): State<Payroll>,
    visitor: Visitor,
    Path(company): Path<String>,
) -> Response {
    let words = visitor.frame.words;
    let Ok(company) = company.parse() else { return nowhere(visitor) };
    if let Err(error) = payroll.app.gate().administrator(&visitor.session, company).await {
        return visitor.failed(&payroll, "administrator", &error);
    }
    let today = visitor.dates.today(company);
    let company_name = name_of(company);
    let page = NewPersonPage { frame: visitor.frame, words, company, company_name, today };
    in_language(words, rendered(&page))
}

/// There is no such page.
pub(super) async fn not_found(visitor: Visitor) -> Response {
    nowhere(visitor)
}

fn nowhere(Visitor { frame, .. }: Visitor) -> Response {
    let words = frame.words;
    let mut response =
        rendered(&ProblemPage { frame, words, detail: words.not_found.to_owned(), leads_back: true });
    *response.status_mut() = StatusCode::NOT_FOUND;
    in_language(words, response)
}

fn name_of(company: CompanyId) -> &'static str {
    COMPANIES.iter().find(|(id, _)| *id == company).map_or("?", |(_, name)| name)
}

fn own_accesses(visitor: &Visitor) -> Vec<OwnAccess> {
    let words = visitor.frame.words;
    let of = |access: &pinlatch::people::UserAccess| OwnAccess {
        company: name_of(access.company()),
        period: period(access.validity(), visitor.dates.today(access.company()), words),
        profile: profile(access.profile(), words),
        roles: access.roles().iter().map(|role| words.role(role)).collect(),
    };
    visitor.person.user_accesses().iter().map(of).collect()
}

/// A profile, as it is called here.
pub(super) fn profile(profile: &pinlatch::people::Profile, words: &Words) -> String {
    use pinlatch::people::Profile;
    match profile {
        Profile::NoRights => words.profile_none.to_owned(),
        Profile::Employee => words.profile_employee.to_owned(),
        Profile::Custom(own) if town::accountant().as_ref() == Some(profile) => own.name().to_owned(),
        // Its name may look like one of these, in whatever script.
        Profile::Custom(own) => format!("{}: “{}”", words.profile_another, own.name()),
        _ => "?".to_owned(),
    }
}

/// A period in words, which says so if it is over.
pub(super) fn period(validity: Validity, today: CalendarDate, words: &Words) -> String {
    let first = shown::day(validity.first(), words.language);
    let text = match validity.last() {
        Some(last) => filled(words.until, &[&first, &shown::day(last, words.language)]),
        None if validity.has_not_begun(today) => filled(words.from, &[&first]),
        None => filled(words.since, &[&first]),
    };
    if validity.has_ended(today) { format!("{text} ({})", words.ended) } else { text }
}

impl Row {
    fn of(known: &Known, company: CompanyId, today: CalendarDate, words: &'static Words) -> Self {
        let Known { person, resident, account } = known;
        let name = resident.as_ref().map_or(words.unknown_name, |resident| &resident.name).to_owned();
        Self {
            id: person.id(),
            name,
            employments: person
                .employments_in(company)
                .map(|job| period(job.validity(), today, words))
                .collect(),
            services: services(person, company, today, words),
            user: person.user_access(company).map(|access| UserCell {
                period: period(access.validity(), today, words),
                roles: access.roles().iter().map(|role| words.role(role)).collect(),
            }),
            account: AccountCells::of(account, words),
        }
    }
}

fn services(person: &Person, company: CompanyId, today: CalendarDate, words: &Words) -> Vec<&'static str> {
    let in_effect = person.services_in(company, today);
    let each = ChargeableService::ALL.iter().filter(|service| in_effect.contains(**service));
    each.map(|service| words.service(*service)).collect()
}

impl AccountCells {
    fn of(account: &Account, words: &Words) -> Self {
        match account {
            Account::Seen(seen) => Self::Seen {
                is_barred: seen.standing == pinlatch::account::Standing::RevokedAll,
                invitation: seen
                    .invitation
                    .as_ref()
                    .map(|open| filled(words.open_until, &[&shown::minute(open.expires, words.language)])),
                devices: seen.devices.len(),
            },
            Account::Beyond => Self::Not { why: words.out_of_reach.to_owned() },
            Account::Refused(why) => Self::Not { why: why.clone() },
        }
    }
}
