//! Permission decisions: the same requests, and before anything is timed the same answers.
//!
//! Everybody is handed today's facts. Ours still judges the dates of employments and user accesses
//! in every decision, and names the rule that decided; cedar names the policies; the others answer
//! yes or no.

mod by_hand;
mod casbin;
mod cases;
mod cedar;

use std::hint::black_box;

use pinlatch::access::{self, AccessPolicy};

use crate::fixture::{Fixture, employee, employee_of_two};
use crate::harness::{Contestant, Settings, Side};
use crate::row::{Group, Row};

use cases::{Asked, Subject};

/// Both rows.
pub fn rows(settings: Settings) -> Vec<Row> {
    for subject in cases::everybody() {
        agree(&subject);
    }
    let mut one = row(settings, "permission decision, one company", &Subject::of(employee(1)));
    one.at_most_nanoseconds(15.0);
    let mut two = row(settings, "permission decision, two companies", &Subject::of(employee_of_two(1)));
    two.at_most_nanoseconds(25.0);
    for row in [&mut one, &mut two] {
        row.no_allocation();
        row.at_least_times("cedar-policy", 1_000.0);
        row.at_least_times("casbin, cached", 30.0);
    }
    vec![one, two]
}

/// Takes the requests in turn, for next to nothing: eight of them are a mask.
fn in_turn<'a, T>(requests: &'a [T]) -> impl FnMut() -> &'a T {
    let eight: &[T; 8] = requests.try_into().expect("eight requests");
    let mut next = 0;
    move || {
        next = (next + 1) & 7;
        black_box(&eight[next])
    }
}

fn row(settings: Settings, work: &str, subject: &Subject) -> Row {
    let fixture = Fixture::new();
    let policy = AccessPolicy::default();
    let asked = subject.asked();
    let (dates, person) = (&fixture.dates, &subject.person);
    let owner = employee(cases::BERT);
    let mut next = in_turn(&asked);
    let ours = Contestant::repeating(Side::Ours, "pinlatch", move || {
        let Asked { channel, request } = next();
        access::decide(Some(black_box(person)), *channel, request, Some(&owner), dates, &policy)
    });
    let held = by_hand::Held::of(subject);
    let mut next = in_turn(&asked);
    let held_by_match = &held;
    let by_match = Contestant::repeating(Side::Floor, "a match by hand", move || {
        by_hand::decide(black_box(held_by_match), next())
    });
    let bits = by_hand::Bits::of(&held);
    let mut next = in_turn(&asked);
    let by_bits =
        Contestant::repeating(Side::Floor, "precomputed bits", move || black_box(&bits).decide(next()));
    let strings = by_hand::Strings::of(&held);
    let mut next = in_turn(&asked);
    let mut key = String::new();
    let by_strings =
        Contestant::repeating(Side::Peer, "hash set of strings", move || strings.decide(&mut key, next()));

    let cedar = cedar::Cedar::of(subject);
    let cedar_asked: Vec<_> = asked.iter().map(cedar::ask).collect();
    let mut next = in_turn(&cedar_asked);
    let mut after = in_turn(&cedar_asked);
    let built = &cedar;
    let building =
        Contestant::repeating(Side::Peer, "cedar-policy, entities built", move || built.decide_anew(after()));
    let cedar = Contestant::repeating(Side::Peer, "cedar-policy", move || built.decide(next()));
    let plain = casbin::plain(subject);
    let casbin_asked: Vec<_> = asked.iter().map(casbin::ask).collect();
    let mut next = in_turn(&casbin_asked);
    let plain = Contestant::repeating(Side::Peer, "casbin", move || casbin::decide(&plain, *next()));
    let cached = casbin::cached(subject);
    let mut next = in_turn(&casbin_asked);
    let cached =
        Contestant::repeating(Side::Peer, "casbin, cached", move || casbin::decide(&cached, *next()));
    let contestants = vec![ours, by_match, by_bits, by_strings, cached, plain, cedar, building];
    Row::measure(settings, Group::Permission, work, contestants)
}

/// Everybody decides every request alike.
fn agree(subject: &Subject) {
    let fixture = Fixture::new();
    let policy = AccessPolicy::default();
    let held = by_hand::Held::of(subject);
    let (bits, strings) = (by_hand::Bits::of(&held), by_hand::Strings::of(&held));
    let (cedar, plain, cached) = (cedar::Cedar::of(subject), casbin::plain(subject), casbin::cached(subject));
    let owner = employee(cases::BERT);
    let mut allowed = 0;
    for request in subject.every_request() {
        let Asked { channel, request: wanted } = &request;
        let dates = &fixture.dates;
        let ours = access::decide(Some(&subject.person), *channel, wanted, Some(&owner), dates, &policy)
            .is_allowed();
        allowed += u32::from(ours);
        let theirs = [
            ("match", by_hand::decide(&held, &request)),
            ("bits", bits.decide(&request)),
            ("strings", strings.decide(&mut String::new(), &request)),
            ("cedar", cedar.decide(&cedar::ask(&request))),
            ("cedar, entities built", cedar.decide_anew(&cedar::ask(&request))),
            ("casbin", casbin::decide(&plain, casbin::ask(&request))),
            ("cached casbin", casbin::decide(&cached, casbin::ask(&request))),
        ];
        for (name, theirs) in theirs {
            assert_eq!(theirs, ours, "{name} decides otherwise: {request:?} of {:?}", subject.person);
        }
    }
    assert!(allowed > 0, "somebody who may do nothing proves nothing");
}
