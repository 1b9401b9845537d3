//! The body of a problem.

use axum::http::StatusCode;
use pinlatch::refusal::{NextStep, PublicRefusal, RefusalKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{HttpCode, uri_of};

/// Why a request was not done (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// The code as a URI: an identifier, not an address.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The code again, since a title does not vary.
    pub title: String,
    /// The status of HTTP, for who sees the body alone.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable, and never translated: programs match on this.
    #[schema(value_type = crate::schema::Code)]
    pub code: String,
    /// Roughly what to do about it.
    #[schema(value_type = crate::schema::Kind)]
    pub kind: RefusalKind,
    /// What the person does next.
    pub next: Next,
    /// The text for the person, in a language that was asked for where there is one.
    pub detail: String,
}

/// What the person does next: the app chooses a screen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Next)]
pub struct Next {
    /// Which step.
    pub step: Step,
    /// How long to wait before it, in milliseconds; with `TryAgain` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after_milliseconds: Option<u64>,
}

/// The steps that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub enum Step {
    /// Go on: home if the phone holds a session token, else the PIN pad.
    UseApp,
    /// Create a PIN.
    CreatePin,
    /// Enter the PIN, or use a face or fingerprint.
    EnterPin,
    /// "OK" below the message that the PIN is gone.
    Acknowledge,
    /// Authenticate strongly.
    Authenticate,
    /// Open the invitation that was sent, and authenticate with it.
    PresentInvitation,
    /// Ask a user administrator for an invitation.
    AskForInvitation,
    /// Ask the employer.
    AskEmployer,
    /// The same again, after the wait.
    TryAgain,
    /// Enter something else.
    CorrectInput,
    /// Log out whoever is signed in on this device.
    LogOutHere,
    /// Use a device that was not modified.
    UseAnotherDevice,
    /// Nothing: it is not for this person to do.
    NotAllowed,
}

impl From<NextStep> for Next {
    fn from(next: NextStep) -> Self {
        let step = match next {
            NextStep::UseApp => Step::UseApp,
            NextStep::CreatePin => Step::CreatePin,
            NextStep::EnterPin => Step::EnterPin,
            NextStep::Acknowledge => Step::Acknowledge,
            NextStep::Authenticate => Step::Authenticate,
            NextStep::PresentInvitation => Step::PresentInvitation,
            NextStep::AskForInvitation => Step::AskForInvitation,
            NextStep::AskEmployer => Step::AskEmployer,
            NextStep::TryAgain { after } => {
                let after_milliseconds = Some(u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
                return Self { step: Step::TryAgain, after_milliseconds };
            }
            NextStep::CorrectInput => Step::CorrectInput,
            NextStep::LogOutHere => Step::LogOutHere,
            NextStep::UseAnotherDevice => Step::UseAnotherDevice,
            // One of a later release leads nowhere that this one knows.
            _ => Step::NotAllowed,
        };
        Self { step, after_milliseconds: None }
    }
}

impl ProblemBody {
    pub(super) fn of_refusal(public: &PublicRefusal, status: StatusCode) -> Self {
        let code = public.code.as_str();
        Self {
            type_uri: uri_of(code),
            title: code.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            kind: public.kind,
            next: public.next.into(),
            detail: public.text.clone().into_owned(),
        }
    }

    pub(super) fn of_http(code: HttpCode, text: String) -> Self {
        let (kind, step) = match code {
            HttpCode::BrowserSessionRequired => (RefusalKind::Authenticate, Step::Authenticate),
            HttpCode::BodyTooSlow => (RefusalKind::Retry, Step::TryAgain),
            _ => (RefusalKind::FixInput, Step::CorrectInput),
        };
        // It has waited long enough.
        let after_milliseconds = (step == Step::TryAgain).then_some(0);
        Self {
            type_uri: uri_of(code.as_str()),
            title: code.as_str().to_owned(),
            status: code.status().as_u16(),
            code: code.as_str().to_owned(),
            kind,
            next: Next { step, after_milliseconds },
            detail: text,
        }
    }
}
