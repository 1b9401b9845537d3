//! Accepting an invitation: when it is asked for, how long it is good, and when it is used up.

use pinlatch::account::{Invitation, Policy, Standing, StrongAuthentication};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::people::Person;
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, RevokedBy, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World, hours, millis};

use crate::given::*;

/// Until when the open invitation is good, where there is one.
fn open_until(world: &World, person: PersonId) -> Option<Timestamp> {
    world.account(person).unwrap().invitation().map(Invitation::expires)
}

#[test]
fn r02_a_foreign_user_who_was_never_invited_is_refused() {
    let world = World::new();
    let maria = world.foreign_employee();
    let mut phone = world.phone(maria);

    let cause = refused(&world, maria, RefusalCode::InvitationRequired, || phone.sign_in());
    assert_eq!(cause, Cause::NoInvitationPresented);
    assert_eq!(stored(&world, maria), None);

    let somebody_elses = world.invited(world.foreign_employee()).unwrap();
    let cause = refused(&world, maria, RefusalCode::InvitationRequired, || {
        phone.sign_in_with_invitation(&somebody_elses)
    });
    assert_eq!(cause, Cause::InvitationNotCurrent);
    assert_eq!((phone.state(), rows(&world, maria)), (SessionState::LoggedOut, 0));
}

#[test]
fn r02_once_invited_a_foreign_user_signs_in_and_the_invitation_is_used_up() {
    let world = World::new();
    let maria = world.foreign_employee();
    let invitation = world.invited(maria).unwrap();
    let mut phone = world.phone(maria);
    let seen = changes(&world, maria, || phone.sign_in_with_invitation(&invitation).unwrap());
    assert_eq!(seen, [Change::Authenticated { method: IdentityProviderAccount, by_invitation: true }]);
    assert_eq!(phone.state(), SessionState::PinPending);
    assert!(world.account(maria).unwrap().invitation().is_none());
}

/// Who came in by the bank, and has it no longer, was signed in before.
#[test]
fn r02_who_was_signed_in_before_counts_as_invited() {
    let world = World::new();
    let (anna, never_here) = (world.employee(), world.employee());
    world.phone(anna).sign_in().unwrap();
    for person in [anna, never_here] {
        world.change(person, |known| {
            known.employments().iter().cloned().fold(Person::new(person), Person::with_employment)
        });
        assert!(world.directory.get(person).unwrap().is_foreign());
    }
    let by_account = |person| world.phone(person).sign_in_by(Some(IdentityProviderAccount), None);
    by_account(anna).unwrap();
    refused(&world, never_here, RefusalCode::InvitationRequired, || by_account(never_here));
}

#[test]
fn r35_strong_authentication_consumes_the_invitation_at_the_new_generation() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let (old, old_device) = (same_session(&phone), same_device(&phone));
    let before = world.account(anna).unwrap().generation();
    phone.log_out_everywhere().unwrap();
    let invitation = world.invited(anna).unwrap();

    let seen = changes(&world, anna, || phone.sign_in_with_invitation(&invitation).unwrap());
    assert_eq!(seen, [Change::Authenticated { method: BankCredentials, by_invitation: true }]);
    assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
    let account = world.account(anna).unwrap();
    assert!(account.invitation().is_none());
    assert_eq!((account.standing(), account.generation()), (Standing::Good, before.next()));
    assert_eq!(account.device(phone.id.unwrap()).unwrap().session().generation(), before.next());

    // The PIN of before is void: it has to be created anew, and what was older stays dead.
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
    phone.create_pin(PIN).unwrap();
    let _ = phone.check().unwrap();
    assert!(!is_live(&world, &old));
    refused(&world, anna, RefusalCode::AuthenticationRequired, || {
        code(world.gate.blocking().lock(&old_device, &UNMODIFIED))
    });
}

#[test]
fn r35_e16_a_used_invitation_is_refused_after_the_next_revocation() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
    phone.create_pin(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    let cause = refused(&world, anna, RefusalCode::ReinvitationRequired, || {
        phone.sign_in_with_invitation(&invitation)
    });
    assert_eq!(cause, Cause::InvitationNotCurrent);
    assert_eq!(phone.state(), SessionState::RevokedAll);
}

#[test]
fn r35_an_invitation_is_consumed_only_when_everything_else_is_right() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    let known = world.directory.get(anna).unwrap();

    refused(&world, anna, RefusalCode::MethodNotAvailable, || {
        phone.sign_in_by(Some(MobileCertificate), Some(&invitation))
    });
    world.knows(Person::new(anna).with_bank_credentials());
    refused(&world, anna, RefusalCode::NotEligible, || phone.sign_in_with_invitation(&invitation));
    world.knows(known);
    let start = phone.begin_sign_in(Some(&invitation)).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    world.clock.set(None);
    // Without a clock it cannot be told to be in time, and nobody is sent for another one.
    refused(&world, anna, RefusalCode::ClockUnavailable, || {
        phone.finish_sign_in(evidence, Some(&invitation))
    });
    assert_eq!(open_until(&world, anna), Some(invitation.expires));
    assert_eq!(phone.state(), SessionState::RevokedAll);
}

#[test]
fn d20_an_invitation_is_good_for_24_hours_and_not_a_moment_longer() {
    let world = World::new();
    for (spare, in_time) in [(1, true), (0, false)] {
        let anna = world.employee();
        let mut phone = revoked_phone(&world, anna);
        let invitation = world.invited(anna).unwrap();
        world.wait(hours(24) - millis(spare));
        if in_time {
            phone.sign_in_with_invitation(&invitation).unwrap();
        } else {
            refused_as_expired(&world, anna, RefusalCode::ReinvitationRequired, || {
                phone.sign_in_with_invitation(&invitation)
            });
            assert_eq!(phone.state(), SessionState::RevokedAll);
        }
    }
}

#[test]
fn d20_an_invitation_that_is_not_needed_is_not_used_up() {
    let world = World::new();
    let anna = world.employee();
    let invitation = world.invited(anna).unwrap();
    let mut phone = world.phone(anna);
    let seen = changes(&world, anna, || phone.sign_in_with_invitation(&invitation).unwrap());
    assert!(matches!(seen[..], [Change::Authenticated { by_invitation: false, .. }]));
    assert_eq!(open_until(&world, anna), Some(invitation.expires));
}

#[test]
fn d20_how_long_an_invitation_is_good_is_policy() {
    let policy = Policy::builder().invitation_lifetime(hours(1)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let maria = world.foreign_employee();
    let invitation = world.invited(maria).unwrap();
    world.wait(hours(1));
    let mut phone = world.phone(maria);
    refused_as_expired(&world, maria, RefusalCode::InvitationRequired, || {
        phone.sign_in_with_invitation(&invitation)
    });
}

#[test]
fn e13_an_invitation_issued_before_a_revoke_all_is_void_after_it() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let early = world.invited(anna).unwrap();
    phone.log_out_everywhere().unwrap();
    let generation = world.account(anna).unwrap().generation();
    let by = RevokedBy::Person(phone.id.unwrap());
    let events = world.journal.events(anna);
    let of_account = events.iter().rev().find(|event| event.device.is_none());
    let revoked = Change::LoggedOutEverywhere { by, generation, voided_invitation: true };
    assert_eq!(of_account.unwrap().change, revoked);
    let mut phone = phone;
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&early));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::InvitationNotCurrent);
}

#[test]
fn e16_an_expired_used_replaced_or_withdrawn_invitation_is_refused_and_still_revoked() {
    let world = World::new();
    let (mut phone, actor) = (revoked_phone(&world, world.employee()), world.administrator(ACME));
    let anna = phone.owner;
    let refused_for = |phone: &mut Phone<'_>, invitation, cause| {
        assert_eq!(phone.sign_in_with_invitation(invitation), Err(RefusalCode::ReinvitationRequired));
        assert_eq!(newest_refusal(&world, anna).cause(), cause);
        // The first time, the account takes note that its time is over.
        refused(&world, anna, RefusalCode::ReinvitationRequired, || {
            phone.sign_in_with_invitation(invitation)
        });
        assert_eq!(phone.state(), SessionState::RevokedAll);
        assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
    };
    let expired = world.invited(anna).unwrap();
    world.wait(hours(24));
    refused_for(&mut phone, &expired, Cause::InvitationExpired);

    let (replaced, withdrawn) = (world.invited(anna).unwrap(), world.invited(anna).unwrap());
    refused_for(&mut phone, &replaced, Cause::InvitationNotCurrent);
    world.gate.blocking().withdraw_invitation(&actor.session(), actor.company, anna).unwrap();
    refused_for(&mut phone, &withdrawn, Cause::InvitationNotCurrent);

    let used = world.invited(anna).unwrap();
    world.wait(millis(24 * 60 * 60 * 1_000 - 1));
    phone.sign_in_with_invitation(&used).unwrap();
    revoke_all(&world, &actor, anna).unwrap();
    refused_for(&mut phone, &used, Cause::InvitationNotCurrent);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in());
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::NoInvitationPresented);
}

#[test]
fn e16_an_invitation_is_used_once() {
    let world = World::new();
    let mut phone = revoked_phone(&world, world.employee());
    let anna = phone.owner;
    let invitation = world.invited(anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert!(world.account(anna).unwrap().invitation().is_none());
    phone.create_pin(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&invitation));
}

#[test]
fn e27_a_foreign_user_needs_no_new_invitation_after_log_out_but_after_revoke_all() {
    let world = World::new();
    let ines = world.foreign_employee();
    let mut phone = world.phone(ines);
    refused(&world, ines, RefusalCode::InvitationRequired, || phone.sign_in());
    phone.sign_in_with_invitation(&world.invited(ines).unwrap()).unwrap();
    phone.create_pin(PIN).unwrap();
    phone.log_out().unwrap();
    phone.sign_in_by(Some(IdentityProviderAccount), None).unwrap();
    phone.create_pin(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    refused(&world, ines, RefusalCode::ReinvitationRequired, || phone.sign_in());
    phone.sign_in_with_invitation(&world.invited(ines).unwrap()).unwrap();
    assert_eq!(phone.state(), SessionState::PinPending);
}
