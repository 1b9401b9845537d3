//! Leavers: for some days after the last day, own data within the services of that day, in the app (D29).

use std::num::NonZeroU16;

use pinlatch::access::{
    AccessPolicy, Action, Basis, Channel, Function, Functions, LeaverAccess, LeaverAccessError, Reach,
    Request, Right, Rights, Rule, decide, eligibility, functions_offered,
};
use pinlatch::people::{LocalDates, Person, Profile};
use pinlatch::refusal::RefusalCode;

use crate::given::access::*;

fn reads(function: Function) -> Right {
    Right::new(Action::Read, function, Reach::OwnData)
}

/// 30 days to read one's own salary information.
fn policy() -> AccessPolicy {
    let rights = Rights::of(&[reads(Function::SalaryInformation)]);
    let leaver = LeaverAccess::new(NonZeroU16::new(30).unwrap(), rights).unwrap();
    AccessPolicy::default().with_leaver_access(Some(leaver))
}

/// Employed by A through the 21st of November.
fn leaver() -> Person {
    anna().with_employment(job(A, ended(), &[Salaries, Travel]))
}

fn own(person: &Person, action: Action, function: Function, dates: &LocalDates) -> Result<Rule, RefusalCode> {
    let request = Request { company: A, action, function, owner: ANNA };
    let decision = decide(Some(person), Channel::MobileApp, &request, None, dates, &policy());
    decision.into_result().map_err(|refusal| refusal.code())
}

#[test]
fn d29_the_last_pay_slip_is_read_twenty_days_after_the_last_day_and_not_on_day_31() {
    let salary = |dates: &LocalDates| own(&leaver(), Action::Read, Function::SalaryInformation, dates);
    assert_eq!(salary(&on(2026, 11, 21)), Ok(Rule::ImplicitOwnData), "the last day itself");
    assert_eq!(salary(&on(2026, 12, 11)), Ok(Rule::LeaverAccess), "20 days after it");
    assert_eq!(salary(&on(2026, 12, 21)), Ok(Rule::LeaverAccess), "30 days after it");
    assert_eq!(salary(&on(2026, 12, 22)), Err(RefusalCode::NotEligible), "31 days after it");
}

#[test]
fn d29_by_default_a_leaver_has_no_access() {
    assert_eq!(AccessPolicy::default().leaver_access(), None);
    assert_eq!(in_app(&leaver(), &today()).unwrap_err().refusal().code(), RefusalCode::NotEligible);
}

#[test]
fn d29_a_leaver_has_the_policys_rights_within_the_services_of_the_last_day() {
    assert_eq!(own(&leaver(), Action::Edit, Function::WorkingHours, &today()), Err(RefusalCode::NoRight));
    let travel = Function::TravelExpenseReports;
    assert_eq!(own(&leaver(), Action::Read, travel, &today()), Err(RefusalCode::NoRight));
    let only_travel = anna().with_employment(job(A, ended(), &[Travel]));
    let salary = Function::SalaryInformation;
    assert_eq!(own(&only_travel, Action::Read, salary, &today()), Err(RefusalCode::FunctionNotInServices));
    let menu = functions_offered(Some(&leaver()), Channel::MobileApp, A, &today(), &policy());
    assert_eq!(menu, Functions::of(&[Function::SalaryInformation]));
}

#[test]
fn d29_a_profile_governs_a_leaver_who_is_a_user_within_the_same_rights() {
    let user = |profile| leaver().with_user_access(user_of(A, profile));
    let salary = Function::SalaryInformation;
    let rule = |profile| own(&user(profile), Action::Read, salary, &today());
    assert_eq!(rule(Profile::Employee), Ok(Rule::EmployeeProfile));
    assert_eq!(rule(everything()), Ok(Rule::CustomProfile));
    assert_eq!(rule(Profile::NoRights), Err(RefusalCode::NoRight));
    let edit = own(&user(everything()), Action::Edit, Function::WorkingHours, &today());
    assert_eq!(edit, Err(RefusalCode::NoRight));
}

#[test]
fn d29_it_makes_eligible_for_the_app_and_not_for_the_browser() {
    let in_app = eligibility(Some(&leaver()), Channel::MobileApp, &today(), &policy()).unwrap();
    assert_eq!((in_app.basis(), in_app.rule().number()), (Basis::Leaver, "D29"));
    let no = eligibility(Some(&leaver()), Channel::Browser, &today(), &policy()).unwrap_err();
    assert_eq!(no.refusal().code(), RefusalCode::NotAUser);
    // Without a service on the last day: refused, and the PIN is kept, for so long as the days last.
    let without = anna().with_employment(job(A, ended(), &[]));
    let no = eligibility(Some(&without), Channel::MobileApp, &today(), &policy()).unwrap_err();
    assert_eq!((no.refusal().code(), no.ends_sessions()), (RefusalCode::NoChargeableService, false));
    let no = eligibility(Some(&without), Channel::MobileApp, &on(2026, 12, 22), &policy()).unwrap_err();
    assert_eq!((no.refusal().code(), no.ends_sessions()), (RefusalCode::NotEligible, true));
}

#[test]
fn d29_a_leaver_has_rights_to_own_data_only() {
    let days = NonZeroU16::new(7).unwrap();
    let company = Right::new(Action::Read, Function::SalaryInformation, Reach::Company);
    for right in [company, reads(Function::UsersAndRoles)] {
        assert_eq!(LeaverAccess::new(days, Rights::of(&[right])), Err(LeaverAccessError::NotOwnData));
    }
    let leaver = LeaverAccess::new(days, Rights::EMPTY).unwrap();
    assert_eq!((leaver.day_count(), leaver.rights()), (days, &Rights::EMPTY));
}
