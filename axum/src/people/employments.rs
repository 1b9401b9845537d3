//! Employments and their services.

use axum::extract::State;
use pinlatch::access::users_and_roles::EmploymentChoice;
use pinlatch::host::{ChangesPeople, Host, PeopleJournal};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, ChargeableService, Services};
use serde::Deserialize;
use utoipa::ToSchema;

use super::form::{PersonInCompany, validity};
use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Body, InBrowser, Named};
use crate::problem::Problem;
use crate::running::Command;

/// A new employment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewEmployment)]
pub struct NewEmployment {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub first_day: CalendarDate,
    /// The last day; left out until further notice.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub last_day: Option<CalendarDate>,
    /// The services that are selected.
    #[schema(value_type = Vec<crate::schema::Service>)]
    pub services: Vec<ChargeableService>,
}

/// The last day of something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LastDay)]
pub struct LastDay {
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub last_day: CalendarDate,
}

/// The last day of employments.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmploymentEnding)]
pub struct Ending {
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub last_day: CalendarDate,
    /// Only the employment whose first day this is; left out, every one that has not ended.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub beginning_on: Option<CalendarDate>,
}

/// Which employments are meant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WhichEmployments)]
pub struct Which {
    /// Only the one whose first day this is; left out, every one that has not ended.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub beginning_on: Option<CalendarDate>,
}

fn choice(beginning_on: Option<CalendarDate>) -> EmploymentChoice {
    beginning_on.map_or(EmploymentChoice::Every, EmploymentChoice::BeginningOn)
}

/// Hires a person. Repeated after a lost reply it is `NothingToChange`.
///
/// # Errors
/// `DateNotUsable`; then as for [`Gate::hire`](pinlatch::gate::Gate::hire).
#[utoipa::path(post, path = "/companies/{company}/people/{person}/employments", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    request_body = NewEmployment, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn hire<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
    Body(new): Body<NewEmployment>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let (period, services) = (validity(new.first_day, new.last_day, &asked)?, Services::of(&new.services));
    let changed = app.run(&asked, Command::of("hire", person), |gate| async move {
        gate.hire(&session, company, person, period, services).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Ends employments. Who stands nowhere after the last day is logged out on every device.
///
/// # Errors
/// As for [`Gate::end_employment`](pinlatch::gate::Gate::end_employment).
#[utoipa::path(post, path = "/companies/{company}/people/{person}/employments/end", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path)),
    request_body = Ending, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn end_employment<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person)): Named<(CompanyId, PersonId)>,
    Body(Ending { last_day, beginning_on }): Body<Ending>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let changed = app.run(&asked, Command::of("end_employment", person), |gate| async move {
        gate.end_employment(&session, company, person, last_day, choice(beginning_on)).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Opens a service.
///
/// # Errors
/// As for [`Gate::open_service`](pinlatch::gate::Gate::open_service).
#[utoipa::path(put, path = "/companies/{company}/people/{person}/services/{service}", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path),
        ("service" = inline(crate::schema::Service), Path)),
    request_body = Which, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn open_service<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person, service)): Named<(CompanyId, PersonId, ChargeableService)>,
    Body(Which { beginning_on }): Body<Which>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let changed = app.run(&asked, Command::of("open_service", person), |gate| async move {
        gate.open_service(&session, company, person, service, choice(beginning_on)).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}

/// Closes a service, from the end of the month on.
///
/// # Errors
/// As for [`Gate::close_service`](pinlatch::gate::Gate::close_service).
#[utoipa::path(post, path = "/companies/{company}/people/{person}/services/{service}/close", tag = "people",
    params(("company" = inline(crate::schema::Id), Path), ("person" = inline(crate::schema::Id), Path),
        ("service" = inline(crate::schema::Service), Path)),
    request_body = Which, security(("browser" = [])), responses((status = 200, body = PersonInCompany)))]
pub async fn close_service<H: Host + 'static>(
    State(app): State<App<H>>,
    InBrowser { session, asked }: InBrowser,
    Named((company, person, service)): Named<(CompanyId, PersonId, ChargeableService)>,
    Body(Which { beginning_on }): Body<Which>,
) -> Result<Sent<PersonInCompany>, Problem>
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    let changed = app.run(&asked, Command::of("close_service", person), |gate| async move {
        gate.close_service(&session, company, person, service, choice(beginning_on)).await
    });
    Ok(Sent(PersonInCompany::changed(&changed.await?, company)))
}
