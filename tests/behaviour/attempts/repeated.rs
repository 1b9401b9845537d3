//! A request that comes again is one guess: a proxy that retries, a phone whose answer was lost.

use std::sync::{Arc, Mutex};

use pinlatch::account::RequestContext;
use pinlatch::host::Clock;
use pinlatch::id::RequestId;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::{Language, RefusalCode as Code};
use pinlatch::session::{Change, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World, millis, seconds};

use super::driver::{Driver, seen, wait_named};
use super::shaky::{Watched, finished, shaky_drawing};
use crate::given::*;

fn request(number: u128) -> RequestContext {
    UNMODIFIED.with_request(RequestId::from_u128(number))
}

/// Enters a PIN under the phone's own id of this entry.
fn enter(world: &World, phone: &mut Phone<'_>, entry: &str, number: u128) -> Result<(), Code> {
    let token = device_of(phone);
    let answer = world.gate.blocking().unlock_with_pin(&token, &digits(entry), &request(number));
    phone.session = Some(code(answer)?);
    Ok(())
}

/// Changes the PIN, likewise.
fn change(world: &World, phone: &Phone<'_>, current: &str, new: &str, number: u128) -> Result<(), Code> {
    let (session, none) = (session_of(phone), PersonalWords::none());
    let gate = world.gate.blocking();
    code(gate.change_pin(&session, &digits(current), &entries(new), &none, &request(number)))
}

#[test]
fn d27_a_request_answered_wrong_is_answered_wrong_again_uncompared_and_uncounted() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(enter(&world, &mut phone, WRONG_PIN, 1), Err(Code::IncorrectPin));
    for _ in 0..4 {
        refused(&world, phone.owner, Code::IncorrectPin, || enter(&world, &mut phone, WRONG_PIN, 1));
    }
    assert_eq!(ledger(&world, &phone), Some((1, 0)), "one entry, however often it was sent");
    // The id stands for the entry: even the right PIN under it is not compared.
    refused(&world, phone.owner, Code::IncorrectPin, || enter(&world, &mut phone, PIN, 1));
    enter(&world, &mut phone, PIN, 2).unwrap();
}

#[test]
fn d27_without_an_id_each_request_is_a_guess() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
}

#[test]
fn d27_a_request_in_flight_hears_so_and_when_it_would_be_void() {
    for entry in [PIN, WRONG_PIN] {
        let world = World::new();
        let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
        driver.request = request(1);
        let settlement = driver.compare(driver.charge(&mut account, entry, 1).unwrap());
        driver.wait(seconds(20));
        for again in [PIN, WRONG_PIN] {
            let refusal = driver.charge(&mut account, again, 2).unwrap_err();
            assert_eq!(refusal.code(), Code::GuessesInFlight);
            assert_eq!(wait_named(refusal), UNTIL_VOID - seconds(20));
            assert_eq!(seen(&account), (SessionState::Locked, Some((0, 1))), "no second comparison");
        }
        let expected = if entry == PIN { Ok(()) } else { Err(Code::IncorrectPin.into()) };
        assert_eq!(driver.settle(&mut account, &settlement, 1), expected);
    }
}

#[test]
fn d27_five_retries_at_once_are_one_guess() {
    let world = Arc::new(World::new());
    let phone = locked_with_pin_only(&world);
    let (inner, token) = (Arc::clone(&world), same_device(&phone));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heard);
    // While the first is being compared, the proxy sends it four times more.
    let hasher = Watched::new(&world.hasher, move || {
        let again = || inner.gate.blocking().unlock_with_pin(&token, &digits(WRONG_PIN), &request(1));
        *kept.lock().unwrap() = [(); 4].map(|()| code(again().map(drop))).to_vec();
    });
    let gate = shaky_drawing(&world, &[], false, hasher, 5);
    let (token, entry, request) = (same_device(&phone), digits(WRONG_PIN), request(1));
    let first = finished(gate.unlock_with_pin(&token, &entry, &request));
    assert_eq!(code(first.map(drop)), Err(Code::IncorrectPin));
    assert_eq!(*heard.lock().unwrap(), [Err(Code::GuessesInFlight); 4]);
    assert_eq!(ledger(&world, &phone), Some((1, 0)));
}

#[test]
fn d27_an_accepted_change_is_done_when_asked_again_without_a_guess() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    change(&world, &phone, PIN, ANOTHER_PIN, 1).unwrap();
    assert_eq!(trail(&world, &phone).last(), Some(&Change::PinChanged));
    // The answer was lost; the phone asks again, and the current PIN is another one by now.
    unchanged(&world, phone.owner, || change(&world, &phone, PIN, ANOTHER_PIN, 1));
    unchanged(&world, phone.owner, || change(&world, &phone, PIN, ANOTHER_PIN, 1));
    assert_eq!(phone.check().map(drop), Ok(()), "the open session and its token are as they were");
    // It is remembered for as long as it is the last change.
    world.wait(seconds(24 * 60 * 60));
    unchanged(&world, phone.owner, || change(&world, &phone, PIN, ANOTHER_PIN, 1));
    change(&world, &phone, ANOTHER_PIN, "907351", 2).unwrap();
    assert_eq!(change(&world, &phone, PIN, ANOTHER_PIN, 1), Err(Code::IncorrectPin), "another guess");
}

/// What is answered as done may have written all the same, and who has the answer can rely on the trail.
#[test]
fn d27_i11_a_change_found_done_hands_over_what_it_wrote() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    world.wait(seconds(600));
    change(&world, &phone, PIN, ANOTHER_PIN, 1).unwrap();
    // By more than the skew, and to no time before the app was opened.
    let earlier =
        Clock::now(&*world.clock).map(|now| Timestamp::from_unix_millis(now.as_unix_millis() - 300_000));
    world.clock.set(earlier);
    change(&world, &phone, PIN, ANOTHER_PIN, 1).unwrap();
    let journal = world.journal.events(phone.owner);
    assert!(matches!(journal.last().map(|event| event.change), Some(Change::ClockSetBack { times: 1, .. })));
}

#[test]
fn d27_the_id_of_a_change_opens_nothing() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    change(&world, &phone, PIN, ANOTHER_PIN, 1).unwrap();
    phone.lock().unwrap();
    assert_eq!(enter(&world, &mut phone, WRONG_PIN, 1), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((1, 0)), "a guess like any other");
    assert_eq!(phone.state(), SessionState::Locked);
}

#[test]
fn d27_a_change_answered_wrong_is_remembered_like_an_unlock() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    assert_eq!(change(&world, &phone, WRONG_PIN, ANOTHER_PIN, 1), Err(Code::IncorrectPin));
    refused(&world, phone.owner, Code::IncorrectPin, || change(&world, &phone, WRONG_PIN, ANOTHER_PIN, 1));
    refused(&world, phone.owner, Code::IncorrectPin, || enter(&world, &mut phone, PIN, 1));
    assert_eq!(ledger(&world, &phone), Some((1, 0)));
}

#[test]
fn d27_r13_the_state_speaks_before_the_id() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    for number in 1..=4 {
        assert_eq!(enter(&world, &mut phone, WRONG_PIN, number), Err(Code::IncorrectPin));
    }
    assert_eq!(enter(&world, &mut phone, WRONG_PIN, 5), Err(Code::PinExhausted));
    // The fifth and those before it hear the message of R13 now.
    for number in [5, 4, 1] {
        refused(&world, phone.owner, Code::PinExhausted, || enter(&world, &mut phone, WRONG_PIN, number));
    }
    assert_eq!(
        newest_refusal(&world, phone.owner).public(Language::English).text,
        "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again."
    );
    phone.acknowledge().unwrap();
    refused(&world, phone.owner, Code::AuthenticationRequired, || enter(&world, &mut phone, WRONG_PIN, 5));

    // A change whose session was locked meanwhile: the session speaks.
    let mut other = world.open_phone(world.employee()).unwrap();
    change(&world, &other, PIN, ANOTHER_PIN, 1).unwrap();
    other.lock().unwrap();
    refused(&world, other.owner, Code::SessionRequired, || change(&world, &other, PIN, ANOTHER_PIN, 1));
    enter(&world, &mut other, ANOTHER_PIN, 2).unwrap();
}

#[test]
fn d27_the_id_of_a_right_pin_is_not_remembered() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    enter(&world, &mut phone, PIN, 1).unwrap();
    let first = same_session(&phone);
    enter(&world, &mut phone, PIN, 1).unwrap();
    assert!(!is_live(&world, &first), "it opens anew");
    assert_eq!(enter(&world, &mut phone, WRONG_PIN, 1), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((1, 0)));
}

#[test]
fn d27_void_and_overtaken_ids_are_not_remembered() {
    let world = World::new();
    let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    // Void: the repeat is a new guess.
    driver.request = request(1);
    let _dropped = driver.charge(&mut account, WRONG_PIN, 1).unwrap();
    driver.wait(UNTIL_VOID);
    assert_eq!(driver.unlock(&mut account, WRONG_PIN, 2, 1), Err(Code::IncorrectPin.into()));

    // Overtaken, whether it was settled by then or not.
    for (attempt, session, is_settled) in [(10, 10, false), (20, 20, true)] {
        driver.request = request(attempt);
        let late = driver.compare(driver.charge(&mut account, WRONG_PIN, attempt).unwrap());
        driver.request = UNMODIFIED;
        driver.unlock(&mut account, PIN, attempt + 1, session).unwrap();
        if is_settled {
            assert_eq!(driver.settle(&mut account, &late, 2), Err(Code::GuessOvertaken.into()));
        }
        driver.request = request(attempt);
        let again = driver.unlock(&mut account, WRONG_PIN, attempt + 2, 3);
        assert_eq!(again, Err(Code::IncorrectPin.into()), "settled: {is_settled}");
        assert_eq!(driver.settle(&mut account, &late, 2), Err(Code::GuessOvertaken.into()));
        assert_eq!(seen(&account), (SessionState::Authenticated, Some((1, 0))));
    }
}

#[test]
fn d27_an_id_is_remembered_for_one_answer_window_after_the_settlement() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(enter(&world, &mut phone, WRONG_PIN, 1), Err(Code::IncorrectPin));
    world.wait(ANSWER_WINDOW);
    refused(&world, phone.owner, Code::IncorrectPin, || enter(&world, &mut phone, WRONG_PIN, 1));
    world.wait(millis(1));
    assert_eq!(enter(&world, &mut phone, WRONG_PIN, 1), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((2, 0)), "another guess");
}

#[test]
fn d27_the_last_five_ids_are_remembered() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    for number in 1..=4 {
        assert_eq!(enter(&world, &mut phone, WRONG_PIN, number), Err(Code::IncorrectPin));
    }
    enter(&world, &mut phone, PIN, 5).unwrap();
    for number in 6..=7 {
        assert_eq!(enter(&world, &mut phone, WRONG_PIN, number), Err(Code::IncorrectPin));
    }
    for number in [2, 3, 4, 6, 7] {
        refused(&world, phone.owner, Code::IncorrectPin, || enter(&world, &mut phone, PIN, number));
    }
    enter(&world, &mut phone, PIN, 1).unwrap();
}

#[test]
fn d27_an_id_is_of_one_device() {
    let world = World::new();
    let anna = world.employee();
    let mut phones = [(); 2].map(|()| locked_phone(&world, anna));
    assert_eq!(enter(&world, &mut phones[0], WRONG_PIN, 1), Err(Code::IncorrectPin));
    enter(&world, &mut phones[1], PIN, 1).unwrap();
}

#[test]
fn d27_e39_the_id_of_the_request_never_stands_for_that_of_the_attempt() {
    let world = World::new();
    let (mut driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    // The phone's id and the drawn one are the same bits, and nothing comes of it.
    driver.request = request(2);
    assert_eq!(driver.unlock(&mut account, WRONG_PIN, 1, 1), Err(Code::IncorrectPin.into()));
    driver.request = request(3);
    driver.unlock(&mut account, PIN, 2, 1).unwrap();
}
