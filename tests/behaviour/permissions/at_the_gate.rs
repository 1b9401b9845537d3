//! Rights at the gate: asked for with every request, of a session that is live.

use pinlatch::access::{BrowserSession, Request, Rule};
use pinlatch::account::RequestContext;
use pinlatch::id::CompanyId;
use pinlatch::people::ChargeableService::{Salaries, Travel};
use pinlatch::people::{
    Action, ChargeableService, CustomProfile, Function, Functions, Person, Profile, Reach, Right, Rights,
    UserAccess,
};
use pinlatch::refusal::{Cause, RefusalCode};
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
fn r23_under_the_employee_profile_own_data_are_read_and_entered_within_services() {
    for with_profile in [false, true] {
        let world = World::new();
        let anna = world.employee();
        if with_profile {
            world.change(anna, employee_profile(ACME));
        }
        let rule = if with_profile { Rule::EmployeeProfile } else { Rule::ImplicitOwnData };
        let phone = world.open_phone(anna).unwrap();
        let edit =
            |function| phone.request(&Request { company: ACME, action: Action::Edit, function, owner: anna });
        for function in OWN {
            let grant = phone.read(function).unwrap();
            assert_eq!((grant.person(), grant.device()), (anna, phone.id.unwrap()));
            assert_eq!(grant.rule(), Some(rule));
        }
        for function in [Function::WorkingHours, Function::TravelExpenseReports] {
            assert_eq!(edit(function).unwrap().rule(), Some(rule));
        }
        refused(&world, anna, RefusalCode::NoRight, || edit(Function::SalaryInformation));
        // E21: without Salaries, at the very next request.
        world.change(anna, only(job(&[Travel])));
        if with_profile {
            world.change(anna, employee_profile(ACME));
        }
        refused(&world, anna, RefusalCode::FunctionNotInServices, || edit(Function::WorkingHours));
        let _ = edit(Function::TravelExpenseReports).unwrap();
    }
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
                let ottos = Request { company: ACME, action, function, owner: otto };
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
    let gate = world.gate.blocking();
    let phone = world.open_phone(actor.person).unwrap();
    for function in OWN {
        for action in [Action::Read, Action::Edit] {
            // Of the profile without rights; and nobody's own data without an employment (D12).
            for (owner, code) in
                [(anna, RefusalCode::NoRight), (actor.person, RefusalCode::FunctionNotInServices)]
            {
                let wanted = Request { company: ACME, action, function, owner };
                refused(&world, actor.person, code, || phone.request(&wanted));
                refused(&world, actor.person, code, || {
                    gate.browser_check(&actor.session(), &wanted).map_err(|error| error.code())
                });
            }
        }
    }
}

#[test]
fn r36_a_check_in_the_app_never_grants_users_and_roles() {
    let world = World::new();
    let (anna, actor) = (world.employee(), world.administrator(ACME));
    let phone = world.open_phone(actor.person).unwrap();
    let gate = world.gate.blocking();
    for action in [Action::Read, Action::Edit] {
        for owner in [anna, actor.person] {
            let page = Request { company: ACME, action, function: Function::UsersAndRoles, owner };
            refused(&world, actor.person, RefusalCode::NotAuthorised, || phone.request(&page));
        }
    }
    assert!(!menu(&world, &phone, ACME).contains(Function::UsersAndRoles));
    let page = request(ACME, Function::UsersAndRoles, anna);
    let rule = gate.browser_check(&actor.session(), &page).unwrap();
    assert_eq!(rule, Rule::AdministratorRole);
    // An employee who is no user has no place in the browser (R18).
    let annas = BrowserSession::verified_by_host(anna);
    refused(&world, anna, RefusalCode::NotAUser, || {
        gate.browser_check(&annas, &page).map_err(|error| error.code())
    });
}

#[test]
fn r22_d12_company_wide_rights_hold_without_an_own_employment_by_the_owners_services() {
    let world = World::new();
    let reads = |function| Right::new(Action::Read, function, Reach::Company);
    let rights = Rights::of(&[reads(Function::SalaryInformation), reads(Function::TravelExpenseReports)]);
    let clerk = world.user(Profile::Custom(CustomProfile::new("payroll clerk", rights.clone()).unwrap()));
    let (both, travels) = (world.employee(), employee_with(&world, &[Travel]));
    let of_bolt = world.knows(world.stranger().with_employment(salaries_in(BOLT)));
    let phone = world.open_phone(clerk).unwrap();
    let salary_of = |owner| phone.request(&request(ACME, Function::SalaryInformation, owner));
    assert_eq!(salary_of(both).unwrap().rule(), Some(Rule::CustomProfile));
    refused(&world, clerk, RefusalCode::FunctionNotInServices, || salary_of(travels));
    let _ = phone.request(&request(ACME, Function::TravelExpenseReports, travels)).unwrap();
    for unrelated in [of_bolt, world.stranger().id()] {
        let cause = refused(&world, clerk, RefusalCode::NoRight, || salary_of(unrelated));
        assert_eq!(cause, Cause::UnrelatedOwner);
    }
    // D12: and nothing of one's own.
    refused(&world, clerk, RefusalCode::FunctionNotInServices, || salary_of(clerk));
    assert_eq!(menu(&world, &phone, ACME), rights.functions());
    // In the browser likewise.
    let gate = world.gate.blocking();
    let session = BrowserSession::verified_by_host(clerk);
    let wanted = request(ACME, Function::SalaryInformation, both);
    assert_eq!(gate.browser_check(&session, &wanted).unwrap(), Rule::CustomProfile);
}
