//! Signing in: which methods there are, what strong authentication leads to, and whose phone it is
//! by then. Invitations are in `invitation`, who may sign in at all is in `eligibility`.

use pinlatch::account::{Standing, StrongAuthentication};
use pinlatch::gate::FailedAuthentication;
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, UNMODIFIED, World};

use crate::given::*;

fn methods(world: &World, person: PersonId) -> Vec<AuthenticationMethod> {
    world.gate.blocking().begin_authentication(person).unwrap().methods
}

#[test]
fn r01_a_foreign_user_is_offered_the_identity_provider_and_no_bank() {
    let world = World::new();
    let maria = world.foreign_employee();
    let with_certificate = world.stranger().with_mobile_certificate().with_employment(job(&[]));
    let with_certificate = world.knows(with_certificate);

    assert_eq!(methods(&world, maria), [IdentityProviderAccount]);
    assert_eq!(methods(&world, with_certificate), [MobileCertificate, IdentityProviderAccount]);
    assert_eq!(methods(&world, world.employee()), [BankCredentials, IdentityProviderAccount]);
    assert_eq!(stored(&world, maria), None, "asking for the methods stores nothing");
}

#[test]
fn r01_bank_credentials_that_a_foreign_user_cannot_have_are_refused_even_with_an_invitation() {
    let world = World::new();
    let maria = world.foreign_employee();
    let invitation = world.invited(maria).unwrap();
    let mut phone = world.phone(maria);
    for method in [BankCredentials, MobileCertificate] {
        refused(&world, maria, RefusalCode::MethodNotAvailable, || {
            phone.sign_in_by(Some(method), Some(&invitation))
        });
    }
    // The invitation was not used up by that.
    phone.sign_in_by(Some(IdentityProviderAccount), Some(&invitation)).unwrap();
}

#[test]
fn r05_strong_authentication_leads_to_pin_pending() {
    for method in [BankCredentials, MobileCertificate, IdentityProviderAccount] {
        let world = World::new();
        let anna = world.employee();
        world.change(anna, |person| person.with_mobile_certificate());
        let somebody = world.employee();
        let mut phone = world.phone(anna);
        let seen = changes(&world, anna, || {
            unnoticed_by(&world, &[somebody], || phone.sign_in_by(Some(method), None)).unwrap();
        });
        assert_eq!(seen, [Change::Authenticated { method, by_invitation: false }]);
        assert_eq!((phone.state(), rows(&world, anna)), (SessionState::PinPending, 1));
        assert_eq!(enrolled(&world, &phone), None);
        assert_eq!(world.account(anna).unwrap().standing(), Standing::Good);
    }
}

#[test]
fn r05_evidence_about_another_person_signs_nobody_in() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let start = world.gate.blocking().begin_authentication(otto).unwrap().start;
    let mut annas = world.phone(anna);
    unnoticed_by(&world, &[anna], || {
        annas.finish_sign_in(StrongAuthentication::verified_by_host(start, BankCredentials), None).unwrap();
    });
    assert_eq!(annas.token.as_ref().unwrap().person(), otto, "it is Otto who is signed in");
}

#[test]
#[deny(unreachable_patterns)]
fn d08_the_methods_are_open_to_additions() {
    for method in AuthenticationMethod::ALL {
        let known = match method {
            AuthenticationMethod::BankCredentials
            | AuthenticationMethod::MobileCertificate
            | AuthenticationMethod::IdentityProviderAccount => true,
            // Unreachable, and denied, if the enum were exhaustive.
            _ => false,
        };
        assert!(known);
    }
}

#[test]
fn e08_authenticating_while_enrolled_is_refused() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.sign_in());
    phone.create_pin(PIN).unwrap();
    refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.sign_in());
    phone.lock().unwrap();
    let invitation = world.invited(anna).unwrap();
    refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.sign_in_with_invitation(&invitation));
    assert_eq!(phone.state(), SessionState::Locked);
    phone.unlock(PIN).unwrap();
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
        refused(&world, anna, RefusalCode::AlreadyEnrolled, || in_berts_hand.sign_in());
        assert_eq!(stored(&world, bert), None);
    }
    let (annas_device, annas_session) = (same_device(&phone), same_session(&phone));
    phone.log_out().unwrap();
    phone.owner = bert;
    phone.sign_in().unwrap();
    phone.create_pin(ANOTHER_PIN).unwrap();

    assert!(world.account(anna).unwrap().device_sessions().is_empty());
    assert_eq!(answer_to(&world, &annas_session), Err(RefusalCode::SessionRequired));
    let with_annas_pin = world.gate.blocking().unlock_with_pin(&annas_device, &digits(PIN), &UNMODIFIED);
    assert_eq!(with_annas_pin.unwrap_err().code(), RefusalCode::AuthenticationRequired);
    phone.lock().unwrap();
    refused(&world, bert, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Face));
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::IncorrectPin), "Anna's PIN");
    phone.unlock(ANOTHER_PIN).unwrap();
}

#[test]
fn e09_the_message_after_exhaustion_bars_another_person_and_a_revocation_does_not() {
    let world = World::new();
    let (anna, bert) = (world.employee(), world.employee());
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
    let mut in_berts_hand = moved_to(&world, &phone);
    in_berts_hand.owner = bert;
    refused(&world, anna, RefusalCode::AcknowledgementRequired, || in_berts_hand.sign_in());
    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    in_berts_hand.sign_in().unwrap();
    assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
}

#[test]
fn e10_a_failed_or_cancelled_authentication_changes_nothing() {
    let world = World::new();
    let mut phone = revoked_phone(&world, world.employee());
    let anna = phone.owner;
    let invitation = world.invited(anna).unwrap();
    let start = world.gate.blocking().begin_authentication(anna).unwrap().start;
    for (how, cause) in
        [(FailedAuthentication::Failed, Cause::AsCoded), (FailedAuthentication::Cancelled, Cause::Cancelled)]
    {
        refused(&world, anna, RefusalCode::AuthenticationFailed, || {
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
    refused(&world, anna, RefusalCode::MethodNotAvailable, || phone.sign_in_by(certificate, None));
    assert_eq!(stored(&world, anna), None);
}
