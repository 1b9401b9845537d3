//! A guess is answered while it is in the ledger or not at all; what nobody was told costs nobody a PIN.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use pinlatch::account::Policy;
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::{NextStep, RefusalCode as Code};
use pinlatch::session::SessionState;
use pinlatch::time::Timestamp;
use pinlatch_testkit::faults::poll_times;
use pinlatch_testkit::{
    ANOTHER_PIN, PIN, Phone, SeededRandomness, UNMODIFIED, WRONG_PIN, World, days, millis, seconds,
};

use super::driver::{Dice, Driver, seen, wait_named};
use super::shaky::{Watched, shaky_drawing};
use crate::given::*;

#[test]
fn d24_void_guesses_five_dropped_in_a_row_then_the_right_pin_after_the_named_wait() {
    let world = World::new();
    let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    for attempt in 1..=5 {
        let _dropped = driver.charge(&mut account, PIN, attempt).unwrap().assert_written();
        driver.wait(seconds(7));
    }
    let refusal = driver.charge(&mut account, PIN, 6).unwrap_err();
    assert_eq!(refusal.code(), Code::GuessesInFlight);
    let after = wait_named(refusal);
    assert_eq!(after, UNTIL_VOID - seconds(35), "the eldest was charged 35 seconds ago");
    assert_eq!(seen(&account), (SessionState::Locked, Some((0, 5))), "nothing counted, nothing wiped");
    driver.wait(after - millis(1));
    assert_eq!(wait_named(driver.charge(&mut account, PIN, 7).unwrap_err()), millis(1));
    driver.wait(millis(1));
    driver.unlock(&mut account, PIN, 8, 1).unwrap();
    assert_eq!(seen(&account), (SessionState::Authenticated, Some((0, 4))));
}

#[test]
fn d24_a_guess_is_answered_to_the_end_of_the_answer_window_and_the_skew_and_not_later() {
    let policies = [
        (Policy::default(), VOID_AFTER),
        (Policy::builder().answer_window(seconds(5)).skew(seconds(2)).build().unwrap(), seconds(7)),
    ];
    for (policy, window) in policies {
        for (entry, in_time) in [(PIN, Ok(())), (WRONG_PIN, Err(Code::IncorrectPin.into()))] {
            for (late, expected) in [(false, in_time), (true, Err(Code::GuessOvertaken.into()))] {
                let world = World::builder().policy(policy.clone()).build();
                let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
                let settlement = driver.compare(driver.charge(&mut account, entry, 1).unwrap());
                driver.wait(window + millis(u64::from(late)));
                assert_eq!(driver.settle(&mut account, &settlement, 1), expected);
            }
        }
    }
}

#[test]
fn d24_the_clock_of_another_host_may_differ_by_the_skew_without_costing_the_answer() {
    for ahead in [false, true] {
        let world = World::new();
        let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
        let (before, skew) = (driver.now.unwrap(), driver.policy.skew());
        let settlement = driver.compare(driver.charge(&mut account, PIN, 1).unwrap());
        // Just before the answer is due another host writes, which is as far away as two hosts may be.
        let due = before.plus(ANSWER_WINDOW);
        let behind = Timestamp::from_unix_millis(due.as_unix_millis() - 120_000);
        driver.now = Some(if ahead { due.plus(skew) } else { behind });
        let _of_another_host = driver.charge(&mut account, WRONG_PIN, 2).unwrap();
        driver.now = Some(due);
        assert_eq!(driver.settle(&mut account, &settlement, 1), Ok(()));
    }
}

/// How a guess stays unanswered.
#[derive(Clone, Copy, Debug)]
enum Lost {
    HasherFails,
    StoreIsAway,
    RequestIsDropped,
}

const LOST: [Lost; 3] = [Lost::HasherFails, Lost::StoreIsAway, Lost::RequestIsDropped];

/// A guess that is charged and never answered, to open the app or to change the PIN.
fn unanswered(world: &Arc<World>, phone: &Phone<'_>, entry: &str, changes: bool, lost: Lost) {
    let inner = Arc::clone(world);
    let hasher = Watched::new(&world.hasher, move || match lost {
        Lost::HasherFails => inner.hasher.set_failing(true),
        Lost::StoreIsAway => inner.store.set_down(true),
        Lost::RequestIsDropped => {}
    });
    let pauses = matches!(lost, Lost::RequestIsDropped);
    let gate = shaky_drawing(world, &[], pauses, hasher, 1_000 + world.store.operations().1);
    let (device, session, none) = (device_of(phone), session_of(phone), PersonalWords::none());
    let (entry, new) = (digits(entry), entries(ANOTHER_PIN));
    let mut guess = pin!(async {
        if changes {
            gate.change_pin(&session, &entry, &new, &none, &UNMODIFIED).await
        } else {
            gate.unlock_with_pin(&device, &entry, &UNMODIFIED).await.map(drop)
        }
    });
    let is_charged = || !gate.host().store.applied.lock().unwrap().is_empty();
    let answer = (0..1_000).find_map(|_| {
        let answer = poll_times(guess.as_mut(), 1);
        (answer.is_some() || (pauses && is_charged())).then_some(answer)
    });
    if let Some(answer) = answer.expect("it ends") {
        assert_eq!(answer.unwrap_err().code(), Code::Unavailable);
    }
    assert!(is_charged());
    world.hasher.set_failing(false);
    world.store.set_down(false);
}

#[test]
fn d24_a_guess_that_the_host_lost_costs_nobody_a_pin_however_it_was_lost() {
    for lost in LOST {
        for changes in [false, true] {
            let world = Arc::new(World::builder().seed(4).build());
            let mut phone = world.open_phone(world.employee()).unwrap();
            if !changes {
                phone.lock().unwrap();
            }
            // Four are lost, and one is mistyped.
            for in_flight in 1..=4 {
                unanswered(&world, &phone, PIN, changes, lost);
                assert_eq!(ledger(&world, &phone), Some((0, in_flight)), "{lost:?}");
            }
            let enter = |phone: &mut Phone<'_>, entry| {
                if changes { phone.change_pin(entry, ANOTHER_PIN) } else { phone.unlock(entry) }
            };
            assert_eq!(enter(&mut phone, WRONG_PIN), Err(Code::IncorrectPin));
            refused(&world, phone.owner, Code::GuessesInFlight, || enter(&mut phone, PIN));
            let after = wait_named(newest_refusal(&world, phone.owner));
            assert!(after <= UNTIL_VOID);
            world.wait(after);
            enter(&mut phone, PIN).unwrap();
            assert_eq!(ledger(&world, &phone), Some((0, 0)));
            // And all five.
            phone.lock().unwrap();
            phone.unlock(if changes { ANOTHER_PIN } else { PIN }).unwrap();
            for _ in 0..5 {
                unanswered(&world, &phone, WRONG_PIN, changes && phone.session.is_some(), lost);
            }
            assert_eq!(phone.state(), SessionState::Authenticated);
            world.wait(UNTIL_VOID);
            phone.unlock(if changes { ANOTHER_PIN } else { PIN }).unwrap();
        }
    }
}

#[test]
fn d24_one_dropped_request_a_month_costs_no_pin_in_a_year() {
    for lost in LOST {
        let world = Arc::new(World::new());
        let mut phone = locked_with_pin_only(&world);
        for month in 0..12 {
            unanswered(&world, &phone, PIN, false, lost);
            for _day in 0..30 {
                world.wait(days(1));
                if month % 2 == 0 {
                    phone.unlock(PIN).unwrap();
                    phone.lock().unwrap();
                }
            }
        }
        phone.unlock(PIN).unwrap();
    }
}

/// What the phone is told to do next when it starts.
fn next(world: &World, phone: &Phone<'_>) -> NextStep {
    world.gate.blocking().device_view(&device_of(phone), &UNMODIFIED).unwrap().next
}

/// Guesses that become void, one after the other.
fn voided(world: &Arc<World>, phone: &Phone<'_>, times: usize) {
    for _ in 0..times {
        unanswered(world, phone, PIN, false, Lost::HasherFails);
        world.wait(UNTIL_VOID);
    }
}

#[test]
fn d24_after_ten_void_guesses_the_next_step_is_to_authenticate_which_starts_over() {
    let world = Arc::new(World::new());
    let mut phone = locked_with_pin_only(&world);
    let gate = world.gate.blocking();
    let wrong = |phone: &Phone<'_>| {
        let answer = gate.unlock_with_pin(&device_of(phone), &digits(WRONG_PIN), &UNMODIFIED);
        answer.map(drop).unwrap_err().refusal()
    };
    voided(&world, &phone, 9);
    assert_eq!(next(&world, &phone), NextStep::EnterPin);
    assert_eq!(wrong(&phone).next_step(), NextStep::EnterPin);
    // The right PIN, once it is accepted, is the end of it.
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    voided(&world, &phone, 9);
    assert_eq!(next(&world, &phone), NextStep::EnterPin);
    voided(&world, &phone, 1);
    assert_eq!(next(&world, &phone), NextStep::Authenticate);
    let told = wrong(&phone);
    assert_eq!((told.code(), told.next_step()), (Code::IncorrectPin, NextStep::Authenticate));

    let old = device_of(&phone);
    phone.sign_in().unwrap();
    phone.create_pin(ANOTHER_PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    let dead = gate.unlock_with_pin(&old, &digits(ANOTHER_PIN), &UNMODIFIED);
    assert_eq!(code(dead.map(drop)), Err(Code::AuthenticationRequired));
    phone.lock().unwrap();
    assert_eq!(next(&world, &phone), NextStep::EnterPin);
}

#[test]
fn d24_the_right_pin_opens_even_after_ten_void_guesses() {
    let world = Arc::new(World::new());
    let mut phone = locked_with_pin_only(&world);
    voided(&world, &phone, 12);
    assert_eq!(next(&world, &phone), NextStep::Authenticate);
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(next(&world, &phone), NextStep::EnterPin);
}

#[test]
fn d24_a_host_that_loses_every_third_settlement_never_costs_a_pin() {
    let (mut opened, mut lost, mut waited, mut wrong) = (0, 0, 0, 0);
    for seed in 0..8 {
        let mut dice = Dice(seed);
        let world = Arc::new(World::builder().seed(seed).build());
        let mut phone = locked_with_pin_only(&world);
        let mut guesses = 0_u64;
        for _visit in 0..250 {
            world.wait(visit_after(&mut dice));
            if dice.below(2) == 0 {
                phone.lock().unwrap();
            }
            let mut typos = [0, 0, 0, 0, 0, 1, 1, 2, 3, 4][usize::try_from(dice.below(10)).unwrap()];
            let mut tries = 0;
            loop {
                tries += 1;
                assert!(tries < 40, "the owner is stranded");
                assert_ne!(phone.state(), SessionState::PinExhausted);
                let entry = if typos > 0 { WRONG_PIN } else { PIN };
                let (failures, in_flight) = ledger(&world, &phone).unwrap();
                assert!(usize::from(failures) + in_flight <= 5);
                // The settlement of every third guess that is charged is lost.
                if guesses % 3 == 2 && usize::from(failures) + in_flight < 5 {
                    unanswered(&world, &phone, entry, false, LOST[usize::try_from(dice.below(3)).unwrap()]);
                    (guesses, lost) = (guesses + 1, lost + 1);
                    world.wait(seconds(dice.below(20)));
                    continue;
                }
                match phone.unlock(entry) {
                    Ok(()) => break,
                    Err(Code::IncorrectPin) => (typos, guesses, wrong) = (typos - 1, guesses + 1, wrong + 1),
                    Err(Code::GuessesInFlight) => {
                        waited += 1;
                        let after = wait_named(newest_refusal(&world, phone.owner));
                        assert!(after <= UNTIL_VOID);
                        world.wait(after);
                    }
                    Err(other) => panic!("{other}"),
                }
            }
            (guesses, opened) = (guesses + 1, opened + 1);
            assert_eq!(phone.check().map(drop), Ok(()));
        }
    }
    assert_eq!(opened, 8 * 250);
    assert!(lost > 500 && waited > 20 && wrong > 500, "{lost} lost, {waited} waited, {wrong} wrong");
}

/// How long until the next visit: seconds, or hours.
fn visit_after(dice: &mut Dice) -> Duration {
    let unit = if dice.below(3) == 0 { 3_600 } else { 1 };
    seconds(unit * dice.below(50))
}

#[test]
fn d24_a_refusal_says_the_wait_in_whole_for_a_host_with_another_answer_window() {
    let policy = Policy::builder().answer_window(seconds(10)).skew(seconds(1)).build().unwrap();
    let world = World::builder().policy(policy.clone()).build();
    let host = HostParts {
        store: Blocking(Arc::clone(&world.store)),
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Inline,
        randomness: SeededRandomness::new(8),
    };
    let phone = locked_with_pin_only(&world);
    let hasher = world.hasher.clone();
    let gate = Gate::builder(host).peppers(peppers()).hasher(hasher).policy(policy).build().unwrap();
    let enter = || gate.blocking().unlock_with_pin(&device_of(&phone), &digits(PIN), &UNMODIFIED);
    world.hasher.set_failing(true);
    let codes = [(); 5].map(|()| code(enter().map(drop)).unwrap_err());
    assert_eq!(codes, [Code::Unavailable; 5]);
    world.hasher.set_failing(false);
    let refusal = enter().map(drop).unwrap_err().refusal();
    assert_eq!((refusal.code(), wait_named(refusal)), (Code::GuessesInFlight, millis(11_001)));
    world.wait(millis(11_001));
    enter().unwrap();
}
