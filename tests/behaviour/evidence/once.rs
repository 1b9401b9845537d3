//! One start makes one device session, whatever was lost on the way (D34).

use std::time::Duration;

use pinlatch::account::{BeginFor, Policy, Standing, StrongAuthentication};
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount};
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, LogOutCause, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World, days, hours, millis, minutes};

use super::{NOON, SKEW, WINDOW, anew, begun, cause, evidence_of, sign_in};
use crate::given::*;

/// V2 of the cases: the reply was lost, and the phone sends the same again.
#[test]
fn d34_the_same_evidence_under_the_same_request_gives_the_same_session_anew() {
    let world = World::new();
    let anna = world.employee();
    let evidence = evidence_of(&world, anna);
    let lost = sign_in(&world, evidence, (None, None), Some(1)).unwrap();
    world.wait(minutes(1));
    let again = sign_in(&world, evidence, (None, None), Some(1)).unwrap();
    assert_eq!((again.device, rows(&world, anna)), (lost.device, 1), "no row is left over");
    assert_ne!(again.token.expose(), lost.token.expose());
    let state = |token| world.gate.blocking().device_view(token, &UNMODIFIED).unwrap().state;
    assert_eq!(state(&lost.token), SessionState::LoggedOut, "the lost token is dead");
    assert_eq!(state(&again.token), SessionState::PinPending);
    let method = BankCredentials;
    let authenticated = Change::Authenticated { method, by_invitation: false };
    assert_eq!(
        world.journal.changes(anna),
        [authenticated, Change::LoggedOut(LogOutCause::Reauthenticated), authenticated]
    );

    // Under another request, or none, it is used up.
    for request in [Some(2), None] {
        let other = refused(&world, anna, Code::AuthenticationRequired, || {
            sign_in(&world, evidence, (None, None), request)
        });
        assert_eq!(other, Cause::StartUsed);
    }
    // Once the PIN is there, under its own too.
    let mut phone = world.phone(anna);
    (phone.token, phone.id) = (Some(again.token), Some(again.device));
    phone.create_pin(PIN).unwrap();
    refused(&world, anna, Code::AuthenticationRequired, || sign_in(&world, evidence, (None, None), Some(1)));
    let _untouched = phone.check().unwrap();
}

#[test]
fn d34_a_lost_reply_to_a_sign_in_by_invitation_costs_no_second_invitation() {
    for person in [World::employee, World::foreign_employee] {
        let world = World::new();
        let anna = person(&world);
        let _revoked = revoke_all(&world, &world.administrator(ACME), anna);
        let invitation = world.invited(anna).unwrap();
        let start =
            world.gate.blocking().begin_authentication(BeginFor::Invitation(&invitation.token), &UNMODIFIED);
        let method = IdentityProviderAccount;
        let evidence = StrongAuthentication::verified_by_host(start.unwrap().start, anna, method);
        let with = (None, Some(&invitation.token));
        let lost = sign_in(&world, evidence, with, Some(1)).unwrap();
        let again = sign_in(&world, evidence, with, Some(1)).unwrap();
        assert_eq!((again.device, rows(&world, anna)), (lost.device, 1));
        assert_eq!(world.account(anna).unwrap().standing(), Standing::Good);
    }
}

#[test]
fn d34_a_start_that_was_used_is_used_after_a_log_out_an_hour_and_a_year_too() {
    for wait in [Duration::ZERO, minutes(14), hours(1), days(365)] {
        for request in [Some(1), Some(2), None] {
            let world = World::new();
            let anna = world.employee();
            let evidence = evidence_of(&world, anna);
            let signed_in = sign_in(&world, evidence, (None, None), Some(1)).unwrap();
            world.gate.blocking().log_out(&signed_in.token, &UNMODIFIED).unwrap();
            world.wait(wait);
            let answer = sign_in(&world, evidence, (None, None), request);
            assert_eq!(answer.err(), Some(Code::AuthenticationRequired), "{wait:?}");
            assert_eq!(rows(&world, anna), 0);
        }
    }
    // The session that it made waits still, and the window of the start is over.
    let policy = Policy::builder().pin_window(hours(1)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let anna = world.employee();
    let evidence = evidence_of(&world, anna);
    sign_in(&world, evidence, (None, None), Some(1)).unwrap();
    world.wait(WINDOW + SKEW);
    assert_eq!(sign_in(&world, evidence, (None, None), Some(1)).err(), Some(Code::AuthenticationRequired));
}

/// Eight starts are remembered; the ninth pushes the first out, and with it what is no later.
#[test]
fn d34_used_starts_are_remembered_by_count_and_forgetting_one_voids_what_is_no_later() {
    let policy = Policy::builder().authentication_window(days(30)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let anna = world.employee();
    let used: Vec<_> = (0..9)
        .map(|_| {
            let evidence = evidence_of(&world, anna);
            world.wait(minutes(3));
            evidence
        })
        .collect();
    world.clock.set(Some(NOON.plus(SKEW)));
    let not_later = evidence_of(&world, anna);
    world.clock.set(Some(NOON.plus(SKEW + millis(1))));
    let later = evidence_of(&world, anna);
    world.clock.set(Some(NOON.plus(hours(1))));
    for evidence in &used[..8] {
        anew(&world, *evidence).unwrap();
    }
    world.wait(days(20));
    for evidence in &used[..8] {
        assert_eq!(anew(&world, *evidence).err(), Some(Code::AuthenticationRequired));
        assert_eq!(cause(&world, anna), Cause::StartUsed, "however long ago");
    }
    anew(&world, used[8]).unwrap();
    assert_eq!(anew(&world, used[0]).err(), Some(Code::AuthenticationRequired));
    assert_eq!(cause(&world, anna), Cause::BegunBeforeRevokeAll, "forgotten, and below the floor");
    assert_eq!(anew(&world, used[1]).err(), Some(Code::AuthenticationRequired));
    assert_eq!(cause(&world, anna), Cause::StartUsed);
    assert_eq!(anew(&world, not_later).err(), Some(Code::AuthenticationRequired), "not surely later");
    anew(&world, later).unwrap();
}

#[test]
fn d34_a_named_start_no_later_than_a_forgotten_one_is_void() {
    let policy = Policy::builder().authentication_window(days(30)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let start = |phone: &Phone<'_>| begun(&world, BeginFor::Device(phone.token.as_ref().unwrap()), anna);
    let [first, as_early] = [(); 2].map(|()| start(&phone));
    world.wait(millis(1));
    let later = start(&phone);
    let mut start_over = |evidence| phone.finish_sign_in(evidence, None);
    start_over(first).unwrap();
    // The authentication for nobody with which the phone came is forgotten by the eighth, this one by the
    // ninth.
    for _ in 0..7 {
        start_over(begun(&world, BeginFor::Nobody, anna)).unwrap();
        world.wait(minutes(10));
    }
    assert_eq!(start_over(first), Err(Code::AuthenticationRequired));
    assert_eq!(cause(&world, anna), Cause::StartUsed);
    start_over(begun(&world, BeginFor::Nobody, anna)).unwrap();
    for void in [first, as_early] {
        assert_eq!(start_over(void), Err(Code::AuthenticationRequired));
        assert_eq!(cause(&world, anna), Cause::StartTooOld);
    }
    start_over(later).unwrap();
}

/// The account's time stands still: nobody is sent to the bank with a start that is void already.
#[test]
fn d34_i14_a_named_start_is_never_void_from_its_beginning() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let mut used = Vec::new();
    for _ in 0..30 {
        let named = begun(&world, BeginFor::Device(phone.token.as_ref().unwrap()), anna);
        phone.finish_sign_in(named, None).unwrap();
        used.push(named);
        for before in &used {
            assert_eq!(phone.finish_sign_in(*before, None), Err(Code::AuthenticationRequired), "used");
        }
    }
}

#[test]
fn d34_a_start_makes_one_session_on_whatever_phone() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let token = phone.token.as_ref().unwrap();
    let evidence = begun(&world, BeginFor::Device(token), anna);
    anew(&world, evidence).unwrap();
    let again = refused(&world, anna, Code::AuthenticationRequired, || {
        sign_in(&world, evidence, (Some(token), None), None)
    });
    assert_eq!(again, Cause::StartUsed);
    let _untouched = phone.check().unwrap();
}
