//! A person's account, as an administrator sees and ends it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::{AccountOverview, Standing};
use pinlatch::host::Host;
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::refusal::RefusalCode;
use pinlatch::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Sent;
use crate::app::App;
use crate::asked::{InBrowser, Named};
use crate::phone::DeviceLine;
use crate::problem::Problem;
use crate::running::Command;

/// What an administrator may see of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Overview)]
pub struct Overview {
    /// Whether the person is logged out from all devices and has to be re-invited.
    #[schema(value_type = crate::schema::Standing)]
    pub standing: Standing,
    /// The open invitation; left out if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub invitation: Option<OpenInvitation>,
    /// The devices, the oldest first.
    pub devices: Vec<DeviceLine>,
}

/// An open invitation, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenInvitation)]
pub struct OpenInvitation {
    /// Who issued it.
    #[schema(value_type = crate::schema::Id)]
    pub by: PersonId,
    /// Until when it is good, by the server's clock.
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
}

/// An invitation is on its way to the person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invited)]
pub struct Invited {
    /// Until when it is good, by the server's clock.
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
}

impl From<AccountOverview> for Overview {
    fn from(overview: AccountOverview) -> Self {
        let open =
            |open: pinlatch::account::OpenInvitation| OpenInvitation { by: open.by, expires: open.expires };
        Self {
            standing: overview.standing,
            invitation: overview.invitation.map(open),
            devices: overview.devices.into_iter().map(DeviceLine::from).collect(),
        }
    }
}

/// What there is to see of a person's account: whether it is barred, an open invitation, the devices.
///
/// # Errors
/// As for [`Gate::overview`](pinlatch::gate::Gate::overview).
#[utoipa::path(get, path = "/companies/{company}/people/{person}/account", tag = "accounts",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    security(("browser" = [])), responses((status = 200, body = Overview)))]
pub async fn overview<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
) -> Result<Sent<Overview>, Problem> {
    let overview = app.run(&asked, Command::asking("overview"), |gate| async move {
        gate.overview(&session, company, person).await
    });
    Ok(Sent(overview.await?.into()))
}

/// Invites a person, or re-invites one who is logged out from all devices. The invitation goes to the person, and is not
/// in the answer. If sending fails it is
/// `Unavailable`: invite again.
///
/// # Errors
/// As for [`Gate::invite`](pinlatch::gate::Gate::invite); `Unavailable` if the invitation could not be sent.
#[utoipa::path(post, path = "/companies/{company}/people/{person}/invitation", tag = "accounts",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    security(("browser" = [])), responses((status = 200, body = Invited)))]
pub async fn invite<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
) -> Result<Sent<Invited>, Problem> {
    let sends = app.parts().invitations.clone().ok_or_else(|| asked.problem(RefusalCode::Unavailable))?;
    let (again, told) = (app.clone(), asked.clone());
    let whole = async move {
        let issued = again.run(&told, Command::of("invite", person), |gate| async move {
            gate.invite(&session, company, person).await
        });
        let issued = issued.await?;
        let expires = issued.expires;
        let sent = Arc::clone(&sends).send(person, issued).await;
        sent.map(|()| Invited { expires }).map_err(|failed| failed.answered(&told))
    };
    app.to_its_end(&asked, "invite", whole).await?.map(Sent)
}

/// Withdraws the open invitation of a person.
///
/// # Errors
/// As for [`Gate::withdraw_invitation`](pinlatch::gate::Gate::withdraw_invitation).
#[utoipa::path(delete, path = "/companies/{company}/people/{person}/invitation", tag = "accounts",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    security(("browser" = [])), responses((status = 204)))]
pub async fn withdraw_invitation<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
) -> Result<StatusCode, Problem> {
    let withdrawn = app.run(&asked, Command::of("withdraw_invitation", person), |gate| async move {
        gate.withdraw_invitation(&session, company, person).await
    });
    withdrawn.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs a person out from all devices. To sign in again the person has to be re-invited.
///
/// # Errors
/// As for [`Gate::revoke_all`](pinlatch::gate::Gate::revoke_all).
#[utoipa::path(post, path = "/companies/{company}/people/{person}/log-out-everywhere", tag = "accounts",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    security(("browser" = [])), responses((status = 204)))]
pub async fn revoke_all<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
) -> Result<StatusCode, Problem> {
    let revoked = app.run(&asked, Command::of("revoke_all", person), |gate| async move {
        gate.revoke_all(&session, company, person).await
    });
    revoked.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Logs one device of a person out: the lost phone, where the others are not lost.
///
/// # Errors
/// As for [`Gate::log_out_device_of`](pinlatch::gate::Gate::log_out_device_of).
#[utoipa::path(delete, path = "/companies/{company}/people/{person}/devices/{device}", tag = "accounts",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path),
        ("device" = inline(crate::schema::Id), Path)),
    security(("browser" = [])), responses((status = 204)))]
pub async fn log_out_device_of<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person, device)): Named<(CompanyId, PersonId, DeviceId)>,
) -> Result<StatusCode, Problem> {
    let out = app.run(&asked, Command::of("log_out_device_of", person), |gate| async move {
        gate.log_out_device_of(&session, company, person, device).await
    });
    out.await?;
    Ok(StatusCode::NO_CONTENT)
}
