//! The attempt protocol by hand: the pure functions, in every order.

use pinlatch::account::{Account, Wanted};
use pinlatch::pin::{Charge, PersonalWords, Settlement};
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::secret::DeviceToken;
use pinlatch::session::SessionState;
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, WRONG_PIN, World};

use super::driver::{Driver, pin_draw, rejections, seen};
use crate::given::record_bytes::edit;
use crate::given::*;

const OVERTAKEN: Refusal = Refusal::new(Code::GuessOvertaken);

/// Every order of five.
fn orders() -> Vec<[usize; 5]> {
    let all = 0..5_usize.pow(5);
    let digits = |number: usize| [0, 1, 2, 3, 4].map(|place| number / 5_usize.pow(place) % 5);
    all.map(digits).filter(|order| (0..5).all(|wanted| order.contains(&wanted))).collect()
}

#[test]
fn i12_four_wrong_and_one_right_in_flight_settled_in_every_order() {
    const RIGHT: usize = 4;
    assert_eq!(orders().len(), 120);
    for order in orders() {
        let world = World::new();
        let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
        let entries = [WRONG_PIN, WRONG_PIN, WRONG_PIN, WRONG_PIN, PIN];
        let hashed = world.hasher.count();
        let charges: Vec<Charge> =
            (1..).zip(entries).map(|(id, entry)| driver.charge(&mut account, entry, id).unwrap()).collect();
        assert_eq!(seen(&account), (SessionState::Locked, Some((0, 5))));
        let settlements: Vec<Settlement> = charges.into_iter().map(|charge| driver.compare(charge)).collect();
        assert_eq!(world.hasher.count() - hashed, 5);

        let (mut failures, mut opened, mut counted) = (0, false, 0);
        for (settled, index) in (1_u8..).zip(order) {
            let answer = driver.settle(&mut account, &settlements[index], settled);
            if index == RIGHT {
                (failures, opened) = (0, true);
                assert_eq!(answer, Ok(()));
            } else if opened {
                // A PIN was accepted since its charge: it says nothing any more, and counts nothing (D25).
                assert_eq!(answer, Err(OVERTAKEN));
            } else {
                (failures, counted) = (failures + 1, counted + 1);
                assert_eq!(answer, Err(Code::IncorrectPin.into()));
            }
            let state = if opened { SessionState::Authenticated } else { SessionState::Locked };
            assert_eq!(seen(&account), (state, Some((failures, usize::from(5 - settled)))), "{order:?}");
        }
        assert_eq!(rejections(&account), counted);
    }
}

#[test]
fn i12_after_the_right_one_settled_first_the_others_stay_charged_against_the_next_budget() {
    for settled_before in 0..=4_u8 {
        let world = World::new();
        let phone = locked_with_pin_only(&world);
        let (driver, mut account) = Driver::of(&world, &phone);
        let wrong: Vec<Charge> =
            (1..=4).map(|id| driver.charge(&mut account, WRONG_PIN, id).unwrap()).collect();
        let right = driver.charge(&mut account, PIN, 5).unwrap();
        let mut wrong: Vec<Settlement> = wrong.into_iter().map(|charge| driver.compare(charge)).collect();
        for settlement in wrong.drain(..usize::from(settled_before)) {
            assert!(driver.settle(&mut account, &settlement, 1).is_err());
        }
        assert_eq!(driver.settle(&mut account, &driver.compare(right), 1), Ok(()));
        driver.lock(&mut account);

        let before = world.hasher.count();
        let (mut late_guesses, mut refusals) = (Vec::new(), Vec::new());
        for id in 100..110 {
            match driver.charge(&mut account, WRONG_PIN, id) {
                Ok(charge) => late_guesses.push(driver.compare(charge)),
                Err(refusal) => refusals.push(refusal.code()),
            }
        }
        let granted = world.hasher.count() - before;
        assert_eq!(granted, 1 + u64::from(settled_before), "five, less those still in flight");
        assert_eq!(refusals[0], Code::GuessesInFlight);
        assert_eq!(seen(&account), (SessionState::Locked, Some((0, 5))), "nothing is wiped");
        for late in wrong {
            assert_eq!(driver.settle(&mut account, &late, 1), Err(OVERTAKEN));
        }
        assert_eq!(seen(&account), (SessionState::Locked, Some((0, late_guesses.len()))));
    }
}

#[test]
fn e39_i12_an_attempt_that_is_in_the_ledger_gives_no_second_permit_and_settles_once() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    let charge = driver.charge(&mut account, WRONG_PIN, 1).unwrap();
    let before = account.encode().unwrap();
    // Asked a thousand times, with every PIN that a thief may think of: no permit, and no odd answer.
    for guess in 0..1_000 {
        let entry = format!("{:06}", 284_417 + guess);
        let again = driver.charge(&mut account, &entry, 1).unwrap_err();
        assert_eq!(again, Refusal::because(Code::Unavailable, Cause::DrawRepeated));
    }
    assert_eq!(account.encode().unwrap(), before);
    let settlement = driver.compare(charge);
    assert_eq!(driver.settle(&mut account, &settlement, 1), Err(Code::IncorrectPin.into()));
    for _ in 0..10 {
        assert_eq!(driver.settle(&mut account, &settlement, 1), Err(OVERTAKEN));
    }
    assert_eq!(seen(&account), (SessionState::Locked, Some((1, 0))));
    assert_eq!(rejections(&account), 1);
}

#[test]
fn i06_i12_a_settled_right_pin_opens_once_and_not_again_after_a_lock() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    let right = driver.compare(driver.charge(&mut account, PIN, 1).unwrap());
    assert_eq!(driver.settle(&mut account, &right, 1), Ok(()));
    assert_eq!(driver.settle(&mut account, &right, 1), Err(OVERTAKEN));
    driver.lock(&mut account);
    assert_eq!(driver.settle(&mut account, &right, 1), Err(OVERTAKEN));
    assert_eq!(driver.settle(&mut account, &right, 2), Err(OVERTAKEN));
    assert_eq!(seen(&account), (SessionState::Locked, Some((0, 0))));
}

#[test]
fn d25_e29_a_pin_changed_between_charge_and_settlement_overtakes_the_guess_whatever_it_was() {
    for guess in [PIN, ANOTHER_PIN, WRONG_PIN] {
        let world = World::new();
        let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
        driver.unlock(&mut account, PIN, 1, 9).unwrap();
        let late = driver.charge(&mut account, guess, 2).unwrap();
        let change = driver.change(3, PIN);
        let charged = driver.charge_change(&mut account, &driver.session(9), &change);
        let settlement = driver.compare(charged.unwrap().unwrap());
        driver.settle_change(&mut account, &settlement).unwrap();
        let (state, open) = (SessionState::Authenticated, Some((0, 1)));
        assert_eq!(seen(&account), (state, open), "the late guess stays charged");
        assert_eq!(driver.settle_change(&mut account, &settlement), Err(OVERTAKEN), "changed once");
        assert_eq!(seen(&account), (state, open));

        let late = driver.compare(late);
        assert_eq!(driver.settle(&mut account, &late, 5), Err(OVERTAKEN), "{guess}");
        assert_eq!(seen(&account), (state, Some((0, 0))));
        driver.unlock(&mut account, ANOTHER_PIN, 4, 6).unwrap();
    }
}

#[test]
fn e39_a_guess_serves_the_purpose_for_which_it_was_made() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    driver.unlock(&mut account, PIN, 1, 9).unwrap();
    for (attempt, entry) in [(2, PIN), (4, WRONG_PIN)] {
        let change = driver.change(attempt, entry);
        let charged = driver.charge_change(&mut account, &driver.session(9), &change);
        let to_change = driver.compare(charged.unwrap().unwrap());
        assert_eq!(driver.settle(&mut account, &to_change, 3), Err(OVERTAKEN));
        let to_unlock = driver.compare(driver.charge(&mut account, entry, attempt + 1).unwrap());
        assert_eq!(driver.settle_change(&mut account, &to_unlock), Err(OVERTAKEN));
    }
    let (state, ledger) = seen(&account);
    assert_eq!((state, ledger.unwrap().0), (SessionState::Authenticated, 0));
    assert_eq!(rejections(&account), 0);
    let session = driver.session(9);
    let wanted = Wanted::session();
    assert!(account.check(&session, wanted, &driver.facts(), &driver.context()).is_ok());
}

#[test]
fn r07_e13_e39_a_pin_hashed_for_another_device_or_generation_is_not_taken() {
    let world = World::new();
    let anna = world.employee();
    let mut phones = [(); 2].map(|()| pending_phone(&world, anna));
    let (driver, mut account) = Driver::of(&world, &phones[0]);
    let claim = driver.claim(&mut account, PIN, pin_draw(1)).unwrap();
    let hashed = claim.assert_written().make(&driver.hashing()).unwrap();
    driver.store(&account);
    let session = driver.session(8);
    let taken = |account: &mut Account, token: &DeviceToken| {
        let answer = account.create_pin(token, &hashed, &session, &driver.facts(), &driver.context());
        answer.map_err(|refusal| refusal.code())
    };
    // The other device has a claim, too, and of the same draw.
    let other = same_device(&phones[1]);
    let (entries, none) = (entries(PIN), PersonalWords::none());
    let (facts, context) = (driver.facts(), driver.context());
    account.claim_pin(&other, &entries, &none, pin_draw(1), &facts, &context).map(drop).unwrap();
    driver.written(&mut account);
    assert_eq!(taken(&mut account, &other), Err(Code::GuessOvertaken));
    assert!(!account.is_changed());

    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    phones[0].sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    let mut renewed = world.account(anna).unwrap();
    assert_eq!(renewed.device_sessions()[0].id(), account.device_sessions()[0].id(), "the same device");
    assert_eq!(taken(&mut renewed, &same_device(&phones[0])), Err(Code::GuessOvertaken));
    assert!(!renewed.is_changed());
    assert_eq!(taken(&mut account, &driver.token), Ok(()));
}

#[test]
fn e39_i12_a_permit_of_another_account_settles_nothing_here() {
    let world = World::new();
    let (annas_phone, berts_phone) = (locked_with_pin_only(&world), locked_with_pin_only(&world));
    // Even if their device sessions, and their PINs, had the same id.
    let mut same_id = None;
    edit(&world, annas_phone.owner, |head| same_id = Some(head.devices[0].session.enrolled().credential.id));
    let same_device = *annas_phone.id.unwrap().as_bytes();
    edit(&world, berts_phone.owner, |head| {
        head.devices[0].id = same_device;
        head.devices[0].session.enrolled().credential.id = same_id.unwrap();
    });
    let (anna, mut annas) = Driver::of(&world, &annas_phone);
    let (bert, mut berts) = Driver::of(&world, &berts_phone);
    for entry in [PIN, WRONG_PIN] {
        let of_anna = anna.compare(anna.charge(&mut annas, entry, 1).unwrap());
        let berts_own = bert.charge(&mut berts, WRONG_PIN, 1);
        assert_eq!(bert.settle(&mut berts, &of_anna, 1), Err(OVERTAKEN));
        let (state, ledger) = seen(&berts);
        assert_eq!((state, ledger.unwrap().1), (SessionState::Locked, 1));
        let berts_own = bert.compare(berts_own.unwrap());
        assert_eq!(bert.settle(&mut berts, &berts_own, 1), Err(Code::IncorrectPin.into()));
        let _answered = anna.settle(&mut annas, &of_anna, 7);
        anna.lock(&mut annas);
    }
}

#[test]
fn i01_locked_has_a_pin_and_at_most_four_failures_and_five_with_those_in_flight() {
    let world = World::new();
    let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    for failures in 0..=4_u8 {
        assert_eq!(seen(&account), (SessionState::Locked, Some((failures, 0))));
        for place in failures..5 {
            let attempt = u128::from(failures * 10 + place);
            let _never_compared = driver.charge(&mut account, PIN, attempt).unwrap();
        }
        assert_eq!(seen(&account), (SessionState::Locked, Some((failures, usize::from(5 - failures)))));
        let one_more = driver.charge(&mut account, PIN, 1_000).unwrap_err();
        assert_eq!(one_more.code(), Code::GuessesInFlight);
        driver.wait(UNTIL_VOID);
        let expected = if failures == 4 { Code::PinExhausted } else { Code::IncorrectPin };
        let attempt = 2_000 + u128::from(failures);
        assert_eq!(driver.unlock(&mut account, WRONG_PIN, attempt, 1), Err(expected.into()));
    }
    assert_eq!(seen(&account), (SessionState::PinExhausted, None));
}
