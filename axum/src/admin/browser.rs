//! Anybody in the browser: may this person be there, and do this?

use axum::extract::State;
use pinlatch::access::Rule;
use pinlatch::host::Host;
use pinlatch::id::PersonId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Body, InBrowser};
use crate::phone::Wish;
use crate::problem::{HttpCode, Problem};
use crate::running::Command;

/// Who is signed in to the browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignedInBrowser)]
pub struct SignedInBrowser {
    /// Who.
    #[schema(value_type = crate::schema::Id)]
    pub person: PersonId,
}

/// It may go on, now, in the browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AllowedInBrowser)]
pub struct AllowedInBrowser {
    /// Who asks.
    #[schema(value_type = crate::schema::Id)]
    pub person: PersonId,
    /// The rule that allowed it.
    #[schema(value_type = String)]
    pub rule: Rule,
}

/// Whether the person signed in to the browser may be there today. Ask it at the sign-in, too.
///
/// # Errors
/// `BrowserSessionRequired`; then as for [`Gate::browser_access`](pinlatch::gate::Gate::browser_access).
#[utoipa::path(get, path = "/session", tag = "browser",
    security(("browser" = [])), responses((status = 200, body = SignedInBrowser)))]
pub async fn browser_access<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
) -> Result<Sent<SignedInBrowser>, Problem> {
    let person = session.person();
    let access = app.run(&asked, Command::asking("browser_access"), |gate| async move {
        gate.browser_access(person).await
    });
    access.await?;
    Ok(Sent(SignedInBrowser { person }))
}

/// Whether this may be done now, in the browser. A PIN is asked for in the app alone.
///
/// # Errors
/// `BrowserSessionRequired`; then as for [`Gate::browser_check`](pinlatch::gate::Gate::browser_check).
#[utoipa::path(post, path = "/check", tag = "browser", request_body = Wish,
    security(("browser" = [])), responses((status = 200, body = AllowedInBrowser)))]
pub async fn browser_check<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Body(wish): Body<Wish>,
) -> Result<Sent<AllowedInBrowser>, Problem> {
    if wish.by_pin_within_seconds.is_some() {
        return Err(asked.wrong(HttpCode::BodyMalformed));
    }
    let (person, request) = (session.person(), wish.request());
    let checked = app.run(&asked, Command::asking("browser_check"), |gate| async move {
        gate.browser_check(&session, &request).await
    });
    Ok(Sent(AllowedInBrowser { person, rule: checked.await? }))
}
