//! May this person do this, here, with these data?

use pinlatch::access::{Action, Channel, Function, Functions, Rule};
use pinlatch::name::NameError;
use pinlatch::people::{
    CustomProfile, Employment, Profile, ProfileError, Reach, Right, Rights, Role, Services, UserAccess,
};
use pinlatch::refusal::{Cause, RefusalCode};

use crate::given::access::*;

const PAYROLL: [Function; 3] =
    [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports];

fn code(decision: pinlatch::access::Decision) -> Option<RefusalCode> {
    decision.refusal().map(pinlatch::refusal::Refusal::code)
}

#[test]
fn r22_functions_are_those_of_the_selected_services() {
    let salaries = Functions::of(&[Function::SalaryInformation, Function::WorkingHours]);
    let travel = Functions::of(&[Function::TravelExpenseReports]);
    assert_eq!(menu(&employee(&[Salaries]), A, &today()), salaries);
    assert_eq!(menu(&employee(&[Travel]), A, &today()), travel);
    assert_eq!(menu(&employee(&[Travel, Salaries]), A, &today()), salaries.union(&travel));
    let no = own(&employee(&[Travel]), Action::Read, Function::WorkingHours, &today());
    assert_eq!(code(no), Some(RefusalCode::FunctionNotInServices));
    assert_eq!(no.rule().number(), "R22");
}

#[test]
fn r23_the_employee_profile_reads_and_enters_own_data_within_services() {
    let both = employee(&[Travel, Salaries]).with_user_access(user_of(A, Profile::Employee));
    for function in PAYROLL {
        for channel in [Channel::MobileApp, Channel::Browser] {
            let yes = ask(&both, channel, A, Action::Read, function, ANNA, &today());
            assert_eq!(yes.into_result(), Ok(Rule::EmployeeProfile));
        }
        let edit = own(&both, Action::Edit, function, &today());
        let refused = (function == Function::SalaryInformation).then_some(RefusalCode::NoRight);
        assert_eq!(code(edit), refused, "{function:?}");
    }
    let travel_only = employee(&[Travel]).with_user_access(user_of(A, Profile::Employee));
    assert_eq!(menu(&travel_only, A, &today()), Travel.functions());
}

#[test]
fn r25_i10_another_persons_data_are_refused_under_the_employee_profile() {
    let with_profile = employee(&[Travel, Salaries]).with_user_access(user_of(A, Profile::Employee));
    let without = employee(&[Travel, Salaries]);
    for person in [with_profile, without] {
        for function in PAYROLL {
            for action in Action::ALL {
                let no = ottos(&person, *action, function);
                assert_eq!(code(no), Some(RefusalCode::NotOwnData));
                assert_eq!(no.rule().number(), "R25");
            }
        }
    }
}

#[test]
fn d10_an_employee_who_is_no_user_has_implicit_rights_to_own_data() {
    let person = employee(&[Travel, Salaries]);
    for function in PAYROLL {
        let yes = own(&person, Action::Read, function, &today());
        assert_eq!(yes.into_result(), Ok(Rule::ImplicitOwnData));
    }
    assert!(own(&person, Action::Edit, Function::WorkingHours, &today()).is_allowed());
    assert!(own(&person, Action::Edit, Function::TravelExpenseReports, &today()).is_allowed());
    let no = own(&person, Action::Edit, Function::SalaryInformation, &today());
    assert_eq!(code(no), Some(RefusalCode::NoRight));
}

#[test]
fn d10_a_valid_user_access_governs_and_no_rights_hides_even_own_data() {
    let person = employee(&[Travel, Salaries]).with_user_access(user_of(A, Profile::NoRights));
    for function in PAYROLL {
        let no = own(&person, Action::Read, function, &today());
        assert_eq!(code(no), Some(RefusalCode::NoRight));
        assert_eq!(no.rule().number(), "D10");
        assert_eq!(code(ottos(&person, Action::Read, function)), Some(RefusalCode::NoRight));
    }
    assert!(menu(&person, A, &today()).is_empty());
    let unset = employee(&[Travel]).with_user_access(UserAccess::new(A, current()));
    assert!(menu(&unset, A, &today()).is_empty(), "no profile set is no rights");
}

#[test]
fn d10_a_user_access_governs_only_while_valid_and_only_its_company() {
    for access in [UserAccess::new(A, ended()), UserAccess::new(A, future()), UserAccess::new(B, current())] {
        let person = employee(&[Travel]).with_user_access(access);
        let yes = own(&person, Action::Read, Function::TravelExpenseReports, &today());
        assert_eq!(yes.into_result(), Ok(Rule::ImplicitOwnData));
    }
}

#[test]
fn d10_a_custom_profile_reaches_the_company_within_services() {
    let clerk = employee(&[Salaries]).with_user_access(user_of(A, reads_all_hours()));
    for owner in [ANNA, OTTO] {
        let yes = ask(&clerk, Channel::MobileApp, A, Action::Read, Function::WorkingHours, owner, &today());
        assert_eq!(yes.into_result(), Ok(Rule::CustomProfile));
    }
    assert_eq!(
        code(ottos(&clerk, Action::Edit, Function::WorkingHours)),
        Some(RefusalCode::NoRight),
        "to read is not to edit"
    );
    let of_travel = employee(&[Travel]).with_user_access(user_of(A, reads_all_hours()));
    let yes = ottos(&of_travel, Action::Read, Function::WorkingHours);
    assert_eq!(yes.into_result(), Ok(Rule::CustomProfile), "the owner's services count (R22)");
    let no = own(&of_travel, Action::Read, Function::WorkingHours, &today());
    assert_eq!(code(no), Some(RefusalCode::FunctionNotInServices), "one's own for own data");
}

#[test]
fn d10_a_profile_has_a_name_and_no_right_to_users_and_roles() {
    let named = |name: &str, rights| CustomProfile::new(name, rights).map(|_| ());
    assert_eq!(named(" ", Rights::EMPTY), Err(ProfileError::Name(NameError::NothingVisible)));
    assert_eq!(named(&"x".repeat(65), Rights::EMPTY), Err(ProfileError::Name(NameError::TooLong)));
    assert_eq!(named(&"x".repeat(64), Rights::EMPTY), Ok(()));
    for right in Right::all() {
        let expected = match right.function {
            Function::UsersAndRoles => Err(ProfileError::GrantsAdministration),
            _ => Ok(()),
        };
        assert_eq!(named("Payroll", Rights::of(&[right])), expected);
    }
}

#[test]
fn rights_are_sixteen_different_ones() {
    assert_eq!(Right::all().count(), 16);
    for right in Right::all() {
        assert_eq!(Rights::of(&[right]).iter().collect::<Vec<_>>(), [right]);
    }
    let no_edit: Rights = Right::all().filter(|right| right.action == Action::Read).collect();
    assert!(!no_edit.contains(Right::new(Action::Edit, Function::WorkingHours, Reach::Company)));
}

#[test]
fn e19_a_closed_service_takes_its_functions_after_the_month() {
    let employment = job(A, current(), &[Travel, Salaries]).with_service_closed(Salaries, day(2026, 11, 22));
    let person = anna().with_employment(employment);
    let hours = |dates| own(&person, Action::Read, Function::WorkingHours, &dates);
    assert!(hours(on(2026, 11, 30)).is_allowed());
    assert_eq!(code(hours(on(2026, 12, 1))), Some(RefusalCode::FunctionNotInServices));
    assert_eq!(menu(&person, A, &on(2026, 12, 1)), Travel.functions());
}

#[test]
fn e21_a_change_of_profile_applies_at_the_next_request() {
    let hours = |profile| {
        let person = employee(&[Salaries]).with_user_access(user_of(A, profile));
        ottos(&person, Action::Read, Function::WorkingHours).is_allowed()
    };
    assert!(!hours(Profile::Employee));
    assert!(hours(reads_all_hours()));
    assert!(!hours(Profile::NoRights));
}

#[test]
fn e25_rights_and_services_are_per_company() {
    let person = employee(&[Salaries])
        .with_employment(job(B, current(), &[Travel]))
        .with_user_access(user_of(B, everything()).with_role(Role::UserAdministrator));
    assert_eq!(menu(&person, A, &today()), Salaries.functions());
    assert_eq!(menu(&person, B, &today()), Functions::of(&PAYROLL), "company-wide, as the profile grants");
    let no = ottos(&person, Action::Read, Function::WorkingHours);
    assert_eq!(code(no), Some(RefusalCode::NotOwnData), "B's profile reaches nothing of A");
    for function in [Function::WorkingHours, Function::UsersAndRoles] {
        let no = ask(&person, Channel::Browser, A, Action::Read, function, OTTO, &today());
        assert_eq!(code(no), Some(RefusalCode::NotAUser), "no user of A, so not in A's browser version");
    }
}

#[test]
fn e26_two_employments_in_one_company_unite_their_services() {
    let person = employee(&[Travel])
        .with_employment(job(A, current(), &[Salaries]))
        .with_employment(Employment::new(A, current()));
    assert_eq!(person.services_in(A, day(2026, 11, 22)), Services::of(&[Travel, Salaries]));
    assert_eq!(menu(&person, A, &today()), Travel.functions().union(&Salaries.functions()));
    let one_ended = employee(&[Travel]).with_employment(job(A, ended(), &[Salaries]));
    assert_eq!(menu(&one_ended, A, &today()), Travel.functions());
}

#[test]
fn e31_a_role_alone_reads_no_payroll_data() {
    for role in Role::ALL {
        let access = UserAccess::new(A, current()).with_role(*role);
        let person = employee(&[Travel, Salaries]).with_user_access(access);
        for function in PAYROLL {
            for channel in [Channel::MobileApp, Channel::Browser] {
                for owner in [ANNA, OTTO] {
                    let no = ask(&person, channel, A, Action::Read, function, owner, &today());
                    assert_eq!(code(no), Some(RefusalCode::NoRight));
                }
            }
        }
    }
}

#[test]
fn r36_users_and_roles_open_in_the_browser_to_the_role_only() {
    let ask = |role, channel, action, owner| {
        let request = (channel, A, action, Function::UsersAndRoles, owner);
        let (channel, company, action, function, owner) = request;
        ask(&otto(A, role), channel, company, action, function, owner, &today())
    };
    let cause = |decision: pinlatch::access::Decision| decision.refusal().map(|no| (no.code(), no.cause()));
    let refused = |cause| Some((RefusalCode::NotAuthorised, cause));
    let yes = ask(Role::UserAdministrator, Channel::Browser, Action::Edit, ANNA);
    assert_eq!(yes.into_result(), Ok(Rule::AdministratorRole));
    let in_app = ask(Role::UserAdministrator, Channel::MobileApp, Action::Read, ANNA);
    assert_eq!(cause(in_app), refused(Cause::WrongChannel));
    let no_role = ask(Role::CompanyAdministrator, Channel::Browser, Action::Read, ANNA);
    assert_eq!(cause(no_role), refused(Cause::RoleMissing));
    let oneself = ask(Role::UserAdministrator, Channel::Browser, Action::Edit, OTTO);
    assert_eq!((cause(oneself), oneself.rule().number()), (refused(Cause::OwnRights), "D15"));
    assert!(ask(Role::UserAdministrator, Channel::Browser, Action::Read, OTTO).is_allowed());
}
