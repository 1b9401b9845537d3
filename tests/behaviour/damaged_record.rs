//! What a record says that contradicts itself or is out of range, and a record that is gone (E32).

use pinlatch::account::Account;
use pinlatch::host::Key;
use pinlatch::pin::{HashParams, Pepper, PepperId, PepperRing};
use pinlatch::record::RecordError;
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{PIN, Phone, World};

use crate::given::record_bytes::{Charged, Enrolled, Head, edit};
use crate::given::*;

fn edit_enrolled(world: &World, phone: &Phone<'_>, change: impl FnOnce(&mut Enrolled)) {
    edit(world, phone.owner, |head| change(head.devices[0].session.enrolled()));
}

#[test]
fn e32_the_bytes_that_these_tests_edit_are_understood() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    let before = stored(&world, phone.owner);
    edit(&world, phone.owner, |_unchanged| {});
    assert_eq!(stored(&world, phone.owner), before);
    edit_enrolled(&world, &phone, |enrolled| enrolled.failures = 4);
    assert_eq!(ledger(&world, &phone), Some((4, 0)), "the highest count in range");
    assert_eq!(phone.unlock("111222"), Err(Code::PinExhausted));
}

#[test]
fn e32_a_stored_count_out_of_range_reads_as_exhausted() {
    let out_of_range: [fn(&mut Enrolled); 6] = [
        |enrolled| enrolled.failures = 5,
        |enrolled| enrolled.failures = 255,
        |enrolled| {
            (enrolled.failures, enrolled.in_flight) = (4, [[1; 16], [2; 16]].map(Charged::of).to_vec())
        },
        |enrolled| enrolled.in_flight = (0..6).map(|id| Charged::of([id; 16])).collect(),
        |enrolled| enrolled.in_flight = vec![Charged::of([7; 16]); 2],
        |enrolled| {
            (enrolled.failures, enrolled.in_flight) =
                (254, [[1; 16], [2; 16], [3; 16]].map(Charged::of).to_vec())
        },
    ];
    for (damage, open) in out_of_range.into_iter().flat_map(|damage| [(damage, false), (damage, true)]) {
        let world = World::new();
        let mut phone = locked_with_pin_only(&world);
        let anna = phone.owner;
        if open {
            phone.unlock(PIN).unwrap();
            phone.enable(Modality::Face).unwrap();
        }
        edit_enrolled(&world, &phone, damage);
        assert_eq!(phone.state(), SessionState::PinExhausted);
        refused(&world, anna, Code::PinExhausted, || phone.unlock(PIN));
        refused(&world, anna, Code::PinExhausted, || phone.unlock_by(Modality::Face));
        if open {
            refused(&world, anna, Code::SessionRequired, || phone.check());
        }
        adds(&world, &mut phone, &[Change::Acknowledged], |phone| phone.acknowledge().unwrap());
        phone.sign_in().unwrap();
        phone.create_pin(PIN).unwrap();
        assert_eq!(ledger(&world, &phone), Some((0, 0)));
    }
}

#[test]
fn e32_a_missing_record_is_authenticate_again_and_no_fresh_budget() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    let anna = phone.owner;
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    world.store.overwrite(&Key::account(anna), None);
    for _ in 0..6 {
        refused(&world, anna, Code::AuthenticationRequired, || phone.unlock("111222"));
        refused(&world, anna, Code::AuthenticationRequired, || phone.unlock(PIN));
    }
    assert_eq!(stored(&world, anna), None, "a refusal creates nothing");
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
}

#[test]
fn e32_an_unknown_pepper_costs_no_try() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let unknown = Refusal::because(Code::CredentialUnusable, Cause::PepperUnknown);
    let another = || Pepper::new(&[0x77; 32]).unwrap();
    let without = [PepperRing::new(PepperId::from_number(2), another()), PepperRing::without_pepper()];
    for ring in without {
        let restarted = world.restarted(2).peppers(ring).build();
        let mut phone = moved_to(&restarted, &phone);
        for _ in 0..6 {
            refused(&restarted, phone.owner, Code::CredentialUnusable, || phone.unlock(PIN));
        }
        assert_eq!(newest_refusal(&restarted, phone.owner), unknown);
        assert_eq!(ledger(&restarted, &phone), Some((0, 0)));
    }
    let mut phone = phone;
    phone.unlock(PIN).unwrap();
    let older = PepperRing::new(PepperId::from_number(2), another())
        .with_older(PepperId::from_number(1), Pepper::new(&[0x5a; 32]).unwrap());
    phone.lock().unwrap();
    let rotated = world.restarted(3).peppers(older.unwrap()).build();
    moved_to(&rotated, &phone).unlock(PIN).unwrap();
}

#[test]
fn e32_parameters_out_of_bounds_cost_no_try_and_are_never_run() {
    let out_of_bounds: [fn(&mut Enrolled); 6] = [
        |enrolled| enrolled.credential.memory_kib = u32::MAX,
        |enrolled| enrolled.credential.memory_kib = HashParams::MIN_MEMORY_KIB - 1,
        |enrolled| enrolled.credential.passes = HashParams::MAX_PASSES + 1,
        |enrolled| enrolled.credential.passes = 0,
        |enrolled| enrolled.credential.length = 3,
        |enrolled| enrolled.credential.length = 13,
    ];
    for damage in out_of_bounds {
        let world = World::new();
        let mut phone = locked_with_pin_only(&world);
        edit_enrolled(&world, &phone, damage);
        for _ in 0..6 {
            refused(&world, phone.owner, Code::CredentialUnusable, || phone.unlock(PIN));
        }
        assert_eq!(newest_refusal(&world, phone.owner).cause(), Cause::ParametersOutOfBounds);
        assert_eq!(ledger(&world, &phone), Some((0, 0)));
    }
}

#[test]
fn e32_r07_a_verifier_copied_to_another_device_account_or_generation_fits_no_pin() {
    let world = World::new();
    let anna = world.employee();
    let (mut one, mut two) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    one.lock().unwrap();
    two.lock().unwrap();
    edit(&world, anna, |head| {
        let verifier = head.devices[0].session.enrolled().credential.clone();
        head.devices[1].session.enrolled().credential = verifier;
    });
    assert_eq!(two.unlock(PIN), Err(Code::IncorrectPin));
    one.unlock(PIN).unwrap();
    one.lock().unwrap();
    edit(&world, anna, |head| (head.generation, head.devices[0].generation) = (1, 1));
    assert_eq!(one.unlock(PIN), Err(Code::IncorrectPin));

    let (annas, mut berts) = (locked_with_pin_only(&world), locked_with_pin_only(&world));
    let mut of_anna = None;
    edit(&world, annas.owner, |head| of_anna = head.devices.pop());
    edit(&world, berts.owner, |head| {
        let mut of_anna = of_anna.unwrap();
        // All that is Anna's but the token, so that only the account differs.
        of_anna.token = head.devices[0].token;
        head.devices[0] = of_anna;
    });
    assert_eq!(berts.unlock(PIN), Err(Code::IncorrectPin));
}

#[test]
fn e32_contradictory_content_is_damage() {
    let world = World::new();
    let anna = world.employee();
    let _phones = [(); 2].map(|()| world.open_phone(anna).unwrap());
    let good = stored(&world, anna).unwrap();
    let contradictions: [fn(&mut Head); 5] = [
        |head| head.devices[0].generation = head.generation + 1,
        |head| head.devices[1].id = head.devices[0].id,
        |head| head.devices[1].token = head.devices[0].token,
        |head| head.devices[0].label = "x".repeat(65),
        |head| head.devices = (0..65).map(|_| head.devices[0].clone()).collect(),
    ];
    for contradiction in contradictions {
        edit(&world, anna, contradiction);
        let bytes = stored(&world, anna).unwrap();
        assert_eq!(Account::decode(&bytes, anna).unwrap_err(), RecordError::Corrupted);
        world.store.overwrite(&Key::account(anna), Some(good.clone()));
    }
}
