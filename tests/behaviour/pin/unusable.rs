//! A PIN that cannot be checked any more: its owner authenticates, and starts over.

use pinlatch::pin::{Pepper, PepperId, PepperRing};
use pinlatch::refusal::{Cause, NextStep, RefusalCode as Code};
use pinlatch::session::SessionState;
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use crate::given::record_bytes::edit;
use crate::given::*;

/// A host whose ring has forgotten the pepper of the world before.
fn without_the_old_pepper(world: &World) -> World {
    let ring = PepperRing::new(PepperId::from_number(2), Pepper::new(&[0x77; 32]).unwrap());
    world.restarted(2).peppers(ring).build()
}

/// The state and next step that the phone is shown when it starts.
fn shown(world: &World, phone: &Phone<'_>) -> (SessionState, NextStep) {
    let view = world.gate.blocking().device_view(&device_of(phone), &UNMODIFIED).unwrap();
    (view.state, view.next)
}

/// The PIN leads to strong authentication, and that leads in.
fn leads_back_in(world: &World, phone: &mut Phone<'_>, cause: Cause) {
    let anna = phone.owner;
    let before = ledger(world, phone);
    for entry in [PIN, WRONG_PIN] {
        let told = refused(world, anna, Code::CredentialUnusable, || phone.unlock(entry));
        assert_eq!(told, cause);
        assert_eq!(newest_refusal(world, anna).next_step(), NextStep::Authenticate);
    }
    assert_eq!(ledger(world, phone), before, "no try was spent");
    phone.sign_in().unwrap();
    assert_eq!(shown(world, phone), (SessionState::PinPending, NextStep::CreatePin));
    phone.create_pin(ANOTHER_PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.unlock(WRONG_PIN), Err(Code::IncorrectPin));
    phone.unlock(ANOTHER_PIN).unwrap();
}

/// Does something to memory, passes and length of a stored credential.
type Spoiling = fn(&mut (u32, u32, u8));

#[test]
fn e34_a_pepper_no_longer_in_the_ring_locks_nobody_out() {
    let world = World::new();
    let people = [(); 4].map(|()| world.employee());
    let phones = people.map(|anna| locked_phone(&world, anna));
    let restarted = without_the_old_pepper(&world);
    for phone in &phones {
        let mut phone = moved_to(&restarted, phone);
        assert_eq!(shown(&restarted, &phone), (SessionState::Locked, NextStep::Authenticate));
        leads_back_in(&restarted, &mut phone, Cause::PepperUnknown);
    }
}

#[test]
fn e34_the_open_app_goes_on_until_the_pin_is_needed() {
    let world = World::new();
    let phone = open_phone_with_biometrics(&world, world.employee());
    let restarted = without_the_old_pepper(&world);
    let mut phone = moved_to(&restarted, &phone);
    let _ = phone.check().unwrap();
    assert_eq!(shown(&restarted, &phone), (SessionState::Authenticated, NextStep::UseApp));
    refused(&restarted, phone.owner, Code::CredentialUnusable, || phone.change_pin(PIN, ANOTHER_PIN));
    // A face needs no pepper.
    phone.unlock_by(BOTH[0]).unwrap();
    leads_back_in(&restarted, &mut phone, Cause::PepperUnknown);
}

#[test]
fn e34_parameters_that_are_refused_lock_nobody_out() {
    let spoiled: [Spoiling; 4] = [|it| it.0 = u32::MAX, |it| it.0 = 0, |it| it.1 = 0, |it| it.2 = 200];
    for spoil in spoiled {
        let world = World::new();
        let mut phone = locked_with_pin_only(&world);
        edit(&world, phone.owner, |head| {
            let verifier = &mut head.devices[0].session.enrolled().credential;
            let mut parameters = (verifier.memory_kib, verifier.passes, verifier.length);
            spoil(&mut parameters);
            (verifier.memory_kib, verifier.passes, verifier.length) = parameters;
        });
        assert_eq!(shown(&world, &phone), (SessionState::Locked, NextStep::Authenticate));
        leads_back_in(&world, &mut phone, Cause::ParametersOutOfBounds);
    }
}

#[test]
fn e34_e08_starting_over_kills_the_old_token_and_the_old_pin() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let restarted = without_the_old_pepper(&world);
    let mut phone = moved_to(&restarted, &phone);
    let old = same_device(&phone);
    phone.sign_in().unwrap();
    phone.create_pin(ANOTHER_PIN).unwrap();
    phone.lock().unwrap();
    // Even with the pepper of old: it is another PIN of another device token.
    let with_both = PepperRing::new(PepperId::from_number(2), Pepper::new(&[0x77; 32]).unwrap())
        .with_older(PepperId::from_number(1), Pepper::new(&[0x5a; 32]).unwrap());
    let back = restarted.restarted(3).peppers(with_both.unwrap()).build();
    let dead = back.gate.blocking().unlock_with_pin(&old, &digits(PIN), &UNMODIFIED);
    assert_eq!(code(dead.map(drop)), Err(Code::AuthenticationRequired));
    let mut phone = moved_to(&back, &phone);
    assert_eq!(phone.unlock(PIN), Err(Code::IncorrectPin));
    phone.unlock(ANOTHER_PIN).unwrap();
}
