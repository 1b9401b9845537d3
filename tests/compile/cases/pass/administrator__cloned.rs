//! It can be shown as often as needed.
use pinlatch::access::Administrator;
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::Refusal;

fn legal(administrator: &Administrator, target: &Person, dates: &LocalDates) -> Result<(), Refusal> {
    administrator.over(target, dates)?;
    administrator.over(target, dates)
}
