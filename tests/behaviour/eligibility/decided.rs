//! May this person be in the app, or in the browser, at all?

use pinlatch::access::{AccessPolicy, Basis, Channel, Rule, UsersWithoutEmployment, eligibility};
use pinlatch::people::{
    AuthenticationMethod, Employment, LocalDates, Person, Profile, Role, ServiceSelection, UserAccess,
    Validity,
};
use pinlatch::refusal::{Cause, RefusalCode};

use crate::given::access::*;

fn refused_in_app(person: &Person, dates: &LocalDates) -> (RefusalCode, Cause, bool) {
    let no = in_app(person, dates).unwrap_err();
    (no.refusal().code(), no.refusal().cause(), no.ends_sessions())
}

#[test]
fn r01_r30_methods_follow_the_credentials_held() {
    use AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
    let methods = |person: &Person| person.methods().collect::<Vec<_>>();
    assert_eq!(methods(&anna()), [IdentityProviderAccount]);
    assert!(anna().is_foreign());
    assert!(!anna().may_use(BankCredentials));
    let with_bank = anna().with_bank_credentials();
    assert_eq!(methods(&with_bank), [BankCredentials, IdentityProviderAccount]);
    assert!(!with_bank.is_foreign());
    let with_certificate = anna().with_mobile_certificate();
    assert_eq!(methods(&with_certificate), [MobileCertificate, IdentityProviderAccount]);
    assert!(with_certificate.is_foreign(), "foreign means without bank credentials");
}

#[test]
fn r17_r20_an_employee_with_a_service_and_nothing_else_may_use_the_app() {
    let eligible = in_app(&employee(&[Travel]), &today()).unwrap();
    assert_eq!(eligible.basis(), Basis::Employee);
    assert_eq!((eligible.person(), eligible.channel()), (ANNA, Channel::MobileApp));
    assert_eq!(eligible.rule().number(), "R17");
}

#[test]
fn r18_an_employee_who_is_no_user_is_refused_in_the_browser() {
    let no = in_browser(&employee(&[Travel, Salaries]), &today()).unwrap_err();
    assert_eq!(no.refusal().code(), RefusalCode::NotAUser);
    assert_eq!(no.rule(), Rule::BrowserForUsersOnly);
    assert!(!no.ends_sessions(), "the browser says nothing about the app");
}

#[test]
fn r19_a_user_of_any_company_may_use_the_browser_employee_or_not() {
    let user_only = anna().with_user_access(user_of(B, Profile::NoRights));
    let both = employee(&[Travel]).with_user_access(user_of(B, Profile::NoRights));
    for person in [user_only, both] {
        let eligible = in_browser(&person, &today()).unwrap();
        assert_eq!((eligible.basis(), eligible.rule().number()), (Basis::User, "R19"));
    }
}

#[test]
fn r21_each_service_alone_suffices_and_none_is_refused() {
    for services in [&[Travel][..], &[Salaries], &[Travel, Salaries]] {
        assert!(in_app(&employee(services), &today()).is_ok());
    }
    let refused = (RefusalCode::NoChargeableService, Cause::AsCoded, false);
    assert_eq!(refused_in_app(&employee(&[]), &today()), refused);
    let role_and_profile =
        UserAccess::new(A, current()).with_profile(Profile::Employee).with_role(Role::CompanyAdministrator);
    assert_eq!(refused_in_app(&employee(&[]).with_user_access(role_and_profile), &today()), refused);
}

#[test]
fn e18_neither_is_refused_with_one_code_and_the_cause_is_for_the_audit_trail() {
    let cases = [
        (anna(), Cause::NeitherEmployeeNorUser),
        (anna().with_employment(job(A, ended(), &[Travel])), Cause::EmploymentEnded),
        (anna().with_employment(job(A, future(), &[Travel])), Cause::EmploymentNotBegun),
        (anna().with_user_access(UserAccess::new(A, ended())), Cause::UserAccessNotValid),
    ];
    for (person, cause) in cases {
        assert_eq!(refused_in_app(&person, &today()), (RefusalCode::NotEligible, cause, true));
        assert_eq!(in_browser(&person, &today()).unwrap_err().refusal().code(), RefusalCode::NotAUser);
    }
    let policy = AccessPolicy::default();
    let unknown = eligibility(None, Channel::MobileApp, &today(), &policy).unwrap_err();
    assert_eq!(unknown.refusal().code(), RefusalCode::NotEligible);
    assert_eq!(unknown.refusal().cause(), Cause::UnknownPerson);
    assert!(unknown.ends_sessions());
    let unknown = eligibility(None, Channel::Browser, &today(), &policy).unwrap_err();
    assert_eq!(unknown.refusal().code(), RefusalCode::NotAUser);
}

#[test]
fn e19_a_closed_service_runs_to_the_end_of_the_month_and_then_the_pin_is_kept() {
    let closed =
        Employment::new(A, current()).with_service(Travel).with_service_closed(Travel, day(2026, 11, 5));
    assert_eq!(closed.selection(Travel), ServiceSelection::ClosedAfter(day(2026, 11, 30)));
    let person = anna().with_employment(closed);
    assert!(in_app(&person, &on(2026, 11, 30)).is_ok());
    let refused = (RefusalCode::NoChargeableService, Cause::ServicesClosed, false);
    assert_eq!(refused_in_app(&person, &on(2026, 12, 1)), refused);
    let reopened = anna().with_employment(closed.with_service(Travel));
    assert!(in_app(&reopened, &on(2026, 12, 1)).is_ok());
}

#[test]
fn e22_an_ended_user_access_closes_the_browser_and_the_app_that_relied_on_it() {
    let access = UserAccess::new(A, ended());
    let user_only = anna().with_user_access(access.clone());
    assert!(in_browser(&user_only, &on(2026, 11, 21)).is_ok());
    assert!(in_app(&user_only, &on(2026, 11, 21)).is_ok());
    let no = in_browser(&user_only, &today()).unwrap_err().refusal();
    assert_eq!((no.code(), no.cause()), (RefusalCode::NotAUser, Cause::UserAccessNotValid));
    assert!(in_app(&user_only, &today()).unwrap_err().ends_sessions());
    let employee_too = employee(&[Salaries]).with_user_access(access);
    assert!(in_browser(&employee_too, &today()).is_err());
    assert_eq!(in_app(&employee_too, &today()).unwrap().basis(), Basis::Employee);
}

#[test]
fn e23_an_employment_works_through_its_last_day() {
    let person = anna().with_employment(job(A, ended(), &[Travel]));
    assert!(in_app(&person, &on(2026, 11, 21)).is_ok());
    let refused = (RefusalCode::NotEligible, Cause::EmploymentEnded, true);
    assert_eq!(refused_in_app(&person, &today()), refused);
}

#[test]
fn e23_who_is_employed_elsewhere_without_a_service_keeps_the_pin() {
    let person = employee(&[]).with_employment(job(B, ended(), &[Travel]));
    assert_eq!(refused_in_app(&person, &today()), (RefusalCode::NoChargeableService, Cause::AsCoded, false));
}

#[test]
fn e24_a_future_employment_is_not_yet_eligible() {
    let person = anna().with_employment(job(A, future(), &[Travel]));
    let refused = (RefusalCode::NotEligible, Cause::EmploymentNotBegun, true);
    assert_eq!(refused_in_app(&person, &today()), refused);
    assert!(in_app(&person, &on(2026, 11, 23)).is_ok());
}

#[test]
fn e25_the_day_is_each_companys_own() {
    let person = anna().with_employment(job(A, future(), &[Travel]));
    let tomorrow_in_b = today().with(B, day(2026, 11, 23));
    assert!(in_app(&person, &tomorrow_in_b).is_err());
    let tomorrow_in_a = today().with(A, day(2026, 11, 23));
    assert!(in_app(&person, &tomorrow_in_a).is_ok());
}

#[test]
fn e25_ending_in_one_company_leaves_the_other() {
    let person =
        anna().with_employment(job(A, ended(), &[Travel])).with_employment(job(B, current(), &[Salaries]));
    assert!(in_app(&person, &today()).is_ok());
    assert!(menu(&person, A, &today()).is_empty());
    assert_eq!(menu(&person, B, &today()), Salaries.functions());
}

#[test]
fn d12_a_user_without_employment_may_use_the_app_unless_policy_refuses() {
    let user_only = anna().with_user_access(user_of(A, Profile::Employee));
    let eligible = in_app(&user_only, &today()).unwrap();
    assert_eq!((eligible.basis(), eligible.rule().number()), (Basis::User, "D12"));
    assert!(menu(&user_only, A, &today()).is_empty(), "no payroll functions");

    let strict = AccessPolicy::default().with_users_without_employment(UsersWithoutEmployment::Refuse);
    let no = eligibility(Some(&user_only), Channel::MobileApp, &today(), &strict).unwrap_err();
    assert_eq!(no.refusal().code(), RefusalCode::NotEligible);
    assert_eq!(no.refusal().cause(), Cause::UserWithoutEmployment);
    assert_eq!(no.rule().number(), "D12");
    assert!(eligibility(Some(&user_only), Channel::Browser, &today(), &strict).is_ok());
}

#[test]
fn d12_user_access_does_not_replace_the_services_of_a_current_employment() {
    let person = employee(&[]).with_user_access(user_of(A, Profile::Employee));
    let refused = (RefusalCode::NoChargeableService, Cause::AsCoded, false);
    assert_eq!(refused_in_app(&person, &today()), refused);
    let user_of_another = employee(&[]).with_user_access(user_of(B, Profile::Employee));
    assert_eq!(in_app(&user_of_another, &today()).unwrap().basis(), Basis::User);
}

#[test]
fn e23_e24_the_first_and_the_last_day_both_count() {
    let week = Validity::between(day(2026, 11, 16), day(2026, 11, 22)).unwrap();
    let said = |on| (week.has_not_begun(on), week.contains(on), week.has_ended(on));
    assert_eq!(said(day(2026, 11, 15)), (true, false, false));
    assert_eq!(said(day(2026, 11, 16)), (false, true, false));
    assert_eq!(said(day(2026, 11, 22)), (false, true, false));
    assert_eq!(said(day(2026, 11, 23)), (false, false, true));
    let closed = job(A, current(), &[Travel]).with_service_closed(Travel, day(2026, 11, 5));
    assert!(!closed.has_closed_service(day(2026, 11, 30)), "still in effect");
    assert!(closed.has_closed_service(day(2026, 12, 1)));
}
