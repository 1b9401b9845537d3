//! The devices of a person: one logs another out, a new one has a row of its own, a full table makes
//! room. Whether a device was modified is in `integrity`.

use pinlatch::account::Policy;
use pinlatch::refusal::{NextStep, Refusal, RefusalCode};
use pinlatch::session::{Change, LogOutCause, SessionState};
use pinlatch_testkit::{PIN, UNMODIFIED, World, hours};

use crate::given::*;

#[test]
fn r29_r31_one_device_logs_another_out() {
    let world = World::new();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), open_phone_with_biometrics(&world, anna));
    let (mine, old) = (row(&world, &phone), same_session(&tablet));
    let gate = world.gate.blocking();
    let seen = changes(&world, anna, || {
        gate.log_out_device(&same_session(&phone), tablet.id.unwrap(), &UNMODIFIED).unwrap()
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::FromAnotherDevice)]);
    assert_eq!((tablet.state(), enrolled(&world, &tablet)), (SessionState::LoggedOut, None));
    assert!(!is_live(&world, &old));
    assert_eq!(row(&world, &phone), mine);
    refused(&world, anna, RefusalCode::UnknownDevice, || {
        code(gate.log_out_device(&same_session(&phone), tablet.id.unwrap(), &UNMODIFIED))
    });
    let view = gate.device_view(&same_device(&tablet), &UNMODIFIED).unwrap();
    assert_eq!((view.state, view.next), (SessionState::LoggedOut, NextStep::Authenticate));

    // Not so a device of somebody else.
    let ottos = world.open_phone(world.employee()).unwrap();
    refused(&world, anna, RefusalCode::UnknownDevice, || {
        code(gate.log_out_device(&same_session(&phone), ottos.id.unwrap(), &UNMODIFIED))
    });
    let _ = ottos.check().unwrap();
    gate.check(&same_session(&phone), pinlatch::account::Wanted::session(), &UNMODIFIED).map(|_| ()).unwrap();
    assert_eq!(
        world.journal.refusals(anna).last(),
        Some(&Refusal::new(RefusalCode::UnknownDevice)),
        "and nothing was refused since"
    );
}

#[test]
fn e08_a_reinstalled_app_without_its_token_is_a_new_device() {
    let world = World::new();
    let anna = world.employee();
    let old = world.open_phone(anna).unwrap();
    let mut new = world.open_phone(anna).unwrap();
    assert_ne!(old.id, new.id);
    assert_eq!(new.devices().unwrap().len(), 2);
    new.lock().unwrap();
    new.unlock(PIN).unwrap();
}

#[test]
fn i11_in_a_full_table_the_device_unused_for_the_longest_time_makes_room_and_the_trail_says_so() {
    let world = World::builder().policy(Policy::builder().device_limit(3).build().unwrap()).build();
    let anna = world.employee();
    let mut phones = [(); 3].map(|()| {
        world.wait(hours(1));
        world.open_phone(anna).unwrap()
    });
    world.wait(hours(1));
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
    assert_eq!(answer_to(&world, &dead), Err(RefusalCode::SessionRequired));
    refused(&world, anna, RefusalCode::AuthenticationRequired, || second.unlock(PIN));
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
    refused(&world, anna, RefusalCode::ReinvitationRequired, || new_phone.sign_in());
    let invitation = world.invited(anna).unwrap();
    let ended = trail(&world, &phone);
    new_phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!(trail(&world, &phone), ended);
    assert_eq!(ended.last(), Some(&Change::RevokedAll));
}
