//! The facts about the acting person make one.
use pinlatch::access::{AccessPolicy, Administrator, BrowserSession, administrator};
use pinlatch::id::CompanyId;
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::Refusal;

fn legal(
    acting: &Person,
    session: &BrowserSession,
    company: CompanyId,
    dates: &LocalDates,
) -> Result<Administrator, Refusal> {
    administrator(Some(acting), session, company, dates, &AccessPolicy::default())
}
