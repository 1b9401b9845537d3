//! The audit trail: every change once and in order, and a journal that is down for long.

use pinlatch::account::{Event, Policy};
use pinlatch::host::Clock as _;
use pinlatch::id::Generation;
use pinlatch::people::AuthenticationMethod;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, RevokedBy};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, UNMODIFIED, World, minutes};

use crate::given::*;

fn outbox(world: &World, person: pinlatch::id::PersonId) -> usize {
    world.account(person).unwrap().outbox().len()
}

#[test]
fn i11_while_the_journal_is_down_the_outbox_is_bounded_and_nothing_more_is_raised() {
    let world = World::builder().policy(Policy::builder().outbox_limit(6).build().unwrap()).build();
    let anna = world.employee();
    let (mut phone, mut other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let mut pending = world.phone(anna);
    pending.sign_in().unwrap();
    phone.enable(Modality::Face).unwrap();
    let known = world.journal.events(anna);
    world.journal.set_down(true);
    assert!((0..6).any(|_| phone.lock().and_then(|()| phone.unlock_by(Modality::Face)).is_err()));
    let (session, full, waiting) = (same_session(&other), stored(&world, anna), outbox(&world, anna));
    assert!((6..=7).contains(&waiting));
    let hashed = world.hasher.count();
    let actor = world.administrator(ACME);
    assert_eq!(other.change_pin(PIN, ANOTHER_PIN), Err(Code::AuditTrailFull));
    assert_eq!(other.enable(Modality::Fingerprint), Err(Code::AuditTrailFull));
    assert_eq!(pending.create_pin(PIN), Err(Code::AuditTrailFull));
    assert_eq!(world.phone(anna).sign_in(), Err(Code::AuditTrailFull));
    let invite =
        || world.gate.blocking().invite(&actor.session(), actor.company, anna).map_err(|error| error.code());
    assert_eq!(invite().map(|_| ()), Err(Code::AuditTrailFull));
    assert_eq!((stored(&world, anna), world.hasher.count()), (full, hashed));
    let _using_raises_nothing = other.check().unwrap();

    for _ in 0..50 {
        assert_eq!(phone.unlock(PIN), Err(Code::AuditTrailFull));
        assert_eq!(phone.unlock("111222"), Err(Code::AuditTrailFull));
        assert_eq!(phone.unlock_by(Modality::Face), Err(Code::AuditTrailFull));
        phone.lock().unwrap();
    }
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    other.lock().unwrap();
    revoke_all(&world, &actor, anna).unwrap();
    assert_eq!(outbox(&world, anna), waiting + 1 + 1 + 3, "a lock, a revocation, three devices");
    assert_eq!(world.journal.events(anna), known);

    world.journal.set_down(false);
    phone.sign_in_with_invitation(&invite().unwrap()).unwrap();
    phone.create_pin(PIN).unwrap();
    world.wait(minutes(3));
    other.sign_in().unwrap();
    assert_eq!(answer_to(&world, &session), Err(Code::SessionRequired));
    let sequence: Vec<u64> = world.journal.events(anna).iter().map(|event| event.sequence).collect();
    assert_eq!(sequence, (0..sequence.len() as u64).collect::<Vec<_>>(), "none was lost");
    assert_eq!(world.journal.contradictions(), 0);
    assert!(outbox(&world, anna) <= 2, "the record forgets what the journal has");
}

#[test]
fn i11_with_a_full_outbox_the_next_command_finds_out_that_the_journal_is_back() {
    let world = World::builder().policy(Policy::builder().outbox_limit(3).build().unwrap()).build();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.journal.set_down(true);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    for _ in 0..3 {
        assert_eq!(phone.unlock(PIN), Err(Code::AuditTrailFull));
    }
    assert_eq!(world.journal.events(phone.owner).len(), 2);
    world.journal.set_down(false);
    phone.unlock(PIN).unwrap();
    assert_eq!(world.journal.events(phone.owner).len(), 6);
}

#[test]
fn i11_what_an_outage_left_waiting_is_delivered_without_the_person() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let anna = phone.owner;
    world.journal.set_down(true);
    phone.lock().unwrap();
    phone.log_out().unwrap();
    let deliver = || world.gate.blocking().deliver_events(anna).map_err(|error| error.code());
    let waiting = outbox(&world, anna);
    assert_eq!(unchanged(&world, anna, deliver), waiting, "all of them still wait");
    world.journal.set_down(false);
    assert_eq!(deliver(), Ok(0));
    assert_eq!(outbox(&world, anna), 0);
    assert_eq!(world.journal.events(anna).len(), 4);
    assert_eq!(world.journal.contradictions(), 0);
    assert_eq!(unchanged(&world, anna, deliver), 0, "one load and no write");
    let never_here = world.employee();
    assert_eq!(world.gate.blocking().deliver_events(never_here).unwrap(), 0);
    assert_eq!(stored(&world, never_here), None);
}

#[test]
fn i11_e36_a_clock_that_jumps_to_and_fro_does_not_fill_the_outbox() {
    let world = World::builder().policy(Policy::builder().outbox_limit(2).build().unwrap()).build();
    let mut phone = locked_with_pin_only(&world);
    let anna = phone.owner;
    assert_eq!(world.gate.blocking().deliver_events(anna).unwrap(), 0);
    let noon = world.clock.now().unwrap();
    world.journal.set_down(true);
    // A guess is charged and never answered: it writes the reading, and no event.
    world.hasher.set_failing(true);
    for times in 1..=100 {
        for reading in [noon.plus(minutes(3 + times)), noon] {
            world.clock.set(Some(reading));
            assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
        }
        assert_eq!(outbox(&world, anna), 1);
    }
    world.journal.set_down(false);
    assert_eq!(world.gate.blocking().deliver_events(anna).unwrap(), 0);
    assert_eq!(newest(&world, anna), Change::ClockSetBack { times: 100, largest: minutes(103) });
    let set_back = |event: &Event| matches!(event.change, Change::ClockSetBack { .. });
    assert_eq!(world.journal.events(anna).into_iter().filter(set_back).count(), 1);
}

#[test]
fn i11_a_whole_life_is_in_the_trail_exactly_once_and_in_order() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let method = AuthenticationMethod::BankCredentials;
    phone.enable(Modality::Face).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    phone.lock().unwrap();
    phone.unlock_by(Modality::Face).unwrap();
    phone.change_pin(PIN, ANOTHER_PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.unlock(PIN), Err(Code::IncorrectPin));
    phone.unlock(ANOTHER_PIN).unwrap();
    let (session, asked) = (same_session(&phone), Change::Locked(LockCause::Asked));
    world.gate.blocking().disable_biometric(&session, Modality::Face, &UNMODIFIED).unwrap();
    world.gate.blocking().disable_biometric(&session, Modality::Face, &UNMODIFIED).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
    phone.acknowledge().unwrap();
    phone.log_out().unwrap();
    let rejected = |failures| Change::PinRejected { failures };
    assert_eq!(
        trail(&world, &phone),
        [
            Change::Authenticated { method, by_invitation: false },
            Change::PinCreated,
            Change::BiometricEnabled(Modality::Face),
            asked,
            Change::UnlockedByBiometric(Modality::Face),
            Change::PinChanged,
            asked,
            rejected(1),
            Change::UnlockedByPin,
            Change::BiometricDisabled(Modality::Face),
            asked,
            rejected(1),
            rejected(2),
            rejected(3),
            rejected(4),
            Change::PinExhausted,
            Change::Acknowledged,
        ]
    );
    assert_eq!(world.journal.refusals(anna), []);
    assert_eq!(world.journal.events(anna).len(), 17);
}

#[test]
fn i11_r31_log_out_from_all_devices_is_one_event_for_the_account_and_one_for_each_device() {
    let world = World::new();
    let anna = world.employee();
    let phones = [(); 3].map(|()| world.open_phone(anna).unwrap());
    let invitation = world.invited(anna).unwrap();
    let before = world.journal.events(anna).len();
    let session = phones[1].session.as_ref().unwrap();
    world.gate.blocking().log_out_device(session, phones[2].id.unwrap(), &UNMODIFIED).unwrap();
    phones[1].log_out_everywhere().unwrap();
    let events = world.journal.events(anna)[before..].to_vec();
    let events: Vec<_> = events.into_iter().map(|event| (event.device, event.change)).collect();
    let [first, by, gone] = [0, 1, 2].map(|index| phones[index].id.unwrap());
    let generation = Generation::from_number(1);
    let revoked =
        Change::LoggedOutEverywhere { by: RevokedBy::Person(by), generation, voided_invitation: true };
    assert_eq!(
        events,
        [
            (Some(gone), Change::LoggedOut(LogOutCause::FromAnotherDevice)),
            (None, revoked),
            (Some(first), Change::RevokedAll),
            (Some(by), Change::RevokedAll),
        ]
    );
    assert!(Some(invitation.expires) > world.journal.events(anna)[0].at);
}

/// A person whose outbox is full: five events waited while the journal was down.
fn with_a_full_outbox(world: &World) -> pinlatch_testkit::Phone<'_> {
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.gate.blocking().deliver_events(phone.owner).unwrap();
    world.journal.set_down(true);
    while outbox(world, phone.owner) < 5 {
        phone.lock().unwrap();
        if outbox(world, phone.owner) < 5 {
            phone.unlock(PIN).unwrap();
        }
    }
    phone
}

fn of_five() -> World {
    World::builder().policy(Policy::builder().outbox_limit(5).build().unwrap()).build()
}

#[test]
fn i11_delivering_a_full_outbox_takes_it_out_of_the_record() {
    let world = of_five();
    let mut phone = with_a_full_outbox(&world);
    world.journal.set_down(false);
    assert_eq!(world.gate.blocking().deliver_events(phone.owner).unwrap(), 0);
    assert_eq!(outbox(&world, phone.owner), 0);
    // So the owner gets in, even if the journal fails again.
    world.journal.set_down(true);
    assert_eq!(phone.unlock(PIN), Ok(()));
}

#[test]
fn i11_a_check_leaves_the_journal_alone_however_full_the_outbox() {
    let world = of_five();
    let mut phone = with_a_full_outbox(&world);
    world.journal.set_down(false);
    phone.unlock(PIN).unwrap();
    world.journal.set_down(true);
    let mut flips = 0;
    while outbox(&world, phone.owner) < 5 && flips < 5 {
        phone.enable(if flips % 2 == 0 { Modality::Face } else { Modality::Fingerprint }).unwrap();
        phone.biometric_state.push(0);
        flips += 1;
    }
    assert_eq!(outbox(&world, phone.owner), 5);
    let asked = world.journal.asked();
    for _ in 0..10 {
        let _granted = phone.check().unwrap();
    }
    assert_eq!(world.journal.asked(), asked);
}
