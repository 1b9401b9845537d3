//! Employments, user accesses and services that begin and end while a phone is signed in.

use pinlatch::people::{
    ChargeableService, Employment, Function, LocalDates, Person, Profile, UserAccess, Validity,
};
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, World, day, since_last_year};

use super::{browser, employed, until};
use crate::given::*;

fn only_employed(person: Person, employment: Employment) -> Person {
    Person::new(person.id()).with_bank_credentials().with_employment(employment)
}

fn today_is(world: &World, month: i8, of_month: i8) {
    world.directory.set_dates(LocalDates::everywhere(day(2026, month, of_month)));
}

/// The session is over and what was enrolled is wiped, with one event that says why.
fn ended(world: &World, phone: &Phone<'_>) {
    assert_eq!(trail(world, phone).last(), Some(&Change::LoggedOut(LogOutCause::NoLongerEligible)));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    assert_eq!(ledger(world, phone), None);
}

#[test]
fn e19_a_service_closed_mid_month_runs_to_the_end_of_that_month() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let closing = day(2026, 11, 22);
    let remaining = employed(since_last_year()).with_service_closed(ChargeableService::Salaries, closing);
    world.change(anna, |person| only_employed(person, remaining));
    today_is(&world, 11, 30);
    let _granted = phone.read(Function::SalaryInformation).unwrap();
    let _granted = phone.read(Function::WorkingHours).unwrap();
    today_is(&world, 12, 1);
    refused(&world, anna, Code::FunctionNotInServices, || phone.read(Function::SalaryInformation));
    refused(&world, anna, Code::FunctionNotInServices, || phone.read(Function::WorkingHours));
    let _granted = phone.read(Function::TravelExpenseReports).unwrap();
}

#[test]
fn e19_without_any_service_use_and_unlock_are_refused_and_the_pin_is_kept() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.enable(Modality::Face).unwrap();
    let today = day(2026, 11, 22);
    let closed = ChargeableService::ALL.iter().fold(employed(since_last_year()), |employment, service| {
        employment.with_service_closed(*service, today)
    });
    world.change(anna, |person| only_employed(person, closed));
    today_is(&world, 12, 1);
    refused(&world, anna, Code::NoChargeableService, || phone.check());
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::ServicesClosed);
    refused(&world, anna, Code::NoChargeableService, || phone.change_pin(PIN, "530648"));
    phone.lock().unwrap();
    refused(&world, anna, Code::NoChargeableService, || phone.unlock(PIN));
    refused(&world, anna, Code::NoChargeableService, || phone.unlock("111222"));
    refused(&world, anna, Code::NoChargeableService, || phone.unlock_by(Modality::Face));
    refused(&world, anna, Code::NoChargeableService, || world.phone(anna).sign_in());
    assert_eq!(ledger(&world, &phone), Some((0, 0)));

    world.change(anna, |person| only_employed(person, employed(since_last_year())));
    phone.unlock(PIN).unwrap();
    let _grant = phone.check().unwrap();
}

#[test]
fn e22_a_user_access_that_ended_takes_browser_roles_and_the_sessions_that_relied_on_it() {
    let world = World::new();
    let (otto, kaisa) = (world.user(Profile::Employee), world.administrator(ACME));
    let (mut phone, anna) = (world.open_phone(otto).unwrap(), world.employee());
    phone.enable(Modality::Face).unwrap();
    let session = same_session(&phone);
    let over = UserAccess::new(ACME, until(2026, 11, 22)).with_profile(Profile::Employee);
    world.change(otto, |person| person.with_user_access(over));
    let role = pinlatch::people::Role::UserAdministrator;
    let administered = UserAccess::new(ACME, until(2026, 11, 22)).with_role(role);
    world.change(kaisa.person, |person| person.with_user_access(administered));
    world.gate.blocking().invite(&kaisa.session(), kaisa.company, anna).unwrap();
    let _last_day = phone.check().unwrap();

    today_is(&world, 11, 23);
    refused(&world, otto, Code::NotAUser, || browser(&world, otto));
    let hashed = world.hasher.count();
    assert_eq!(phone.check(), Err(Code::NotEligible));
    ended(&world, &phone);
    assert_eq!(answer_to(&world, &session), Err(Code::SessionRequired));
    assert_eq!(phone.unlock(PIN), Err(Code::AuthenticationRequired));
    assert_eq!(world.hasher.count(), hashed);
    refused(&world, anna, Code::NotAuthorised, || {
        world.gate.blocking().invite(&kaisa.session(), kaisa.company, anna).map_err(|error| error.code())
    });

    world.change(otto, |person| person.with_employment(employed(since_last_year())));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
}

#[test]
fn e22_a_session_that_an_employment_carries_outlives_the_user_access() {
    let world = World::new();
    let anna = world.employee();
    let access = UserAccess::new(ACME, until(2026, 11, 22)).with_profile(Profile::Employee);
    world.change(anna, |person| person.with_user_access(access));
    let phone = world.open_phone(anna).unwrap();
    browser(&world, anna).unwrap();
    today_is(&world, 11, 23);
    refused(&world, anna, Code::NotAUser, || browser(&world, anna));
    let _granted = phone.read(Function::SalaryInformation).unwrap();
}

#[test]
fn e23_an_employment_works_through_its_last_day_and_then_everything_is_wiped() {
    let world = World::new();
    let anna = world.employee();
    let open = world.open_phone(anna).unwrap();
    let mut locked = world.open_phone(anna).unwrap();
    locked.lock().unwrap();
    world.change(anna, |person| only_employed(person, employed(until(2026, 11, 22))));
    let _last_day = open.check().unwrap();
    today_is(&world, 11, 23);
    let hashed = world.hasher.count();
    assert_eq!(open.check(), Err(Code::NotEligible));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::EmploymentEnded);
    ended(&world, &open);
    // On every device at once, whichever noticed.
    ended(&world, &locked);
    refused(&world, anna, Code::AuthenticationRequired, || locked.unlock(PIN));
    assert_eq!(world.hasher.count(), hashed, "the PIN is not evaluated");
    refused(&world, anna, Code::NotEligible, || world.phone(anna).sign_in());
}

#[test]
fn e23_a_person_whom_the_directory_no_longer_knows_loses_everything() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    world.directory.remove(phone.owner);
    assert_eq!(phone.check(), Err(Code::NotEligible));
    ended(&world, &phone);
}

#[test]
fn e23_a_directory_that_is_down_wipes_nothing() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.directory.set_down(true);
    refused(&world, phone.owner, Code::Unavailable, || phone.check());
    phone.lock().unwrap();
    refused(&world, phone.owner, Code::Unavailable, || phone.unlock(PIN));
    world.directory.set_down(false);
    phone.unlock(PIN).unwrap();
}

#[test]
fn e24_a_future_employment_is_eligible_from_its_first_day() {
    let world = World::new();
    let starting = employed(Validity::from(day(2026, 12, 1)));
    let anna = world.knows(world.stranger().with_bank_credentials().with_employment(starting));
    let mut phone = world.phone(anna);
    today_is(&world, 11, 30);
    refused(&world, anna, Code::NotEligible, || phone.sign_in());
    today_is(&world, 12, 1);
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
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
