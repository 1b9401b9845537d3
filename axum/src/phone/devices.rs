//! A person's devices: listed, named, logged out by their ids.

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::{DeviceLabel, DeviceSummary};
use pinlatch::host::Host;
use pinlatch::id::DeviceId;
use pinlatch::session::SessionState;
use pinlatch::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::standing::LastOpening;
use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Body, FromPhone, Named, PresentedSession};
use crate::problem::{HttpCode, Problem};
use crate::running::Command;

/// A line of the list of devices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceLine {
    /// What to name in order to log it out.
    #[schema(value_type = crate::schema::Id)]
    pub id: DeviceId,
    /// What the person calls it.
    #[schema(value_type = String)]
    pub label: DeviceLabel,
    /// When it signed in, by the server's clock.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// When and by what it was last opened; left out if never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_opened: Option<LastOpening>,
    /// In which state it is.
    #[schema(value_type = crate::schema::State)]
    pub state: SessionState,
    /// Whether it is the one that asks.
    pub this_device: bool,
}

impl From<DeviceSummary> for DeviceLine {
    fn from(device: DeviceSummary) -> Self {
        let DeviceSummary { id, label, created, state, this_device, .. } = device;
        Self {
            id,
            label,
            created,
            last_opened: device.last_opened.map(LastOpening::from),
            state,
            this_device,
        }
    }
}

/// What a device is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLabel)]
pub struct NewLabel {
    /// 1 to 64 bytes, of which something can be seen.
    #[schema(max_length = 64, min_length = 1)]
    pub label: String,
}

/// The person's devices, the oldest first.
///
/// # Errors
/// As for [`Gate::devices`](pinlatch::gate::Gate::devices).
#[utoipa::path(get, path = "/devices", tag = "devices",
    security(("session" = [])), responses((status = 200, body = Vec<DeviceLine>)))]
pub async fn devices<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
) -> Result<Sent<Vec<DeviceLine>>, Problem> {
    let command = Command::asking("devices");
    let devices = app.run(&asked, command, |gate| async move { gate.devices(&session, &context).await });
    Ok(Sent(devices.await?.into_iter().map(DeviceLine::from).collect()))
}

/// Gives a device another name.
///
/// # Errors
/// `NameNotUsable`; then as for [`Gate::rename_device`](pinlatch::gate::Gate::rename_device).
#[utoipa::path(patch, path = "/devices/{device}", tag = "devices", request_body = NewLabel,
    params(("device" = inline(crate::schema::Id), Path)),
    security(("session" = [])), responses((status = 204)))]
pub async fn rename_device<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
    Named(device): Named<DeviceId>,
    Body(NewLabel { label }): Body<NewLabel>,
) -> Result<StatusCode, Problem> {
    let label = DeviceLabel::new(&label).map_err(|_| asked.wrong(HttpCode::NameNotUsable))?;
    let command = Command::of("rename_device", session.person());
    let renamed = app.run(&asked, command, |gate| async move {
        gate.rename_device(&session, device, label, &context).await
    });
    renamed.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs one device of the person out, by its id.
///
/// # Errors
/// `UnknownDevice`; else as for [`Gate::log_out_device`](pinlatch::gate::Gate::log_out_device).
#[utoipa::path(delete, path = "/devices/{device}", tag = "devices",
    params(("device" = inline(crate::schema::Id), Path)),
    security(("session" = [])), responses((status = 204)))]
pub async fn log_out_device<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
    Named(device): Named<DeviceId>,
) -> Result<StatusCode, Problem> {
    let command = Command::of("log_out_device", session.person());
    let out =
        app.run(&asked, command, |gate| async move { gate.log_out_device(&session, device, &context).await });
    out.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs every other device of the person out, one after the other; this one stays. One that signs in meanwhile stays,
/// too. If it breaks off, repeat it.
///
/// # Errors
/// As for [`Gate::devices`](pinlatch::gate::Gate::devices) and
/// [`Gate::log_out_device`](pinlatch::gate::Gate::log_out_device).
#[utoipa::path(post, path = "/devices/log-out-others", tag = "devices",
    security(("session" = [])), responses((status = 204)))]
pub async fn log_out_others<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
) -> Result<StatusCode, Problem> {
    let command = Command::of("log_out_device", session.person());
    let out = app.run(&asked, command, |gate| async move {
        for device in gate.devices(&session, &context).await?.into_iter().filter(|device| !device.this_device)
        {
            match gate.log_out_device(&session, device.id, &context).await {
                // Somebody else was quicker.
                Err(error) if error.code() == pinlatch::refusal::RefusalCode::UnknownDevice => {}
                done => done?,
            }
        }
        Ok(())
    });
    out.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs the person out from all devices, this one included. To sign in again the person has to be re-invited.
///
/// # Errors
/// As for [`Gate::log_out_everywhere`](pinlatch::gate::Gate::log_out_everywhere).
#[utoipa::path(post, path = "/log-out-everywhere", tag = "devices",
    security(("session" = [])), responses((status = 204)))]
pub async fn log_out_everywhere<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
) -> Result<StatusCode, Problem> {
    let command = Command::of("log_out_everywhere", session.person());
    app.run(&asked, command, |gate| async move { gate.log_out_everywhere(&session, &context).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
