//! The app's own data: payslips to look at, hours and travel to look at and enter. Each route asks the gate for what it needs
//! by `Permitted`; nothing here decides who may do what.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::ToSpan;
use jiff::civil::Date;
use pinlatch::access::{self, Channel, Request};
use pinlatch::account::DeviceLabel;
use pinlatch::host::{Directory, Host, Randomness, SystemRandomness};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{Action, CalendarDate, Function};
use pinlatch::refusal::{Language, RefusalCode};
use pinlatch_axum::asked::{Asked, Body, FromPhone, Named, OpenSession, Permitted, WantsFunction};
use pinlatch_axum::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::payroll::Payroll;
use crate::rows::{Kind, RowsFailed};
use crate::{safety, town};

/// How far back hours and travel may be entered, in days: the last pay period and the one before.
const DAYS_BACK: i32 = 62;
/// How many payslips are shown.
const PAYSLIPS: i32 = 3;
/// What a trip costs at most, in cents.
const MOST_EXPENSES_CENTS: u32 = 1_000_000;
/// How many trips of somebody's are entered in that time, in one company.
const MOST_TRIPS: usize = 100;
/// Tax in percent, of everybody alike: these payslips are made up.
const TAX_PERCENT: u64 = 28;

/// What the app has screens for.
const SHOWN: [Function; 3] =
    [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports];

/// What an entry gets wrong: a code, and what is said in English and in Finnish.
type Wrong = (&'static str, &'static str, &'static str);

const DATE: Wrong = (
    "DateNotUsable",
    "The day is one of the last 62, within the employment, and not to come.",
    "Päivän on oltava viimeisten 62 päivän joukossa ja työsuhteen aikana, eikä se voi olla tulossa.",
);
const HOURS: Wrong =
    ("HoursNotUsable", "Hours are 0 to 24, in quarters.", "Tunteja on 0–24, neljännestunnin tarkkuudella.");
const NOTE: Wrong = (
    "NoteNotUsable",
    "A note has at most 64 bytes of visible text.",
    "Selitteessä on enintään 64 tavua näkyvää tekstiä.",
);
const DESTINATION: Wrong = (
    "DestinationNotUsable",
    "A destination has 1 to 64 bytes of visible text.",
    "Kohteessa on 1–64 tavua näkyvää tekstiä.",
);
const EXPENSES: Wrong =
    ("ExpensesNotUsable", "Expenses are 0 to 10,000 euros.", "Kulut ovat 0–10 000 euroa.");
const TRIPS: Wrong = (
    "TooManyTrips",
    "There are 100 trips of these 62 days already. Enter several as one.",
    "Näiltä 62 päivältä on jo 100 matkaa. Ilmoita useampi yhtenä.",
);

pub(super) fn router() -> Router<Payroll> {
    Router::new()
        .route("/me", get(me))
        .route("/companies/{company}/people", get(people))
        .route("/companies/{company}/payslips", get(payslips))
        .route("/companies/{company}/payslips/{owner}", get(payslips))
        .route("/companies/{company}/hours", get(hours).put(enter_hours))
        .route("/companies/{company}/hours/{owner}", get(hours).put(enter_hours))
        .route("/companies/{company}/trips", get(trips).post(enter_trip))
        .route("/companies/{company}/trips/{owner}", get(trips).post(enter_trip))
}

macro_rules! wants {
    ($($name:ident: $action:ident $function:ident;)+) => {$(
        struct $name;

        impl WantsFunction for $name {
            fn wanted() -> (Action, Function) {
                (Action::$action, Function::$function)
            }
        }
    )+};
}

wants! {
    ReadPayslips: Read SalaryInformation;
    ReadHours: Read WorkingHours;
    EditHours: Edit WorkingHours;
    ReadTrips: Read TravelExpenseReports;
    EditTrips: Edit TravelExpenseReports;
}

/// Hours of one day.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Day {
    date: CalendarDate,
    hours: f64,
    note: String,
}

/// A travel and expense report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trip {
    date: CalendarDate,
    destination: String,
    expenses_cents: u32,
}

/// Who is signed in, and what may be opened where.
async fn me(State(payroll): State<Payroll>, session: OpenSession) -> Result<Json<Value>, Problem> {
    let person = session.grant.person();
    let FromPhone { asked, context } = &session.request;
    let failed = |error: RowsFailed| unavailable(asked, &error);
    let name = payroll.resident(person).await.map_err(failed)?.map(|resident| resident.name);
    let mut companies = Vec::new();
    for (company, company_name) in town::COMPANIES {
        let offered = payroll.app.gate().functions(&session.token, company, context).await;
        let functions = offered.map_err(|error| payroll.app.refused(asked, "functions", &error))?;
        let functions: Vec<Function> = functions.iter().collect();
        if !functions.is_empty() {
            companies.push(json!({ "id": company, "name": company_name, "functions": functions }));
        }
    }
    Ok(Json(json!({ "name": name.unwrap_or_default(), "companies": companies })))
}

/// Whose data somebody may see or enter, the own among them, for a list to choose from. Each choice is asked of the gate
/// again.
async fn people(
    State(payroll): State<Payroll>,
    session: OpenSession,
    Named(company): Named<CompanyId>,
) -> Result<Json<Vec<Value>>, Problem> {
    let asked = &session.request.asked;
    let (gate, asking) = (payroll.app.gate(), session.grant.person());
    let directory = gate.host().directory();
    let person = directory.person(asking).await.map_err(|error| unavailable(asked, &error))?;
    let Some(person) = person else { return Ok(Json(Vec::new())) };
    let dates = directory.dates(&person);
    let mut listed = Vec::new();
    for (owner, resident) in payroll.residents().await.map_err(|error| unavailable(asked, &error))? {
        let facts = directory.person(owner).await.map_err(|error| unavailable(asked, &error))?;
        let may = |action| {
            let functions = SHOWN.iter().copied().filter(|function| {
                let request = Request { company, action, function: *function, owner };
                let policy = gate.policy().access();
                let app = Channel::MobileApp;
                access::decide(Some(&person), app, &request, facts.as_ref(), &dates, policy).is_allowed()
            });
            functions.collect::<Vec<Function>>()
        };
        let (sees, enters) = (may(Action::Read), may(Action::Edit));
        if owner == asking || !sees.is_empty() {
            let name = &resident.name;
            listed.push(json!({
                "id": owner, "name": name, "own": owner == asking, "sees": sees, "enters": enters,
            }));
        }
    }
    Ok(Json(listed))
}

/// The payslips of the last full months. They are made up, from the one salary that the host knows.
async fn payslips(
    State(payroll): State<Payroll>,
    permitted: Permitted<ReadPayslips>,
) -> Result<Json<Vec<Value>>, Problem> {
    let failed = |error: RowsFailed| unavailable(&permitted.from.asked, &error);
    let resident = payroll.resident(permitted.request.owner).await.map_err(failed)?;
    let gross = resident.map_or(0, |resident| resident.salary_cents);
    if gross == 0 {
        return Ok(Json(Vec::new()));
    }
    let tax = u64::from(gross).saturating_mul(TAX_PERCENT).saturating_div(100);
    let net = u64::from(gross).saturating_sub(tax);
    let months = (1..=PAYSLIPS).filter_map(|back| {
        let month = today().checked_sub(back.months()).ok()?;
        Some(json!({
            "month": format!("{:04}-{:02}", month.year(), month.month()),
            "gross_cents": gross, "tax_cents": tax, "net_cents": net,
        }))
    });
    Ok(Json(months.collect()))
}

async fn hours(
    State(payroll): State<Payroll>,
    permitted: Permitted<ReadHours>,
) -> Result<Json<Vec<Day>>, Problem> {
    entered(&payroll, Kind::Hours, &permitted.request, &permitted.from.asked).await
}

/// Enters the hours of a day, in place of those that were entered before.
async fn enter_hours(
    State(payroll): State<Payroll>,
    permitted: Permitted<EditHours>,
    Body(entry): Body<Day>,
) -> Result<Response, Problem> {
    let asked = &permitted.from.asked;
    let in_quarters = (0.0..=24.0).contains(&entry.hours) && (entry.hours * 4.0).fract() == 0.0;
    if !in_quarters {
        return Ok(wrong(HOURS, asked));
    }
    if !is_recent(entry.date) || !is_a_working_day(&payroll, &permitted, entry.date).await? {
        return Ok(wrong(DATE, asked));
    }
    if !entry.note.is_empty() && DeviceLabel::new(&entry.note).is_err() {
        return Ok(wrong(NOTE, asked));
    }
    let key = format!("{}{}", prefix(&permitted.request), entry.date);
    let kept = payroll.rows.put(Kind::Hours, &key, &entry).await;
    kept.map_err(|error| unavailable(asked, &error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn trips(
    State(payroll): State<Payroll>,
    permitted: Permitted<ReadTrips>,
) -> Result<Json<Vec<Trip>>, Problem> {
    entered(&payroll, Kind::Trip, &permitted.request, &permitted.from.asked).await
}

/// Enters a trip beside those that were entered before.
async fn enter_trip(
    State(payroll): State<Payroll>,
    permitted: Permitted<EditTrips>,
    Body(entry): Body<Trip>,
) -> Result<Response, Problem> {
    let asked = &permitted.from.asked;
    if !is_recent(entry.date) || !is_a_working_day(&payroll, &permitted, entry.date).await? {
        return Ok(wrong(DATE, asked));
    }
    if DeviceLabel::new(&entry.destination).is_err() {
        return Ok(wrong(DESTINATION, asked));
    }
    if entry.expenses_cents > MOST_EXPENSES_CENTS {
        return Ok(wrong(EXPENSES, asked));
    }
    let before = entered::<Trip>(&payroll, Kind::Trip, &permitted.request, asked).await?;
    if before.0.iter().filter(|trip| is_recent(trip.date)).count() >= MOST_TRIPS {
        return Ok(wrong(TRIPS, asked));
    }
    let mut number = [0; 8];
    SystemRandomness.fill(&mut number).map_err(|error| unavailable(asked, &error))?;
    let key = format!("{}{}/{:016x}", prefix(&permitted.request), entry.date, u64::from_be_bytes(number));
    payroll.rows.put(Kind::Trip, &key, &entry).await.map_err(|error| unavailable(asked, &error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What was entered for somebody, the newest first.
async fn entered<T: serde::de::DeserializeOwned>(
    payroll: &Payroll,
    kind: Kind,
    request: &Request,
    asked: &Asked,
) -> Result<Json<Vec<T>>, Problem> {
    let rows = payroll.rows.all(kind, &prefix(request)).await.map_err(|error| unavailable(asked, &error))?;
    Ok(Json(rows.into_iter().rev().map(|(_, entry)| entry).collect()))
}

fn prefix(request: &Request) -> String {
    let (company, owner): (CompanyId, PersonId) = (request.company, request.owner);
    format!("{company}/{owner}/")
}

fn today() -> Date {
    let known = town::today().ok().and_then(date);
    known.unwrap_or_else(|| jiff::Zoned::now().date())
}

fn date(day: CalendarDate) -> Option<Date> {
    Date::new(day.year(), day.month(), day.day()).ok()
}

fn is_recent(day: CalendarDate) -> bool {
    let (today, day) = (today(), date(day));
    let earliest = today.checked_sub(DAYS_BACK.days()).unwrap_or(today);
    day.is_some_and(|day| (earliest..=today).contains(&day))
}

/// Whether it is a day of an employment there: nobody works before the first day, or after the last.
async fn is_a_working_day<F: WantsFunction>(
    payroll: &Payroll,
    permitted: &Permitted<F>,
    day: CalendarDate,
) -> Result<bool, Problem> {
    let Request { company, owner, .. } = permitted.request;
    let owner = payroll.app.gate().host().directory().person(owner).await;
    let owner = owner.map_err(|error| unavailable(&permitted.from.asked, &error))?;
    Ok(owner.is_some_and(|owner| owner.employments_in(company).any(|job| job.validity().contains(day))))
}

fn wrong((code, english, finnish): Wrong, asked: &Asked) -> Response {
    let is_finnish = asked.languages.built_in() == Language::Finnish;
    safety::problem(StatusCode::UNPROCESSABLE_ENTITY, code, if is_finnish { finnish } else { english })
}

fn unavailable(asked: &Asked, error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(error, "a part of the host could not answer");
    asked.problem(RefusalCode::Unavailable)
}
