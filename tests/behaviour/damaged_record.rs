//! Records that are damaged, cut off, newer, somebody else's, or gone (E32).

use pinlatch::account::{Account, Standing, StrongAuthentication};
use pinlatch::host::Key;
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::{HashParams, Pepper, PepperId, PepperRing};
use pinlatch::record::{MAX_RECORD_BYTES, RecordError};
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, World};

use crate::given::record_bytes::{Enrolled, Head, edit, sealed};
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
        |enrolled| (enrolled.failures, enrolled.in_flight) = (4, vec![[1; 16], [2; 16]]),
        |enrolled| enrolled.in_flight = (0..6).map(|id| [id; 16]).collect(),
        |enrolled| enrolled.in_flight = vec![[7; 16], [7; 16]],
        |enrolled| (enrolled.failures, enrolled.in_flight) = (254, vec![[1; 16], [2; 16], [3; 16]]),
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

/// Each use of a phone whose record cannot be read is refused, and the record is left alone.
fn unreadable(world: &World, phone: &mut Phone<'_>, damaged: Vec<u8>, error: RecordError) {
    let anna = phone.owner;
    let start = world.gate.blocking().begin_authentication(anna).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, AuthenticationMethod::BankCredentials);
    assert_eq!(Account::decode(&damaged, anna).unwrap_err(), error);
    world.store.overwrite(&Key::account(anna), Some(damaged));
    for command in [
        (|phone| phone.unlock(PIN)) as fn(&mut Phone<'_>) -> Result<(), Code>,
        |phone| phone.unlock_by(Modality::Face),
        |phone| phone.check().map(|_| ()),
        |phone| phone.lock(),
        |phone| phone.log_out(),
        |phone| phone.create_pin(PIN),
        |phone| phone.change_pin(PIN, ANOTHER_PIN),
    ] {
        refused(world, anna, Code::AuthenticationRequired, || command(phone));
        assert_eq!(newest_refusal(world, anna).cause(), Cause::RecordUnreadable);
    }
    // A damaged record waits for the re-invitation that replaces it; any other for its host.
    let damaged = matches!(error, RecordError::Corrupted | RecordError::Truncated);
    let code = if damaged { Code::ReinvitationRequired } else { Code::AuthenticationRequired };
    refused(world, anna, code, || phone.sign_in());
    let mut new_phone = world.phone(anna);
    refused(world, anna, code, || new_phone.finish_sign_in(evidence, None));
    assert_eq!(newest_refusal(world, anna).cause(), Cause::RecordUnreadable);
}

#[test]
fn e32_an_unreadable_record_reads_as_authenticate_again_and_is_left_alone() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    let (anna, bert) = (phone.owner, world.open_phone(world.employee()).unwrap().owner);
    let good = stored(&world, anna).unwrap();
    let mut restore = |damaged: Vec<u8>, error| {
        unreadable(&world, &mut phone, damaged, error);
        world.store.overwrite(&Key::account(anna), Some(good.clone()));
    };
    restore(Vec::new(), RecordError::Truncated);
    restore(good[..3].to_vec(), RecordError::Truncated);
    restore(good[..good.len() - 1].to_vec(), RecordError::Truncated);
    restore([good.as_slice(), b"\0"].concat(), RecordError::Corrupted);
    let mut flipped = good.clone();
    flipped[200] ^= 1;
    restore(flipped, RecordError::Corrupted);
    let mut oversized = good.clone();
    oversized.resize(MAX_RECORD_BYTES + 1, 0);
    restore(oversized, RecordError::TooLarge);
    restore(sealed(b"PLAC", 2, &good[14..]), RecordError::NewerVersion { found: 2 });
    restore(sealed(b"PLAC", 0, &good[14..]), RecordError::Corrupted);
    restore(sealed(b"PLPE", 1, &good[14..]), RecordError::NotARecord);
    restore(b"{\"json\":true}".to_vec(), RecordError::NotARecord);
    restore(sealed(b"PLAC", 1, b"nonsense"), RecordError::Corrupted);
    restore(stored(&world, bert).unwrap(), RecordError::AnotherAccount);
    phone.unlock(PIN).unwrap();
}

#[test]
fn e32_e09_a_phone_whose_owners_record_is_damaged_is_free_for_another_person() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let (anna, bert) = (phone.owner, world.employee());
    let mut damaged = stored(&world, anna).unwrap();
    damaged.pop();
    world.store.overwrite(&Key::account(anna), Some(damaged.clone()));
    let mut in_berts_hand = moved_to(&world, &phone);
    in_berts_hand.owner = bert;
    in_berts_hand.sign_in().unwrap();
    assert_eq!(stored(&world, anna), Some(damaged));
}

#[test]
fn e32_no_cut_and_no_flipped_bit_reads_as_a_budget() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let good = stored(&world, phone.owner).unwrap();
    for length in 0..good.len() {
        assert!(Account::decode(&good[..length], phone.owner).is_err(), "cut at {length}");
    }
    for bit in 0..good.len() * 8 {
        let mut damaged = good.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(Account::decode(&damaged, phone.owner).is_err(), "bit {bit}");
    }
}

#[test]
fn e32_a_reinvitation_replaces_a_damaged_record_by_a_barred_account() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let anna = phone.owner;
    let generation = world.account(anna).unwrap().generation();
    let mut damaged = stored(&world, anna).unwrap();
    damaged.pop();
    world.store.overwrite(&Key::account(anna), Some(damaged));
    let first_lost = world.journal.events(anna).len();
    let invitation = world.invited(anna).unwrap();
    let account = world.account(anna).unwrap();
    assert_eq!(account.standing(), Standing::RevokedAll);
    assert!(account.generation() > generation);
    assert!(account.device_sessions().is_empty());
    assert_eq!(world.journal.events(anna).len(), first_lost + 1, "no event overwrites an older one");
    assert_eq!(world.journal.contradictions(), 0);

    let mut phone = phone;
    refused(&world, anna, Code::AuthenticationRequired, || phone.unlock(PIN));
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in());
    phone.sign_in_with_invitation(&invitation).unwrap();
    phone.create_pin(PIN).unwrap();
}

#[test]
fn e32_a_record_that_another_version_or_host_may_need_is_never_replaced() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let (anna, good) = (phone.owner, stored(&world, phone.owner).unwrap());
    let other = world.open_phone(world.employee()).unwrap().owner;
    let mut oversized = good.clone();
    oversized.resize(MAX_RECORD_BYTES + 1, 0);
    let precious = [
        sealed(b"PLAC", 2, &good[14..]),
        sealed(b"PLPE", 1, &good[14..]),
        stored(&world, other).unwrap(),
        oversized,
    ];
    for bytes in precious {
        world.store.overwrite(&Key::account(anna), Some(bytes));
        refused(&world, anna, Code::AuthenticationRequired, || world.invited(anna));
    }
    let actor = world.administrator(ACME);
    refused(&world, anna, Code::AuthenticationRequired, || revoke_all(&world, &actor, anna));
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
