//! What an administrator changes about people.

use pinlatch::access::users_and_roles::{
    Changed, EmploymentChoice, PeopleChange, close_service, end_employment, end_user_access, establish_user,
    grant_role, hire, open_service, revoke_role, set_profile,
};
use pinlatch::access::{Action, Function};
use pinlatch::people::{Person, Profile, Role, Roles, ServiceSelection, Services, UserAccess, Validity};
use pinlatch::refusal::{Audience, Cause, Refusal, RefusalCode};

use crate::given::access::*;

const EVERY: EmploymentChoice = EmploymentChoice::Every;

fn nothing_to_change() -> Result<Changed, Refusal> {
    Err(Refusal::new(RefusalCode::NothingToChange))
}

fn not_authorised(cause: Cause) -> Result<Changed, Refusal> {
    Err(Refusal::because(RefusalCode::NotAuthorised, cause))
}

fn user() -> Person {
    anna().with_user_access(UserAccess::new(A, current()))
}

fn access(person: &Person) -> &UserAccess {
    person.user_access(A).unwrap()
}

#[test]
fn r24_the_employee_profile_can_be_set_only_on_a_user_of_that_company() {
    let admin = administrator_of_a();
    let set = |person: &Person| set_profile(&admin, person, Profile::Employee, &today());
    let not_a_user = Err(Refusal::new(RefusalCode::NotAUser).told_to(Audience::Administrator));
    assert_eq!(set(&employee(&[Travel])), not_a_user);
    assert_eq!(set(&employee(&[]).with_user_access(user_of(B, Profile::NoRights))), not_a_user);
    assert_eq!(set(&employee(&[]).with_user_access(UserAccess::new(A, ended()))), not_a_user);

    let changed = set(&user()).unwrap();
    assert_eq!(access(&changed.person).profile(), &Profile::Employee);
    assert_eq!(changed.event.change, PeopleChange::ProfileSet(Profile::Employee));
    assert_eq!((changed.event.by, changed.event.company, changed.event.person), (Some(OTTO), A, ANNA));
    assert_eq!(changed.event.on, day(2026, 11, 22));
    assert_eq!(set(&changed.person), nothing_to_change());
}

#[test]
fn d15_nobody_changes_ones_own_user_access_profile_or_roles() {
    let otto = otto(A, Role::UserAdministrator);
    let admin = proof(&otto, A).unwrap();
    let own_rights = not_authorised(Cause::OwnRights);
    let later = Validity::from(day(2026, 2, 1));
    assert_eq!(establish_user(&admin, &otto, later, &today()), own_rights);
    assert_eq!(end_user_access(&admin, &otto, day(2026, 12, 31), &today()), own_rights);
    assert_eq!(set_profile(&admin, &otto, Profile::Employee, &today()), own_rights);
    assert_eq!(grant_role(&admin, &otto, Role::CompanyAdministrator, &today()), own_rights);
    assert_eq!(revoke_role(&admin, &otto, Role::UserAdministrator, &today()), own_rights);
}

#[test]
fn e25_r36_people_of_another_company_are_out_of_reach() {
    let admin = administrator_of_a();
    let person = anna()
        .with_employment(job(B, current(), &[Travel]))
        .with_user_access(user_of(B, Profile::Employee).with_role(Role::UserAdministrator));
    let unrelated = not_authorised(Cause::UnrelatedCompany);
    let (last, dates) = (day(2026, 12, 31), today());
    assert_eq!(end_user_access(&admin, &person, last, &dates), unrelated);
    assert_eq!(set_profile(&admin, &person, Profile::NoRights, &dates), unrelated);
    assert_eq!(grant_role(&admin, &person, Role::CompanyAdministrator, &dates), unrelated);
    assert_eq!(revoke_role(&admin, &person, Role::UserAdministrator, &dates), unrelated);
    assert_eq!(open_service(&admin, &person, Salaries, EVERY, &dates), unrelated);
    assert_eq!(close_service(&admin, &person, Travel, EVERY, &dates), unrelated);
    assert_eq!(end_employment(&admin, &person, last, EVERY, &dates), unrelated);
}

#[test]
fn e25_every_command_leaves_the_other_company_alone() {
    let admin = administrator_of_a();
    let both = |company| (job(company, current(), &[Travel]), user_of(company, Profile::Employee));
    let ((job_a, user_a), (job_b, user_b)) = (both(A), both(B));
    let person = anna()
        .with_employment(job_b)
        .with_employment(job_a)
        .with_user_access(user_b.clone())
        .with_user_access(user_a);
    let (last, dates) = (day(2026, 12, 31), today());
    let all = [
        establish_user(
            &admin,
            &person,
            Validity::between(day(2026, 2, 1), day(2027, 1, 31)).unwrap(),
            &dates,
        ),
        end_user_access(&admin, &person, last, &dates),
        end_user_access(&admin, &person, day(2025, 12, 31), &dates),
        set_profile(&admin, &person, Profile::NoRights, &dates),
        grant_role(&admin, &person, Role::UserAdministrator, &dates),
        hire(&admin, &person, future(), Services::EMPTY, &dates),
        open_service(&admin, &person, Salaries, EVERY, &dates),
        close_service(&admin, &person, Travel, EVERY, &dates),
        end_employment(&admin, &person, last, EVERY, &dates),
        end_employment(&admin, &person, day(2025, 12, 31), EVERY, &dates),
    ];
    for changed in all {
        let changed = changed.unwrap();
        assert_ne!(changed.person, person);
        assert_eq!(changed.event.company, A);
        assert_eq!(changed.person.user_access(B), Some(&user_b));
        assert!(changed.person.employments_in(B).eq([&job_b]));
    }
}

#[test]
fn d10_a_new_user_has_no_rights_until_a_profile_is_set() {
    let admin = administrator_of_a();
    let read = |person: &Person| own(person, Action::Read, Function::TravelExpenseReports, &today());
    let person = employee(&[Travel]);
    assert!(read(&person).is_allowed());
    let user = establish_user(&admin, &person, current(), &today()).unwrap().person;
    assert!(!read(&user).is_allowed());
    let user = set_profile(&admin, &user, Profile::Employee, &today()).unwrap().person;
    assert!(read(&user).is_allowed());
}

/// The days before were days as a user: an administrator who renews an access cuts no hole into it.
#[test]
fn e23_a_renewed_user_access_keeps_its_first_day() {
    let admin = administrator_of_a();
    let since_january = Validity::from(day(2026, 1, 1));
    let user = anna().with_user_access(UserAccess::new(A, since_january));
    let renewed = |validity| {
        let changed = establish_user(&admin, &user, validity, &today());
        changed.map(|changed| access(&changed.person).validity())
    };
    let through = |first, last| Validity::between(first, last).unwrap();
    let (now, year_end) = (day(2026, 11, 22), day(2026, 12, 31));
    assert_eq!(renewed(through(now, year_end)), Ok(through(day(2026, 1, 1), year_end)));
    assert_eq!(renewed(Validity::from(now)), nothing_to_change().map(|_: Changed| since_january));
    assert_eq!(renewed(Validity::from(day(2025, 6, 1))), Ok(Validity::from(day(2025, 6, 1))));
    assert_eq!(
        renewed(Validity::from(day(2026, 11, 23))),
        nothing_to_change().map(|_: Changed| since_january)
    );
    let in_june = Validity::from(day(2027, 6, 1));
    assert_eq!(renewed(in_june), Ok(in_june), "kept out until then");
    let user = anna().with_user_access(UserAccess::new(A, through(day(2026, 1, 1), year_end)));
    let renewed =
        |validity| access(&establish_user(&admin, &user, validity, &today()).unwrap().person).validity();
    let next_year = Validity::from(day(2027, 1, 1));
    assert_eq!(renewed(next_year), since_january, "agreed upon before the year is over");
    let with_a_day_between = Validity::from(day(2027, 1, 2));
    assert_eq!(renewed(with_a_day_between), with_a_day_between);
}

#[test]
fn e22_an_ended_user_access_takes_the_roles_and_is_not_revived() {
    let admin = administrator_of_a();
    let administering =
        anna().with_user_access(user_of(A, Profile::Employee).with_role(Role::UserAdministrator));
    let without = end_user_access(&admin, &administering, day(2026, 11, 21), &today()).unwrap().person;
    assert!(proof(&without, A).is_err());
    let again = anna().with_employment(job(A, current(), &[])).with_user_access(access(&without).clone());
    let again = establish_user(&admin, &again, current(), &today()).unwrap().person;
    assert_eq!(access(&again), &UserAccess::new(A, current()));

    let until = Validity::between(day(2026, 1, 1), day(2026, 12, 31)).unwrap();
    let shortened = establish_user(&admin, &administering, until, &today()).unwrap().person;
    assert_eq!(access(&shortened).profile(), &Profile::Employee, "a change of period keeps the rest");
    assert_eq!(access(&shortened).roles(), Roles::of(&[Role::UserAdministrator]));
    assert_eq!(establish_user(&admin, &shortened, until, &today()), nothing_to_change());
    assert_eq!(end_user_access(&admin, &shortened, day(2027, 1, 1), &today()), nothing_to_change());
    assert_eq!(establish_user(&admin, &anna(), ended(), &today()), nothing_to_change());
}

#[test]
fn e22_a_user_access_that_would_end_before_it_begins_is_removed() {
    let person = anna().with_user_access(UserAccess::new(A, future()));
    let changed = end_user_access(&administrator_of_a(), &person, day(2026, 11, 22), &today()).unwrap();
    assert_eq!(changed.person.user_access(A), None);
    assert_eq!(changed.event.change, PeopleChange::UserAccessEnded(day(2026, 11, 22)));
}

#[test]
fn e21_roles_are_granted_and_revoked() {
    let admin = administrator_of_a();
    let granted = grant_role(&admin, &user(), Role::UserAdministrator, &today()).unwrap();
    assert_eq!(granted.event.change, PeopleChange::RoleGranted(Role::UserAdministrator));
    assert!(proof(&granted.person, A).is_ok());
    let again = grant_role(&admin, &granted.person, Role::UserAdministrator, &today());
    assert_eq!(again, nothing_to_change());
    let revoked = revoke_role(&admin, &granted.person, Role::UserAdministrator, &today()).unwrap();
    assert_eq!(revoked.event.change, PeopleChange::RoleRevoked(Role::UserAdministrator));
    assert!(proof(&revoked.person, A).is_err());
    let again = revoke_role(&admin, &revoked.person, Role::UserAdministrator, &today());
    assert_eq!(again, nothing_to_change());
}

#[test]
fn r17_hiring_with_a_service_makes_a_person_eligible() {
    let admin = administrator_of_a();
    let hired = hire(&admin, &anna(), current(), Services::of(&[Travel]), &today()).unwrap();
    assert_eq!(hired.event.change, PeopleChange::Hired(current(), Services::of(&[Travel])));
    assert!(in_app(&hired.person, &today()).is_ok());
    assert!(in_browser(&hired.person, &today()).is_err());
    let twice = hire(&admin, &hired.person, current(), Services::of(&[Travel]), &today());
    assert_eq!(twice, nothing_to_change());
    let in_the_past = hire(&admin, &anna(), ended(), Services::EMPTY, &today());
    assert_eq!(in_the_past, nothing_to_change());
}

#[test]
fn e19_closing_a_service_takes_effect_at_the_end_of_the_month() {
    let admin = administrator_of_a();
    let closed = close_service(&admin, &employee(&[Travel]), Travel, EVERY, &today()).unwrap();
    assert_eq!(closed.event.change, PeopleChange::ServiceClosed(Travel, EVERY));
    assert!(in_app(&closed.person, &on(2026, 11, 30)).is_ok());
    let no = in_app(&closed.person, &on(2026, 12, 1)).unwrap_err();
    assert_eq!(no.refusal().code(), RefusalCode::NoChargeableService);
    assert!(!no.ends_sessions(), "the PIN is kept");
    assert_eq!(
        close_service(&admin, &closed.person, Travel, EVERY, &on(2026, 12, 1)),
        nothing_to_change(),
        "a second closing does not prolong the first"
    );
    assert_eq!(close_service(&admin, &employee(&[Travel]), Salaries, EVERY, &today()), nothing_to_change());

    let reopened = open_service(&admin, &closed.person, Travel, EVERY, &today()).unwrap();
    assert_eq!(reopened.event.change, PeopleChange::ServiceOpened(Travel, EVERY));
    assert!(in_app(&reopened.person, &on(2026, 12, 1)).is_ok());
    assert_eq!(open_service(&admin, &reopened.person, Travel, EVERY, &today()), nothing_to_change());
}

#[test]
fn e26_one_of_two_employments_is_chosen_by_its_first_day() {
    let admin = administrator_of_a();
    let summer = Validity::from(day(2026, 6, 1));
    let person = employee(&[Travel]).with_employment(job(A, summer, &[Salaries]));
    let the_summer_job = EmploymentChoice::BeginningOn(day(2026, 6, 1));
    let opened = open_service(&admin, &person, Travel, the_summer_job, &today()).unwrap().person;
    assert!(opened.employments().iter().all(|e| e.selection(Travel) == ServiceSelection::Open));
    let shorter = end_employment(&admin, &person, day(2026, 11, 21), the_summer_job, &today()).unwrap();
    assert_eq!(menu(&shorter.person, A, &today()), Travel.functions());
    let none = EmploymentChoice::BeginningOn(day(2026, 6, 2));
    assert_eq!(end_employment(&admin, &person, day(2026, 11, 21), none, &today()), nothing_to_change());
}

#[test]
fn e23_ending_an_employment_lets_it_run_through_its_last_day() {
    let admin = administrator_of_a();
    let person = employee(&[Salaries]);
    let shorter = end_employment(&admin, &person, day(2026, 11, 25), EVERY, &today()).unwrap();
    assert_eq!(shorter.event.change, PeopleChange::EmploymentEnded(day(2026, 11, 25), EVERY));
    assert!(in_app(&shorter.person, &on(2026, 11, 25)).is_ok());
    let no = in_app(&shorter.person, &on(2026, 11, 26)).unwrap_err();
    assert_eq!((no.refusal().code(), no.ends_sessions()), (RefusalCode::NotEligible, true));
    assert_eq!(
        end_employment(&admin, &shorter.person, day(2026, 12, 31), EVERY, &today()),
        nothing_to_change(),
        "to end is not to prolong"
    );
    let never = end_employment(&admin, &person, day(2025, 12, 31), EVERY, &today()).unwrap();
    assert!(never.person.employments().is_empty());
}

#[test]
fn e23_an_employment_that_has_ended_is_left_as_it_was() {
    let admin = administrator_of_a();
    let past = job(A, ended(), &[Travel]);
    let person = employee(&[Travel]).with_employment(past);
    let (earlier, dates) = (day(2026, 3, 31), today());
    for changed in [
        open_service(&admin, &person, Salaries, EVERY, &dates),
        close_service(&admin, &person, Travel, EVERY, &dates),
        end_employment(&admin, &person, earlier, EVERY, &dates),
    ] {
        assert_eq!(changed.unwrap().person.employments().last(), Some(&past));
    }
}
