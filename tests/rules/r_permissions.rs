//! R17–R25 at the gate: who signs in where, and who may do what with whose data.

use pinlatch::access::users_and_roles::{establish_user, set_profile};
use pinlatch::access::{Action, Actor, Basis, Channel, Function, Functions, Request, Rule};
use pinlatch::account::DeviceIntegrity::{Modified, Unknown, Unmodified};
use pinlatch::account::RequestContext;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::ChargeableService::{self, Salaries, Travel};
use pinlatch::people::{Person, Profile, UserAccess, Validity};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;
use pinlatch_testkit::{ACME, BOLT, PIN, Phone, UNMODIFIED, WRONG_PIN, World, day, since_last_year};

use crate::given::{
    code, employee_with, enrolled, job, locked_phone, only, record, refused, session, unchanged,
};

const OWN: [Function; 3] =
    [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports];

fn browser(world: &World, person: PersonId) -> Result<Basis, RefusalCode> {
    code(world.gate.blocking().browser_access(person)).map(|eligibility| eligibility.basis())
}

fn menu(world: &World, phone: &Phone<'_>, company: CompanyId) -> Functions {
    world.gate.blocking().functions(&session(phone), company, &UNMODIFIED).unwrap()
}

fn employee_profile(company: CompanyId) -> impl FnOnce(Person) -> Person {
    let access = UserAccess::new(company, since_last_year()).with_profile(Profile::Employee);
    move |person| person.with_user_access(access)
}

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
    assert_eq!(record(&world, anna), None);
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
        code(gate.functions(&session(phone), ACME, &RequestContext::new(integrity)))
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
fn r24_the_employee_profile_can_be_set_only_on_a_user_of_that_company() {
    let world = World::new();
    let anna = world.employee();
    let actor = world.administrator(ACME);
    let administrator = world.gate.blocking().administrator(&actor).unwrap();
    let dates = world.directory.today();
    let known = || world.directory.get(anna).unwrap();

    let set = || set_profile(&administrator, &known(), Profile::Employee, &dates);
    assert_eq!(set().unwrap_err().code(), RefusalCode::NotAUser);
    // A user of another company is none of this one.
    world.change(anna, |person| person.with_user_access(UserAccess::new(BOLT, since_last_year())));
    assert_eq!(set().unwrap_err().code(), RefusalCode::NotAUser);

    let established = establish_user(&administrator, &known(), since_last_year(), &dates).unwrap();
    world.knows(established.person);
    world.knows(set().unwrap().person);
    let phone = world.open_phone(anna).unwrap();
    let grant = phone.read(Function::SalaryInformation).unwrap();
    assert_eq!(grant.rule(), Some(Rule::EmployeeProfile));
}

#[test]
fn r24_r36_a_proof_is_given_to_a_user_administrator_in_the_browser_only() {
    let world = World::new();
    let actor = world.administrator(ACME);
    let anna = world.employee();
    let prove = |actor: Actor| code(world.gate.blocking().administrator(&actor));
    assert_eq!(prove(actor).unwrap().company(), ACME);
    for wrong in [
        Actor { channel: Channel::MobileApp, ..actor },
        Actor { company: BOLT, ..actor },
        Actor { person: anna, ..actor },
        Actor { person: world.stranger().id(), ..actor },
    ] {
        refused(&world, wrong.person, RefusalCode::NotAuthorised, || prove(wrong));
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
                let ottos =
                    Request { channel: Channel::MobileApp, company: ACME, action, function, owner: otto };
                refused(&world, anna, RefusalCode::NotOwnData, || phone.request(&ottos));
            }
            let _ = phone.read(function).unwrap();
        }
    }
}
