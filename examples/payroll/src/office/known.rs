//! What an administrator may see: the people of the own company, as far as it goes, and their accounts as far as the gate
//! tells (E25, D31). No PIN, and no payroll data (E31).

use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt, stream};
use pinlatch::access::{self, Administrator};
use pinlatch::account::AccountOverview;
use pinlatch::gate::GateError;
use pinlatch::host::Directory;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::Person;
use pinlatch::refusal::RefusalCode;
use pinlatch_axum::Problem;
use pinlatch_axum::asked::InBrowser;
use serde::Deserialize;

use super::visitor::Visitor;
use crate::payroll::Payroll;
use crate::rows::RowsFailed;
use crate::town::{COMPANIES, Resident};

/// So many people are asked about at once.
const AT_ONCE: usize = 8;

/// Somebody whom the company has to do with.
pub(super) struct Known {
    pub(super) person: Person,
    /// `None` of somebody whom the host does not know by name.
    pub(super) resident: Option<Resident>,
    pub(super) account: Account,
}

/// What the gate tells of somebody's account.
pub(super) enum Account {
    /// What there is to see.
    Seen(AccountOverview),
    /// It is beyond this company's reach.
    Beyond,
    /// Why it cannot be seen now, in the visitor's language: one record that cannot be read hides nobody else's.
    Refused(String),
}

/// The companies whose users this visitor administers today, and their names.
pub(super) fn administered(payroll: &Payroll, visitor: &Visitor) -> Vec<(CompanyId, &'static str)> {
    let policy = payroll.app.gate().policy().access();
    // Not by the gate: asking it is an attempt, which the audit trail would keep with every look at the page.
    let administers = |company| {
        let Visitor { person, session, dates, .. } = visitor;
        access::administrator(Some(person), session, company, dates, policy).is_ok()
    };
    COMPANIES.into_iter().filter(|(company, _)| administers(*company)).collect()
}

/// The people of a company, by their names.
pub(super) async fn people(
    payroll: &Payroll,
    visitor: &Visitor,
    company: CompanyId,
) -> Result<Vec<Known>, GateError> {
    let administrator = payroll.app.gate().administrator(&visitor.session, company).await?;
    let residents = payroll.residents().await.map_err(rows)?;
    let each = residents
        .into_iter()
        .map(|(id, resident)| known(payroll, visitor, &administrator, id, Some(resident)));
    let known: Vec<Option<Known>> = stream::iter(each).buffered(AT_ONCE).try_collect().await?;
    let mut known: Vec<Known> = known.into_iter().flatten().collect();
    known.sort_by(|one, other| one.name().cmp(other.name()));
    Ok(known)
}

/// One person of a company; `None` of one who has nothing to do with it, known elsewhere or not.
pub(super) async fn person(
    payroll: &Payroll,
    visitor: &Visitor,
    company: CompanyId,
    id: PersonId,
) -> Result<Option<Known>, GateError> {
    let administrator = payroll.app.gate().administrator(&visitor.session, company).await?;
    let resident = payroll.resident(id).await.map_err(rows)?;
    known(payroll, visitor, &administrator, id, resident).await
}

async fn known(
    payroll: &Payroll,
    visitor: &Visitor,
    administrator: &Administrator,
    id: PersonId,
    resident: Option<Resident>,
) -> Result<Option<Known>, GateError> {
    let gate = payroll.app.gate();
    let (directory, company) = (&gate.host().directory, administrator.company());
    let person = directory.person(id).await.map_err(|error| GateError::Directory(Box::new(error)))?;
    let Some(person) = person.filter(|person| is_of(person, company)) else { return Ok(None) };
    let dates = directory.dates(&person);
    let account = match administrator.reaches_to_lower(&person, &dates, gate.policy().access()) {
        Ok(()) => match gate.overview(&visitor.session, company, id).await {
            Ok(overview) => Account::Seen(overview),
            Err(error) => Account::Refused(
                payroll.app.refused(&visitor.asked, "overview", &error).body().detail.clone(),
            ),
        },
        Err(_) => Account::Beyond,
    };
    Ok(Some(Known { person, resident, account }))
}

/// Whether the company has, or had, anything to do with the person.
fn is_of(person: &Person, company: CompanyId) -> bool {
    person.user_access(company).is_some() || person.employments_in(company).next().is_some()
}

/// Whom a path names.
#[derive(Deserialize)]
pub(super) struct OfCompany {
    company: CompanyId,
    person: PersonId,
}

/// Whoever is hired, or made a user, is within the company's reach from then on (D31). So a host asks a person whom it knows
/// before it makes such a relation; this one knows nobody to ask, and lets no administrator take in somebody of another
/// company. Newcomers come by the form for them, and not through here.
pub(super) async fn of_the_company_only(
    State(payroll): State<Payroll>,
    signed_in: Result<InBrowser, Problem>,
    whom: Result<Path<OfCompany>, axum::extract::rejection::PathRejection>,
    request: Request,
    next: Next,
) -> Response {
    // What is behind answers whoever is not signed in, and paths that name nobody.
    let (Ok(InBrowser { asked, .. }), Ok(Path(OfCompany { company, person }))) = (signed_in, whom) else {
        return next.run(request).await;
    };
    match payroll.app.gate().host().directory.person(person).await {
        Ok(Some(person)) if is_of(&person, company) => next.run(request).await,
        Ok(_) => {
            tracing::warn!(%company, "somebody would change a person of another company");
            asked.problem(RefusalCode::NotAuthorised).into_response()
        }
        Err(error) => {
            payroll.app.refused(&asked, "person", &GateError::Directory(Box::new(error))).into_response()
        }
    }
}

fn rows(failed: RowsFailed) -> GateError {
    GateError::Directory(Box::new(failed))
}

impl Known {
    /// The name, or nothing.
    pub(super) fn name(&self) -> &str {
        self.resident.as_ref().map_or("", |resident| resident.name.as_str())
    }
}
