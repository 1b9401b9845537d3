//! Facts are asked for with every request: profiles, roles, companies, employments.

use pinlatch::access::{Actor, Channel, Request, decide};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    Action, ChargeableService, CustomProfile, Employment, Function, Functions, LocalDates, Person, Profile,
    Reach, Right, Rights, Role, UserAccess, Validity,
};
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::SessionState;
use pinlatch_testkit::{ACME, BOLT, PIN, UNMODIFIED, World, day, since_last_year};

use crate::given::*;

fn request(company: CompanyId, function: Function, owner: PersonId) -> Request {
    Request { channel: Channel::MobileApp, company, action: Action::Read, function, owner }
}

fn salaries_in(company: CompanyId) -> Employment {
    Employment::new(company, since_last_year()).with_service(ChargeableService::Salaries)
}

fn travel_in(company: CompanyId) -> Employment {
    Employment::new(company, since_last_year()).with_service(ChargeableService::Travel)
}

fn profile(person: Person, profile: Profile) -> Person {
    person.with_user_access(UserAccess::new(ACME, since_last_year()).with_profile(profile))
}

#[test]
fn e20_facts_are_evaluated_per_request_and_never_copied_into_a_session() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let before = world.directory.get(anna).unwrap();
    let salaries = || phone.read(Function::SalaryInformation);
    for _ in 0..3 {
        let _granted = unchanged(&world, anna, salaries);
        world.change(anna, |person| profile(person, Profile::NoRights));
        refused(&world, anna, Code::NoRight, salaries);
        world.knows(before.clone());
    }
    let _granted = unchanged(&world, anna, salaries);
}

#[test]
fn e21_a_profile_changed_mid_session_applies_at_the_next_request() {
    let world = World::new();
    let (anna, bert) = (world.employee(), world.employee());
    let phone = world.open_phone(anna).unwrap();
    let others = || phone.request(&request(ACME, Function::SalaryInformation, bert));
    world.change(anna, |person| profile(person, Profile::Employee));
    let _granted = phone.read(Function::SalaryInformation).unwrap();
    refused(&world, anna, Code::NotOwnData, others);

    let everybodys = Rights::of(&[Right::new(Action::Read, Function::SalaryInformation, Reach::Company)]);
    let clerk = Profile::Custom(CustomProfile::new("payroll clerk", everybodys).unwrap());
    world.change(anna, |person| profile(person, clerk));
    let _granted = unchanged(&world, anna, others);
    world.change(anna, |person| profile(person, Profile::NoRights));
    refused(&world, anna, Code::NoRight, others);
    refused(&world, anna, Code::NoRight, || phone.read(Function::SalaryInformation));
}

#[test]
fn e21_a_role_granted_or_revoked_applies_at_the_next_request() {
    let world = World::new();
    let anna = world.employee();
    let actor = world.administrator(ACME);
    let invite = || world.gate.blocking().invite(&actor, anna).map_err(|error| error.code());
    invite().unwrap();
    let roles = |role: Option<Role>| {
        let access = UserAccess::new(ACME, since_last_year());
        let access = role.into_iter().fold(access, UserAccess::with_role);
        world.change(actor.person, |person| person.with_user_access(access));
    };
    roles(Some(Role::CompanyAdministrator));
    refused(&world, anna, Code::NotAuthorised, invite);
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::RoleMissing);
    roles(Some(Role::UserAdministrator));
    invite().unwrap();
}

#[test]
fn e25_rights_are_per_company_and_ending_in_one_leaves_the_other() {
    let world = World::new();
    let both = world.stranger().with_bank_credentials();
    let both = both.with_employment(salaries_in(ACME)).with_employment(travel_in(BOLT));
    let anna = world.knows(both.clone());
    let phone = world.open_phone(anna).unwrap();
    let read = |company, function| phone.request(&request(company, function, anna));
    let _granted = read(ACME, Function::SalaryInformation).unwrap();
    let _granted = read(BOLT, Function::TravelExpenseReports).unwrap();
    refused(&world, anna, Code::FunctionNotInServices, || read(ACME, Function::TravelExpenseReports));
    refused(&world, anna, Code::FunctionNotInServices, || read(BOLT, Function::SalaryInformation));
    let gate = world.gate.blocking();
    let offered = |company| gate.functions(phone.session.as_ref().unwrap(), company, &UNMODIFIED).unwrap();
    assert_eq!(offered(ACME), Functions::of(&[Function::SalaryInformation, Function::WorkingHours]));
    assert_eq!(offered(BOLT), Functions::of(&[Function::TravelExpenseReports]));

    world.knows(Person::new(anna).with_bank_credentials().with_employment(travel_in(BOLT)));
    let _live = phone.check().unwrap();
    let _granted = read(BOLT, Function::TravelExpenseReports).unwrap();
    refused(&world, anna, Code::FunctionNotInServices, || read(ACME, Function::SalaryInformation));
}

#[test]
fn e25_each_company_has_its_own_calendar() {
    let world = World::new();
    let last = Validity::between(day(2025, 1, 1), day(2026, 11, 22)).unwrap();
    let ending = Employment::new(ACME, last).with_service(ChargeableService::Salaries);
    let anna = world.knows(world.stranger().with_bank_credentials().with_employment(ending));
    let phone = world.open_phone(anna).unwrap();
    let tomorrow = LocalDates::everywhere(day(2026, 11, 23));
    world.directory.set_dates(tomorrow.clone().with(ACME, day(2026, 11, 22)));
    let _still_today_there = phone.check().unwrap();
    world.directory.set_dates(tomorrow);
    assert_eq!(phone.check(), Err(Code::NotEligible));
}

#[test]
fn e25_an_administrator_of_one_company_has_no_power_over_a_person_of_the_other() {
    let world = World::new();
    let (of_acme, of_bolt) = (world.administrator(ACME), world.administrator(BOLT));
    let anna = world.knows(world.stranger().with_bank_credentials().with_employment(travel_in(BOLT)));
    let _phone = world.open_phone(anna).unwrap();
    let gate = world.gate.blocking();
    refused(&world, anna, Code::NotAuthorised, || gate.invite(&of_acme, anna).map_err(|error| error.code()));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::UnrelatedCompany);
    refused(&world, anna, Code::NotAuthorised, || revoke(&world, &of_acme, anna));
    gate.invite(&of_bolt, anna).unwrap();
    refused(&world, anna, Code::NotAuthorised, || {
        gate.withdraw_invitation(&of_acme, anna).map_err(|error| error.code())
    });
    let foreign = Request { channel: Channel::Browser, ..request(BOLT, Function::UsersAndRoles, anna) };
    let acting = world.directory.get(of_acme.person).unwrap();
    let decision = decide(Some(&acting), &foreign, &world.directory.today(), world.gate.policy().access());
    assert_eq!(decision.refusal().unwrap().code(), Code::NotAUser);
}

#[test]
fn e25_revoke_all_hits_the_person_in_every_company() {
    let world = World::new();
    let both = world.stranger().with_bank_credentials();
    let anna = world.knows(both.with_employment(salaries_in(ACME)).with_employment(travel_in(BOLT)));
    let (one, two) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    revoke(&world, &world.administrator(BOLT), anna).unwrap();
    for mut phone in [one, two] {
        assert_eq!(phone.state(), SessionState::RevokedAll);
        refused(&world, anna, Code::ReinvitationRequired, || phone.unlock(PIN));
    }
}

#[test]
fn e26_two_employments_in_one_company_unite_their_services() {
    let world = World::new();
    let twice = world.stranger().with_bank_credentials();
    let anna = world.knows(twice.with_employment(salaries_in(ACME)).with_employment(travel_in(ACME)));
    let phone = world.open_phone(anna).unwrap();
    let _granted = phone.read(Function::SalaryInformation).unwrap();
    let _granted = phone.read(Function::TravelExpenseReports).unwrap();
    world.knows(Person::new(anna).with_bank_credentials().with_employment(travel_in(ACME)));
    refused(&world, anna, Code::FunctionNotInServices, || phone.read(Function::SalaryInformation));
    let _granted = phone.read(Function::TravelExpenseReports).unwrap();
}

#[test]
fn e31_an_administrator_reads_no_payroll_data_by_that_role_alone() {
    let world = World::new();
    let (anna, actor) = (world.employee(), world.administrator(ACME));
    let acting = world.directory.get(actor.person).unwrap();
    let (dates, policy) = (world.directory.today(), world.gate.policy());
    for function in [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports] {
        for (channel, action) in [(Channel::Browser, Action::Read), (Channel::MobileApp, Action::Edit)] {
            for owner in [anna, actor.person] {
                let wanted = Request { channel, action, ..request(ACME, function, owner) };
                assert!(!decide(Some(&acting), &wanted, &dates, policy.access()).is_allowed(), "{wanted:?}");
            }
        }
    }
    let phone = world.open_phone(actor.person).unwrap();
    let wanted = request(ACME, Function::SalaryInformation, anna);
    refused(&world, actor.person, Code::FunctionNotInServices, || phone.request(&wanted));
}

#[test]
fn e31_an_administrator_never_learns_or_sets_a_pin() {
    let world = World::new();
    let (anna, actor) = (world.employee(), world.administrator(ACME));
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(2), Err(Code::IncorrectPin));
    let gate = world.gate.blocking();
    let (hashed, seen) = (world.hasher.count(), world.journal.events(anna).len());
    let invitation = gate.invite(&actor, anna).unwrap();
    gate.withdraw_invitation(&actor, anna).unwrap();
    assert_eq!(world.hasher.count(), hashed);
    assert_eq!(ledger(&world, &phone), Some((2, 0)), "nor its count");
    let events = world.journal.events(anna).split_off(seen);
    assert!(events.iter().all(|event| event.device.is_none()));
    assert!(!format!("{invitation:?}{events:?}").contains(PIN));
    phone.unlock(PIN).unwrap();
}

#[test]
fn e31_d15_administrators_reinvite_themselves_and_the_trail_says_so() {
    let world = World::new();
    let actor @ Actor { person, .. } = world.administrator(ACME);
    let mut phone = world.open_phone(person).unwrap();
    phone.log_out_everywhere().unwrap();
    let invitation = world.gate.blocking().invite(&actor, person).unwrap();
    let said = format!("{:?}", newest(&world, person));
    assert!(said.contains("self_issued: true"), "{said}");
    phone.sign_in_with_invitation(&invitation).unwrap();
}
