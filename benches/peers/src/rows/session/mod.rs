//! The per-request check with the record in memory: a token's text comes in, a decision comes out.
//!
//! Ours and the floor look a digest up in a record that is at hand. The peers verify what their
//! token says, or load the session from their store with one session in it.

pub mod layers;
mod tokens;

use std::hint::black_box;

use pinlatch::access::Request;
use pinlatch::account::Wanted;
use pinlatch::people::{Action, Function};
use pinlatch::secret::SessionToken;
use pinlatch_testkit::ACME;

use crate::by_hand::{Line, Now};
use crate::fixture::{Fixture, employee, person_id, session_token};
use crate::harness::{Contestant, Settings, Side};
use crate::row::{Group, Row};

/// Both rows.
pub fn rows(settings: Settings) -> Vec<Row> {
    crate::by_hand::verify();
    let mut session = row(settings, "session check in memory, session wanted", Wanted::session());
    let request = read_salary(1);
    let mut function = row(settings, "session check in memory, function wanted", Wanted::function(&request));
    for row in [&mut session, &mut function] {
        row.at_most_floors(3.0);
        row.no_allocation();
        row.at_least_times("tower-sessions, layer", 8.0);
    }
    vec![session, function]
}

/// A request for one's own salary information, in the app.
pub fn read_salary(person: u64) -> Request {
    Request {
        company: ACME,
        action: Action::Read,
        function: Function::SalaryInformation,
        owner: person_id(person),
    }
}

fn row(settings: Settings, work: &str, wanted: Wanted<'_>) -> Row {
    let fixture = Fixture::new();
    let person = employee(1);
    let (facts, context) = (fixture.facts(&person), fixture.context());
    let mut account = fixture.account(1, 1);
    let token = session_token(1, 0);
    let text = token.expose();
    let ours = Contestant::repeating(Side::Ours, "pinlatch", move || {
        let token = SessionToken::parse(black_box(text)).expect("a token");
        account.check(&token, wanted, black_box(&facts), black_box(&context)).expect("a live session")
    });
    let line = Line::open(1, text, 1_000);
    let now = Now::shortly_after(1_000);
    let by_hand = Contestant::repeating(Side::Floor, "by hand", move || {
        assert!(black_box(&line).check(black_box(text), black_box(&now)));
    });
    let mut contestants = vec![ours, by_hand];
    contestants.extend(layers::contestants());
    contestants.extend(tokens::contestants());
    Row::measure(settings, Group::Session, work, contestants)
}
