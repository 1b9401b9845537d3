//! Which device makes room in a full table (D33), and when a revoked one is on the list and off it (E03).

use pinlatch::account::{DeviceLabel, Policy, PolicyBuilder};
use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World, days, hours, minutes};

use crate::given::*;

fn world_of(devices: u8, policy: PolicyBuilder) -> World {
    World::builder().policy(policy.device_limit(devices).build().unwrap()).build()
}

/// One more phone of hers; what had to go for it.
fn goes_for_a_new_one(world: &World, anna: PersonId) -> Vec<LogOutCause> {
    let seen = changes(world, anna, || world.phone(anna).sign_in().unwrap());
    let gone = |change: Change| match change {
        Change::LoggedOut(cause) => Some(cause),
        _ => None,
    };
    seen.into_iter().filter_map(gone).collect()
}

fn is_gone(world: &World, phone: &Phone<'_>) -> bool {
    world.account(phone.owner).unwrap().device(phone.id.unwrap()).is_none()
}

/// L1 of the cases: A is used every day without being locked ever, B lies in a drawer.
#[test]
fn d33_the_device_in_a_drawer_goes_and_not_the_one_that_is_used_daily() {
    for idle in [false, true] {
        let policy = Policy::builder();
        let world = world_of(2, if idle { policy.idle_lock(days(2)) } else { policy });
        let anna = world.employee();
        let daily = world.open_phone(anna).unwrap();
        world.wait(hours(1));
        let drawer = world.open_phone(anna).unwrap();
        for _ in 0..30 {
            world.wait(days(1));
            let _used = daily.check().unwrap();
        }
        assert_eq!(goes_for_a_new_one(&world, anna), [LogOutCause::MadeRoom]);
        assert!(is_gone(&world, &drawer) && !is_gone(&world, &daily), "idle lock: {idle}");
        let _still_open = daily.check().unwrap();
    }
}

/// L1: somebody who authenticates again and again without creating a PIN logs nobody else out.
#[test]
fn d33_sixteen_sign_ins_without_a_pin_do_not_log_out_a_tablet_in_use() {
    let world = World::new();
    let anna = world.employee();
    let tablet = world.open_phone(anna).unwrap();
    for _ in 0..40 {
        world.wait(minutes(1));
        goes_for_a_new_one(&world, anna);
        let _used = tablet.check().unwrap();
    }
    assert!(rows(&world, anna) <= 16);
}

/// Dead, exhausted, waiting for a PIN, unused for longest: whatever is the youngest of them.
#[test]
fn d33_the_dead_go_first_then_the_exhausted_then_those_without_a_pin_then_the_unused() {
    let world = world_of(5, Policy::builder().pin_window(hours(30)));
    let anna = world.employee();
    let revoked = world.open_phone(anna).unwrap();
    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    let mut used = world.phone(anna);
    used.sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    used.create_pin(PIN).unwrap();
    world.wait(minutes(10));
    let drawer = locked_phone(&world, anna);
    world.wait(minutes(10));
    used.unlock(PIN).unwrap();
    let waiting = pending_phone(&world, anna);
    world.wait(minutes(10));
    let exhausted = exhausted_phone(&world, anna);
    assert_eq!(rows(&world, anna), 5);
    // Newcomers with a PIN, so that they are worth more than what waits for one.
    for (gone, cause) in [
        (&revoked, None),
        (&exhausted, Some(LogOutCause::MadeRoom)),
        (&waiting, Some(LogOutCause::MadeRoom)),
        (&drawer, Some(LogOutCause::MadeRoom)),
    ] {
        world.wait(minutes(10));
        assert!(!is_gone(&world, gone));
        let seen = changes(&world, anna, || drop(world.open_phone(anna).unwrap()));
        assert!(is_gone(&world, gone));
        let made_room = Change::LoggedOut(LogOutCause::MadeRoom);
        // A revoked one was logged out already.
        assert_eq!(seen.contains(&made_room), cause.is_some());
    }
    let _still_open = used.check().unwrap();
}

#[test]
fn d33_what_is_past_its_windows_is_dead_and_an_idle_lock_is_not() {
    let policy = Policy::builder().idle_lock(minutes(30)).absolute_lifetime(hours(8));
    let world = world_of(2, policy);
    let anna = world.employee();
    let waiting = pending_phone(&world, anna);
    world.wait(minutes(14));
    let idle = world.open_phone(anna).unwrap();
    world.wait(minutes(31));
    assert_eq!(goes_for_a_new_one(&world, anna), [LogOutCause::PinWindowPassed]);
    assert!(is_gone(&world, &waiting) && !is_gone(&world, &idle));
    assert_eq!(idle.state(), SessionState::Locked);
}

/// L6 of the cases.
#[test]
fn e03_a_revoked_device_is_on_the_list_once_the_bar_is_lifted_and_log_out_takes_it_off() {
    for itself in [true, false] {
        let world = World::new();
        let anna = world.employee();
        let (revoked, actor) = (world.open_phone(anna).unwrap(), world.administrator(ACME));
        let (gate, id) = (world.gate.blocking(), revoked.id.unwrap());
        revoke_all(&world, &actor, anna).unwrap();
        let listed = || gate.overview(&actor.session(), ACME, anna).unwrap().devices;
        assert_eq!(listed(), [], "barred: kept, and not listed");
        assert_eq!(rows(&world, anna), 1);
        unchanged(&world, anna, || revoked.log_out());
        assert_eq!(rows(&world, anna), 1);

        let mut other = world.phone(anna);
        other.sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
        other.create_pin(PIN).unwrap();
        let states: Vec<_> = other.devices().unwrap().into_iter().map(|line| (line.id, line.state)).collect();
        assert_eq!(states[0], (id, SessionState::LoggedOut));
        assert_eq!((states.len(), listed().len()), (2, 2));
        let seen = changes(&world, anna, || {
            if itself {
                revoked.log_out().unwrap();
            } else {
                gate.log_out_device(other.session.as_ref().unwrap(), id, &UNMODIFIED).unwrap();
            }
        });
        assert_eq!(seen, [], "it was logged out with all others");
        assert_eq!((other.devices().unwrap().len(), rows(&world, anna)), (1, 1));
    }
}

#[test]
fn e35_a_device_revoked_before_the_bar_was_lifted_is_told_to_authenticate() {
    let world = World::new();
    let anna = world.employee();
    let (mut phone, mut other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    phone.log_out_everywhere().unwrap();
    other.sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    let view = world.gate.blocking().device_view(&device_of(&phone), &UNMODIFIED).unwrap();
    assert_eq!((view.state, view.next), (SessionState::LoggedOut, pinlatch::refusal::NextStep::Authenticate));
    refused(&world, anna, Code::AuthenticationRequired, || phone.unlock(PIN));
    assert_eq!(newest_refusal(&world, anna).next_step(), pinlatch::refusal::NextStep::Authenticate);
    world.wait(minutes(3));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
}

#[test]
fn d33_a_device_is_renamed_by_an_open_session_and_the_trail_says_so_once() {
    let world = World::new();
    let anna = world.employee();
    let (phone, other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let gate = world.gate.blocking();
    let label = || DeviceLabel::new("Keittiö").unwrap();
    let rename = |phone: &Phone<'_>, of: &Phone<'_>| {
        code(gate.rename_device(&same_session(phone), of.id.unwrap(), label(), &UNMODIFIED))
    };
    let seen = changes(&world, anna, || rename(&phone, &other).unwrap());
    assert_eq!(seen, [Change::DeviceRenamed]);
    let named: Vec<_> = phone.devices().unwrap().iter().map(|line| line.label.as_str().to_owned()).collect();
    assert_eq!(named, ["phone", "Keittiö"]);
    unchanged(&world, anna, || rename(&phone, &other));
    let ottos = world.open_phone(world.employee()).unwrap();
    refused(&world, anna, Code::UnknownDevice, || rename(&phone, &ottos));
    phone.lock().unwrap();
    refused(&world, anna, Code::SessionRequired, || rename(&phone, &other));
}
