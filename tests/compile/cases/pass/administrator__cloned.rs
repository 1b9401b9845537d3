//! It can be shown as often as needed.
use pinlatch::access::{AccessPolicy, Administrator};
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::Refusal;

fn legal(administrator: &Administrator, target: &Person, dates: &LocalDates) -> Result<(), Refusal> {
    let policy = AccessPolicy::default();
    administrator.reaches_to_lower(target, dates, &policy)?;
    administrator.reaches_to_lower(target, dates, &policy)
}
