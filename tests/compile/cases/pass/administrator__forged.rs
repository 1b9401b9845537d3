//! The facts about the acting person make one.
use pinlatch::access::{AccessPolicy, Actor, Administrator, administrator};
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::Refusal;

fn legal(acting: &Person, actor: &Actor, dates: &LocalDates) -> Result<Administrator, Refusal> {
    administrator(Some(acting), actor, dates, &AccessPolicy::default())
}
