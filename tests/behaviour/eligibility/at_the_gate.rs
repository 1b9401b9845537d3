//! Who may be in the app, and who in the browser, at the gate.

use pinlatch::access::{AccessPolicy, Basis, UsersWithoutEmployment};
use pinlatch::account::Policy;
use pinlatch::people::ChargeableService::{Salaries, Travel};
use pinlatch::people::{Function, Profile, UserAccess, Validity};
use pinlatch::refusal::{Cause, Language, RefusalCode};
use pinlatch::session::SessionState;
use pinlatch_testkit::{ACME, BOLT, PIN, WRONG_PIN, World, day, since_last_year};

use super::{browser, employed, until};
use crate::given::*;

#[test]
fn r17_r18_an_employee_who_is_no_user_has_the_app_and_not_the_browser() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let _ = phone.check().unwrap();

    refused(&world, anna, RefusalCode::NotAUser, || browser(&world, anna));
    // The browser's refusal says nothing about the app.
    let _ = unchanged(&world, anna, || phone.check());
}

#[test]
fn r19_a_user_of_any_company_has_the_browser_employee_or_not() {
    let world = World::new();
    let user_only = world.user(Profile::NoRights);
    assert_eq!(unchanged(&world, user_only, || browser(&world, user_only)), Basis::User);

    let anna = world.employee();
    world.change(anna, employee_profile(BOLT));
    assert_eq!(browser(&world, anna), Ok(Basis::User), "of another company than the employer");

    let was_one = world.employee();
    let ended = Validity::between(day(2025, 1, 1), day(2026, 11, 21)).unwrap();
    world.change(was_one, |person| person.with_user_access(UserAccess::new(ACME, ended)));
    refused(&world, was_one, RefusalCode::NotAUser, || browser(&world, was_one));

    let nobody = world.stranger().id();
    refused(&world, nobody, RefusalCode::NotAUser, || browser(&world, nobody));
}

#[test]
fn r20_an_employee_with_a_service_needs_no_role_profile_or_right_for_the_app() {
    let world = World::new();
    let anna = employee_with(&world, &[Travel]);
    assert!(world.directory.get(anna).unwrap().user_accesses().is_empty());
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    let _ = phone.check().unwrap();

    // Nor does a profile without any right keep the employee out of the app.
    world.change(anna, |person| person.with_user_access(UserAccess::new(ACME, since_last_year())));
    let _ = phone.check().unwrap();
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
}

#[test]
fn r21_either_service_or_both_suffice_and_none_is_refused() {
    for services in [&[Travel][..], &[Salaries], &[Travel, Salaries]] {
        let world = World::new();
        let anna = employee_with(&world, services);
        let phone = world.open_phone(anna).unwrap();
        let _ = phone.check().unwrap();
    }
    let world = World::new();
    let anna = employee_with(&world, &[]);
    let mut phone = world.phone(anna);
    refused(&world, anna, RefusalCode::NoChargeableService, || phone.sign_in());
    assert_eq!(stored(&world, anna), None);
}

#[test]
fn r21_d11_without_a_service_use_and_unlock_are_refused_and_the_pin_is_kept() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    assert_eq!(phone.mistype(1), Err(RefusalCode::IncorrectPin));
    let open = world.open_phone(anna).unwrap();
    world.change(anna, only(job(&[])));

    for digits in [PIN, WRONG_PIN] {
        refused(&world, anna, RefusalCode::NoChargeableService, || phone.unlock(digits));
    }
    refused(&world, anna, RefusalCode::NoChargeableService, || open.check());
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(enrolled(&world, &phone).unwrap().0, 1, "the PIN and its count are kept");

    world.change(anna, only(job(&[Travel])));
    phone.unlock(PIN).unwrap();
    let _ = open.check().unwrap();
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
    let mut phone = moved_to(&strict, &phone);
    let hashed = strict.hasher.count();
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::NotEligible));
    // E22: who stands without being eligible is refused and keeps the PIN.
    assert_eq!((strict.hasher.count(), phone.state()), (hashed, SessionState::Locked));
    phone.log_out().unwrap();
    refused(&strict, user, RefusalCode::NotEligible, || phone.sign_in());
    // The browser lets the user in all the same.
    assert_eq!(code(strict.gate.blocking().browser_access(user)).unwrap().basis(), Basis::User);
}

#[test]
fn e18_an_employee_who_is_no_user_has_the_app_and_not_the_browser() {
    let world = World::new();
    let anna = world.employee();
    world.open_phone(anna).unwrap();
    refused(&world, anna, RefusalCode::NotAUser, || browser(&world, anna));
}

#[test]
fn e18_a_user_without_employment_has_the_browser_and_the_app_by_policy() {
    let world = World::new();
    let otto = world.user(Profile::Employee);
    browser(&world, otto).unwrap();
    let phone = world.open_phone(otto).unwrap();
    refused(&world, otto, RefusalCode::FunctionNotInServices, || phone.read(Function::SalaryInformation));

    let refusing = AccessPolicy::default().with_users_without_employment(UsersWithoutEmployment::Refuse);
    let world = World::builder().policy(Policy::builder().access(refusing).build().unwrap()).build();
    let otto = world.user(Profile::Employee);
    browser(&world, otto).unwrap();
    refused(&world, otto, RefusalCode::NotEligible, || world.phone(otto).sign_in());
    assert_eq!(newest_refusal(&world, otto).cause(), Cause::UserWithoutEmployment);
}

#[test]
fn e18_e33_neither_is_refused_the_same_way_for_every_cause() {
    let world = World::new();
    let begins = Validity::from(day(2026, 11, 23));
    let stranger = || world.stranger().with_bank_credentials();
    let nobody = [
        (stranger().id(), Cause::UnknownPerson),
        (world.knows(stranger()), Cause::NeitherEmployeeNorUser),
        (world.knows(stranger().with_employment(employed(until(2026, 11, 21)))), Cause::EmploymentEnded),
        (world.knows(stranger().with_employment(employed(begins))), Cause::EmploymentNotBegun),
        (
            world.knows(stranger().with_user_access(UserAccess::new(ACME, until(2026, 11, 21)))),
            Cause::UserAccessNotValid,
        ),
    ];
    for (person, cause) in nobody {
        refused(&world, person, RefusalCode::NotEligible, || world.phone(person).sign_in());
        let refusal = newest_refusal(&world, person);
        assert_eq!(refusal.cause(), cause);
        assert_eq!(
            refusal.public(Language::English).text,
            "You cannot sign in to this service. Ask your employer."
        );
        refused(&world, person, RefusalCode::NotAUser, || browser(&world, person));
        assert_eq!(stored(&world, person), None);
    }
}
