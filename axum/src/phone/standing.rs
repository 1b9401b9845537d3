//! How the device stands, and how it leaves: lock, "OK", log out.

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::{DeviceView, EndReason, Ended, LastOpened};
use pinlatch::host::Host;
use pinlatch::id::DeviceId;
use pinlatch::session::{Modality, OpenedBy, SessionState};
use pinlatch::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Asked, FromPhone, KnownDevice};
use crate::problem::{Next, Problem, Worded};
use crate::running::Command;

/// How the device stands, and what its person does next: choose the screen by `next`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeviceStanding)]
pub struct Standing {
    /// In which state its session is.
    #[schema(value_type = crate::schema::State)]
    pub state: SessionState,
    /// What to do next.
    pub next: Next,
    /// The device session; left out for a device that the account does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::schema::Id>, nullable = false)]
    pub device: Option<DeviceId>,
    /// How many digits the PIN has, or is to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pin_digits: Option<u8>,
    /// How many wrong PINs in a row end the PIN; left out unless the host wants it shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tries_left: Option<u8>,
    /// Whether the face opens it.
    pub face: bool,
    /// Whether the fingerprint opens it.
    pub fingerprint: bool,
    /// When and by what it was opened last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_opened: Option<LastOpening>,
    /// Why its session ended, if it did and that is remembered; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended: Option<SessionEnd>,
}

/// When and why a session ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SessionEnd)]
pub struct SessionEnd {
    /// When, by the server's clock; left out where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub at: Option<Timestamp>,
    /// Why.
    #[schema(value_type = crate::schema::EndReason)]
    pub reason: EndReason,
    /// The same for the person, in their language.
    pub text: String,
    /// The language of the text, as a tag: `fi`.
    pub language: String,
}

impl SessionEnd {
    fn of(Ended { at, reason, .. }: Ended, asked: &Asked) -> Self {
        let Worded { text, language } = asked.told(reason);
        Self { at, reason, text, language: language.into_owned() }
    }
}

/// An opening of the app.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = LastOpening)]
pub struct LastOpening {
    /// When, by the server's clock.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By what.
    pub by: OpenedWith,
}

/// What opens an app.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub enum OpenedWith {
    /// The right PIN, or its creation.
    Pin,
    /// A recognised face.
    Face,
    /// A recognised fingerprint.
    Fingerprint,
}

impl From<LastOpened> for LastOpening {
    fn from(last: LastOpened) -> Self {
        let by = match last.by {
            OpenedBy::Pin => OpenedWith::Pin,
            OpenedBy::Biometric(Modality::Face) => OpenedWith::Face,
            OpenedBy::Biometric(Modality::Fingerprint) => OpenedWith::Fingerprint,
        };
        Self { at: last.at, by }
    }
}

impl Standing {
    fn of(view: &DeviceView, shows_tries_left: bool, asked: &Asked) -> Self {
        let ended = view.ended.map(|ended| SessionEnd::of(ended, asked));
        Self {
            state: view.state,
            next: view.next.into(),
            device: view.device,
            pin_digits: view.pin_digits,
            tries_left: view.tries_left.filter(|_| shows_tries_left),
            face: view.face,
            fingerprint: view.fingerprint,
            last_opened: view.last_opened.map(LastOpening::from),
            ended,
        }
    }
}

/// How the device stands: what the app shows when it starts, and after `SessionRequired`.
///
/// # Errors
/// As for [`Gate::device_view`](pinlatch::gate::Gate::device_view).
#[utoipa::path(get, path = "/device", tag = "device",
    security(("device" = [])), responses((status = 200, body = Standing)))]
pub async fn device_view<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
) -> Result<Sent<Standing>, Problem> {
    let command = Command::asking("device_view");
    let view = app.run(&asked, command, |gate| async move { gate.device_view(&token, &context).await });
    Ok(Sent(Standing::of(&view.await?, app.parts().shows_tries_left, &asked)))
}

/// Tells the gate what the host's attestation finds of this request's device. A modified one is logged out and wiped.
///
/// # Errors
/// As for [`Gate::report_integrity`](pinlatch::gate::Gate::report_integrity).
#[utoipa::path(post, path = "/device/integrity", tag = "device",
    security(("device" = [])), responses((status = 204)))]
pub async fn report_integrity<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
) -> Result<StatusCode, Problem> {
    let command = Command::of("report_integrity", token.person());
    app.run(&asked, command, |gate| async move { gate.report_integrity(&token, &context).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lock: the session is dead, the PIN stays. Call it when the app is closed, too.
///
/// # Errors
/// As for [`Gate::lock`](pinlatch::gate::Gate::lock).
#[utoipa::path(post, path = "/lock", tag = "device",
    security(("device" = [])), responses((status = 204)))]
pub async fn lock<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
) -> Result<StatusCode, Problem> {
    let command = Command::of("lock", token.person());
    app.run(&asked, command, |gate| async move { gate.lock(&token, &context).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// "OK" to the message about too many wrong PINs.
///
/// # Errors
/// As for [`Gate::acknowledge`](pinlatch::gate::Gate::acknowledge).
#[utoipa::path(post, path = "/acknowledge", tag = "device",
    security(("device" = [])), responses((status = 204)))]
pub async fn acknowledge<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
) -> Result<StatusCode, Problem> {
    let command = Command::of("acknowledge", token.person());
    app.run(&asked, command, |gate| async move { gate.acknowledge(&token, &context).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs this device out, and no other. Logged out already is done, too.
///
/// # Errors
/// As for [`Gate::log_out`](pinlatch::gate::Gate::log_out).
#[utoipa::path(post, path = "/log-out", tag = "device",
    security(("device" = [])), responses((status = 204)))]
pub async fn log_out<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
) -> Result<StatusCode, Problem> {
    let command = Command::of("log_out", token.person());
    app.run(&asked, command, |gate| async move { gate.log_out(&token, &context).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
