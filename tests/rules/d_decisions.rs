//! D01–D12 and D22: PIN, log-out, rights and windows.

use pinlatch::access::{AccessPolicy, Basis, Rule, UsersWithoutEmployment};
use pinlatch::account::{Policy, PolicyError};
use pinlatch::people::AuthenticationMethod;
use pinlatch::people::ChargeableService::Travel;
use pinlatch::people::{Function, Profile, UserAccess};
use pinlatch::pin::ATTEMPT_LIMIT;
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{
    Baseline, BiometricAssertion, Change, LockCause, LogOutCause, Modality, SessionState,
};
use pinlatch::time::Span;
use pinlatch_testkit::{ACME, PIN, Phone, WRONG_PIN, World, since_last_year};

use crate::given::{
    at, changes, code, employee_with, enrolled, exhausted_phone, is_live, locked_phone,
    open_phone_with_biometrics, pending_phone, refused, row, rows, session,
};

fn with(policy: Policy) -> World {
    World::builder().policy(policy).build()
}

#[test]
fn d01_a_pin_reopens_the_lock_and_a_closed_app_and_never_a_log_out() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    // Closed, and the host restarted besides.
    phone.lock().unwrap();
    let restarted = world.restarted(2).build();
    let mut phone = at(&restarted, phone);
    phone.unlock(PIN).unwrap();

    phone.log_out().unwrap();
    refused(&restarted, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
    // Nor does the PIN of before open the device once it is authenticated again.
    phone.sign_in().unwrap();
    refused(&restarted, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
}

#[test]
fn d02_d07_lock_keeps_the_enrolment_and_log_out_discards_pin_and_biometric() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = open_phone_with_biometrics(&world, anna);
    let enrolment = enrolled(&world, &phone);
    phone.lock().unwrap();
    assert_eq!(enrolled(&world, &phone), enrolment);
    phone.unlock_by(Modality::Face).unwrap();

    phone.log_out().unwrap();
    assert_eq!((enrolled(&world, &phone), rows(&world, anna)), (None, 0));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])));
    phone.lock().unwrap();
    refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Face));
}

#[test]
fn d03_d04_five_wrong_pins_give_five_messages_one_each() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let hashed = world.hasher.count();
    let mut answers = Vec::new();
    let seen = changes(&world, anna, || {
        answers = (0..5).map(|_| phone.unlock(WRONG_PIN).unwrap_err()).collect();
    });
    let incorrect = RefusalCode::IncorrectPin;
    assert_eq!(answers, [incorrect, incorrect, incorrect, incorrect, RefusalCode::PinExhausted]);
    let rejected = |failures| Change::PinRejected { failures };
    assert_eq!(seen, [rejected(1), rejected(2), rejected(3), rejected(4), Change::PinExhausted]);
    assert_eq!(world.hasher.count(), hashed + u64::from(ATTEMPT_LIMIT));
    assert_eq!(ATTEMPT_LIMIT, 5);
}

#[test]
fn d05_the_right_pin_resets_the_count_and_a_restart_does_not() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    assert_eq!(enrolled(&world, &phone).unwrap().0, 4);

    let restarted = world.restarted(2).build();
    let mut phone = at(&restarted, phone);
    assert_eq!(enrolled(&restarted, &phone).unwrap().0, 4);
    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
}

#[test]
fn d05_a_biometric_neither_resets_nor_raises_the_count() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let _ = phone.mistype(4);
    let baseline = Some(Baseline::of(&phone.biometric_state));
    for modality in [Modality::Face, Modality::Fingerprint].repeat(4) {
        let assertion = BiometricAssertion { modality, recognised: false, baseline };
        refused(&world, anna, RefusalCode::BiometricRejected, || phone.assert_biometric(assertion));
    }
    assert_eq!(enrolled(&world, &phone).unwrap().0, 4);
    phone.unlock_by(Modality::Face).unwrap();
    assert_eq!(enrolled(&world, &phone).unwrap().0, 4);
    phone.lock().unwrap();
    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
}

#[test]
fn d06_the_wipe_precedes_ok_and_the_message_is_shown_again_after_the_app_died() {
    let world = World::new();
    let anna = world.employee();
    let phone = exhausted_phone(&world, anna);
    assert_eq!(enrolled(&world, &phone), None);

    let restarted = world.restarted(2).build();
    let mut phone = at(&restarted, phone);
    assert_eq!(phone.state(), SessionState::PinExhausted);
    refused(&restarted, anna, RefusalCode::PinExhausted, || phone.unlock(PIN));
    refused(&restarted, anna, RefusalCode::AcknowledgementRequired, || phone.sign_in());
    assert_eq!(phone.state(), SessionState::PinExhausted);
    phone.acknowledge().unwrap();
    phone.sign_in().unwrap();

    // "OK" is no security: a device that never says it gets in by authenticating anew.
    let mut forgetful = exhausted_phone(&restarted, anna);
    forgetful.token = None;
    forgetful.sign_in().unwrap();
    forgetful.create_pin(PIN).unwrap();
}

#[test]
#[deny(unreachable_patterns)]
fn d08_the_methods_are_open_to_additions() {
    for method in AuthenticationMethod::ALL {
        let known = match method {
            AuthenticationMethod::BankCredentials
            | AuthenticationMethod::MobileCertificate
            | AuthenticationMethod::IdentityProviderAccount => true,
            // Unreachable, and denied, if the enum were exhaustive.
            _ => false,
        };
        assert!(known);
    }
}

#[test]
fn d10_implicit_rights_yield_to_a_profile_at_the_next_request() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let hours = || phone.read(Function::WorkingHours);
    assert_eq!(hours().unwrap().rule(), Some(Rule::ImplicitOwnData));

    let access = UserAccess::new(ACME, since_last_year());
    world.change(anna, |person| person.with_user_access(access.clone()));
    refused(&world, anna, RefusalCode::NoRight, hours);
    world.change(anna, |person| person.with_user_access(access.with_profile(Profile::Employee)));
    assert_eq!(hours().unwrap().rule(), Some(Rule::EmployeeProfile));
}

#[test]
fn d11_a_service_gates_sign_in_and_then_the_functions() {
    let world = World::new();
    let anna = employee_with(&world, &[]);
    let mut phone = world.phone(anna);
    refused(&world, anna, RefusalCode::NoChargeableService, || phone.sign_in());
    let otto = employee_with(&world, &[Travel]);
    let ottos = world.open_phone(otto).unwrap();
    let _ = ottos.read(Function::TravelExpenseReports).unwrap();
    refused(&world, otto, RefusalCode::FunctionNotInServices, || ottos.read(Function::SalaryInformation));
}

#[test]
fn d12_a_user_without_employment_has_the_app_without_payroll_unless_policy_refuses() {
    let world = World::new();
    let user = world.user(Profile::Employee);
    let phone = world.open_phone(user).unwrap();
    let _ = phone.check().unwrap();
    for function in [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports] {
        refused(&world, user, RefusalCode::FunctionNotInServices, || phone.read(function));
    }
    phone.lock().unwrap();

    let access = AccessPolicy::default().with_users_without_employment(UsersWithoutEmployment::Refuse);
    let strict = world.restarted(2).policy(Policy::builder().access(access).build().unwrap()).build();
    let mut phone = at(&strict, phone);
    let hashed = strict.hasher.count();
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::NotEligible));
    assert_eq!((strict.hasher.count(), phone.state()), (hashed, SessionState::LoggedOut));
    refused(&strict, user, RefusalCode::NotEligible, || phone.sign_in());
    // The browser lets the user in all the same.
    assert_eq!(code(strict.gate.blocking().browser_access(user)).unwrap().basis(), Basis::User);
}

#[test]
fn d22_no_window_closes_a_session_by_default() {
    let world = World::new();
    let anna = world.employee();
    let (open, mut locked) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
    world.wait(Span::days(365));
    let _ = open.check().unwrap();
    locked.unlock(PIN).unwrap();
}

#[test]
fn d22_the_idle_window_locks_and_use_keeps_the_app_open() {
    let world = with(Policy::builder().idle_lock(Span::minutes(10)).build().unwrap());
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let old = session(&phone);
    for _ in 0..3 {
        world.wait(Span::minutes(9));
        let _ = phone.check().unwrap();
    }
    world.wait(Span::minutes(10));
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
        let policy = Policy::builder().absolute_lifetime(Span::hours(1)).idle_lock(Span::hours(1));
        let world = with(policy.build().unwrap());
        let anna = world.employee();
        let mut phone = given(&world, anna);
        world.wait(Span::minutes(59));
        phone.lock().unwrap();
        phone.unlock(PIN).unwrap();
        phone.lock().unwrap();
        let before = row(&world, &phone);
        world.wait(Span::minutes(1));
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
    let policy = Policy::builder().absolute_lifetime(Span::hours(1)).idle_lock(Span::minutes(30));
    let world = with(policy.build().unwrap());
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    for _ in 0..2 {
        world.wait(Span::minutes(25));
        let _ = phone.check().unwrap();
    }
    world.wait(Span::minutes(30));
    let seen = changes(&world, anna, || {
        assert_eq!(phone.check().map(|_| ()), Err(RefusalCode::AuthenticationRequired));
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::LifetimePassed)]);
}

#[test]
fn d22_an_inner_window_never_outlives_an_outer_one_and_zero_is_no_limit() {
    let build = |policy: pinlatch::account::PolicyBuilder| policy.build().map(|_| ());
    let hour = Policy::builder().absolute_lifetime(Span::hours(1));
    assert_eq!(build(hour.clone().idle_lock(Span::hours(1))), Ok(()));
    assert_eq!(build(hour.clone().idle_lock(Span::minutes(61))), Err(PolicyError::InnerOutlivesOuter));
    assert_eq!(build(hour.pin_window(Span::minutes(61))), Err(PolicyError::InnerOutlivesOuter));
    for zero in [
        Policy::builder().idle_lock(Span::ZERO),
        Policy::builder().absolute_lifetime(Span::ZERO),
        Policy::builder().pin_window(Span::ZERO),
        Policy::builder().invitation_lifetime(Span::ZERO),
        Policy::builder().clock_jump(Span::ZERO),
        Policy::builder().outbox_limit(0),
        Policy::builder().device_limit(0),
    ] {
        assert_eq!(build(zero), Err(PolicyError::Zero));
    }
    assert_eq!(build(Policy::builder().device_limit(65)), Err(PolicyError::TooManyDevices));
    assert_eq!(build(Policy::builder().outbox_limit(257)), Err(PolicyError::OutboxTooLarge));
}

#[test]
fn d22_the_window_for_the_pin_is_not_stretched_by_waiting() {
    let world = with(Policy::builder().pin_window(Span::minutes(15)).build().unwrap());
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    world.wait(Span::millis(Span::minutes(15).as_millis() - 1));
    refused(&world, anna, RefusalCode::PinMismatch, || phone.create_pin_twice(PIN, "530648"));
    world.wait(Span::millis(1));
    let seen = changes(&world, anna, || {
        assert_eq!(phone.create_pin(PIN), Err(RefusalCode::AuthenticationRequired));
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::PinWindowPassed)]);
    assert_eq!((world.hasher.count(), phone.state()), (0, SessionState::LoggedOut));
}
