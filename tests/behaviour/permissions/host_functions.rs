//! Functions of the host's own: tied to one service or to none, and decided by the same rules (D32).

use pinlatch::access::{
    AccessPolicy, Action, Channel, CustomFunction, Decision, Function, Functions, HostFunction, OwnDataUse,
    Reach, Request, Right, Rights, Rule, TooManyFunctions, decide, functions_offered,
};
use pinlatch::people::{Person, Profile};
use pinlatch::refusal::{Cause, RefusalCode};

use crate::given::access::*;

fn named(name: &str) -> CustomFunction {
    CustomFunction::new(name).unwrap()
}

/// Tied to Travel, and the employee's to enter.
fn holidays() -> Function {
    Function::Custom(named("Holidays"))
}

/// Tied to no service, and the employee's to read.
fn messages() -> Function {
    Function::Custom(named("Messages"))
}

fn policy() -> AccessPolicy {
    let holidays = HostFunction {
        function: named("Holidays"),
        service: Some(Travel),
        own_data: OwnDataUse::ReadAndEdit,
    };
    let messages = HostFunction { function: named("Messages"), service: None, own_data: OwnDataUse::Read };
    AccessPolicy::default().with_function(holidays).unwrap().with_function(messages).unwrap()
}

fn asked(person: &Person, action: Action, function: Function, of_otto: bool) -> Decision {
    let owner = if of_otto { OTTO } else { person.id() };
    let request = Request { company: A, action, function, owner };
    let otto = colleague(OTTO);
    decide(Some(person), Channel::MobileApp, &request, Some(&otto), &today(), &policy())
}

fn code(decision: Decision) -> Option<RefusalCode> {
    decision.refusal().map(pinlatch::refusal::Refusal::code)
}

fn offered(person: &Person) -> Functions {
    functions_offered(Some(person), Channel::MobileApp, A, &today(), &policy())
}

#[test]
fn d32_one_tied_to_a_service_needs_it_and_one_tied_to_none_needs_none() {
    let (travels, salaried) = (employee(&[Travel]), employee(&[Salaries]));
    assert!(asked(&travels, Action::Read, holidays(), false).is_allowed());
    let no = asked(&salaried, Action::Read, holidays(), false);
    assert_eq!((code(no), no.rule().number()), (Some(RefusalCode::FunctionNotInServices), "R22"));
    for person in [&travels, &salaried] {
        assert!(asked(person, Action::Read, messages(), false).is_allowed());
    }
    assert_eq!(offered(&travels), Functions::of(&[Function::TravelExpenseReports, holidays(), messages()]));
    let salary = Functions::of(&[Function::SalaryInformation, Function::WorkingHours]);
    assert_eq!(offered(&salaried), salary.with(messages()));
}

#[test]
fn d32_own_data_without_a_profile_are_used_as_the_host_says_and_under_employee_likewise() {
    let plain = employee(&[Travel]);
    let with_profile = employee(&[Travel]).with_user_access(user_of(A, Profile::Employee));
    for (person, rule) in [(plain, Rule::ImplicitOwnData), (with_profile, Rule::EmployeeProfile)] {
        assert_eq!(asked(&person, Action::Edit, holidays(), false).into_result(), Ok(rule));
        assert_eq!(asked(&person, Action::Read, messages(), false).into_result(), Ok(rule));
        assert_eq!(code(asked(&person, Action::Edit, messages(), false)), Some(RefusalCode::NoRight));
        assert_eq!(code(asked(&person, Action::Read, holidays(), true)), Some(RefusalCode::NotOwnData));
    }
    let nothing = employee(&[Travel]).with_user_access(user_of(A, Profile::NoRights));
    assert_eq!(code(asked(&nothing, Action::Read, holidays(), false)), Some(RefusalCode::NoRight), "D10");
    assert!(offered(&nothing).is_empty());
}

#[test]
fn d32_a_profile_of_the_hosts_grants_them_as_any_other() {
    let rights = Rights::of(&[
        Right::new(Action::Read, holidays(), Reach::Company),
        Right::new(Action::Edit, messages(), Reach::Company),
    ]);
    let clerk = anna().with_user_access(user_of(A, custom(rights)));
    assert_eq!(asked(&clerk, Action::Read, holidays(), true).into_result(), Ok(Rule::CustomProfile));
    assert_eq!(asked(&clerk, Action::Edit, messages(), true).into_result(), Ok(Rule::CustomProfile));
    assert_eq!(code(asked(&clerk, Action::Edit, holidays(), true)), Some(RefusalCode::NoRight));
    assert_eq!(offered(&clerk), Functions::of(&[holidays(), messages()]));
    // Own data need an employment, also where they need no service (R22, D12).
    let no = asked(&clerk, Action::Edit, messages(), false);
    assert_eq!(code(no), Some(RefusalCode::NoRight));
    assert_eq!(no.refusal().unwrap().cause(), Cause::NotEmployed);
}

#[test]
fn d32_a_function_that_the_host_did_not_add_is_refused_to_everybody() {
    let unknown = Function::Custom(named("Bonuses"));
    let rights = Rights::of(&[Right::new(Action::Read, unknown, Reach::Company)]);
    for person in [employee(&[Travel]), employee(&[Travel]).with_user_access(user_of(A, custom(rights)))] {
        for of_otto in [false, true] {
            let no = asked(&person, Action::Read, unknown, of_otto);
            assert_eq!(code(no), Some(RefusalCode::NoRight));
            assert_eq!(no.refusal().unwrap().cause(), Cause::UnknownFunction);
        }
        assert!(!offered(&person).contains(unknown));
    }
}

#[test]
fn d32_names_and_numbers_are_bounded() {
    for good in ["H", "holidays-2026", "Holiday_Bonus", &"x".repeat(32)] {
        assert_eq!(named(good).name(), good);
        assert_eq!(good.parse(), Ok(named(good)));
    }
    for bad in ["", " ", "2holidays", "-x", "holi days", "loma\u{e4}", "a\0", "a\u{202e}", &"x".repeat(33)] {
        assert!(CustomFunction::new(bad).is_err(), "{bad:?}");
    }
    let host_function = |number: usize| HostFunction {
        function: named(&format!("f{number}")),
        service: None,
        own_data: OwnDataUse::Read,
    };
    let full = (0..AccessPolicy::MOST_FUNCTIONS)
        .try_fold(AccessPolicy::default(), |policy, number| policy.with_function(host_function(number)));
    let full = full.unwrap();
    assert_eq!(full.clone().with_function(host_function(99)), Err(TooManyFunctions));
    // The same name again is the same function, as it is given last.
    let travel = HostFunction { service: Some(Travel), ..host_function(0) };
    let changed = full.with_function(travel).unwrap();
    assert_eq!(changed.functions().len(), AccessPolicy::MOST_FUNCTIONS);
    assert!(changed.functions().contains(&travel));
}
