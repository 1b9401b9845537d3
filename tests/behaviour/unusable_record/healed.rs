//! A damaged record is replaced by an administrator: re-invited, or logged out from all devices (E32).

use pinlatch::account::{BeginFor, Standing};
use pinlatch::host::Clock;
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, RevokedBy};
use pinlatch_testkit::{ACME, InBrowser, PIN, UNMODIFIED, World};

use super::{Scene, damaged};
use crate::given::*;

/// S5 of the cases: whatever the damage, an administrator's re-invitation heals it.
#[test]
fn e32_a_reinvitation_replaces_any_damaged_record_by_a_barred_account_in_one_write() {
    let world = World::new();
    let scene = Scene::new(&world);
    let anna = scene.phone.owner;
    for bytes in damaged(&scene.record) {
        scene.put(&bytes);
        let told = world.journal.events(anna).len();
        let (_, writes) = world.store.operations();
        let invitation = scene.invite().unwrap();
        assert_eq!(world.store.operations().1, writes + 1);
        let account = world.account(anna).unwrap();
        assert_eq!(account.standing(), Standing::RevokedAll);
        assert_eq!(account.invitation().unwrap().expires(), invitation.expires);
        assert!(account.device_sessions().is_empty());
        assert_eq!(world.journal.events(anna).len(), told + 1, "the invitation");
        assert_eq!(world.journal.contradictions(), 0, "no event has the number of an older one");

        // The old phone is nobody's, and the authentication that began before is void.
        refused(&world, anna, Code::AuthenticationRequired, || {
            code(scene.gate().unlock_with_pin(scene.token(), &digits(PIN), &UNMODIFIED))
        });
        refused(&world, anna, Code::ReinvitationRequired, || code(scene.sign_in(None)));
        let mut phone = world.phone(anna);
        phone.sign_in_with_invitation(&invitation).unwrap();
        phone.create_pin(PIN).unwrap();
        refused(&world, anna, Code::AuthenticationRequired, || code(scene.sign_in(None)));
    }
}

#[test]
fn e32_d17_an_administrators_log_out_from_all_devices_replaces_a_damaged_record_even_without_a_clock() {
    for has_clock in [true, false] {
        let world = World::new();
        let scene = Scene::new(&world);
        let anna = scene.phone.owner;
        for bytes in damaged(&scene.record) {
            scene.put(&bytes);
            let now = world.clock.now();
            if !has_clock {
                world.clock.set(None);
            }
            let told = world.journal.events(anna).len();
            scene.revoke_all().unwrap();
            let account = world.account(anna).unwrap();
            assert_eq!(account.standing(), Standing::RevokedAll);
            assert!(account.device_sessions().is_empty() && account.invitation().is_none());
            let events = world.journal.events(anna);
            assert_eq!(events.len(), told + 1);
            let (by, company) = (scene.actor.person, ACME);
            let by = RevokedBy::Administrator { by, company };
            assert!(
                matches!(newest(&world, anna), Change::LoggedOutEverywhere { by: found, .. } if found == by)
            );
            assert_eq!(world.journal.contradictions(), 0);
            // A second time it is an account like any other.
            unchanged(&world, anna, || code(scene.revoke_all()));
            world.clock.set(now);
            if !has_clock {
                // The first contact with a clock says up to when everything begun is void (E13, D34).
                assert_eq!(code(scene.sign_in(None)), Err(Code::ReinvitationRequired));
            }
            refused(&world, anna, Code::ReinvitationRequired, || code(scene.sign_in(None)));
        }
        let invitation = scene.invite().unwrap();
        let mut phone = world.phone(anna);
        phone.sign_in_with_invitation(&invitation).unwrap();
        phone.create_pin(PIN).unwrap();
    }
}

/// The same moment twice, as when the clock was set back in between: the accounts are told apart.
#[test]
fn e32_e13_what_was_begun_between_two_damages_is_void_after_the_second() {
    let world = World::new();
    let mut scene = Scene::new(&world);
    let anna = scene.phone.owner;
    let reinvited = |scene: &Scene<'_>| {
        scene.put(b"");
        scene.invite().unwrap()
    };
    let _first = reinvited(&scene);
    scene.start = scene.gate().begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let invitation = reinvited(&scene);
    let mut phone = world.phone(anna);
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!(code(scene.sign_in(None)), Err(Code::AuthenticationRequired));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::BegunBeforeRevokeAll);
}

#[test]
fn e32_r36_who_may_not_invite_replaces_no_damaged_record() {
    let world = World::new();
    let scene = Scene::new(&world);
    let anna = scene.phone.owner;
    let unrelated = world.administrator(pinlatch::id::CompanyId::from_u128(0x0b));
    scene.put(&vec![0; scene.record.len()]);
    let gate = scene.gate();
    for stranger in [unrelated, InBrowser { person: anna, ..scene.actor }] {
        refused(&world, anna, Code::NotAuthorised, || {
            code(gate.invite(&stranger.session(), stranger.company, anna))
        });
        refused(&world, anna, Code::NotAuthorised, || {
            code(gate.revoke_all(&stranger.session(), stranger.company, anna))
        });
        refused(&world, anna, Code::NotAuthorised, || {
            code(gate.withdraw_invitation(&stranger.session(), stranger.company, anna))
        });
    }
    world.clock.set(None);
    refused(&world, anna, Code::ClockUnavailable, || code(scene.invite()));
}
