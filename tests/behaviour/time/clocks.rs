//! Clocks that run back, jump, or do not know the time (D23, E30).

use std::time::Duration;

use pinlatch::account::{BeginFor, StrongAuthentication};
use pinlatch::people::AuthenticationMethod;
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, LockCause, Modality, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{
    ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, World, days, hours, millis, minutes, seconds,
};

use super::{NOON, with_idle, with_lifetime};
use crate::given::*;

fn readings(world: &World, phone: &Phone<'_>) -> Vec<Option<Timestamp>> {
    world.journal.events(phone.owner).into_iter().map(|event| event.at).collect()
}

/// How often and how far the clock was set back, as the journal learnt of it.
fn set_backs(world: &World, phone: &Phone<'_>) -> Vec<(u32, Duration)> {
    let set_back = |change| match change {
        Change::ClockSetBack { times, largest } => Some((times, largest)),
        _ => None,
    };
    world.journal.events(phone.owner).into_iter().filter_map(|event| set_back(event.change)).collect()
}

#[test]
fn e30_the_clock_going_back_revives_no_session_no_pin_window_and_no_invitation() {
    let world = with_lifetime(hours(8));
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let session = same_session(&phone);
    world.wait(hours(8));
    assert_eq!(phone.check(), Err(Code::AuthenticationRequired));
    world.clock.set(Some(NOON));
    assert_eq!(answer_to(&world, &session), Err(Code::SessionRequired));
    assert_eq!(phone.unlock(PIN), Err(Code::AuthenticationRequired));

    world.wait(minutes(3));
    let (mut pending, mut late) = (world.phone(anna), world.phone(anna));
    pending.sign_in().unwrap();
    world.clock.set(Some(NOON.plus(hours(9))));
    assert_eq!(pending.create_pin(PIN), Err(Code::AuthenticationRequired));
    world.clock.set(Some(NOON));
    assert_eq!(pending.create_pin(PIN), Err(Code::AuthenticationRequired));

    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    let invitation = world.invited(anna).unwrap();
    assert_eq!(invitation.expires, NOON.plus(hours(24)), "as the clock reads now");
    world.wait(hours(24));
    assert_eq!(late.sign_in_with_invitation(&invitation), Err(Code::ReinvitationRequired));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::InvitationExpired);
    for reading in [NOON, NOON.plus(hours(9)), NOON.plus(hours(24))] {
        world.clock.set(Some(reading));
        assert_eq!(late.sign_in_with_invitation(&invitation), Err(Code::ReinvitationRequired));
    }
}

#[test]
fn d23_what_a_refused_command_found_passed_is_written() {
    let world = World::new();
    let anna = world.employee();
    let _phone = world.open_phone(anna).unwrap();
    let _invitation = world.invited(anna).unwrap();
    world.wait(hours(24));
    let actor = world.administrator(ACME);
    let withdraw =
        || code(world.gate.blocking().withdraw_invitation(&actor.session(), actor.company, anna)).map(|_| ());
    refused_as_expired(&world, anna, Code::NoInvitation, withdraw);
    world.clock.set(Some(NOON));
    assert_eq!(withdraw(), Err(Code::NoInvitation));
    assert!(world.account(anna).unwrap().invitation().is_none());
}

#[test]
fn d23_i11_an_event_carries_the_reading_as_it_was_and_one_says_that_the_clock_was_set_back() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let later = NOON.plus(hours(1));
    world.clock.set(Some(later));
    phone.lock().unwrap();
    // Within the skew it is another host.
    let another = NOON.plus(minutes(58));
    world.clock.set(Some(another));
    phone.unlock(PIN).unwrap();
    assert_eq!(set_backs(&world, &phone), []);
    // The base is an hour after noon still: 60 minutes back.
    world.clock.set(Some(NOON));
    phone.lock().unwrap();
    assert_eq!(set_backs(&world, &phone), [(1, hours(1))]);
    world.clock.set(None);
    phone.log_out().unwrap();
    let [noon, later, another] = [NOON, later, another].map(Some);
    // Signed in, PIN; locked; opened; set back, and locked by it; logged out.
    assert_eq!(readings(&world, &phone), [noon, noon, later, another, noon, noon, None]);
}

#[test]
fn d23_a_set_back_locks_what_was_opened_or_used_later() {
    // Opened at noon; the new base is before that by more than the skew, or not.
    for (back, locks) in [(minutes(2), false), (minutes(2) + millis(1), true), (days(3_650), true)] {
        let world = World::new();
        let (phone, old) = (world.open_phone(world.employee()).unwrap(), Timestamp::as_unix_millis(NOON));
        let reading = Timestamp::from_unix_millis(old - u64::try_from(back.as_millis()).unwrap());
        world.clock.set(Some(reading));
        let answer = phone.check().map(drop);
        assert_eq!(answer, if locks { Err(Code::SessionRequired) } else { Ok(()) }, "{back:?}");
        let by_clock = trail(&world, &phone).last() == Some(&Change::Locked(LockCause::ClockSetBack));
        assert_eq!(by_clock, locks, "{back:?}");
    }

    // Opened at noon and used since: the use was read later than the new base and the skew.
    for (used, locks) in [(minutes(90), true), (minutes(62), false)] {
        let world = with_idle(hours(8));
        let phone = world.open_phone(world.employee()).unwrap();
        // The base, by another host's write; nothing is used by it.
        world.wait(used);
        let _used = phone.check().unwrap();
        world.clock.set(Some(NOON.plus(hours(3))));
        let _invitation = world.invited(phone.owner).unwrap();
        world.clock.set(Some(NOON.plus(hours(1))));
        assert_eq!(phone.check().is_err(), locks, "used {used:?} after noon, and read as an hour after it");
    }
}

#[test]
fn d23_a_reading_outside_the_years_2000_to_9999_is_none() {
    let year_2000 = 946_684_800_000;
    let year_10_000 = 253_402_300_800_000;
    for (reading, is_one) in [
        (0, false),
        (year_2000 - 1, false),
        (year_2000, true),
        (year_10_000 - 1, true),
        (year_10_000, false),
        (u64::MAX, false),
    ] {
        let world = World::new();
        let phone = world.open_phone(world.employee()).unwrap();
        world.clock.set(Some(Timestamp::from_unix_millis(reading)));
        phone.lock().unwrap();
        let mut other = world.phone(world.employee());
        let answer = other.sign_in();
        assert_eq!(answer, if is_one { Ok(()) } else { Err(Code::ClockUnavailable) }, "{reading}");
        let read = readings(&world, &phone)[2];
        assert_eq!(read, is_one.then_some(Timestamp::from_unix_millis(reading)), "{reading}");
        // Nothing has happened to time by it, if it was none.
        world.clock.set(Some(NOON));
        phone.log_out().unwrap();
        assert_eq!(set_backs(&world, &phone).is_empty(), !is_one, "{reading}");
    }
}

/// T6 of the cases: set-backs that the journal did not take yet are counted in one event.
#[test]
fn d23_set_backs_that_wait_are_merged_and_those_that_were_taken_are_not() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let mut to_and_fro = |span: Duration| {
        world.clock.set(Some(NOON.plus(span)));
        phone.lock().unwrap();
        phone.unlock(PIN).unwrap();
        world.clock.set(Some(NOON));
        assert_eq!(phone.lock(), Ok(()));
    };
    let taken = || assert_eq!(world.gate.blocking().deliver_events(anna).unwrap(), 0);
    to_and_fro(hours(1));
    taken();
    world.journal.set_down(true);
    for hours_ahead in [2, 5, 3] {
        to_and_fro(hours(hours_ahead));
    }
    world.journal.set_down(false);
    taken();
    to_and_fro(hours(1));
    assert_eq!(set_backs(&world, &phone), [(1, hours(1)), (3, hours(5)), (1, hours(1))]);
}

#[test]
fn e30_without_a_clock_nothing_is_raised_and_lowering_goes_on() {
    for reading in [None, Some(Timestamp::from_unix_millis(0)), Some(Timestamp::from_unix_millis(u64::MAX))] {
        let world = World::new();
        let anna = world.employee();
        let mut phone = world.open_phone(anna).unwrap();
        let mut pending = world.phone(anna);
        pending.sign_in().unwrap();
        phone.enable(Modality::Face).unwrap();
        world.clock.set(reading);
        let _no_window_is_set = phone.check().unwrap();
        refused(&world, anna, Code::ClockUnavailable, || phone.change_pin(PIN, ANOTHER_PIN));
        refused(&world, anna, Code::ClockUnavailable, || phone.enable(Modality::Fingerprint));
        phone.lock().unwrap();
        refused(&world, anna, Code::ClockUnavailable, || phone.unlock(PIN));
        refused(&world, anna, Code::ClockUnavailable, || phone.unlock_by(Modality::Face));
        refused(&world, anna, Code::ClockUnavailable, || pending.create_pin(PIN));
        assert_eq!(world.phone(anna).sign_in(), Err(Code::ClockUnavailable));
        refused(&world, anna, Code::ClockUnavailable, || world.invited(anna));
        assert_eq!(readings(&world, &phone).last(), Some(&None), "no reading");
        phone.log_out().unwrap();
        revoke_all(&world, &world.administrator(ACME), anna).unwrap();
        assert_eq!(pending.state(), SessionState::RevokedAll);
    }
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
    let start = phone.begin_sign_in(Some(&invitation)).unwrap().start;
    let begun = StrongAuthentication::verified_by_host(start, anna, AuthenticationMethod::BankCredentials);
    world.clock.set(None);
    assert!(phone.finish_sign_in(begun, Some(&invitation)).is_err());
    assert_eq!(phone.state(), SessionState::RevokedAll);
    world.clock.set(Some(NOON));
    phone.sign_in_with_invitation(&invitation).unwrap();
}

/// T7 of the cases: two hosts that differ by less than the skew do not make time run faster.
#[test]
fn d23_two_hosts_that_take_turns_neither_stretch_nor_shorten_a_day() {
    let day = 24 * 3_600;
    for behind in [seconds(90), minutes(2)] {
        let world = World::new();
        let anna = world.employee();
        let mut used = open_phone_with_biometrics(&world, anna);
        let invitation = world.invited(anna).unwrap();
        let read = |second: u64, host: u64| {
            let right = NOON.plus(seconds(second)).as_unix_millis();
            let behind = u64::try_from(behind.as_millis()).unwrap();
            world.clock.set(Some(Timestamp::from_unix_millis(right - behind * (host % 2))));
        };
        // Every turn writes, on the other host than the one before.
        let (_, before) = world.store.operations();
        for elapsed in (0..day - 130).step_by(61) {
            read(elapsed, elapsed);
            used.lock().unwrap();
            used.unlock_by(Modality::Face).unwrap();
        }
        let (_, after) = world.store.operations();
        assert!(after - before > 2_000, "{before} to {after} swaps");
        for (second, is_good) in [(day - 121, true), (day + 121, false)] {
            for host in [0, 1] {
                read(second, host);
                let begun = world
                    .gate
                    .blocking()
                    .begin_authentication(BeginFor::Invitation(&invitation.token), &UNMODIFIED);
                assert_eq!(begun.unwrap().start.person().is_some(), is_good, "{second} s, {behind:?}");
            }
        }
        assert_eq!(set_backs(&world, &used), []);
    }
}
