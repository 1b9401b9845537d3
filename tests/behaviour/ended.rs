//! A device whose session ended is told why, when it asks: by the token that opens nothing any more.

use pinlatch::account::{DeviceIntegrity, DeviceView, ENDED_REMEMBERED, EndReason, Policy, RequestContext};
use pinlatch::host::{Clock, Key};
use pinlatch::people::Person;
use pinlatch::record::StoredVersion;
use pinlatch::refusal::{NextStep, RefusalCode};
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World, days, hours, minutes};

use crate::given::*;

fn world_of(version: StoredVersion) -> World {
    let policy = Policy::builder().device_limit(4).absolute_lifetime(days(30)).build().unwrap();
    World::builder().policy(policy).writes_version(version).build()
}

fn world() -> World {
    world_of(StoredVersion::V2)
}

fn view(phone: &Phone<'_>, world: &World) -> DeviceView {
    world.gate.blocking().device_view(&same_device(phone), &UNMODIFIED).unwrap()
}

fn asked(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    phone.log_out().unwrap();
    phone
}

fn from_another_device(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    let other = world.open_phone(phone.owner).unwrap();
    let gate = world.gate.blocking();
    gate.log_out_device(&same_session(&other), phone.id.unwrap(), &UNMODIFIED).unwrap();
    phone
}

fn by_administrator(world: &World) -> Phone<'_> {
    let (phone, by) = (world.open_phone(world.employee()).unwrap(), world.administrator(ACME));
    let gate = world.gate.blocking();
    gate.log_out_device_of(&by.session(), by.company, phone.owner, phone.id.unwrap()).unwrap();
    phone
}

/// Revoked with another phone, on which the person came back: the bar is lifted (E35).
fn everywhere(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    world.open_phone(phone.owner).unwrap().log_out_everywhere().unwrap();
    let invitation = world.invited(phone.owner).unwrap();
    world.phone(phone.owner).sign_in_with_invitation(&invitation).unwrap();
    phone
}

fn exhausted(world: &World) -> Phone<'_> {
    let phone = exhausted_phone(world, world.employee());
    assert_eq!(view(&phone, world).ended, None, "the message waits to be acknowledged");
    phone.acknowledge().unwrap();
    phone
}

fn pin_window_passed(world: &World) -> Phone<'_> {
    let phone = pending_phone(world, world.employee());
    world.wait(hours(1));
    phone
}

fn lifetime_passed(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    world.wait(days(30));
    phone
}

fn device_modified(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    let modified = RequestContext::new(DeviceIntegrity::Modified);
    world.gate.blocking().report_integrity(&same_device(&phone), &modified).unwrap();
    phone
}

fn made_room(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    for _ in 0..4 {
        world.wait(minutes(3));
        world.open_phone(phone.owner).unwrap();
    }
    phone
}

type End = fn(&World) -> Phone<'_>;

const ENDS: [(EndReason, End); 9] = [
    (EndReason::Asked, asked),
    (EndReason::FromAnotherDevice, from_another_device),
    (EndReason::ByAdministrator, by_administrator),
    (EndReason::LoggedOutEverywhere, everywhere),
    (EndReason::PinExhausted, exhausted),
    (EndReason::PinWindowPassed, pin_window_passed),
    (EndReason::LifetimePassed, lifetime_passed),
    (EndReason::DeviceModified, device_modified),
    (EndReason::MadeRoom, made_room),
];

#[test]
fn i06_i14_a_device_whose_session_ended_is_told_when_and_why() {
    assert_eq!(ENDS.map(|(reason, _)| reason), EndReason::ALL, "each has its way");
    for (reason, end) in ENDS {
        let world = world();
        let phone = end(&world);
        let then = world.clock.now();
        let seen = view(&phone, &world);
        assert_eq!((seen.state, seen.next), (SessionState::LoggedOut, NextStep::Authenticate), "{reason:?}");
        let ended = seen.ended.unwrap_or_else(|| panic!("{reason:?} is not told"));
        // A log-out from all devices is one event of the account, and a window passes unseen.
        let has_time = !matches!(
            reason,
            EndReason::LoggedOutEverywhere | EndReason::PinWindowPassed | EndReason::LifetimePassed
        );
        assert_eq!((ended.reason, ended.at), (reason, then.filter(|_| has_time)));
        // Asking changes nothing, whenever, and opens nothing.
        world.wait(hours(1));
        assert_eq!(view(&phone, &world), seen);
        assert!(!opens(&phone, &world), "{reason:?}");
    }
}

fn opens(phone: &Phone<'_>, world: &World) -> bool {
    let mut copy = moved_to(world, phone);
    copy.unlock(PIN).is_ok() || copy.check().is_ok()
}

/// Whoever holds the phone need not know that somebody has left; the person is told at the next sign-in.
#[test]
fn e09_e23_that_somebody_has_left_is_told_to_nobody_who_has_not_authenticated() {
    let world = world();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.knows(Person::new(phone.owner).with_bank_credentials());
    assert_eq!(phone.check().map(drop), Err(RefusalCode::NotEligible));
    let seen = view(&phone, &world);
    assert_eq!((seen.state, seen.ended), (SessionState::LoggedOut, None));
    world.wait(minutes(3));
    assert_eq!(phone.sign_in(), Err(RefusalCode::NotEligible));
}

/// It is not said when that was, so it is not said as if it were now.
#[test]
fn e35_a_revoked_device_that_is_taken_off_the_list_is_logged_out_without_a_reason() {
    let world = world();
    let phone = everywhere(&world);
    world.wait(minutes(3));
    let other = world.open_phone(phone.owner).unwrap();
    let gate = world.gate.blocking();
    gate.log_out_device(&same_session(&other), phone.id.unwrap(), &UNMODIFIED).unwrap();
    let seen = view(&phone, &world);
    assert_eq!((seen.state, seen.next, seen.ended), (SessionState::LoggedOut, NextStep::Authenticate, None));
}

#[test]
fn e03_e35_a_revoked_device_is_told_so_whatever_version_is_written() {
    for version in [StoredVersion::V1, StoredVersion::V2] {
        let world = world_of(version);
        let phone = revoked_phone(&world, world.employee());
        let everywhere = view(&phone, &world).ended.unwrap();
        assert_eq!((everywhere.reason, everywhere.at), (EndReason::LoggedOutEverywhere, None));
        assert_eq!(view(&phone, &world).next, NextStep::AskForInvitation, "the bar comes first");
    }
}

#[test]
fn i06_so_many_of_the_last_are_remembered_and_of_older_ones_it_is_said_that_they_are_logged_out() {
    let world = world();
    let anna = world.employee();
    let phones: Vec<_> = (0..=ENDED_REMEMBERED)
        .map(|_| {
            world.wait(minutes(3));
            let phone = world.open_phone(anna).unwrap();
            phone.log_out().unwrap();
            phone
        })
        .collect();
    let told: Vec<_> = phones.iter().map(|phone| view(phone, &world).ended.is_some()).collect();
    assert_eq!(told, [[false].as_slice(), &[true; ENDED_REMEMBERED]].concat());
    assert!(phones.iter().all(|phone| view(phone, &world).next == NextStep::Authenticate));
    // Each of its own: the eldest was logged out first.
    let at: Vec<_> = phones[1..].iter().map(|phone| view(phone, &world).ended.unwrap().at).collect();
    assert!(at.is_sorted_by(|earlier, later| earlier < later));
}

#[test]
fn e32_version_1_does_not_say_it_and_forgets_it() {
    let world = world_of(StoredVersion::V1);
    let phone = asked(&world);
    assert_eq!(view(&phone, &world).ended, None);

    let world = world_of(StoredVersion::V2);
    let phone = asked(&world);
    let key = Key::account(phone.owner);
    let version_1 = world.account(phone.owner).unwrap().encode_as(StoredVersion::V1).unwrap();
    world.store.overwrite(&key, Some(version_1));
    let seen = view(&phone, &world);
    assert_eq!((seen.state, seen.ended), (SessionState::LoggedOut, None));
}

#[test]
fn i06_a_phone_that_comes_back_has_a_session_of_its_own_and_its_old_token_is_still_told() {
    let world = world();
    let mut phone = asked(&world);
    let old = moved_to(&world, &phone);
    world.wait(minutes(3));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    assert_eq!(view(&phone, &world).ended, None);
    assert_eq!(view(&old, &world).ended.unwrap().reason, EndReason::Asked);
}

#[test]
fn d30_what_ended_is_erased_too_and_the_trail_says_so_once() {
    let world = world();
    let phone = asked(&world);
    let gate = world.gate.blocking();
    let erased = |world: &World| {
        let events = world.journal.events(phone.owner);
        events.iter().filter(|event| event.change == Change::Erased).count()
    };
    gate.erase(phone.owner).unwrap();
    assert_eq!((view(&phone, &world).ended, erased(&world)), (None, 1));
    gate.erase(phone.owner).unwrap();
    assert_eq!(erased(&world), 1, "nothing was left");

    // Revoked rows leave with it, too.
    let phone = revoked_phone(&world, world.employee());
    gate.erase(phone.owner).unwrap();
    assert_eq!(view(&phone, &world).ended, None);
}
