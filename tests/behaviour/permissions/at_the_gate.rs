//! Rights at the gate: asked for with every request, of a session that is live.

use pinlatch::access::{Channel, Request, Rule, decide};
use pinlatch::account::RequestContext;
use pinlatch::id::CompanyId;
use pinlatch::people::ChargeableService::{Salaries, Travel};
use pinlatch::people::{
    Action, ChargeableService, CustomProfile, Function, Functions, Person, Profile, Reach, Right, Rights,
    UserAccess,
};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;
use pinlatch_testkit::{ACME, BOLT, Phone, UNMODIFIED, World, since_last_year};

use crate::given::*;

const OWN: [Function; 3] =
    [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports];

fn menu(world: &World, phone: &Phone<'_>, company: CompanyId) -> Functions {
    world.gate.blocking().functions(&same_session(phone), company, &UNMODIFIED).unwrap()
}

#[test]
fn r22_functions_are_those_of_the_selected_services() {
    let cases: [(&[ChargeableService], &[Function]); 3] = [
        (&[Salaries], &[Function::SalaryInformation, Function::WorkingHours]),
        (&[Travel], &[Function::TravelExpenseReports]),
        (&[Salaries, Travel], &OWN),
    ];
    for (services, functions) in cases {
        for with_profile in [false, true] {
            let world = World::new();
            let anna = employee_with(&world, services);
            if with_profile {
                world.change(anna, employee_profile(ACME));
            }
            let phone = world.open_phone(anna).unwrap();
            assert_eq!(menu(&world, &phone, ACME), Functions::of(functions));
            assert_eq!(menu(&world, &phone, BOLT), Functions::EMPTY);
            for function in OWN {
                if functions.contains(&function) {
                    let _ = unchanged(&world, anna, || phone.read(function));
                } else {
                    refused(&world, anna, RefusalCode::FunctionNotInServices, || phone.read(function));
                }
            }
        }
    }
}

#[test]
fn r22_the_menu_is_for_a_live_session_of_an_eligible_person_on_an_unmodified_device() {
    let world = World::new();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let gate = world.gate.blocking();
    let functions = |phone: &Phone<'_>, integrity| {
        code(gate.functions(&same_session(phone), ACME, &RequestContext::new(integrity)))
    };
    unchanged(&world, anna, || functions(&phone, Unknown));

    phone.lock().unwrap();
    refused(&world, anna, RefusalCode::SessionRequired, || functions(&phone, Unmodified));
    world.change(anna, only(job(&[])));
    refused(&world, anna, RefusalCode::NoChargeableService, || functions(&tablet, Unmodified));
    assert_eq!(functions(&tablet, Modified), Err(RefusalCode::UnsupportedDevice));
    assert_eq!(tablet.state(), SessionState::LoggedOut);
}

#[test]
fn r23_under_the_employee_profile_own_data_are_read_within_services() {
    let world = World::new();
    let anna = world.employee();
    world.change(anna, employee_profile(ACME));
    let phone = world.open_phone(anna).unwrap();
    for function in OWN {
        let grant = phone.read(function).unwrap();
        assert_eq!((grant.person(), grant.device()), (anna, phone.id.unwrap()));
        assert_eq!(grant.rule(), Some(Rule::EmployeeProfile));
        let edit = Request {
            channel: Channel::MobileApp,
            company: ACME,
            action: Action::Edit,
            function,
            owner: anna,
        };
        refused(&world, anna, RefusalCode::NoRight, || phone.request(&edit));
    }
    // E21: without Salaries, at the very next request.
    world.change(anna, only(job(&[Travel])));
    world.change(anna, employee_profile(ACME));
    refused(&world, anna, RefusalCode::FunctionNotInServices, || phone.read(Function::SalaryInformation));
    let _ = phone.read(Function::TravelExpenseReports).unwrap();
}

#[test]
fn r25_another_persons_data_are_refused_under_the_employee_profile() {
    for with_profile in [false, true] {
        let world = World::new();
        let (anna, otto) = (world.employee(), world.employee());
        if with_profile {
            world.change(anna, employee_profile(ACME));
        }
        let phone = world.open_phone(anna).unwrap();
        for function in OWN {
            for action in [Action::Read, Action::Edit] {
                let ottos =
                    Request { channel: Channel::MobileApp, company: ACME, action, function, owner: otto };
                refused(&world, anna, RefusalCode::NotOwnData, || phone.request(&ottos));
            }
            let _ = phone.read(function).unwrap();
        }
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
        refused(&world, anna, RefusalCode::NoRight, salaries);
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
    refused(&world, anna, RefusalCode::NotOwnData, others);

    let everybodys = Rights::of(&[Right::new(Action::Read, Function::SalaryInformation, Reach::Company)]);
    let clerk = Profile::Custom(CustomProfile::new("payroll clerk", everybodys).unwrap());
    world.change(anna, |person| profile(person, clerk));
    let _granted = unchanged(&world, anna, others);
    world.change(anna, |person| profile(person, Profile::NoRights));
    refused(&world, anna, RefusalCode::NoRight, others);
    refused(&world, anna, RefusalCode::NoRight, || phone.read(Function::SalaryInformation));
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
    refused(&world, anna, RefusalCode::FunctionNotInServices, || read(ACME, Function::TravelExpenseReports));
    refused(&world, anna, RefusalCode::FunctionNotInServices, || read(BOLT, Function::SalaryInformation));
    let gate = world.gate.blocking();
    let offered = |company| gate.functions(phone.session.as_ref().unwrap(), company, &UNMODIFIED).unwrap();
    assert_eq!(offered(ACME), Functions::of(&[Function::SalaryInformation, Function::WorkingHours]));
    assert_eq!(offered(BOLT), Functions::of(&[Function::TravelExpenseReports]));

    world.knows(Person::new(anna).with_bank_credentials().with_employment(travel_in(BOLT)));
    let _live = phone.check().unwrap();
    let _granted = read(BOLT, Function::TravelExpenseReports).unwrap();
    refused(&world, anna, RefusalCode::FunctionNotInServices, || read(ACME, Function::SalaryInformation));
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
    refused(&world, anna, RefusalCode::FunctionNotInServices, || phone.read(Function::SalaryInformation));
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
    refused(&world, actor.person, RefusalCode::FunctionNotInServices, || phone.request(&wanted));
}
