//! Administrators at the gate: proved, restricted to their company, and blind to PINs.

use pinlatch::access::Rule;
use pinlatch::access::users_and_roles::{establish_user, hire, set_profile};
use pinlatch::people::{Employment, Function, LocalDates, Profile, Role, Services, UserAccess, Validity};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::SessionState;
use pinlatch_testkit::{ACME, BOLT, InBrowser, PIN, World, day, since_last_year};

use crate::given::*;

#[test]
fn r24_the_employee_profile_can_be_set_only_on_a_user_of_that_company() {
    let world = World::new();
    let anna = world.employee();
    let actor = world.administrator(ACME);
    let administrator = world.gate.blocking().administrator(&actor.session(), actor.company).unwrap();
    let dates = world.directory.today();
    let known = || world.directory.get(anna).unwrap();

    let set = || set_profile(&administrator, &known(), Profile::Employee, &dates);
    let refusal = set().unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::NotAUser);
    // It is said to the administrator, and not about the administrator (E33).
    assert_eq!(refusal.to_string(), "This person has not been added as a user.");
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
fn r24_r36_a_proof_is_given_to_a_user_administrator_of_that_company_only() {
    let world = World::new();
    let actor = world.administrator(ACME);
    let anna = world.employee();
    let prove = |actor: InBrowser| code(world.gate.blocking().administrator(&actor.session(), actor.company));
    assert_eq!(prove(actor).unwrap().company(), ACME);
    for wrong in [
        InBrowser { company: BOLT, ..actor },
        InBrowser { person: anna, ..actor },
        InBrowser { person: world.stranger().id(), ..actor },
    ] {
        refused(&world, wrong.person, RefusalCode::NotAuthorised, || prove(wrong));
    }
}

#[test]
fn e21_a_role_granted_or_revoked_applies_at_the_next_request() {
    let world = World::new();
    let anna = world.employee();
    let actor = world.administrator(ACME);
    let invite =
        || world.gate.blocking().invite(&actor.session(), actor.company, anna).map_err(|error| error.code());
    invite().unwrap();
    let roles = |role: Option<Role>| {
        let access = UserAccess::new(ACME, since_last_year());
        let access = role.into_iter().fold(access, UserAccess::with_role);
        world.change(actor.person, |person| person.with_user_access(access));
    };
    roles(Some(Role::CompanyAdministrator));
    refused(&world, anna, RefusalCode::NotAuthorised, invite);
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::RoleMissing);
    roles(Some(Role::UserAdministrator));
    invite().unwrap();
}

#[test]
fn e25_an_administrator_of_one_company_has_no_power_over_a_person_of_the_other() {
    let world = World::new();
    let (of_acme, of_bolt) = (world.administrator(ACME), world.administrator(BOLT));
    let anna = world.knows(world.stranger().with_bank_credentials().with_employment(travel_in(BOLT)));
    let _phone = world.open_phone(anna).unwrap();
    let gate = world.gate.blocking();
    refused(&world, anna, RefusalCode::NotAuthorised, || {
        gate.invite(&of_acme.session(), of_acme.company, anna).map_err(|error| error.code())
    });
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::UnrelatedCompany);
    refused(&world, anna, RefusalCode::NotAuthorised, || revoke_all(&world, &of_acme, anna));
    gate.invite(&of_bolt.session(), of_bolt.company, anna).unwrap();
    refused(&world, anna, RefusalCode::NotAuthorised, || {
        gate.withdraw_invitation(&of_acme.session(), of_acme.company, anna).map_err(|error| error.code())
    });
    let page = request(BOLT, Function::UsersAndRoles, anna);
    refused(&world, of_acme.person, RefusalCode::NotAUser, || {
        gate.browser_check(&of_acme.session(), &page).map_err(|error| error.code())
    });
    let rule = gate.browser_check(&of_bolt.session(), &page).unwrap();
    assert_eq!(rule, Rule::AdministratorRole);
}

#[test]
fn d31_the_day_after_the_last_day_the_administrator_can_still_end_the_leavers_phones() {
    let world = World::new();
    let (anna, of_acme) = (world.employee(), world.administrator(ACME));
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    let through_yesterday = Validity::between(day(2025, 1, 1), day(2026, 11, 21)).unwrap();
    world.change(anna, only(Employment::new(ACME, through_yesterday)));
    let gate = world.gate.blocking();
    refused(&world, anna, RefusalCode::NotAuthorised, || {
        gate.invite(&of_acme.session(), ACME, anna).map_err(|error| error.code())
    });
    revoke_all(&world, &of_acme, anna).unwrap();
    assert_eq!(phone.state(), SessionState::RevokedAll);
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::ReinvitationRequired));
}

#[test]
fn d31_a_hiring_or_a_user_access_from_2099_gives_no_reach_over_the_account() {
    let world = World::new();
    let (anna, of_bolt) = (world.employee(), world.administrator(BOLT));
    let proof = world.gate.blocking().administrator(&of_bolt.session(), BOLT).unwrap();
    let (from_2099, dates) = (Validity::from(day(2099, 1, 1)), world.directory.today());
    let known = || world.directory.get(anna).unwrap();
    let hired = hire(&proof, &known(), from_2099, Services::EMPTY, &dates).unwrap();
    world.knows(hired.person);
    let user = establish_user(&proof, &known(), from_2099, &dates).unwrap();
    world.knows(user.person);
    let gate = world.gate.blocking();
    refused(&world, anna, RefusalCode::NotAuthorised, || {
        gate.invite(&of_bolt.session(), BOLT, anna).map_err(|error| error.code())
    });
    refused(&world, anna, RefusalCode::NotAuthorised, || revoke_all(&world, &of_bolt, anna));
    // From that day on it does.
    world.directory.set_dates(LocalDates::everywhere(day(2099, 1, 1)));
    gate.invite(&of_bolt.session(), BOLT, anna).unwrap();
}

#[test]
fn e31_an_administrator_never_learns_or_sets_a_pin() {
    let world = World::new();
    let (anna, actor) = (world.employee(), world.administrator(ACME));
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(2), Err(RefusalCode::IncorrectPin));
    let gate = world.gate.blocking();
    let (hashed, seen) = (world.hasher.count(), world.journal.events(anna).len());
    let invitation = gate.invite(&actor.session(), actor.company, anna).unwrap();
    gate.withdraw_invitation(&actor.session(), actor.company, anna).unwrap();
    assert_eq!(world.hasher.count(), hashed);
    assert_eq!(ledger(&world, &phone), Some((2, 0)), "nor its count");
    let events = world.journal.events(anna).split_off(seen);
    assert!(events.iter().all(|event| event.device.is_none()));
    assert!(!format!("{invitation:?}{events:?}").contains(PIN));
    phone.unlock(PIN).unwrap();
}
