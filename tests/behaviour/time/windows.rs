//! Windows: for the PIN, for an app that is not used, and for the whole session.

use std::time::Duration;

use pinlatch::account::{Policy, PolicyError};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, World, days, hours, millis, minutes, seconds};

use super::{with_idle, with_lifetime};
use crate::given::*;

#[test]
fn e11_a_pin_that_is_not_created_within_its_window_logs_the_device_out() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    world.wait(millis(15 * 60 * 1_000 - 1));
    assert_eq!(phone.state(), SessionState::PinPending);
    world.wait(millis(1));
    let hashed = world.hasher.count();
    assert_eq!(phone.create_pin(PIN), Err(RefusalCode::AuthenticationRequired));
    assert_eq!(world.hasher.count(), hashed);
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::PinWindowPassed);
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::PinWindowPassed)));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.create_pin(PIN));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
}

#[test]
fn e11_a_pin_created_within_the_window_is_no_longer_bound_by_it() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    world.wait(minutes(14));
    phone.create_pin(PIN).unwrap();
    world.wait(days(300));
    let _no_window_is_set = phone.check().unwrap();
}

#[test]
fn d22_the_idle_window_locks_once_and_the_pin_opens() {
    let world = with_idle(minutes(10));
    let mut phone = world.open_phone(world.employee()).unwrap();
    let session = same_session(&phone);
    world.wait(millis(10 * 60 * 1_000 - 1));
    let _just_in_time = phone.check().unwrap();
    world.wait(minutes(10));
    assert_eq!(phone.check(), Err(RefusalCode::Locked));
    assert_eq!(trail(&world, &phone).last(), Some(&Change::Locked(LockCause::Idle)));
    assert_eq!(answer_to(&world, &session), Err(RefusalCode::SessionRequired));
    unchanged(&world, phone.owner, || phone.lock());
    phone.unlock(PIN).unwrap();
}

#[test]
fn d22_use_keeps_an_app_open_and_is_recorded_at_most_once_per_tenth_of_the_window() {
    let world = with_idle(minutes(10));
    let phone = world.open_phone(world.employee()).unwrap();
    let (_, before) = world.store.operations();
    for _ in 0..40 {
        world.wait(seconds(30));
        let _used = phone.check().unwrap();
    }
    assert_eq!(world.store.operations().1 - before, 20, "20 minutes of use, one write a minute");
    world.wait(minutes(10));
    assert_eq!(phone.check(), Err(RefusalCode::Locked));
}

#[test]
fn d22_the_absolute_lifetime_logs_out_used_or_not_locked_or_open() {
    for lock in [false, true] {
        let world = with_lifetime(hours(8));
        let anna = world.employee();
        let mut phone = world.open_phone(anna).unwrap();
        phone.enable(Modality::Face).unwrap();
        for _ in 0..7 {
            world.wait(hours(1));
            phone.lock().unwrap();
            phone.unlock(PIN).unwrap();
        }
        if lock {
            phone.lock().unwrap();
        }
        world.wait(hours(1));
        let hashed = world.hasher.count();
        let answer = if lock { phone.unlock(PIN) } else { phone.check().map(|_| ()) };
        assert_eq!(answer, Err(RefusalCode::AuthenticationRequired));
        assert_eq!(newest_refusal(&world, anna).cause(), Cause::LifetimePassed);
        assert_eq!(world.hasher.count(), hashed);
        assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::LifetimePassed)));
        assert_eq!(phone.state(), SessionState::LoggedOut);
        refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock_by(Modality::Face));
    }
}

#[test]
fn d22_the_outer_window_comes_first_and_an_inner_one_never_outlives_it() {
    let both = Policy::builder().idle_lock(minutes(30)).absolute_lifetime(hours(1));
    let world = World::builder().policy(both.build().unwrap()).build();
    let phone = world.open_phone(world.employee()).unwrap();
    world.wait(hours(1));
    assert_eq!(phone.state(), SessionState::LoggedOut, "a look writes nothing");
    assert_eq!(phone.check(), Err(RefusalCode::AuthenticationRequired));
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::LifetimePassed)));

    let refused = |builder: pinlatch::account::PolicyBuilder| builder.build().unwrap_err();
    let outer = Policy::builder().absolute_lifetime(hours(1));
    assert_eq!(refused(outer.clone().idle_lock(minutes(61))), PolicyError::InnerOutlivesOuter);
    assert_eq!(refused(outer.clone().pin_window(minutes(61))), PolicyError::InnerOutlivesOuter);
    assert_eq!(refused(outer.idle_lock(Duration::ZERO)), PolicyError::Zero);
}

fn with(policy: Policy) -> World {
    World::builder().policy(policy).build()
}

#[test]
fn d22_no_window_closes_a_session_by_default() {
    let world = World::new();
    let anna = world.employee();
    let (open, mut locked) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
    world.wait(days(365));
    let _ = open.check().unwrap();
    locked.unlock(PIN).unwrap();
}

#[test]
fn d22_the_idle_window_locks_and_use_keeps_the_app_open() {
    let world = with(Policy::builder().idle_lock(minutes(10)).build().unwrap());
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let old = same_session(&phone);
    for _ in 0..3 {
        world.wait(minutes(9));
        let _ = phone.check().unwrap();
    }
    world.wait(minutes(10));
    let seen = changes(&world, anna, || assert_eq!(phone.check().map(|_| ()), Err(RefusalCode::Locked)));
    assert_eq!(seen, [Change::Locked(LockCause::Idle)]);
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])));
    assert!(!is_live(&world, &old));
    phone.unlock(PIN).unwrap();
    let _ = phone.check().unwrap();
    // Without a clock it cannot be told whether the window has passed.
    world.clock.set(None);
    refused(&world, anna, RefusalCode::ClockUnavailable, || phone.check());
}

#[test]
fn d22_the_absolute_lifetime_logs_out_used_or_not() {
    type Given = for<'w> fn(&'w World, pinlatch::id::PersonId) -> Phone<'w>;
    let states: [Given; 2] = [open_phone_with_biometrics, locked_phone];
    for given in states {
        let policy = Policy::builder().absolute_lifetime(hours(1)).idle_lock(hours(1));
        let world = with(policy.build().unwrap());
        let anna = world.employee();
        let mut phone = given(&world, anna);
        world.wait(minutes(59));
        phone.lock().unwrap();
        phone.unlock(PIN).unwrap();
        phone.lock().unwrap();
        let before = row(&world, &phone);
        world.wait(minutes(1));
        let hashed = world.hasher.count();
        let seen = changes(&world, anna, || {
            assert_eq!(phone.unlock(PIN), Err(RefusalCode::AuthenticationRequired));
        });
        assert_eq!(seen, [Change::LoggedOut(LogOutCause::LifetimePassed)], "from {before}");
        let cause = world.journal.refusals(anna).last().unwrap().cause();
        assert_eq!((world.hasher.count(), cause), (hashed, Cause::LifetimePassed));
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::LoggedOut, None));
    }
    // An open app that is used all the time, too; the outer window comes before the inner one.
    let policy = Policy::builder().absolute_lifetime(hours(1)).idle_lock(minutes(30));
    let world = with(policy.build().unwrap());
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    for _ in 0..2 {
        world.wait(minutes(25));
        let _ = phone.check().unwrap();
    }
    world.wait(minutes(30));
    let seen = changes(&world, anna, || {
        assert_eq!(phone.check().map(|_| ()), Err(RefusalCode::AuthenticationRequired));
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::LifetimePassed)]);
}

#[test]
fn d22_an_inner_window_never_outlives_an_outer_one_and_zero_is_no_limit() {
    let build = |policy: pinlatch::account::PolicyBuilder| policy.build().map(|_| ());
    let hour = Policy::builder().absolute_lifetime(hours(1));
    assert_eq!(build(hour.clone().idle_lock(hours(1))), Ok(()));
    assert_eq!(build(hour.clone().idle_lock(minutes(61))), Err(PolicyError::InnerOutlivesOuter));
    assert_eq!(build(hour.pin_window(minutes(61))), Err(PolicyError::InnerOutlivesOuter));
    for zero in [
        Policy::builder().idle_lock(Duration::ZERO),
        Policy::builder().absolute_lifetime(Duration::ZERO),
        Policy::builder().pin_window(Duration::ZERO),
        Policy::builder().invitation_lifetime(Duration::ZERO),
        Policy::builder().skew(Duration::ZERO),
        Policy::builder().answer_window(Duration::ZERO),
        Policy::builder().authentication_window(Duration::ZERO),
        Policy::builder().outbox_limit(0),
        Policy::builder().device_limit(0),
    ] {
        assert_eq!(build(zero), Err(PolicyError::Zero));
    }
    assert_eq!(build(Policy::builder().device_limit(65)), Err(PolicyError::TooManyDevices));
    assert_eq!(build(Policy::builder().outbox_limit(257)), Err(PolicyError::OutboxTooLarge));
}

/// With a skew of years no start would be surely later than any floor: nobody would sign in.
#[test]
fn d23_the_skew_is_an_hour_at_most() {
    let build = |skew| Policy::builder().skew(skew).build().map(|_| ());
    assert_eq!(build(hours(1)), Ok(()));
    for more in [hours(1) + millis(1), Duration::from_millis(u64::MAX)] {
        assert_eq!(build(more), Err(PolicyError::SkewTooLarge));
    }
}

#[test]
fn d22_the_window_for_the_pin_is_not_stretched_by_waiting() {
    let world = with(Policy::builder().pin_window(minutes(15)).build().unwrap());
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    world.wait(minutes(15) - millis(1));
    refused(&world, anna, RefusalCode::PinMismatch, || phone.create_pin_twice(PIN, "530648"));
    world.wait(millis(1));
    let seen = changes(&world, anna, || {
        assert_eq!(phone.create_pin(PIN), Err(RefusalCode::AuthenticationRequired));
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::PinWindowPassed)]);
    assert_eq!((world.hasher.count(), phone.state()), (0, SessionState::LoggedOut));
}

type Answer = Result<(), RefusalCode>;

type Command = fn(&World, &Phone<'_>, &Phone<'_>) -> Answer;

/// Every command of an open session but the check, on a phone that has a second one beside it.
const COMMANDS: [(&str, Command); 6] = [
    ("devices", |_, phone, _| phone.devices().map(drop)),
    ("log_out_device", |world, phone, other| {
        let session = phone.session.as_ref().unwrap();
        let gone = world.gate.blocking().log_out_device(session, other.id.unwrap(), &UNMODIFIED);
        gone.map_err(|error| error.code())
    }),
    ("log_out_everywhere", |_, phone, _| phone.log_out_everywhere()),
    ("change_pin", |_, phone, _| phone.change_pin(PIN, ANOTHER_PIN)),
    ("enable", |_, phone, _| phone.enable(Modality::Face)),
    ("disable", |world, phone, _| {
        let session = phone.session.as_ref().unwrap();
        let off = world.gate.blocking().disable_biometric(session, Modality::Face, &UNMODIFIED);
        off.map_err(|error| error.code())
    }),
];

fn after(policy: &Policy, wait: Duration, expected: (Answer, SessionState)) {
    for (name, command) in COMMANDS {
        let world = World::builder().policy(policy.clone()).build();
        let owner = world.employee();
        let (phone, other) = (world.open_phone(owner).unwrap(), world.open_phone(owner).unwrap());
        world.wait(wait);
        let answer = command(&world, &phone, &other);
        assert_eq!((answer, phone.state()), expected, "{name}");
    }
}

#[test]
fn d22_an_idle_session_does_nothing_more() {
    let policy = Policy::builder().idle_lock(hours(1)).build().unwrap();
    after(&policy, hours(1), (Err(RefusalCode::Locked), SessionState::Locked));
}

#[test]
fn d22_a_session_past_its_lifetime_does_nothing_more() {
    let policy = Policy::builder().absolute_lifetime(days(2)).build().unwrap();
    let expected = (Err(RefusalCode::AuthenticationRequired), SessionState::LoggedOut);
    after(&policy, days(2), expected);
}
