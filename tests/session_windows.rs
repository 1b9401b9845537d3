//! A session whose window has passed does nothing more: not only the check, every command that asks
//! for an open session finds it locked or ended.

use pinlatch::account::Policy;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Modality, SessionState};
use pinlatch::time::Span;
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, World};

type Answer = Result<(), RefusalCode>;
type Command = fn(&World, &Phone<'_>, &Phone<'_>) -> Answer;

/// Every command of an open session but the check, on a phone that has a second one beside it.
const COMMANDS: [(&str, Command); 6] = [
    ("devices", |_, phone, _| phone.devices().map(drop)),
    ("log_out_device", |world, phone, other| {
        let session = phone.session.as_ref().unwrap();
        let gone = world.gate.blocking().log_out_device(session, other.id.unwrap());
        gone.map_err(|error| error.code())
    }),
    ("log_out_everywhere", |_, phone, _| phone.log_out_everywhere()),
    ("change_pin", |_, phone, _| phone.change_pin(PIN, ANOTHER_PIN)),
    ("enable", |_, phone, _| phone.enable(Modality::Face)),
    ("disable", |world, phone, _| {
        let session = phone.session.as_ref().unwrap();
        let off = world.gate.blocking().disable_biometric(session, Modality::Face);
        off.map_err(|error| error.code())
    }),
];

fn after(policy: &Policy, wait: Span, expected: (Answer, SessionState)) {
    for (name, command) in COMMANDS {
        let world = World::builder().policy(policy.clone()).build();
        let owner = world.employee();
        let (phone, other) = (world.open_phone(owner).unwrap(), world.open_phone(owner).unwrap());
        world.wait(wait);
        let answer = command(&world, &phone, &other);
        assert_eq!((answer, phone.state()), expected, "{name}");
    }
}

#[test]
fn d22_an_idle_session_does_nothing_more() {
    let policy = Policy::builder().idle_lock(Span::hours(1)).build().unwrap();
    after(&policy, Span::hours(1), (Err(RefusalCode::Locked), SessionState::Locked));
}

#[test]
fn d22_a_session_past_its_lifetime_does_nothing_more() {
    let policy = Policy::builder().absolute_lifetime(Span::days(2)).build().unwrap();
    let expected = (Err(RefusalCode::AuthenticationRequired), SessionState::LoggedOut);
    after(&policy, Span::days(2), expected);
}
