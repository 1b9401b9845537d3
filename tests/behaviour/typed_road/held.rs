//! What a handle holds is a place to start from, and an open device holds a session and nothing else.

use pinlatch::account::{BeginFor, Note, PinEntries, Policy, StrongAuthentication, Wanted};
use pinlatch::gate::{AnyDevice, BlockingGate, DeviceHandle, GateError};
use pinlatch::host::{Blocking, Host, Key};
use pinlatch::people::AuthenticationMethod::IdentityProviderAccount;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Baseline, Locked, Modality, SessionState};
use pinlatch_testkit::faults::{HangingJournal, poll_times};
use pinlatch_testkit::{
    ACME, ANOTHER_PIN, CollectingJournal, PIN, Phone, TestHost, UNMODIFIED, WRONG_PIN, World, minutes,
};

use super::{label, mistype, refused};
use crate::given::*;

#[test]
fn a_handle_starts_from_what_was_loaded_and_looks_again_where_nothing_is_written() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let gate = world.gate.blocking();
    let operations = |command: &dyn Fn()| {
        let before = world.store.operations();
        command();
        let after = world.store.operations();
        (after.0 - before.0, after.1 - before.1)
    };
    let find = |command: &dyn Fn(AnyDevice<'_, TestHost>)| {
        operations(&|| command(gate.device(&device_of(&phone), &UNMODIFIED).unwrap()))
    };
    let lock = find(&|device| {
        let AnyDevice::Authenticated(device) = device else { panic!("{device:?}") };
        gate.at_once(device.lock(&UNMODIFIED)).unwrap();
    });
    assert_eq!(lock, (1, 1), "found and locked: one load, one swap");
    let again = find(&|device| {
        let AnyDevice::Locked(device) = device else { panic!("{device:?}") };
        gate.at_once(device.lock(&UNMODIFIED)).unwrap();
    });
    assert_eq!(again, (2, 0), "nothing to write: what was loaded first is not trusted");
    let unlock = find(&|device| {
        let AnyDevice::Locked(device) = device else { panic!("{device:?}") };
        gate.at_once(device.unlock_with_pin(&digits(PIN), &UNMODIFIED)).unwrap();
    });
    assert_eq!(unlock, (1, 2));
}

#[test]
fn an_open_device_takes_the_session_of_this_very_device_and_no_other() {
    let world = World::new();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let gate = world.gate.blocking();
    let found = || match gate.device(&device_of(&phone), &UNMODIFIED).unwrap() {
        AnyDevice::Authenticated(device) => device,
        other => panic!("{other:?}"),
    };
    let open = gate.at_once(found().with_session(&session_of(&phone), &UNMODIFIED)).unwrap();
    assert_eq!(gate.at_once(open.check(Wanted::session(), &UNMODIFIED)).unwrap().person(), anna);
    let other = gate.at_once(found().with_session(&session_of(&tablet), &UNMODIFIED)).unwrap_err();
    assert_eq!(refused(other), (Err(Code::SessionRequired), SessionState::Authenticated));

    // Opened anew elsewhere: the token is dead, and the handle says so.
    let held = found();
    gate.unlock_with_pin(&device_of(&phone), &digits(PIN), &UNMODIFIED).unwrap();
    let dead = gate.at_once(held.with_session(&session_of(&phone), &UNMODIFIED)).unwrap_err();
    assert_eq!(refused(dead), (Err(Code::SessionRequired), SessionState::Authenticated));
    assert_eq!(code(gate.at_once(open.check(Wanted::session(), &UNMODIFIED))), Err(Code::SessionRequired));
}

#[test]
fn an_open_device_does_what_needs_a_session_and_says_where_it_ended() {
    let world = World::new();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let gate = world.gate.blocking();
    let opened = |phone: &Phone<'_>| match gate.device(&device_of(phone), &UNMODIFIED).unwrap() {
        AnyDevice::Authenticated(device) => {
            gate.at_once(device.with_session(&session_of(phone), &UNMODIFIED)).unwrap()
        }
        other => panic!("{other:?}"),
    };
    let open = opened(&phone);
    let new = |text| PinEntries { pin: digits(text), confirmation: digits(text) };
    let words = PersonalWords::none();
    let open = gate.at_once(open.change_pin(&digits(PIN), &new(ANOTHER_PIN), &words, &UNMODIFIED)).unwrap();
    gate.at_once(open.rename_device(phone.id.unwrap(), label(), &UNMODIFIED)).unwrap();
    gate.at_once(open.enable_biometric(Modality::Face, Baseline::of(b"f"), &UNMODIFIED)).unwrap();
    gate.at_once(open.disable_biometric(Modality::Face, &UNMODIFIED)).unwrap();
    assert!(!gate.at_once(open.functions(ACME, &UNMODIFIED)).unwrap().is_empty());
    assert_eq!(gate.at_once(open.devices(&UNMODIFIED)).unwrap().len(), 2);
    let open = gate.at_once(open.unlock_with_pin(&digits(ANOTHER_PIN), &UNMODIFIED)).unwrap();

    mistype(&world, &phone, 4);
    let (wrong, another) = (digits(WRONG_PIN), new("730184"));
    let change = open.change_pin(&wrong, &another, &words, &UNMODIFIED);
    let fifth = gate.at_once(change).unwrap_err();
    assert_eq!(refused(fifth), (Err(Code::PinExhausted), SessionState::PinExhausted));

    let open = opened(&tablet);
    let revoked = gate.at_once(open.log_out_everywhere(&UNMODIFIED)).unwrap();
    assert_eq!(gate.device_view(revoked.token(), &UNMODIFIED).unwrap().state, SessionState::RevokedAll);
    assert_eq!(phone_state(gate, &phone), SessionState::RevokedAll);
}

fn phone_state(gate: BlockingGate<'_, impl Host>, phone: &Phone<'_>) -> SessionState {
    gate.device_view(&device_of(phone), &UNMODIFIED).unwrap().state
}

/// A full outbox, while the journal is down.
fn full(world: &World) -> Phone<'_> {
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.journal.set_down(true);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    assert!(world.account(phone.owner).unwrap().outbox().len() >= 3);
    phone
}

fn locked<'g, H: Host>(gate: BlockingGate<'g, H>, phone: &Phone<'_>) -> DeviceHandle<'g, H, Locked> {
    match gate.device(&device_of(phone), &UNMODIFIED).unwrap() {
        AnyDevice::Locked(device) => device,
        other => panic!("{other:?}"),
    }
}

#[test]
fn e36_a_handle_from_before_waits_for_no_journal_where_there_is_room_by_now() {
    let world = World::builder().policy(Policy::builder().outbox_limit(3).build().unwrap()).build();
    let phone = full(&world);
    let journal = HangingJournal::default();
    let gate = gate_with_journal(&world, &journal);
    let device = locked(gate.blocking(), &phone);
    world.journal.set_down(false);
    assert_eq!(world.gate.blocking().deliver_events(phone.owner).unwrap(), 0);
    let right = digits(PIN);
    let _hangs_after_the_write = poll_times(device.unlock_with_pin(&right, &UNMODIFIED), 50);
    assert_eq!(phone.state(), SessionState::Authenticated);
}

#[test]
fn d30_a_handle_from_before_an_erasing_tells_nothing_of_what_was_erased() {
    let world = World::builder().policy(Policy::builder().outbox_limit(3).build().unwrap()).build();
    let phone = full(&world);
    let emptied = CollectingJournal::new();
    let gate = gate_with_journal(&world, Blocking(&emptied));
    let device = locked(gate.blocking(), &phone);
    world.journal.set_down(false);
    world.gate.blocking().erase(phone.owner).unwrap();
    let not_done = gate.blocking().at_once(device.unlock_with_pin(&digits(PIN), &UNMODIFIED)).unwrap_err();
    assert_eq!(refused(not_done), (Err(Code::AuthenticationRequired), SessionState::LoggedOut));
    assert_eq!(emptied.events(phone.owner), []);
}

#[test]
fn an_open_device_starts_each_command_from_the_record_as_it_is() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let gate = world.gate.blocking();
    let AnyDevice::Authenticated(device) = gate.device(&device_of(&phone), &UNMODIFIED).unwrap() else {
        panic!("open")
    };
    let open = gate.at_once(device.with_session(&session_of(&phone), &UNMODIFIED)).unwrap();
    gate.unlock_with_pin(&device_of(&phone), &digits(PIN), &UNMODIFIED).unwrap();
    let before = world.store.operations();
    gate.at_once(open.lock(&UNMODIFIED)).unwrap();
    let after = world.store.operations();
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1));
}

#[test]
fn e32_a_record_that_was_damaged_meanwhile_is_not_taken_for_a_locked_device() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let (gate, key) = (world.gate.blocking(), Key::account(phone.owner));
    let AnyDevice::Authenticated(device) = gate.device(&device_of(&phone), &UNMODIFIED).unwrap() else {
        panic!("open")
    };
    world.store.overwrite(&key, Some(vec![0; 40]));
    let not_done = gate.at_once(device.lock(&UNMODIFIED)).unwrap_err();
    assert_eq!(refused(not_done), (Err(Code::ReinvitationRequired), SessionState::RevokedAll));
    assert_eq!(world.journal.refusals(phone.owner).len(), 1);
    assert_eq!(phone_state(gate, &phone), SessionState::RevokedAll);
}

#[test]
fn another_devices_session_is_none_of_this_device_whatever_became_of_it() {
    let lifetime = Policy::builder().absolute_lifetime(minutes(10)).pin_window(minutes(5)).build().unwrap();
    let world = World::builder().policy(lifetime).build();
    let anna = world.employee();
    let tablet = world.open_phone(anna).unwrap();
    world.wait(minutes(9));
    let phone = world.open_phone(anna).unwrap();
    world.wait(minutes(2));
    let gate = world.gate.blocking();
    let AnyDevice::Authenticated(device) = gate.device(&device_of(&phone), &UNMODIFIED).unwrap() else {
        panic!("open")
    };
    let other = gate.at_once(device.with_session(&session_of(&tablet), &UNMODIFIED)).unwrap_err();
    assert_eq!(refused(other), (Err(Code::SessionRequired), SessionState::Authenticated));
}

#[test]
fn r35_r02_an_invitation_is_presented_on_the_typed_road() {
    let world = World::new();
    let gate = world.gate.blocking();
    // A foreign user's first sign-in (R02).
    let maria = world.foreign_employee();
    let evidence = |person| {
        let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
        StrongAuthentication::verified_by_host(start, person, IdentityProviderAccount)
    };
    let refused_without = gate.sign_in(evidence(maria), label(), None, &UNMODIFIED).unwrap_err();
    assert_eq!(refused_without.code(), Code::InvitationRequired);
    let sent = world.invited(maria).unwrap();
    gate.sign_in(evidence(maria), label(), Some(&sent.token), &UNMODIFIED).unwrap();

    // Out of a log-out from all devices (R35).
    let phone = world.open_phone(world.employee()).unwrap();
    phone.log_out_everywhere().unwrap();
    let revoked = || match gate.device(&device_of(&phone), &UNMODIFIED).unwrap() {
        AnyDevice::RevokedAll(device) => device,
        other => panic!("{other:?}"),
    };
    let evidence_of = evidence(phone.owner);
    let barred = gate.at_once(revoked().authenticate(evidence_of, label(), None, &UNMODIFIED)).unwrap_err();
    assert_eq!(refused(barred), (Err(Code::ReinvitationRequired), SessionState::RevokedAll));
    let sent = world.invited(phone.owner).unwrap();
    let start = gate.begin_authentication(BeginFor::Invitation(&sent.token), &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, phone.owner, IdentityProviderAccount);
    let authenticate = revoked().authenticate(evidence, label(), Some(&sent.token), &UNMODIFIED);
    let waiting = gate.at_once(authenticate).unwrap();
    assert_eq!(gate.device_view(waiting.token(), &UNMODIFIED).unwrap().state, SessionState::PinPending);
}

#[test]
fn e09_s11_another_persons_evidence_on_a_handle_is_judged_in_that_persons_account() {
    let world = World::new();
    let gate = world.gate.blocking();
    let (phone, bo) = (world.open_phone(world.employee()).unwrap(), world.employee());
    let evidence = || {
        let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
        StrongAuthentication::verified_by_host(start, bo, IdentityProviderAccount)
    };
    let AnyDevice::Authenticated(device) = gate.device(&device_of(&phone), &UNMODIFIED).unwrap() else {
        panic!("open")
    };
    let in_use = gate.at_once(device.authenticate(evidence(), label(), None, &UNMODIFIED)).unwrap_err();
    assert_eq!(in_use.error.code(), Code::DeviceInUse);
    assert!(in_use.into_device().is_none());
    assert_eq!(phone_state(gate, &phone), SessionState::Authenticated);

    phone.log_out_everywhere().unwrap();
    let AnyDevice::RevokedAll(device) = gate.device(&device_of(&phone), &UNMODIFIED).unwrap() else {
        panic!("revoked")
    };
    let waiting = gate.at_once(device.authenticate(evidence(), label(), None, &UNMODIFIED)).unwrap();
    assert_eq!(waiting.token().person(), bo);
    assert_eq!(gate.device_view(waiting.token(), &UNMODIFIED).unwrap().state, SessionState::PinPending);
    assert_eq!(phone_state(gate, &phone), SessionState::RevokedAll, "the bar stays with the first account");
}

#[test]
fn i11_a_refusal_of_what_only_asks_is_told_once_with_its_note() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let gate = world.gate.blocking();
    let note = Note::new("front 3").unwrap();
    let with_note = UNMODIFIED.with_note(note);
    let (token, session) = (device_of(&phone), session_of(&phone));
    let AnyDevice::Authenticated(device) = gate.device(&token, &with_note).unwrap() else { panic!("open") };
    world.store.set_down(true);
    gate.device_view(&token, &with_note).unwrap_err();
    gate.device(&token, &with_note).unwrap_err();
    gate.begin_authentication(BeginFor::Device(&token), &with_note).unwrap_err();
    gate.at_once(device.with_session(&session, &with_note)).unwrap_err();
    world.store.set_down(false);
    let told = |owner| world.journal.refusal_events(owner).iter().map(|event| event.note).collect::<Vec<_>>();
    assert_eq!(told(phone.owner), [Some(note); 4]);

    let key = Key::account(phone.owner);
    let whole = world.store.bytes(&key).unwrap();
    let mut damaged = whole.clone();
    damaged[0] = b'X';
    world.store.overwrite(&key, Some(damaged));
    let state = gate.device(&token, &with_note).unwrap().state();
    assert_eq!(state, SessionState::RevokedAll, "damaged: to be re-invited");
    world.store.overwrite(&key, Some(whole));
}

#[test]
fn a_part_that_waits_is_told_by_at_once_and_loses_the_handle() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let journal = HangingJournal::default();
    let gate = gate_with_journal(&world, &journal);
    let AnyDevice::Authenticated(device) = gate.blocking().device(&device_of(&phone), &UNMODIFIED).unwrap()
    else {
        panic!("open")
    };
    let not_done = gate.blocking().at_once(device.lock(&UNMODIFIED)).unwrap_err();
    assert!(matches!(not_done.error, GateError::NotBlocking));
    assert!(not_done.into_device().is_none());
    assert_eq!(phone.state(), SessionState::Locked, "the write comes before the journal");
}
