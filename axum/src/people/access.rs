//! User accesses with their profiles and roles; and the person as a whole.

use axum::extract::State;
use pinlatch::gate::GateError;
use pinlatch::host::{ChangesPeople, Directory, Host, PeopleJournal};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, Role};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::employments::LastDay;
use super::form::{PersonInCompany, ProfileForm, validity};
use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Body, InBrowser, Named};
use crate::problem::Problem;
use crate::running::Command;

/// The period of a user access.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUserAccess)]
pub struct NewAccess {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub first_day: CalendarDate,
    /// The last day; left out until further notice.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub last_day: Option<CalendarDate>,
}

/// The profile that a user is to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProfile)]
pub struct NewProfile {
    /// The profile.
    pub profile: ProfileForm,
}

/// A person as far as this company goes. Of one who has nothing to do with it, known or not, it is `NotAuthorised`.
///
/// # Errors
/// `BrowserSessionRequired`; `NotAuthorised`; or a failed part of the host.
#[utoipa::path(get, path = "/companies/{company}/people/{person}", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn person<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let found = app.run(&asked, Command::asking("person"), |gate| async move {
        let _role = gate.administrator(&session, company).await?;
        let found = gate.host().directory().person(person).await;
        let found = found.map_err(|error| GateError::Directory(Box::new(error)))?;
        let found = found.as_ref().and_then(|person| PersonInCompany::of(person, company));
        found.ok_or_else(|| Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany).into())
    });
    Ok(Sent(found.await?))
}

/// Establishes a person as a user of the company, or changes the period.
///
/// # Errors
/// `DateNotUsable`; then as for [`Gate::establish_user`](pinlatch::gate::Gate::establish_user).
#[utoipa::path(put, path = "/companies/{company}/people/{person}/access", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    request_body = NewAccess, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn establish_user<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
    Body(NewAccess { first_day, last_day }): Body<NewAccess>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let period = validity(first_day, last_day, &asked)?;
    let changed = app.run(&asked, Command::of("establish_user", person), |gate| async move {
        gate.establish_user(&session, company, person, period).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Ends a user access: the browser is refused, the roles are gone. Who stands nowhere after it is logged out.
///
/// # Errors
/// As for [`Gate::end_user_access`](pinlatch::gate::Gate::end_user_access).
#[utoipa::path(post, path = "/companies/{company}/people/{person}/access/end", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    request_body = LastDay, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn end_user_access<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
    Body(LastDay { last_day }): Body<LastDay>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let changed = app.run(&asked, Command::of("end_user_access", person), |gate| async move {
        gate.end_user_access(&session, company, person, last_day).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Sets the profile of a user.
///
/// # Errors
/// `NameNotUsable`; then as for [`Gate::set_profile`](pinlatch::gate::Gate::set_profile).
#[utoipa::path(put, path = "/companies/{company}/people/{person}/access/profile", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    request_body = NewProfile, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn set_profile<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
    Body(NewProfile { profile }): Body<NewProfile>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let profile = profile.read(&asked)?;
    let changed = app.run(&asked, Command::of("set_profile", person), |gate| async move {
        gate.set_profile(&session, company, person, profile).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Grants a user a role.
///
/// # Errors
/// As for [`Gate::grant_role`](pinlatch::gate::Gate::grant_role).
#[utoipa::path(put, path = "/companies/{company}/people/{person}/access/roles/{role}", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path),
        ("role" = inline(crate::schema::Role), Path)),
    security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn grant_role<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person, role)): Named<(CompanyId, PersonId, Role)>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let changed = app.run(&asked, Command::of("grant_role", person), |gate| async move {
        gate.grant_role(&session, company, person, role).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Takes a role from a user.
///
/// # Errors
/// As for [`Gate::revoke_role`](pinlatch::gate::Gate::revoke_role).
#[utoipa::path(delete, path = "/companies/{company}/people/{person}/access/roles/{role}", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path),
        ("role" = inline(crate::schema::Role), Path)),
    security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn revoke_role<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person, role)): Named<(CompanyId, PersonId, Role)>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let changed = app.run(&asked, Command::of("revoke_role", person), |gate| async move {
        gate.revoke_role(&session, company, person, role).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}
