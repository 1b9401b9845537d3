//! Commands that only lower privilege never fail on a guard: whatever the clock, the device's
//! integrity, the person's eligibility, the directory or the journal.

use pinlatch::account::{Policy, Standing};
use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World};

use crate::given::*;

type Given = for<'w> fn(&'w World, PersonId) -> Phone<'w>;

/// A command, the phone it is given on, and the state it leads to.
struct Command {
    given: Given,
    act: fn(&World, &Phone<'_>) -> Result<(), RefusalCode>,
    to: SessionState,
}

fn log_out(given: Given) -> Command {
    Command { given, act: |_, phone| phone.log_out(), to: SessionState::LoggedOut }
}

fn report_modified(given: Given) -> Command {
    let act = |world: &World, phone: &Phone<'_>| {
        code(world.gate.blocking().report_integrity(phone.token.as_ref().unwrap(), &Modified.into()))
    };
    Command { given, act, to: SessionState::LoggedOut }
}

fn commands() -> Vec<Command> {
    let mut all = vec![
        Command { given: open_phone_with_biometrics, act: |_, phone| phone.lock(), to: SessionState::Locked },
        Command { given: exhausted_phone, act: |_, phone| phone.acknowledge(), to: SessionState::LoggedOut },
        Command {
            given: open_phone_with_biometrics,
            act: |_, phone| phone.log_out_everywhere(),
            to: SessionState::RevokedAll,
        },
        Command {
            given: open_phone_with_biometrics,
            act: |world, phone| {
                let gate = world.gate.blocking();
                code(gate.log_out_device(phone.session.as_ref().unwrap(), phone.id.unwrap(), &UNMODIFIED))
            },
            to: SessionState::LoggedOut,
        },
        Command {
            given: open_phone_with_biometrics,
            act: |world, phone| {
                let gate = world.gate.blocking();
                code(gate.disable_biometric(phone.session.as_ref().unwrap(), Modality::Face, &UNMODIFIED))
            },
            to: SessionState::Authenticated,
        },
    ];
    let states: [Given; 4] = [pending_phone, open_phone_with_biometrics, locked_phone, exhausted_phone];
    all.extend(states.map(log_out));
    all.extend(states.map(report_modified));
    all
}

/// Something that would refuse whatever raises.
type Trouble = fn(&World, PersonId, &mut Phone<'_>);

const TROUBLES: [Trouble; 8] = [
    |world, _, _| world.clock.set(None),
    |_, _, phone| phone.integrity = Modified,
    |_, _, phone| phone.integrity = Unknown,
    |world, anna, _| world.change(anna, only(job(&[]))),
    |world, anna, _| world.change(anna, nowhere),
    |world, anna, _| world.directory.remove(anna),
    |world, _, _| world.directory.set_down(true),
    |world, _, _| world.journal.set_down(true),
];

#[test]
fn r26_r29_r31_what_lowers_fails_on_no_guard() {
    for command in commands() {
        for (number, trouble) in TROUBLES.into_iter().enumerate() {
            let world = World::builder().policy(Policy::builder().outbox_limit(1).build().unwrap()).build();
            let anna = world.employee();
            let mut phone = (command.given)(&world, anna);
            let live = phone.session.is_some() && phone.check().is_ok();
            trouble(&world, anna, &mut phone);

            let (hashed, refusals) = (world.hasher.count(), world.journal.refusals(anna));
            assert_eq!((command.act)(&world, &phone), Ok(()), "trouble {number}");
            assert_eq!(phone.state(), command.to, "trouble {number}");
            assert_eq!(world.hasher.count(), hashed);
            assert_eq!(world.journal.refusals(anna), refusals);
            if live && command.to != SessionState::Authenticated {
                world.directory.set_down(false);
                assert!(!is_live(&world, &same_session(&phone)), "trouble {number}");
            }
            if !matches!(command.to, SessionState::Locked | SessionState::Authenticated) {
                assert_eq!(enrolled(&world, &phone), None, "trouble {number}");
            }
        }
    }
}

#[test]
fn r29_r31_what_lowers_goes_on_while_the_journal_takes_nothing() {
    let world = World::builder().policy(Policy::builder().outbox_limit(1).build().unwrap()).build();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let third = world.open_phone(anna).unwrap();
    let before = world.journal.events(anna).len();
    world.journal.set_down(true);
    phone.lock().unwrap();
    phone.log_out().unwrap();
    tablet.lock().unwrap();
    third.log_out_everywhere().unwrap();
    assert_eq!(world.journal.events(anna).len(), before);
    assert_eq!(tablet.state(), SessionState::RevokedAll);

    // None of it is lost, and none comes twice.
    world.journal.set_down(false);
    world.invited(anna).unwrap();
    let events = world.journal.events(anna);
    assert_eq!(events.len(), before + 7, "3 of one device each, 3 of log-out from all, 1 invitation");
    assert!(events.iter().enumerate().all(|(index, event)| event.sequence == index as u64));
    assert_eq!(world.journal.contradictions(), 0);
}

#[test]
fn r29_lowering_commands_of_an_unknown_device_change_nothing() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    phone.log_out().unwrap();
    unchanged(&world, anna, || phone.log_out());
    let token = phone.token.as_ref().unwrap();
    for integrity in [Unmodified, Unknown, Modified] {
        unchanged(&world, anna, || code(world.gate.blocking().report_integrity(token, &integrity.into())));
    }
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.lock());
    refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
}

#[test]
fn d17_an_administrator_revokes_without_a_clock_and_of_an_ineligible_person() {
    let world = World::new();
    let anna = world.employee();
    let phone = locked_phone(&world, anna);
    let administrator = world.administrator(ACME);
    world.clock.set(None);
    world.change(anna, only(job(&[])));
    revoke_all(&world, &administrator, anna).unwrap();
    assert_eq!(phone.state(), SessionState::RevokedAll);
    assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
    unchanged(&world, anna, || revoke_all(&world, &administrator, anna));
}

#[test]
fn i07_a_lowering_command_never_raises_and_never_fails_on_a_guard() {
    for lower in [
        (|phone| phone.lock()) as fn(&Phone<'_>) -> Result<(), RefusalCode>,
        |phone| phone.log_out(),
        |phone| phone.log_out_everywhere(),
    ] {
        let world = World::new();
        let mut phone = phone_in(&world, SessionState::Authenticated);
        phone.integrity = Modified;
        world.directory.remove(phone.owner);
        world.clock.set(None);
        lower(&phone).unwrap();
        assert_eq!(answer_to(&world, &same_session(&phone)), Err(RefusalCode::SessionRequired));
        assert_ne!(phone.state(), SessionState::Authenticated);
    }
}
