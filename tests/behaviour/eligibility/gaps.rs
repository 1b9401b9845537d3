//! Gaps between employments, and rights that end: on every device at once, noticed or not (E22, E23). A1 and
//! A2 of the cases.

use pinlatch::people::{LocalDates, UserAccess};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause, SessionState};
use pinlatch_testkit::{ACME, BOLT, PIN, Phone, World, day, since_last_year};

use super::{employed, until};
use crate::given::*;

fn today_is(world: &World, month: i8, of_month: i8) {
    world.directory.set_dates(LocalDates::everywhere(day(2026, month, of_month)));
}

fn reassess(world: &World, phone: &Phone<'_>) {
    world.gate.blocking().reassess(phone.owner).unwrap();
}

/// Ended with the 22nd of November, and begun again on that day of December.
fn rehired(world: &World, phone: &Phone<'_>, month: i8, of_month: i8) {
    let again = pinlatch::people::Validity::from(day(2026, month, of_month));
    world.change(phone.owner, |person| {
        only(employed(until(2026, 11, 22)))(person).with_employment(employed(again))
    });
}

fn is_wiped(world: &World, phone: &Phone<'_>) -> bool {
    let gone = trail(world, phone).last() == Some(&Change::LoggedOut(LogOutCause::NoLongerEligible));
    assert_eq!(gone, phone.state() == SessionState::LoggedOut);
    gone
}

/// A1: nobody made contact between the last day and the rehire.
#[test]
fn e23_a_gap_that_nobody_noticed_ends_the_open_session_and_the_locked_pin() {
    let world = World::new();
    let anna = world.employee();
    let (open, mut locked) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
    rehired(&world, &open, 12, 1);
    today_is(&world, 12, 15);
    let hashed = world.hasher.count();
    assert_eq!(open.check(), Err(Code::AuthenticationRequired));
    assert_eq!(locked.unlock(PIN), Err(Code::AuthenticationRequired));
    assert_eq!(world.hasher.count(), hashed, "the PIN is not evaluated");
    assert!(is_wiped(&world, &open) && is_wiped(&world, &locked));
    // Who is employed may sign in, and no gap of before counts against that.
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    let _open = phone.check().unwrap();
}

#[test]
fn e23_employments_that_follow_each_other_without_a_day_between_have_no_gap() {
    for (of_month, has_gap) in [(23, false), (24, true)] {
        let world = World::new();
        let mut phone = world.open_phone(world.employee()).unwrap();
        rehired(&world, &phone, 11, of_month);
        today_is(&world, 12, 15);
        assert_eq!(phone.check().is_err(), has_gap, "from the {of_month}th on");
        assert_eq!(is_wiped(&world, &phone), has_gap);
        if !has_gap {
            phone.lock().unwrap();
            phone.unlock(PIN).unwrap();
        }
    }
}

/// A1: removed from the directory and put back on the same day.
#[test]
fn e23_a_gap_within_a_day_is_one_if_the_host_said_so() {
    for is_told in [true, false] {
        let world = World::new();
        let anna = world.employee();
        let (open, locked) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
        let known = world.directory.get(anna).unwrap();
        world.directory.remove(anna);
        if is_told {
            reassess(&world, &open);
        }
        world.knows(known);
        assert_eq!(open.check().is_err(), is_told);
        assert_eq!((is_wiped(&world, &open), is_wiped(&world, &locked)), (is_told, is_told));
    }
}

/// A1: with two phones, the one that noticed ends both.
#[test]
fn e22_e23_the_phone_that_noticed_ends_the_others() {
    for user_only in [true, false] {
        let world = World::new();
        let anna = world.employee();
        if user_only {
            let access = UserAccess::new(ACME, until(2026, 11, 22));
            world.change(anna, |person| nowhere(person).with_user_access(access));
        } else {
            world.change(anna, only(employed(until(2026, 11, 22))));
        }
        let (noticing, locked) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
        let pending = pending_phone(&world, anna);
        today_is(&world, 11, 23);
        assert_eq!(noticing.check(), Err(Code::NotEligible));
        world.change(anna, only(employed(since_last_year())));
        for mut phone in [noticing, locked, pending] {
            assert!(is_wiped(&world, &phone), "user only: {user_only}");
            assert_eq!(phone.unlock(PIN), Err(Code::AuthenticationRequired));
        }
    }
}

#[test]
fn e23_reassessing_ends_what_nobody_looked_at_and_leaves_the_rest_alone() {
    let world = World::new();
    let (leaver, stays) = (world.employee(), world.employee());
    let (gone, open) = (world.open_phone(leaver).unwrap(), world.open_phone(stays).unwrap());
    world.change(leaver, only(employed(until(2026, 11, 22))));
    unchanged(&world, leaver, || code(world.gate.blocking().reassess(leaver)));
    today_is(&world, 11, 23);
    reassess(&world, &gone);
    assert!(is_wiped(&world, &gone));
    unchanged(&world, leaver, || code(world.gate.blocking().reassess(leaver)));
    unchanged(&world, stays, || code(world.gate.blocking().reassess(stays)));
    let _open = open.check().unwrap();
    let never_here = world.employee();
    unchanged(&world, never_here, || code(world.gate.blocking().reassess(never_here)));
    assert_eq!(stored(&world, never_here), None);
}

#[test]
fn e23_a_directory_that_is_down_reassesses_nobody() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.directory.set_down(true);
    let answer = code(world.gate.blocking().reassess(phone.owner));
    assert_eq!(answer, Err(Code::Unavailable));
    world.directory.set_down(false);
    phone.unlock(PIN).unwrap();
}

/// E22: who stands somewhere without being eligible is refused, and keeps the PIN.
#[test]
fn e22_who_stands_without_being_eligible_keeps_the_pin() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let ended = UserAccess::new(ACME, until(2026, 11, 22));
    world.change(phone.owner, |person| only(job(&[]))(person).with_user_access(ended));
    today_is(&world, 11, 23);
    refused(&world, phone.owner, Code::NoChargeableService, || phone.check());
    unchanged(&world, phone.owner, || code(world.gate.blocking().reassess(phone.owner)));
    world.change(phone.owner, only(employed(since_last_year())));
    phone.unlock(PIN).unwrap();
}

/// E23: over here, not begun there yet, since it is another day in another company.
#[test]
fn e23_a_moment_between_two_dates_is_refused_and_not_wiped() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let next = pinlatch::people::Validity::from(day(2026, 11, 23));
    let next = pinlatch::people::Employment::new(BOLT, next).with_service(access::Travel);
    world.change(phone.owner, |person| only(employed(until(2026, 11, 22)))(person).with_employment(next));
    // In ACME it is the 23rd already, in BOLT the 22nd still.
    let dates = LocalDates::everywhere(day(2026, 11, 23)).with(BOLT, day(2026, 11, 22));
    world.directory.set_dates(dates);
    refused(&world, phone.owner, Code::NotEligible, || phone.check());
    unchanged(&world, phone.owner, || code(world.gate.blocking().reassess(phone.owner)));
    today_is(&world, 11, 23);
    phone.unlock(PIN).unwrap();
}

/// A2: over a leaver, who is in effect nowhere, the company that was last has the reach to lower.
#[test]
fn e23_d31_the_day_after_the_last_day_the_administrator_still_ends_the_leavers_phones() {
    let world = World::new();
    let anna = world.employee();
    let (phone, other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let (acme, bolt) = (world.administrator(ACME), world.administrator(BOLT));
    world.change(anna, only(employed(until(2026, 11, 22))));
    today_is(&world, 11, 23);
    let gate = world.gate.blocking();
    let seen = gate.overview(&acme.session(), ACME, anna).unwrap();
    assert_eq!(seen.devices.len(), 2);
    refused(&world, anna, Code::NotAuthorised, || {
        code(gate.log_out_device_of(&bolt.session(), BOLT, anna, phone.id.unwrap()))
    });
    refused(&world, anna, Code::NotAuthorised, || code(gate.overview(&bolt.session(), BOLT, anna)));
    gate.log_out_device_of(&acme.session(), ACME, anna, phone.id.unwrap()).unwrap();
    let by = Change::LoggedOut(LogOutCause::ByAdministrator { by: acme.person, company: ACME });
    assert_eq!(trail(&world, &phone).last(), Some(&by));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    revoke_all(&world, &acme, anna).unwrap();
    assert_eq!(other.state(), SessionState::RevokedAll);
    // To raise, a relation in effect is needed.
    refused(&world, anna, Code::NotAuthorised, || code(gate.invite(&acme.session(), ACME, anna)));
}
