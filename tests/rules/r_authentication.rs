//! R01–R10: methods and invitations, devices, and the way to a PIN.

use pinlatch::account::DeviceIntegrity::{Modified, Unmodified};
use pinlatch::account::{Standing, StrongAuthentication, Wanted};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::{
    self, BankCredentials, IdentityProviderAccount, MobileCertificate,
};
use pinlatch::people::Function;
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, UNMODIFIED, WRONG_PIN, World};

use crate::given::{
    changes, code, create_pin_known_by, enrolled, exhausted_phone, is_live, job, locked_phone,
    open_phone_with_biometrics, pending_phone, record, refused, revoked_phone, row, rows, session,
    unnoticed_by,
};

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
    assert_eq!(record(&world, maria), None, "asking for the methods stores nothing");
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
fn r02_a_foreign_user_who_was_never_invited_is_refused() {
    let world = World::new();
    let maria = world.foreign_employee();
    let mut phone = world.phone(maria);

    let cause = refused(&world, maria, RefusalCode::InvitationRequired, || phone.sign_in());
    assert_eq!(cause, Cause::NoInvitationPresented);
    assert_eq!(record(&world, maria), None);

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

#[test]
fn r03_a_modified_device_cannot_authenticate() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.integrity = Modified;
    refused(&world, anna, RefusalCode::UnsupportedDevice, || phone.sign_in());
    assert_eq!(record(&world, anna), None);
    assert!(phone.token.is_none());

    let mut revoked = revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    revoked.integrity = Modified;
    refused(&world, anna, RefusalCode::UnsupportedDevice, || revoked.sign_in_with_invitation(&invitation));
    assert_eq!(revoked.state(), SessionState::RevokedAll);
    assert_eq!(world.account(anna).unwrap().invitation(), Some(&invitation));
}

#[test]
fn r03_a_modified_device_cannot_create_a_pin() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    phone.integrity = Modified;
    let seen = changes(&world, anna, || {
        assert_eq!(phone.create_pin(PIN), Err(RefusalCode::UnsupportedDevice));
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::DeviceModified)]);
    assert_eq!(world.journal.refusals(anna), [Refusal::new(RefusalCode::UnsupportedDevice)]);
    assert_eq!((world.hasher.count(), phone.state()), (0, SessionState::LoggedOut));
}

#[test]
fn r03_a_modified_device_cannot_unlock_by_pin_or_biometric() {
    for modality in [None, Some(Modality::Face), Some(Modality::Fingerprint)] {
        let world = World::new();
        let anna = world.employee();
        let mut phone = locked_phone(&world, anna);
        let hashed = world.hasher.count();
        phone.integrity = Modified;
        let seen = changes(&world, anna, || {
            let answer = match modality {
                Some(modality) => phone.unlock_by(modality),
                None => phone.unlock(PIN),
            };
            assert_eq!(answer, Err(RefusalCode::UnsupportedDevice));
        });
        assert_eq!(seen, [Change::LoggedOut(LogOutCause::DeviceModified)]);
        assert_eq!(world.journal.refusals(anna), [Refusal::new(RefusalCode::UnsupportedDevice)]);
        assert_eq!(world.hasher.count(), hashed, "the PIN was evaluated");
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::LoggedOut, None));
        // It stays refused, and says the same.
        refused(&world, anna, RefusalCode::UnsupportedDevice, || phone.unlock(PIN));
    }
}

#[test]
fn r04_once_the_device_is_modified_any_use_is_refused() {
    type Use = fn(&pinlatch_testkit::Phone<'_>) -> Result<(), RefusalCode>;
    let uses: [Use; 4] = [
        |phone| phone.check().map(|_| ()),
        |phone| phone.read(Function::WorkingHours).map(|_| ()),
        |phone| phone.enable(Modality::Face),
        |phone| phone.change_pin(PIN, ANOTHER_PIN),
    ];
    for wanted in uses {
        let world = World::new();
        let anna = world.employee();
        let mut phone = open_phone_with_biometrics(&world, anna);
        let other = world.open_phone(anna).unwrap();
        let (hashed, before) = (world.hasher.count(), row(&world, &other));
        let _ = phone.check().unwrap();

        phone.integrity = Modified;
        let seen = changes(&world, anna, || assert_eq!(wanted(&phone), Err(RefusalCode::UnsupportedDevice)));
        assert_eq!(seen, [Change::LoggedOut(LogOutCause::DeviceModified)]);
        assert_eq!(world.journal.refusals(anna), [Refusal::new(RefusalCode::UnsupportedDevice)]);
        assert_eq!((world.hasher.count(), enrolled(&world, &phone)), (hashed, None));

        // Its session is over, whatever attestation says later; the other device goes on.
        phone.integrity = Unmodified;
        refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
        assert_eq!(row(&world, &other), before);
        let _ = other.check().unwrap();
    }
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
fn r06_before_the_pin_is_created_nothing_can_be_used() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);

    refused(&world, anna, RefusalCode::PinRequired, || phone.lock());
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock_by(Modality::Face));
    let usable = |world: &World| {
        let account = world.account(anna).unwrap();
        account.device_sessions()[0].session().usable()
    };
    assert_eq!(usable(&world), Err(Refusal::new(RefusalCode::PinRequired)));
    assert_eq!(phone.state(), SessionState::PinPending);

    // There is no session token yet; one made of the device token's secret is none.
    let forged = phone.token.as_ref().unwrap().expose().replace(DeviceToken::PREFIX, SessionToken::PREFIX);
    phone.session = Some(SessionToken::parse(&forged).unwrap());
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
    refused(&world, anna, RefusalCode::SessionRequired, || phone.read(Function::WorkingHours));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.enable(Modality::Face));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.log_out_everywhere());
}

#[test]
fn r07_two_equal_entries_make_a_pin_with_no_failures() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    let seen = changes(&world, anna, || phone.create_pin(PIN).unwrap());
    assert_eq!(seen, [Change::PinCreated]);
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])));
    assert_eq!(world.hasher.count(), 1);
    refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.create_pin(ANOTHER_PIN));
}

#[test]
fn r07_a_pin_is_personal_to_the_account_and_the_device() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let mut phone = world.open_phone(anna).unwrap();
    let mut tablet = pending_phone(&world, anna);
    tablet.create_pin(ANOTHER_PIN).unwrap();
    let ottos = world.open_phone(otto).unwrap();
    phone.lock().unwrap();
    tablet.lock().unwrap();
    ottos.lock().unwrap();

    // Neither device knows the other's PIN, and a failure here counts here only.
    unnoticed_by(&world, &[otto], || {
        assert_eq!(phone.unlock(ANOTHER_PIN), Err(RefusalCode::IncorrectPin));
        assert_eq!(enrolled(&world, &tablet), Some((0, 0, vec![])));
        assert_eq!(tablet.unlock(PIN), Err(RefusalCode::IncorrectPin));
        assert_eq!(enrolled(&world, &phone), Some((1, 1, vec![])));
        phone.unlock(PIN).unwrap();
        tablet.unlock(ANOTHER_PIN).unwrap();
    });
}

#[test]
fn r08_entries_that_differ_or_break_the_policy_store_nothing() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    let attempts = [
        (PIN, ANOTHER_PIN, RefusalCode::PinMismatch, Cause::AsCoded),
        ("2849", "2849", RefusalCode::PinMalformed, Cause::WrongLength),
        ("2849170", "2849170", RefusalCode::PinMalformed, Cause::WrongLength),
        ("123456", "123456", RefusalCode::PinTooWeak, Cause::WeakByRule),
        (WRONG_PIN, WRONG_PIN, RefusalCode::PinTooWeak, Cause::WeakByRule),
    ];
    for (first, second, code, cause) in attempts {
        assert_eq!(refused(&world, anna, code, || phone.create_pin_twice(first, second)), cause);
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
        assert!(phone.session.is_none());
    }
    let known = refused(&world, anna, RefusalCode::PinTooWeak, || create_pin_known_by(&world, &phone, PIN));
    assert_eq!(known, Cause::WeakByPersonalWord);
    assert_eq!(phone.create_pin("28491x"), Err(RefusalCode::PinMalformed));

    // The device waits on, and takes a good one.
    phone.create_pin(PIN).unwrap();
    assert_eq!(phone.state(), SessionState::Authenticated);
}

#[test]
fn r09_after_the_pin_is_created_the_app_is_open_at_once() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    phone.create_pin(PIN).unwrap();

    assert_eq!(phone.state(), SessionState::Authenticated);
    assert_eq!(phone.check().unwrap().device(), phone.id.unwrap());
    let _ = phone.read(Function::SalaryInformation).unwrap();
    let menu = world.gate.blocking().functions(&session(&phone), ACME, &UNMODIFIED).unwrap();
    assert!(menu.contains(Function::SalaryInformation));
    assert_eq!(world.journal.changes(anna).len(), 2, "authenticated, PIN created, and nothing else");
    assert_eq!(world.journal.refusals(anna), []);
}

#[test]
fn r10_a_logged_out_device_is_not_unlocked() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let old = session(&phone);
    phone.log_out().unwrap();

    for _ in 0..6 {
        refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
        refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock(WRONG_PIN));
    }
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock_by(Modality::Face));
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock_by(Modality::Fingerprint));
    assert!(!is_live(&world, &old));

    // So it is after "OK", and for a person of whom there is no record at all.
    let mut acknowledged = exhausted_phone(&world, anna);
    acknowledged.acknowledge().unwrap();
    refused(&world, anna, RefusalCode::AuthenticationRequired, || acknowledged.unlock(PIN));

    let nobody = world.employee();
    let mut unknown = world.phone(nobody);
    unknown.token = Some(DeviceToken::from_secret(nobody, &mut [7; 32]));
    refused(&world, nobody, RefusalCode::AuthenticationRequired, || unknown.unlock(PIN));
    refused(&world, nobody, RefusalCode::AuthenticationRequired, || unknown.unlock_by(Modality::Face));
    assert_eq!(record(&world, nobody), None);
    let made_up = SessionToken::from_secret(nobody, &mut [7; 32]);
    refused(&world, nobody, RefusalCode::SessionRequired, || {
        code(world.gate.blocking().check(&made_up, Wanted::Session, &UNMODIFIED))
    });
}
