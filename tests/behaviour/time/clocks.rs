//! Clocks that run back, jump, or do not know the time.

use std::time::Duration;

use pinlatch::account::Policy;
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, World, days, hours, minutes};

use super::{with_idle, with_lifetime};
use crate::given::*;

/// When every world begins.
const NOON: Timestamp = Timestamp::from_unix_seconds(1_795_348_800);

fn moments(world: &World, phone: &Phone<'_>) -> Vec<Timestamp> {
    world.journal.events(phone.owner).into_iter().filter_map(|event| event.at).collect()
}

fn jumps(world: &World, phone: &Phone<'_>) -> Vec<Duration> {
    let jump = |kind| match kind {
        Change::ClockJumpBounded { beyond } => Some(beyond),
        _ => None,
    };
    world.journal.events(phone.owner).into_iter().filter_map(|event| jump(event.change)).collect()
}

#[test]
fn e30_the_clock_going_back_revives_no_session_no_pin_window_and_no_invitation() {
    let world = with_lifetime(hours(8));
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let session = same_session(&phone);
    world.wait(hours(8));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    world.clock.set(Some(NOON));
    assert_eq!(answer_to(&world, &session), Err(Code::SessionRequired));
    refused(&world, anna, Code::AuthenticationRequired, || phone.unlock(PIN));

    let (mut pending, mut late) = (world.phone(anna), world.phone(anna));
    pending.sign_in().unwrap();
    world.clock.set(Some(NOON.plus(hours(9))));
    assert_eq!(pending.create_pin(PIN), Err(Code::AuthenticationRequired));
    world.clock.set(Some(NOON));
    refused(&world, anna, Code::AuthenticationRequired, || pending.create_pin(PIN));

    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    let invitation = world.invited(anna).unwrap();
    assert_eq!(invitation.expires(), NOON.plus(hours(9 + 24)), "by the account's time, not the clock's");
    for hours in [9 + 24, 0, 9] {
        world.clock.set(Some(NOON.plus(pinlatch_testkit::hours(hours))));
        assert_eq!(late.sign_in_with_invitation(&invitation), Err(Code::ReinvitationRequired));
        refused(&world, anna, Code::ReinvitationRequired, || late.sign_in_with_invitation(&invitation));
        assert_eq!(newest_refusal(&world, anna).cause(), Cause::InvitationExpired);
    }
}

#[test]
fn e30_what_expired_by_the_accounts_time_stays_expired_when_the_clock_goes_back() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let invitation = world.invited(anna).unwrap();
    world.wait(hours(25));
    phone.lock().unwrap();
    world.clock.set(Some(NOON));
    let actor = world.administrator(ACME);
    refused(&world, anna, Code::NoInvitation, || {
        world
            .gate
            .blocking()
            .withdraw_invitation(&actor.session(), actor.company, anna)
            .map_err(|error| error.code())
    });
    assert!(world.account(anna).unwrap().invitation().is_some_and(|open| *open == invitation));
}

#[test]
fn i11_an_event_carries_the_reading_as_it_was() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.wait(hours(1));
    phone.lock().unwrap();
    for earlier in [NOON, Timestamp::from_unix_millis(0), NOON.plus(minutes(59))] {
        world.clock.set(Some(earlier));
        phone.unlock(PIN).unwrap();
        phone.lock().unwrap();
    }
    let later = NOON.plus(hours(1));
    let (none, soon) = (Timestamp::from_unix_millis(0), NOON.plus(minutes(59)));
    assert_eq!(moments(&world, &phone), [NOON, NOON, later, NOON, NOON, none, none, soon, soon]);
    assert_eq!(jumps(&world, &phone), []);
    world.clock.set(None);
    phone.lock().unwrap();
    phone.log_out().unwrap();
    assert_eq!(world.journal.events(phone.owner).last().unwrap().at, None, "the clock was unknown");
}

#[test]
fn e30_a_jump_forward_is_bounded_and_reported() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.wait(days(3_660));
    phone.lock().unwrap();
    assert_eq!(moments(&world, &phone).last(), Some(&NOON.plus(days(3_660))));
    assert_eq!(jumps(&world, &phone), [days(3_660 - 366)]);
    world.clock.set(Some(NOON.plus(days(366))));
    phone.unlock(PIN).unwrap();
    assert_eq!(moments(&world, &phone).last(), Some(&NOON.plus(days(366))));
    assert_eq!(jumps(&world, &phone).len(), 1);
}

#[test]
fn e30_a_jump_within_bounds_is_believed_to_the_millisecond() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    world.wait(days(366));
    phone.lock().unwrap();
    assert_eq!(moments(&world, &phone).last(), Some(&NOON.plus(days(366))));
    assert_eq!(jumps(&world, &phone), []);
}

#[test]
fn e30_one_command_goes_no_further_than_one_bound_however_many_events_it_has() {
    let world = World::new();
    let anna = world.employee();
    let phones = [(); 3].map(|()| world.open_phone(anna).unwrap());
    world.wait(days(3_660));
    phones[0].log_out_everywhere().unwrap();
    assert_eq!(jumps(&world, &phones[0]), [days(3_660 - 366)], "reported once");
}

#[test]
fn e30_a_jump_that_is_only_noted_as_use_is_bounded_and_reported_too() {
    let policy = Policy::builder().idle_lock(hours(12)).clock_jump(hours(2)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let phone = world.open_phone(world.employee()).unwrap();
    world.wait(hours(5));
    let _used = phone.check().unwrap();
    assert_eq!(jumps(&world, &phone), [hours(3)]);
}

#[test]
fn e30_a_jump_that_only_an_expired_invitation_shows_is_reported_too() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.log_out_everywhere().unwrap();
    let invitation = world.invited(phone.owner).unwrap();
    world.wait(days(3_660));
    assert_eq!(phone.sign_in_with_invitation(&invitation), Err(Code::ReinvitationRequired));
    assert_eq!(jumps(&world, &phone), [days(3_660 - 366)]);
    world.clock.set(Some(NOON));
    refused(&world, phone.owner, Code::ReinvitationRequired, || phone.sign_in_with_invitation(&invitation));
}

#[test]
fn e30_a_new_account_believes_its_first_reading() {
    let world = World::new();
    world.wait(days(10_000));
    let phone = world.open_phone(world.employee()).unwrap();
    assert_eq!(jumps(&world, &phone), []);
    assert_eq!(moments(&world, &phone)[0], NOON.plus(days(10_000)));
}

#[test]
fn e30_without_a_clock_nothing_is_raised_and_lowering_goes_on() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let mut pending = world.phone(anna);
    pending.sign_in().unwrap();
    phone.enable(Modality::Face).unwrap();
    world.clock.set(None);
    let _no_window_is_set = phone.check().unwrap();
    refused(&world, anna, Code::ClockUnavailable, || phone.change_pin(PIN, ANOTHER_PIN));
    refused(&world, anna, Code::ClockUnavailable, || phone.enable(Modality::Fingerprint));
    phone.lock().unwrap();
    refused(&world, anna, Code::ClockUnavailable, || phone.unlock(PIN));
    refused(&world, anna, Code::ClockUnavailable, || phone.unlock_by(Modality::Face));
    refused(&world, anna, Code::ClockUnavailable, || pending.create_pin(PIN));
    refused(&world, anna, Code::ClockUnavailable, || world.phone(anna).sign_in());
    refused(&world, anna, Code::ClockUnavailable, || world.invited(anna));
    assert_eq!(moments(&world, &phone).last(), Some(&NOON), "the latest time known");
    phone.log_out().unwrap();
    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    assert_eq!(pending.state(), SessionState::RevokedAll);
}

#[test]
fn e30_without_a_clock_a_session_with_a_window_cannot_be_used() {
    for world in [with_idle(minutes(10)), with_lifetime(hours(8))] {
        let phone = world.open_phone(world.employee()).unwrap();
        world.clock.set(None);
        refused(&world, phone.owner, Code::ClockUnavailable, || phone.check());
        world.clock.set(Some(NOON));
        let _works_again = phone.check().unwrap();
    }
}

#[test]
fn e30_an_invitation_is_not_accepted_without_a_clock() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.log_out_everywhere().unwrap();
    let invitation = world.invited(anna).unwrap();
    world.clock.set(None);
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in_with_invitation(&invitation));
    world.clock.set(Some(NOON));
    phone.sign_in_with_invitation(&invitation).unwrap();
}
