//! Adding a person whom the host does not know yet: its own row, how the sign-in service knows the person, and the first
//! employment or user access.
//!
//! The host's rows and pinlatch's records do not commit together. So the rows come first and say the same however often the
//! form is sent; whoever is in them alone belongs to no company, and is shown to nobody.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pinlatch::access::{BrowserSession, users_and_roles};
use pinlatch::account::DeviceLabel;
use pinlatch::gate::GateError;
use pinlatch::host::{Directory, Randomness, SystemRandomness};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, ChargeableService, Person, Services, Validity};
use pinlatch::refusal::RefusalCode;
use pinlatch_axum::Problem;
use pinlatch_axum::asked::{Asked, Body, InBrowser, Named};
use pinlatch_axum::people::{NewAccess, NewEmployment, establish_user, hire};
use serde::Deserialize;

use super::words::Words;
use crate::payroll::Payroll;
use crate::rows::{Kind, RowsFailed};
use crate::safety;
use crate::town::{self, Resident};

/// What the payroll office would have agreed on; nothing that an administrator of users decides.
const FIRST_SALARY_CENTS: u32 = 280_000;
/// An identifier of OpenID Connect is at most so long (OpenID Connect Core 1.0 §2).
const LONGEST_SUBJECT: usize = 255;
/// Nobody who was born before lives, and nobody works longer.
const EARLIEST_YEAR: i16 = 1900;
/// Whatever lies behind is a slip of the finger.
const LATEST_YEAR: i16 = 2199;
/// How long adding somebody may take; a program that ends in the middle leaves it to the next one after that.
const ADDING: Duration = Duration::from_secs(60);
/// With a country code at most 15 (ITU-T E.164 §6.1).
const DIGITS_OF_A_TELEPHONE: std::ops::RangeInclusive<usize> = 4..=15;

/// Somebody new.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Newcomer {
    name: String,
    telephone: String,
    /// Dates as they were typed, so that a wrong one is answered in words.
    #[serde(default)]
    birth_date: String,
    /// How the sign-in service knows the person.
    subject: String,
    joins_as: Option<JoinsAs>,
    #[serde(default)]
    first_day: String,
    #[serde(default)]
    services: Vec<ChargeableService>,
    /// Finnish ones; whoever has none needs an invitation first (R01, R02).
    #[serde(default)]
    credentials: Vec<Credential>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
enum Credential {
    Bank,
    MobileCertificate,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
enum JoinsAs {
    Employee,
    User,
}

/// Why nobody was added.
pub(super) enum NotAdded {
    /// By the rules, or because a part failed.
    Problem(Problem),
    /// By what the host itself asks of a person: a code, and what to say.
    Input(&'static str, &'static str),
}

impl From<Problem> for NotAdded {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for NotAdded {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Input(code, detail) => safety::problem(StatusCode::UNPROCESSABLE_ENTITY, code, detail),
        }
    }
}

/// `POST /api/companies/{company}/people`: answers 201, and where the person's page is.
pub(super) async fn add(
    State(payroll): State<Payroll>,
    InBrowser { session, asked }: InBrowser,
    Named(company): Named<CompanyId>,
    Body(new): Body<Newcomer>,
) -> Result<Response, NotAdded> {
    let app = &payroll.app;
    let gate_says = |command, error: GateError| app.refused(&asked, command, &error);
    let administrator = app.gate().administrator(&session, company).await;
    let administrator = administrator.map_err(|error| gate_says("administrator", error))?;
    let words = Words::of(asked.languages.built_in());
    let joins_as = new.joins_as.ok_or(NotAdded::Input("NothingChosen", words.nothing_joined))?;
    let resident = new.resident(words)?;
    let first_day = date(&new.first_day).ok_or(NotAdded::Input("FirstDayNotUsable", words.bad_first_day))?;

    // What the rules say no to is refused before anything is written down.
    let anybody = Person::new(PersonId::from_u128(0));
    let dates = app.gate().host().directory.dates(&anybody);
    let (period, services) = (Validity::from(first_day), Services::of(&new.services));
    let decided = match joins_as {
        JoinsAs::Employee => users_and_roles::hire(&administrator, &anybody, period, services, &dates),
        JoinsAs::User => users_and_roles::establish_user(&administrator, &anybody, period, &dates),
    };
    decided.map(drop).map_err(|refusal| asked.problem(refusal))?;

    let new = NewOne {
        company,
        resident,
        joins_as,
        first_day,
        services: new.services,
        credentials: new.credentials,
    };
    let part = asked.clone();
    // To its end, whether or not the client waits for it.
    let added = tokio::spawn(async move { new.added(&payroll, session, asked, words).await });
    added.await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "somebody could not be added");
        Err(part.problem(RefusalCode::Unavailable).into())
    })
}

/// Who is to be added, and by which company.
struct NewOne {
    company: CompanyId,
    resident: Resident,
    joins_as: JoinsAs,
    first_day: CalendarDate,
    services: Vec<ChargeableService>,
    credentials: Vec<Credential>,
}

impl NewOne {
    /// Nobody else adds this person meanwhile: so one form's name and credentials stay, and one company's employment.
    async fn added(
        self,
        payroll: &Payroll,
        session: BrowserSession,
        asked: Asked,
        words: &Words,
    ) -> Result<Response, NotAdded> {
        let failed = |error: &(dyn std::error::Error + 'static)| {
            tracing::error!(error, "somebody could not be written down");
            NotAdded::Problem(asked.problem(RefusalCode::Unavailable))
        };
        let rows = |error: RowsFailed| failed(&error);
        let mut drawn = [0; 16];
        SystemRandomness.fill(&mut drawn).map_err(|error| failed(&error))?;
        let drawn = PersonId::from_bytes(drawn);
        let person = payroll.open_id.claim(&self.resident.subject, drawn).await.map_err(rows)?;
        let key = person.to_string();
        if !payroll.rows.add_for(Kind::Newcomer, &key, &(), ADDING).await.map_err(rows)? {
            return Err(NotAdded::Problem(asked.problem(RefusalCode::GuessOvertaken)));
        }
        let written = self.write_down(payroll, person, words).await;
        let added = match written {
            Ok(()) => self.joins(payroll, person, session, asked).await,
            Err(NotWritten::Taken(refused)) => Err(refused),
            Err(NotWritten::Failed(error)) => Err(failed(&*error)),
        };
        // Else it is over by itself.
        drop(payroll.rows.remove(Kind::Newcomer, &key).await);
        added
    }

    /// The rows of the host's own, and what the sign-in service will say of the person.
    async fn write_down(&self, payroll: &Payroll, person: PersonId, words: &Words) -> Result<(), NotWritten> {
        let directory = &payroll.app.gate().host().directory;
        let is_somewhere =
            |known: &Person| !known.employments().is_empty() || !known.user_accesses().is_empty();
        // Begun before, and broken off: whom no company knows yet is added now.
        let known = directory.person(person).await.map_err(NotWritten::because)?;
        if known.as_ref().is_some_and(is_somewhere) {
            return Err(NotWritten::Taken(NotAdded::Input("SubjectTaken", words.subject_taken)));
        }
        let kept = payroll.rows.put(Kind::Resident, &person.to_string(), &self.resident).await;
        kept.map_err(NotWritten::because)?;
        let has = |credential| self.credentials.contains(&credential);
        let written = directory.change(person, |known| {
            if is_somewhere(&known) {
                return Ok(known);
            }
            // Whatever an earlier form said.
            let mut new = Person::new(person);
            if has(Credential::Bank) {
                new = new.with_bank_credentials();
            }
            if has(Credential::MobileCertificate) {
                new = new.with_mobile_certificate();
            }
            Ok(new)
        });
        written.await.map(drop).map_err(NotWritten::because)
    }

    /// The first employment or user access, by the routes' own handlers.
    async fn joins(
        self,
        payroll: &Payroll,
        person: PersonId,
        session: BrowserSession,
        asked: Asked,
    ) -> Result<Response, NotAdded> {
        let Self { company, first_day, .. } = self;
        let (app, by) = (State(payroll.app.clone()), InBrowser { session, asked });
        let whom = Named((company, person));
        match self.joins_as {
            JoinsAs::Employee => {
                let first = NewEmployment { first_day, last_day: None, services: self.services };
                drop(Box::pin(hire(app, by, whom, Body(first))).await?);
            }
            JoinsAs::User => {
                let first = NewAccess { first_day, last_day: None };
                drop(Box::pin(establish_user(app, by, whom, Body(first))).await?);
            }
        }
        let page = format!("/companies/{company}/people/{person}");
        Ok((StatusCode::CREATED, [(header::LOCATION, page)]).into_response())
    }
}

/// Why nobody was written down.
enum NotWritten {
    Taken(NotAdded),
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl NotWritten {
    fn because(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(error))
    }
}

/// A date that may be one.
fn date(text: &str) -> Option<CalendarDate> {
    text.parse().ok().filter(|date: &CalendarDate| (EARLIEST_YEAR..=LATEST_YEAR).contains(&date.year()))
}

impl Newcomer {
    /// The host's own row, if it can be one.
    fn resident(&self, words: &Words) -> Result<Resident, NotAdded> {
        let wrong = |code, detail| Err(NotAdded::Input(code, detail));
        let [name, telephone, subject] = [&self.name, &self.telephone, &self.subject].map(|text| text.trim());
        // A name is no name for the reasons for which a label is none.
        if DeviceLabel::new(name).is_err() {
            return wrong("NameNotUsable", words.bad_name);
        }
        let is_subject = subject.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_subject || !(1..=LONGEST_SUBJECT).contains(&subject.len()) {
            return wrong("SubjectNotUsable", words.bad_subject);
        }
        let lives = |born: &CalendarDate| town::today().is_ok_and(|today| *born <= today);
        let Some(born) = date(&self.birth_date).filter(lives) else {
            return wrong("BirthDateNotUsable", words.bad_birth_date);
        };
        let resident = Resident {
            name: name.to_owned(),
            about: "added by an administrator".to_owned(),
            birth_date: (born.year(), born.month(), born.day()),
            telephone: telephone.to_owned(),
            salary_cents: FIRST_SALARY_CENTS,
            subject: subject.to_owned(),
        };
        let is_telephone = telephone.bytes().all(|byte| byte.is_ascii_digit() || b"+ -()".contains(&byte));
        let digits = telephone.bytes().filter(u8::is_ascii_digit).count();
        if !is_telephone || !DIGITS_OF_A_TELEPHONE.contains(&digits) || resident.personal_words().is_err() {
            return wrong("TelephoneNotUsable", words.bad_telephone);
        }
        Ok(resident)
    }
}
