//! Signing in: which methods there are, what strong authentication leads to, and whose phone it is
//! by then. Invitations are in `invitation`, who may sign in at all is in `eligibility`.

use pinlatch::account::{BeginFor, Standing, StrongAuthentication};
use pinlatch::gate::{AuthenticationOffer, FailedAuthentication};
use pinlatch::people::AuthenticationMethod;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, UNMODIFIED, World};

use crate::given::*;

#[test]
fn r01_d34_a_persons_own_methods_are_offered_to_who_proved_to_be_that_person() {
    let world = World::new();
    let gate = world.gate.blocking();
    let offered = |whom: BeginFor<'_>| {
        let AuthenticationOffer { start, methods } = gate.begin_authentication(whom, &UNMODIFIED).unwrap();
        (start.person(), methods)
    };
    let maria = world.foreign_employee();
    let invitation = world.invited(maria).unwrap();
    assert_eq!(
        offered(BeginFor::Invitation(&invitation.token)),
        (Some(maria), vec![IdentityProviderAccount]),
        "a foreign user has no bank"
    );
    let certified = world.employee();
    world.change(certified, |person| person.with_mobile_certificate());
    let phone = world.open_phone(certified).unwrap();
    assert_eq!(
        offered(BeginFor::Device(phone.token.as_ref().unwrap())),
        (Some(certified), vec![BankCredentials, MobileCertificate, IdentityProviderAccount])
    );
    let phone = world.open_phone(world.employee()).unwrap();
    assert_eq!(
        offered(BeginFor::Device(phone.token.as_ref().unwrap())),
        (Some(phone.owner), vec![BankCredentials, IdentityProviderAccount])
    );
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

/// The bank says who it is; whoever holds the phone does not.
#[test]
fn r05_evidence_signs_in_whom_the_bank_names() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let start = world.gate.blocking().begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let mut annas = world.phone(anna);
    unnoticed_by(&world, &[anna], || {
        let ottos = StrongAuthentication::verified_by_host(start, otto, BankCredentials);
        annas.finish_sign_in(ottos, None).unwrap();
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
        refused(&world, anna, RefusalCode::DeviceInUse, || in_berts_hand.sign_in());
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
    refused(&world, anna, RefusalCode::DeviceInUse, || in_berts_hand.sign_in());
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
    let start = phone.begin_sign_in(Some(&invitation)).unwrap().start;
    for (how, cause) in
        [(FailedAuthentication::Failed, Cause::AsCoded), (FailedAuthentication::Cancelled, Cause::Cancelled)]
    {
        refused(&world, anna, RefusalCode::AuthenticationFailed, || {
            Err::<(), _>(world.gate.blocking().authentication_failed(&start, how, &UNMODIFIED).code())
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
