//! The audit trail: a journal that is down for long, and a full table of devices.

use pinlatch::account::Policy;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch::time::Span;
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, World};

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
    let invite = || world.gate.blocking().invite(&actor, anna).map_err(|error| error.code());
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
    revoke(&world, &actor, anna).unwrap();
    assert_eq!(outbox(&world, anna), waiting + 1 + 1 + 3, "a lock, a revocation, three devices");
    assert_eq!(world.journal.events(anna), known);

    world.journal.set_down(false);
    phone.sign_in_with_invitation(&invite().unwrap()).unwrap();
    phone.create_pin(PIN).unwrap();
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
fn i11_a_far_clock_does_not_fill_the_outbox_by_use_alone() {
    let policy = Policy::builder().idle_lock(Span::hours(12)).clock_jump(Span::hours(2)).outbox_limit(8);
    let world = World::builder().policy(policy.build().unwrap()).build();
    let phone = world.open_phone(world.employee()).unwrap();
    world.journal.set_down(true);
    world.wait(Span::days(100_000));
    for _ in 0..100 {
        let _either_answer = phone.check();
    }
    assert!(outbox(&world, phone.owner) <= 9, "{}", outbox(&world, phone.owner));
}

#[test]
fn i11_in_a_full_table_the_device_unused_for_the_longest_time_makes_room_and_the_trail_says_so() {
    let world = World::builder().policy(Policy::builder().device_limit(3).build().unwrap()).build();
    let anna = world.employee();
    let mut phones = [(); 3].map(|()| {
        world.wait(Span::hours(1));
        world.open_phone(anna).unwrap()
    });
    world.wait(Span::hours(1));
    phones[0].lock().unwrap();
    phones[0].unlock(PIN).unwrap();
    let [first, mut second, third] = phones;
    let dead = same_session(&second);
    let mut fourth = world.phone(anna);
    fourth.sign_in().unwrap();

    let made_room = Change::LoggedOut(LogOutCause::MadeRoom);
    let room: Vec<_> = world.journal.events(anna).into_iter().filter(|e| e.change == made_room).collect();
    assert_eq!(room.len(), 1);
    assert_eq!((room[0].device, room[0].change), (second.id, made_room));
    assert_eq!(world.account(anna).unwrap().device_sessions().len(), 3);
    assert_eq!(second.state(), SessionState::LoggedOut);
    assert_eq!(answer_to(&world, &dead), Err(Code::SessionRequired));
    refused(&world, anna, Code::AuthenticationRequired, || second.unlock(PIN));
    let (_used_lately, _youngest) = (first.check().unwrap(), third.check().unwrap());
    fourth.create_pin(PIN).unwrap();
}

#[test]
fn i11_i05_a_revoked_device_that_makes_room_leaves_no_second_event_and_no_way_around_the_bar() {
    let world = World::builder().policy(Policy::builder().device_limit(1).build().unwrap()).build();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    phone.log_out_everywhere().unwrap();
    let mut new_phone = world.phone(anna);
    refused(&world, anna, Code::ReinvitationRequired, || new_phone.sign_in());
    let invitation = world.invited(anna).unwrap();
    let ended = trail(&world, &phone);
    new_phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!(trail(&world, &phone), ended);
    assert_eq!(ended.last(), Some(&Change::RevokedAll));
}
