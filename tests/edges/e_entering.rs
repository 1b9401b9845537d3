//! Strong authentication, invitations, and log-out from all devices.

use pinlatch::access::Actor;
use pinlatch::account::{Standing, StrongAuthentication};
use pinlatch::gate::FailedAuthentication;
use pinlatch::people::{AuthenticationMethod, UserAccess};
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, Modality, RevokedBy, SessionState};
use pinlatch::time::Span;
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, World, since_last_year};

use crate::given::*;

fn evidence(world: &World, phone: &Phone<'_>) -> StrongAuthentication {
    let offer = world.gate.blocking().begin_authentication(phone.owner).unwrap();
    StrongAuthentication::verified_by_host(offer.start, AuthenticationMethod::BankCredentials)
}

/// A phone that is logged out from all devices.
fn revoked_phone(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    phone.log_out_everywhere().unwrap();
    phone
}

#[test]
fn e08_authenticating_while_enrolled_is_refused() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    refused(&world, anna, Code::AlreadyEnrolled, || phone.sign_in());
    phone.create_pin(PIN).unwrap();
    refused(&world, anna, Code::AlreadyEnrolled, || phone.sign_in());
    phone.lock().unwrap();
    let invitation = world.invited(anna).unwrap();
    refused(&world, anna, Code::AlreadyEnrolled, || phone.sign_in_with_invitation(&invitation));
    assert_eq!(phone.state(), SessionState::Locked);
    phone.unlock(PIN).unwrap();
}

#[test]
fn e08_a_reinstalled_app_without_its_token_is_a_new_device() {
    let world = World::new();
    let anna = world.employee();
    let old = world.open_phone(anna).unwrap();
    let mut new = world.open_phone(anna).unwrap();
    assert_ne!(old.id, new.id);
    assert_eq!(new.devices().unwrap().len(), 2);
    new.lock().unwrap();
    new.unlock(PIN).unwrap();
}

#[test]
fn e09_another_person_only_after_log_out_and_nothing_of_the_first_remains() {
    let world = World::new();
    let (anna, bert) = (world.employee(), world.employee());
    let mut phone = world.open_phone(anna).unwrap();
    phone.enable(Modality::Face).unwrap();
    for lock_first in [false, true] {
        if lock_first {
            phone.lock().unwrap();
        }
        let mut in_berts_hand = moved_to(&world, &phone);
        in_berts_hand.owner = bert;
        refused(&world, anna, Code::AlreadyEnrolled, || in_berts_hand.sign_in());
        assert_eq!(stored(&world, bert), None);
    }
    let (annas_device, annas_session) = (same_device(&phone), same_session(&phone));
    phone.log_out().unwrap();
    phone.owner = bert;
    phone.sign_in().unwrap();
    phone.create_pin(ANOTHER_PIN).unwrap();

    assert!(world.account(anna).unwrap().device_sessions().is_empty());
    assert_eq!(answer_to(&world, &annas_session), Err(Code::SessionRequired));
    let with_annas_pin = world.gate.blocking().unlock_with_pin(&annas_device, &digits(PIN), &UNMODIFIED);
    assert_eq!(with_annas_pin.unwrap_err().code(), Code::AuthenticationRequired);
    phone.lock().unwrap();
    refused(&world, bert, Code::BiometricUnavailable, || phone.unlock_by(Modality::Face));
    assert_eq!(phone.unlock(PIN), Err(Code::IncorrectPin), "Anna's PIN");
    phone.unlock(ANOTHER_PIN).unwrap();
}

#[test]
fn e09_the_message_after_exhaustion_bars_another_person_and_a_revocation_does_not() {
    let world = World::new();
    let (anna, bert) = (world.employee(), world.employee());
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
    let mut in_berts_hand = moved_to(&world, &phone);
    in_berts_hand.owner = bert;
    refused(&world, anna, Code::AcknowledgementRequired, || in_berts_hand.sign_in());
    revoke(&world, &world.administrator(ACME), anna).unwrap();
    in_berts_hand.sign_in().unwrap();
    assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
}

#[test]
fn e10_a_failed_or_cancelled_authentication_changes_nothing() {
    let world = World::new();
    let mut phone = revoked_phone(&world);
    let anna = phone.owner;
    let invitation = world.invited(anna).unwrap();
    let start = world.gate.blocking().begin_authentication(anna).unwrap().start;
    for (how, cause) in
        [(FailedAuthentication::Failed, Cause::AsCoded), (FailedAuthentication::Cancelled, Cause::Cancelled)]
    {
        refused(&world, anna, Code::AuthenticationFailed, || {
            Err::<(), _>(world.gate.blocking().authentication_failed(&start, how).code())
        });
        assert_eq!(newest_refusal(&world, anna).cause(), cause);
    }
    assert_eq!(phone.state(), SessionState::RevokedAll);
    phone.sign_in_with_invitation(&invitation).unwrap();
}

#[test]
fn e10_evidence_of_a_method_the_person_does_not_have_changes_nothing() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    let certificate = Some(AuthenticationMethod::MobileCertificate);
    refused(&world, anna, Code::MethodNotAvailable, || phone.sign_in_by(certificate, None));
    assert_eq!(stored(&world, anna), None);
}

#[test]
fn e12_a_device_offline_during_revoke_all_is_refused_and_its_pin_not_evaluated() {
    let world = World::new();
    let anna = world.employee();
    let here = world.open_phone(anna).unwrap();
    let mut offline = world.open_phone(anna).unwrap();
    offline.enable(Modality::Face).unwrap();
    let open = same_session(&offline);
    here.log_out_everywhere().unwrap();
    for _ in 0..6 {
        refused(&world, anna, Code::ReinvitationRequired, || offline.unlock(PIN));
        refused(&world, anna, Code::ReinvitationRequired, || offline.unlock("111222"));
    }
    refused(&world, anna, Code::ReinvitationRequired, || offline.unlock_by(Modality::Face));
    assert_eq!(answer_to(&world, &open), Err(Code::SessionRequired));
    assert_eq!(offline.state(), SessionState::RevokedAll);
}

#[test]
fn e13_an_authentication_begun_before_a_revoke_all_is_void_after_it() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let mut other = world.phone(anna);
    let begun = evidence(&world, &other);
    phone.log_out_everywhere().unwrap();
    let invitation = world.invited(anna).unwrap();
    refused(&world, anna, Code::AuthenticationRequired, || other.finish_sign_in(begun, Some(&invitation)));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::BegunBeforeRevokeAll);
    other.sign_in_with_invitation(&invitation).unwrap();
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
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in_with_invitation(&early));
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::InvitationNotCurrent);
}

#[test]
fn e13_a_second_revoke_all_is_unchanged_unless_it_voids_an_invitation() {
    let world = World::new();
    let mut phone = revoked_phone(&world);
    let (anna, actor) = (phone.owner, world.administrator(ACME));
    unchanged(&world, anna, || revoke(&world, &actor, anna));
    refused(&world, anna, Code::SessionRequired, || phone.log_out_everywhere());

    let invitation = world.invited(anna).unwrap();
    let generation = world.account(anna).unwrap().generation();
    revoke(&world, &actor, anna).unwrap();
    let raised = world.account(anna).unwrap().generation();
    assert_eq!(raised, generation.next());
    let by = RevokedBy::Administrator { by: actor.person, company: actor.company };
    let voided = Change::LoggedOutEverywhere { by, generation: raised, voided_invitation: true };
    assert_eq!(newest(&world, anna), voided);
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in_with_invitation(&invitation));
}

#[test]
fn e15_reinviting_a_person_who_is_not_revoked_leaves_live_sessions_alone() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let (session, generation) = (same_session(&phone), world.account(anna).unwrap().generation());
    let trail_before = trail(&world, &phone);
    let _unused = world.invited(anna).unwrap();
    assert_eq!(trail(&world, &phone), trail_before);
    assert_eq!(answer_to(&world, &session), Ok(()));
    assert_eq!(world.account(anna).unwrap().generation(), generation);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
}

#[test]
fn e16_an_expired_used_replaced_or_withdrawn_invitation_is_refused_and_still_revoked() {
    let world = World::new();
    let (mut phone, actor) = (revoked_phone(&world), world.administrator(ACME));
    let anna = phone.owner;
    let refused_for = |phone: &mut Phone<'_>, invitation, cause| {
        // The first time, the account may take note that its time is over.
        assert_eq!(phone.sign_in_with_invitation(invitation), Err(Code::ReinvitationRequired));
        refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in_with_invitation(invitation));
        assert_eq!(newest_refusal(&world, anna).cause(), cause);
        assert_eq!(phone.state(), SessionState::RevokedAll);
        assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
    };
    let expired = world.invited(anna).unwrap();
    world.wait(Span::hours(24));
    refused_for(&mut phone, &expired, Cause::InvitationExpired);

    let (replaced, withdrawn) = (world.invited(anna).unwrap(), world.invited(anna).unwrap());
    refused_for(&mut phone, &replaced, Cause::InvitationNotCurrent);
    world.gate.blocking().withdraw_invitation(&actor, anna).unwrap();
    refused_for(&mut phone, &withdrawn, Cause::InvitationNotCurrent);

    let used = world.invited(anna).unwrap();
    world.wait(Span::millis(24 * 60 * 60 * 1_000 - 1));
    phone.sign_in_with_invitation(&used).unwrap();
    revoke(&world, &actor, anna).unwrap();
    refused_for(&mut phone, &used, Cause::InvitationNotCurrent);
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in());
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::NoInvitationPresented);
}

#[test]
fn e16_an_invitation_is_used_once() {
    let world = World::new();
    let mut phone = revoked_phone(&world);
    let anna = phone.owner;
    let invitation = world.invited(anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert!(world.account(anna).unwrap().invitation().is_none());
    phone.create_pin(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in_with_invitation(&invitation));
}

#[test]
fn e17_the_invitation_stands_when_the_inviter_loses_the_role() {
    let world = World::new();
    let (mut phone, actor) = (revoked_phone(&world), world.administrator(ACME));
    let anna = phone.owner;
    let invite = |actor: &Actor| world.gate.blocking().invite(actor, anna).map_err(|error| error.code());
    let invitation = invite(&actor).unwrap();
    let without_role = UserAccess::new(ACME, since_last_year());
    world.change(actor.person, |person| person.with_user_access(without_role));
    refused(&world, anna, Code::NotAuthorised, || invite(&actor));
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!(phone.state(), SessionState::PinPending);
}

#[test]
fn e27_a_foreign_user_needs_no_new_invitation_after_log_out_but_after_revoke_all() {
    let world = World::new();
    let ines = world.foreign_employee();
    let mut phone = world.phone(ines);
    refused(&world, ines, Code::InvitationRequired, || phone.sign_in());
    phone.sign_in_with_invitation(&world.invited(ines).unwrap()).unwrap();
    phone.create_pin(PIN).unwrap();
    phone.log_out().unwrap();
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    refused(&world, ines, Code::ReinvitationRequired, || phone.sign_in());
    phone.sign_in_with_invitation(&world.invited(ines).unwrap()).unwrap();
    assert_eq!(phone.state(), SessionState::PinPending);
}
