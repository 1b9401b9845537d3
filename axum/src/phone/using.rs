//! Using the open app: is the session live, and what may be done with it?

use std::time::Duration;

use axum::extract::State;
use pinlatch::access::{Request, Rule};
use pinlatch::account::{Grant, Wanted};
use pinlatch::host::Host;
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{Action, Function};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Body, FromPhone, Named, OpenSession, PresentedSession};
use crate::problem::Problem;
use crate::running::Command;

/// What is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Wish)]
pub struct Wish {
    /// The company whose data it is about.
    #[schema(value_type = crate::schema::Id)]
    pub company: CompanyId,
    /// What is to be done.
    #[schema(value_type = crate::schema::Action)]
    pub action: Action,
    /// With which function.
    #[schema(value_type = crate::schema::Function)]
    pub function: Function,
    /// Whose data it is about.
    #[schema(value_type = crate::schema::Id)]
    pub owner: PersonId,
    /// How lately the app has to have been opened by PIN, in seconds; left out, it does not matter.
    #[schema(nullable = false)]
    pub by_pin_within_seconds: Option<u32>,
}

impl Wish {
    pub(crate) const fn request(&self) -> Request {
        Request { company: self.company, action: self.action, function: self.function, owner: self.owner }
    }
}

/// It may go on, now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Allowed)]
pub struct Allowed {
    /// Who asks.
    #[schema(value_type = crate::schema::Id)]
    pub person: PersonId,
    /// From which device session.
    #[schema(value_type = crate::schema::Id)]
    pub device: DeviceId,
    /// The rule that allowed it; left out where only a session was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub rule: Option<Rule>,
}

impl From<Grant> for Allowed {
    fn from(grant: Grant) -> Self {
        Self { person: grant.person(), device: grant.device(), rule: grant.rule() }
    }
}

/// What to offer in the menu.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Menu)]
pub struct Menu {
    /// The functions that are permitted.
    #[schema(value_type = Vec<crate::schema::Function>)]
    pub functions: Vec<Function>,
}

/// Whether the session is live, and whose it is.
///
/// # Errors
/// As for [`Gate::check`](pinlatch::gate::Gate::check).
#[utoipa::path(get, path = "/session", tag = "session",
    security(("session" = [])), responses((status = 200, body = Allowed)))]
pub async fn session<H: Host + 'static>(
    State(_): State<App<H>>,
    OpenSession { grant, .. }: OpenSession,
) -> Result<Sent<Allowed>, Problem> {
    Ok(Sent(grant.into()))
}

/// Whether this may be done now. It is an answer for the app's screens: the host's own routes check for themselves.
///
/// # Errors
/// As for [`Gate::check`](pinlatch::gate::Gate::check).
#[utoipa::path(post, path = "/check", tag = "session", request_body = Wish,
    security(("session" = [])), responses((status = 200, body = Allowed)))]
pub async fn check<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
    Body(wish): Body<Wish>,
) -> Result<Sent<Allowed>, Problem> {
    let within = wish.by_pin_within_seconds.map(|seconds| Duration::from_secs(seconds.into()));
    let request = wish.request();
    let checked = app.run(&asked, Command::asking("check"), |gate| async move {
        let wanted = Wanted::function(&request);
        let wanted = within.map_or(wanted, |span| wanted.opened_by_pin_within(span));
        gate.check(&session, wanted, &context).await
    });
    Ok(Sent(checked.await?.into()))
}

/// The functions to offer in a company: the app's menu.
///
/// # Errors
/// As for [`Gate::functions`](pinlatch::gate::Gate::functions).
#[utoipa::path(get, path = "/companies/{company}/functions", tag = "session",
    params(("company" = inline(crate::schema::Id), Path)),
    security(("session" = [])), responses((status = 200, body = Menu)))]
pub async fn functions<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
    Named(company): Named<CompanyId>,
) -> Result<Sent<Menu>, Problem> {
    let command = Command::asking("functions");
    let offered =
        app.run(&asked, command, |gate| async move { gate.functions(&session, company, &context).await });
    Ok(Sent(Menu { functions: offered.await?.iter().collect() }))
}
