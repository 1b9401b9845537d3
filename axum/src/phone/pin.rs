//! The PIN: made, entered, changed.

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::PinEntries;
use pinlatch::host::Host;
use pinlatch::id::PersonId;
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;
use pinlatch::session::{Cell, Command as TableCommand, cell};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Asked, Body, FromPhone, KnownDevice, PresentedSession, RepeatKey};
use crate::problem::Problem;
use crate::running::Command;

/// A new PIN, entered twice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPin)]
pub struct NewPin {
    /// The first entry: digits.
    #[schema(value_type = String, write_only)]
    pub pin: Zeroizing<String>,
    /// The second entry.
    #[schema(value_type = String, write_only)]
    pub confirmation: Zeroizing<String>,
}

/// An entry on the PIN pad.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PinEntry)]
pub struct PinEntry {
    /// The entry: digits.
    #[schema(value_type = String, write_only)]
    pub pin: Zeroizing<String>,
}

/// The PIN as it is, and the new one, entered twice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PinChange)]
pub struct PinChange {
    /// The PIN as it is. It counts as an attempt.
    #[schema(value_type = String, write_only)]
    pub current: Zeroizing<String>,
    /// The new one.
    #[schema(value_type = String, write_only)]
    pub pin: Zeroizing<String>,
    /// The new one again.
    #[schema(value_type = String, write_only)]
    pub confirmation: Zeroizing<String>,
}

/// The app is open.
#[derive(Serialize, ToSchema)]
#[schema(as = Opened)]
pub struct Opened {
    /// Keep it in memory only, and send it as `Authorization: Bearer`. One that the phone had before is dead.
    #[schema(read_only)]
    pub session: String,
}

impl From<&SessionToken> for Opened {
    fn from(token: &SessionToken) -> Self {
        Self { session: token.expose().to_owned() }
    }
}

/// Makes the PIN of a device that waits for one; the app is open at once. Do not repeat it after a lost reply: ask for
/// the device's view.
///
/// # Errors
/// As for [`Gate::create_pin`](pinlatch::gate::Gate::create_pin).
#[utoipa::path(post, path = "/pin", tag = "pin", request_body = NewPin,
    security(("device" = [])), responses((status = 200, body = Opened)))]
pub async fn create_pin<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
    Body(NewPin { pin, confirmation }): Body<NewPin>,
) -> Result<Sent<Opened>, Problem> {
    let entries = entries(&app, &asked, &pin, &confirmation)?;
    let words = words(&app, &asked, token.person()).await?;
    let command = Command::of("create_pin", token.person());
    let opened =
        app.run(
            &asked,
            command,
            |gate| async move { gate.create_pin(&token, &entries, &words, &context).await },
        );
    Ok(Sent(Opened::from(&opened.await?)))
}

/// Opens the lock by PIN, or the open app anew. Send an `Idempotency-Key`, drawn for each entry, so that an entry that
/// is sent again counts once. Never repeat an entry after a lock.
///
/// # Errors
/// As for [`Gate::unlock_with_pin`](pinlatch::gate::Gate::unlock_with_pin).
#[utoipa::path(post, path = "/unlock", tag = "pin", request_body = PinEntry,
    security(("device" = [])), params(("Idempotency-Key" = Option<String>, Header, nullable = false)),
    responses((status = 200, body = Opened)))]
pub async fn unlock<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
    key: RepeatKey,
    Body(PinEntry { pin }): Body<PinEntry>,
) -> Result<Sent<Opened>, Problem> {
    let entry = match Pin::parse(&pin) {
        Ok(entry) => entry,
        Err(error) => {
            // How many digits are wanted (D19), this phone's PIN says.
            let (command, device) = (Command::asking("device_view"), token);
            let view =
                app.run(&asked, command, |gate| async move { gate.device_view(&device, &context).await });
            let view = view.await?;
            // Where there is no PIN to enter, another entry would not help.
            if let Cell::Absent(code) = cell(TableCommand::UnlockWithWrongPin, view.state) {
                return Err(asked.problem(Refusal::new(code).leading_to(view.next)));
            }
            let digits = view.pin_digits.unwrap_or_default();
            return Err(asked.problem(error.refusal().for_pin_digits(digits)));
        }
    };
    let id = key.id(app.keys(), (token.expose(), "unlock"), b"").map_err(|code| asked.wrong(code))?;
    let context = id.map_or(context, |id| context.with_request(id));
    let command = Command::of("unlock_with_pin", token.person());
    let opened =
        app.run(&asked, command, |gate| async move { gate.unlock_with_pin(&token, &entry, &context).await });
    Ok(Sent(Opened::from(&opened.await?)))
}

/// Changes the PIN; the session goes on. Under the same `Idempotency-Key` a change that was made is done.
///
/// # Errors
/// As for [`Gate::change_pin`](pinlatch::gate::Gate::change_pin).
#[utoipa::path(put, path = "/pin", tag = "pin", request_body = PinChange,
    security(("session" = [])), params(("Idempotency-Key" = Option<String>, Header, nullable = false)),
    responses((status = 204)))]
pub async fn change_pin<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
    key: RepeatKey,
    Body(PinChange { current, pin, confirmation }): Body<PinChange>,
) -> Result<StatusCode, Problem> {
    let length = app.gate().policy().pin().length();
    let current = Pin::parse(&current).map_err(|error| asked.problem(error.refusal_for(length)))?;
    let new = entries(&app, &asked, &pin, &confirmation)?;
    let words = words(&app, &asked, session.person()).await?;
    let id = key.id(app.keys(), (session.expose(), "change-pin"), b"").map_err(|code| asked.wrong(code))?;
    let context = id.map_or(context, |id| context.with_request(id));
    let command = Command::of("change_pin", session.person());
    let changed = app.run(&asked, command, |gate| async move {
        gate.change_pin(&session, &current, &new, &words, &context).await
    });
    changed.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn entries<H: Host + 'static>(
    app: &App<H>,
    asked: &Asked,
    pin: &str,
    confirmation: &str,
) -> Result<PinEntries, Problem> {
    let length = app.gate().policy().pin().length();
    let parse = |text| Pin::parse(text).map_err(|error| asked.problem(error.refusal_for(length)));
    Ok(PinEntries { pin: parse(pin)?, confirmation: parse(confirmation)? })
}

async fn words<H: Host + 'static>(
    app: &App<H>,
    asked: &Asked,
    person: PersonId,
) -> Result<PersonalWords, Problem> {
    match app.parts().words.as_ref() {
        Some(knows) => knows.words(person).await.map_err(|failed| failed.answered(asked)),
        None => Ok(PersonalWords::none()),
    }
}

crate::answer::shows_nothing!(NewPin, PinEntry, PinChange, Opened);
