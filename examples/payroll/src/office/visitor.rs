//! Who is signed in to the browser version, and what to show to whoever is not.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use pinlatch::access::BrowserSession;
use pinlatch::gate::GateError;
use pinlatch::host::Directory;
use pinlatch::id::PersonId;
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::RefusalCode;
use pinlatch_axum::Problem;
use pinlatch_axum::asked::{Asked, InBrowser};

use super::pages::{Frame, ProblemPage};
use super::words::Words;
use crate::payroll::Payroll;
use crate::phone::rendered;
use crate::sign_in::{Explained, explained};

/// Where whoever is not signed in goes.
const SIGN_IN: &str = "/sign-in";

/// A user of the browser version, whom the gate lets be there now (R18, R19, E22).
pub(super) struct Visitor {
    pub(super) session: BrowserSession,
    pub(super) asked: Asked,
    pub(super) person: Person,
    pub(super) dates: LocalDates,
    /// What is on every page.
    pub(super) frame: Frame,
}

impl Visitor {
    /// A page that says why it is not done.
    pub(super) fn refused(&self, problem: &Problem) -> Response {
        ProblemPage::of(self.frame.clone(), problem)
    }

    /// The same, for an error of the gate.
    pub(super) fn failed(&self, payroll: &Payroll, command: &'static str, error: &GateError) -> Response {
        self.refused(&payroll.app.refused(&self.asked, command, error))
    }
}

impl FromRequestParts<Payroll> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, payroll: &Payroll) -> Result<Self, Response> {
        let asked = Asked::from_parts(parts, payroll);
        let words = Words::of(asked.languages.built_in());
        let path = parts.uri.path().to_owned();
        let nobody = Frame { words, name: String::new(), path: path.clone() };
        let InBrowser { session, asked } = match InBrowser::from_request_parts(parts, payroll).await {
            Ok(signed_in) => signed_in,
            Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {
                return Err(Redirect::to(SIGN_IN).into_response());
            }
            Err(problem) => return Err(ProblemPage::of(nobody, &problem)),
        };
        let id = session.person();
        let name = name_of(payroll, id, words).await;
        let frame = Frame { name, ..nobody };
        let refused = |command, error: &GateError| {
            let problem = payroll.app.refused(&asked, command, error);
            let mut page = ProblemPage::saying(frame.clone(), &problem);
            if error.refusal().code() == RefusalCode::NotAUser {
                // Whose access ended meanwhile has no list to go back to, and signs out above.
                let Explained { what, next } = explained(RefusalCode::NotAUser.as_str(), words.language);
                page.detail = format!("{what} {}", next.unwrap_or_default());
                page.leads_back = false;
            }
            page.answered(problem.status())
        };
        if let Err(error) = payroll.app.gate().browser_access(id).await {
            return Err(refused("browser_access", &error));
        }
        let directory = &payroll.app.gate().host().directory;
        let person = directory.person(id).await;
        let person = person.map_err(|error| refused("person", &GateError::Directory(Box::new(error))))?;
        // Somebody whom the directory does not know has no access.
        let person = person.ok_or_else(|| Redirect::to(SIGN_IN).into_response())?;
        let dates = directory.dates(&person);
        Ok(Self { session, asked, person, dates, frame })
    }
}

async fn name_of(payroll: &Payroll, person: PersonId, words: &Words) -> String {
    let resident = payroll.resident(person).await.ok().flatten();
    resident.map_or_else(|| words.unknown_name.to_owned(), |resident| resident.name)
}

/// A page of the browser version is in one language, and is asked for anew when that changes.
pub(super) fn in_language(words: &Words, mut response: Response) -> Response {
    if let Ok(tag) = words.tag.parse() {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, tag);
    }
    response
}

impl ProblemPage {
    fn of(frame: Frame, problem: &Problem) -> Response {
        Self::saying(frame, problem).answered(problem.status())
    }

    fn saying(frame: Frame, problem: &Problem) -> Self {
        let words = frame.words;
        Self { frame, words, detail: problem.body().detail.clone(), leads_back: true }
    }

    fn answered(&self, status: StatusCode) -> Response {
        let mut response = rendered(self);
        *response.status_mut() = status;
        in_language(self.words, response)
    }
}
