//! One wrong reading, and then a right clock: windows last as long as they should afterwards, whether the
//! account is written to or only looked at (D23, I15). T1 to T5 of the cases.

use std::time::Duration;

use pinlatch::account::{BeginFor, IssuedInvitation, Policy};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{PIN, Phone, UNMODIFIED, World, days, hours, millis, minutes, seconds};

use super::NOON;
use crate::given::*;

fn world() -> World {
    let policy = Policy::builder().idle_lock(minutes(5)).absolute_lifetime(hours(8)).pin_window(minutes(5));
    World::builder().policy(policy.build().unwrap()).build()
}

/// Readings that are wrong by this much during one write, and what is wrong with them.
const AHEAD: [(&str, Duration); 4] = [
    ("200 days", days(200)),
    ("73 years", days(73 * 365)),
    ("seconds", seconds(400)),
    ("a century", days(36_525)),
];

/// A write of the account while the clock is ahead, and then the clock is right again.
fn glitch(world: &World, phone: &Phone<'_>, ahead: Duration) {
    let right = pinlatch::host::Clock::now(&*world.clock).unwrap();
    world.clock.set(Some(right.plus(ahead)));
    let _invitation = world.invited(phone.owner).unwrap();
    world.clock.set(Some(right));
}

/// T1: whatever the glitch has ended is begun anew, and is over after its time.
#[test]
fn i15_d22_after_a_reading_far_ahead_idle_window_and_lifetime_pass() {
    for (name, ahead) in AHEAD {
        for looks in [true, false] {
            let world = world();
            let mut phone = world.open_phone(world.employee()).unwrap();
            phone.lock().unwrap();
            glitch(&world, &phone, ahead);
            world.wait(minutes(3));
            if phone.unlock(PIN).is_err() {
                // By a start that names her: one for nobody has to be later than the set-back (D34).
                phone.sign_in_with_invitation(&world.invited(phone.owner).unwrap()).unwrap();
                phone.create_pin(PIN).unwrap();
            }
            let _open = phone.check().unwrap();
            // Only checks reach the account, or nothing at all.
            world.wait(minutes(4));
            if looks {
                let _open = phone.check().unwrap();
            }
            world.wait(minutes(5));
            assert_eq!(phone.check(), Err(Code::Locked), "{name}, looked at: {looks}");
            phone.unlock(PIN).unwrap();
            world.wait(days(10));
            assert_eq!(phone.check(), Err(Code::AuthenticationRequired), "{name}, looked at: {looks}");
            assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::LifetimePassed)));
        }
    }
}

#[test]
fn i15_e11_after_a_reading_far_ahead_the_window_for_the_pin_passes() {
    for (name, ahead) in AHEAD {
        let world = world();
        let phone = world.open_phone(world.employee()).unwrap();
        glitch(&world, &phone, ahead);
        let mut pending = world.phone(phone.owner);
        pending.sign_in_with_invitation(&world.invited(phone.owner).unwrap()).unwrap();
        // Set back by less than the skew, time stands still for no longer than that.
        world.wait(minutes(5) + minutes(2));
        assert_eq!(pending.state(), SessionState::LoggedOut, "{name}");
        assert_eq!(pending.create_pin(PIN), Err(Code::AuthenticationRequired), "{name}");
    }
}

/// T2: an invitation after the glitch, and one written on it.
#[test]
fn i15_d20_after_a_reading_far_ahead_an_invitation_lasts_24_hours() {
    for (name, ahead) in AHEAD {
        for on_the_glitch in [true, false] {
            for (waited, is_good) in [(hours(24) - minutes(3), true), (hours(24) + minutes(2), false)] {
                let world = world();
                let mut phone = revoked_phone(&world, world.employee());
                if on_the_glitch {
                    world.clock.set(Some(NOON.plus(ahead)));
                } else {
                    glitch(&world, &phone, ahead);
                }
                let invitation = world.invited(phone.owner).unwrap();
                world.clock.set(Some(NOON));
                // The next write, on a right clock: a set-back is written even by a refused command.
                assert_eq!(phone.sign_in(), Err(Code::ReinvitationRequired));
                world.wait(waited);
                let answer = phone.sign_in_with_invitation(&invitation).is_ok();
                // Seconds ahead beyond the skew are a set-back, too; within it they shorten nothing.
                assert_eq!(answer, is_good, "{name}, on the glitch: {on_the_glitch}, after {waited:?}");
            }
        }
    }
}

/// T2: the first reading of a new account lies in 2099.
#[test]
fn i15_d20_a_new_account_that_began_in_2099_has_invitations_of_24_hours() {
    for (waited, is_good) in [(hours(24) - millis(1), true), (hours(24), false)] {
        let world = World::new();
        let maria = world.foreign_employee();
        world.clock.set(Some(NOON.plus(days(73 * 365))));
        let _on_the_wrong_clock = world.invited(maria).unwrap();
        world.clock.set(Some(NOON));
        let invitation = world.invited(maria).unwrap();
        world.wait(waited);
        assert_eq!(world.phone(maria).sign_in_with_invitation(&invitation).is_ok(), is_good, "{waited:?}");
    }
}

/// T3: microseconds given for milliseconds, once: that is no year that a clock reads.
#[test]
fn d23_microseconds_for_milliseconds_are_no_reading() {
    let world = world();
    let phone = world.open_phone(world.employee()).unwrap();
    let bytes = stored(&world, phone.owner);
    world.clock.set(Some(Timestamp::from_unix_millis(NOON.as_unix_millis() * 1_000)));
    assert_eq!(phone.check(), Err(Code::ClockUnavailable));
    assert_eq!(stored(&world, phone.owner), bytes);
    world.clock.set(Some(NOON.plus(minutes(4))));
    let _open = phone.check().unwrap();
    world.wait(minutes(5));
    assert_eq!(phone.check(), Err(Code::Locked));
}

/// T4: an hour back, for good, as at the end of summer on a clock that was set to local time.
#[test]
fn i15_an_hour_back_for_good_does_not_stop_the_idle_window() {
    for looks in [0, 10] {
        let world = world();
        let mut phone = world.open_phone(world.employee()).unwrap();
        world.clock.set(Some(Timestamp::from_unix_millis(NOON.as_unix_millis() - 3_600_000)));
        assert_eq!(phone.check(), Err(Code::SessionRequired), "opened later than it is: locked");
        phone.unlock(PIN).unwrap();
        for _ in 0..looks {
            world.wait(seconds(29));
            assert_eq!(phone.state(), SessionState::Authenticated);
        }
        world.wait(minutes(5) - seconds(29) * looks);
        assert_eq!(phone.check(), Err(Code::Locked));
    }
}

/// T5: nothing is bounded by how long an account rested.
#[test]
fn i15_after_a_rest_of_years_windows_are_as_long_as_ever() {
    for rest in [367, 1_200, 1_500, 20_000] {
        let world = World::new();
        let anna = world.employee();
        world.open_phone(anna).unwrap();
        world.wait(days(rest));
        let mut phone = world.phone(anna);
        phone.sign_in().unwrap();
        world.wait(seconds(20));
        phone.create_pin(PIN).unwrap();
        let _open = phone.check().unwrap();

        let mut revoked = revoked_phone(&world, anna);
        world.wait(days(rest));
        let invitation = world.invited(anna).unwrap();
        world.wait(hours(24) - millis(1));
        let good = |invitation: &IssuedInvitation| {
            let begun = world
                .gate
                .blocking()
                .begin_authentication(BeginFor::Invitation(&invitation.token), &UNMODIFIED);
            begun.unwrap().start.person().is_some()
        };
        assert!(good(&invitation));
        world.wait(millis(1));
        assert!(!good(&invitation), "24 hours, and not longer");
        let another = world.invited(anna).unwrap();
        world.wait(hours(24) - millis(1));
        revoked.sign_in_with_invitation(&another).unwrap();
    }
}
