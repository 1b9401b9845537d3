//! Invariants, for every person, request and policy of a small world.

use pinlatch::access::{
    AccessPolicy, Action, Channel, Function, Functions, Request, Rule, UsersWithoutEmployment, decide,
    eligibility, functions_offered,
};
use pinlatch::id::CompanyId;
use pinlatch::people::{Employment, LocalDates, Person, Profile, Reach, Right, Rights, Role, UserAccess};

use crate::given::access::*;

/// The functions that a case's services have in a company, known without asking the crate.
type Expected = [(CompanyId, &'static [Function]); 2];

const NONE: &[Function] = &[];
const TRAVEL: &[Function] = &[Function::TravelExpenseReports];
const SALARIES: &[Function] = &[Function::SalaryInformation, Function::WorkingHours];
const BOTH: &[Function] =
    &[Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports];

/// Employments in A, and the functions of their services today.
fn employments_in_a() -> Vec<(Vec<Employment>, &'static [Function])> {
    let closed_last_month = job(A, current(), &[Salaries]).with_service_closed(Salaries, day(2026, 10, 5));
    let closed_this_month = job(A, current(), &[Salaries]).with_service_closed(Salaries, day(2026, 11, 5));
    vec![
        (vec![], NONE),
        (vec![job(A, ended(), &[Travel, Salaries])], NONE),
        (vec![job(A, future(), &[Travel, Salaries])], NONE),
        (vec![job(A, current(), &[])], NONE),
        (vec![job(A, current(), &[Travel])], TRAVEL),
        (vec![job(A, current(), &[Salaries])], SALARIES),
        (vec![job(A, current(), &[Travel, Salaries])], BOTH),
        (vec![job(A, current(), &[Travel]), job(A, current(), &[Salaries])], BOTH),
        (vec![job(A, current(), &[Travel]), job(A, ended(), &[Salaries])], TRAVEL),
        (vec![closed_last_month], NONE),
        (vec![closed_this_month], SALARIES),
    ]
}

fn profiles() -> Vec<Profile> {
    let own_only: Rights = Right::all()
        .filter(|right| right.reach == Reach::OwnData && right.function != Function::UsersAndRoles)
        .collect();
    vec![Profile::NoRights, Profile::Employee, reads_all_hours(), custom(own_only), everything()]
}

fn accesses(company: CompanyId) -> Vec<Option<UserAccess>> {
    let mut accesses = vec![None];
    for validity in [current(), ended(), future()] {
        for profile in profiles() {
            let access = UserAccess::new(company, validity).with_profile(profile);
            accesses.push(Some(access.clone()));
            accesses.push(Some(access.with_role(Role::UserAdministrator)));
        }
    }
    accesses
}

fn people() -> Vec<(Person, Expected)> {
    let mut people = Vec::new();
    for (employments, in_a) in employments_in_a() {
        for access in accesses(A) {
            for (job_b, in_b) in [(None, NONE), (Some(job(B, current(), &[Travel])), TRAVEL)] {
                for user_b in [None, Some(user_of(B, everything()))] {
                    let person =
                        employments.iter().copied().chain(job_b).fold(anna(), Person::with_employment);
                    let person = access.iter().cloned().chain(user_b).fold(person, Person::with_user_access);
                    people.push((person, [(A, in_a), (B, in_b)]));
                }
            }
        }
    }
    people
}

fn policies() -> [AccessPolicy; 2] {
    let default = AccessPolicy::default();
    [default.clone(), default.with_users_without_employment(UsersWithoutEmployment::Refuse)]
}

/// Every request of Anna, with the channel of the session that asks.
fn requests() -> Vec<(Channel, Request)> {
    let mut requests = Vec::new();
    for channel in [Channel::MobileApp, Channel::Browser] {
        for company in [A, B] {
            for action in Action::ALL.iter().copied() {
                for function in Function::ALL.iter().copied() {
                    for owner in [ANNA, OTTO] {
                        requests.push((channel, Request { company, action, function, owner }));
                    }
                }
            }
        }
    }
    requests
}

/// Calls `check` with every person, policy and request, and with what the decision was.
fn everywhere(mut check: impl FnMut(&Person, &Expected, &(Channel, Request), bool, Rule)) {
    let (dates, requests): (LocalDates, _) = (today(), requests());
    let otto = colleague(OTTO);
    let (mut allowed, mut refused) = (0, 0);
    for (person, expected) in people() {
        for policy in policies() {
            for asked @ (channel, request) in &requests {
                let decision = decide(Some(&person), *channel, request, Some(&otto), &dates, &policy);
                *(if decision.is_allowed() { &mut allowed } else { &mut refused }) += 1;
                check(&person, &expected, asked, decision.is_allowed(), decision.rule());
            }
        }
    }
    assert!(allowed > 1_000 && refused > 1_000, "the small world shows both answers");
}

#[test]
fn i09_effective_functions_are_within_the_services_of_the_owner() {
    everywhere(|person, expected, (_, request), is_allowed, _| {
        let (_, own) = expected.iter().find(|(company, _)| *company == request.company).unwrap();
        let functions = if request.owner == ANNA { own } else { BOTH };
        let administrative = request.function == Function::UsersAndRoles;
        assert!(
            !is_allowed || administrative || functions.contains(&request.function),
            "{request:?} {person:?}"
        );
    });
}

#[test]
fn i10_own_data_rights_never_reach_another_person() {
    everywhere(|person, _, (_, request), is_allowed, rule| {
        let is_others_payroll = request.owner != ANNA && request.function != Function::UsersAndRoles;
        if !is_allowed || !is_others_payroll {
            return;
        }
        assert_eq!(rule, Rule::CustomProfile);
        let access = person.valid_user_access(request.company, day(2026, 11, 22)).unwrap();
        let right = Right::new(request.action, request.function, Reach::Company);
        let Profile::Custom(profile) = access.profile() else { panic!("{request:?} {person:?}") };
        assert!(profile.rights().contains(right), "{request:?} {person:?}");
    });
}

#[test]
fn r18_e31_the_browser_and_its_administration_are_for_users_of_that_company() {
    everywhere(|person, _, (channel, request), is_allowed, _| {
        let access = person.valid_user_access(request.company, day(2026, 11, 22));
        if is_allowed && *channel == Channel::Browser {
            assert!(access.is_some(), "{request:?} {person:?}");
        }
        if is_allowed && request.function == Function::UsersAndRoles {
            assert_eq!(*channel, Channel::Browser);
            assert!(access.unwrap().roles().contains(Role::UserAdministrator));
        }
    });
}

#[test]
fn r22_the_menu_offers_exactly_what_some_request_would_be_allowed() {
    // Otto has every service in both companies, so whatever a profile grants for the company is in it.
    let (dates, requests, otto) = (today(), requests(), colleague(OTTO));
    for (person, _) in people() {
        for policy in policies() {
            for channel in [Channel::MobileApp, Channel::Browser] {
                for company in [A, B] {
                    let offered = functions_offered(Some(&person), channel, company, &dates, &policy);
                    let allowed: Functions = requests
                        .iter()
                        .filter(|(by, request)| *by == channel && request.company == company)
                        .filter(|(by, request)| {
                            decide(Some(&person), *by, request, Some(&otto), &dates, &policy).is_allowed()
                        })
                        .map(|(_, request)| request.function)
                        .collect();
                    assert_eq!(offered, allowed, "{channel:?} {company:?} {person:?}");
                }
            }
        }
    }
}

#[test]
fn r17_r21_d12_who_is_not_eligible_is_allowed_nothing_in_the_app() {
    everywhere(|person, _, (channel, _), is_allowed, _| {
        if is_allowed {
            // The milder of the two policies: what it refuses, the other refuses too.
            let policy = AccessPolicy::default();
            assert!(eligibility(Some(person), *channel, &today(), &policy).is_ok(), "{person:?}");
        }
    });
}

#[test]
fn e18_an_unknown_person_and_one_without_any_tie_are_allowed_nothing() {
    let otto = colleague(OTTO);
    for (channel, request) in requests() {
        for person in [None, Some(&anna())] {
            let policy = AccessPolicy::default();
            assert!(!decide(person, channel, &request, Some(&otto), &today(), &policy).is_allowed());
        }
    }
}
