//! What an administrator may see: the people of the own company, as far as it goes, and their accounts as far as the gate
//! tells (E25, D31). No PIN, and no payroll data (E31).

use futures_util::{StreamExt, TryStreamExt, stream};
use pinlatch::access::{self, Administrator};
use pinlatch::account::AccountOverview;
use pinlatch::gate::GateError;
use pinlatch::host::Directory;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::Person;

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
    let is_of_the_company = |person: &Person| {
        person.user_access(company).is_some() || person.employments_in(company).next().is_some()
    };
    let Some(person) = person.filter(is_of_the_company) else { return Ok(None) };
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

fn rows(failed: RowsFailed) -> GateError {
    GateError::Directory(Box::new(failed))
}

impl Known {
    /// The name, or nothing.
    pub(super) fn name(&self) -> &str {
        self.resident.as_ref().map_or("", |resident| resident.name.as_str())
    }
}
