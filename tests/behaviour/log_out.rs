//! Log out: it discards what is enrolled on this device, and one signs in again without an invitation.

use pinlatch::account::{Standing, Wanted};
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use crate::given::*;

#[test]
fn r10_a_logged_out_device_is_not_unlocked() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let old = same_session(&phone);
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
    assert_eq!(stored(&world, nobody), None);
    let made_up = SessionToken::from_secret(nobody, &mut [7; 32]);
    refused(&world, nobody, RefusalCode::SessionRequired, || {
        code(world.gate.blocking().check(&made_up, Wanted::session(), &UNMODIFIED))
    });
}

#[test]
fn r29_log_out_ends_this_device_and_leaves_the_others() {
    type Given = for<'w> fn(&'w World, pinlatch::id::PersonId) -> Phone<'w>;
    let states: [Given; 4] = [pending_phone, open_phone_with_biometrics, locked_phone, exhausted_phone];
    for given in states {
        let world = World::new();
        let (anna, otto) = (world.employee(), world.employee());
        let (open, locked) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
        world.open_phone(otto).unwrap();
        let mut phone = given(&world, anna);
        let others = [row(&world, &open), row(&world, &locked)];

        let seen = changes(&world, anna, || {
            unnoticed_by(&world, &[otto], || phone.log_out()).unwrap();
        });
        assert_eq!(seen, [Change::LoggedOut(LogOutCause::Asked)]);
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::LoggedOut, None));
        if let Some(old) = phone.session.as_ref() {
            assert!(!is_live(&world, old));
        }
        refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
        unchanged(&world, anna, || phone.log_out());

        assert_eq!([row(&world, &open), row(&world, &locked)], others);
        let _ = open.check().unwrap();
        assert_eq!(world.account(anna).unwrap().standing(), Standing::Good);
    }
}

#[test]
fn r30_after_log_out_one_authenticates_without_an_invitation() {
    for method in [BankCredentials, MobileCertificate, IdentityProviderAccount] {
        let world = World::new();
        let anna = world.employee();
        world.change(anna, |person| person.with_mobile_certificate());
        let mut phone = world.open_phone(anna).unwrap();
        phone.log_out().unwrap();
        phone.sign_in_by(Some(method), None).unwrap();
        assert_eq!(phone.state(), SessionState::PinPending);
    }

    // A foreign user has the identity provider, and needs no new invitation (E27).
    let world = World::new();
    let maria = world.foreign_employee();
    let mut phone = world.open_phone(maria).unwrap();
    phone.log_out().unwrap();
    refused(&world, maria, RefusalCode::MethodNotAvailable, || phone.sign_in_by(Some(BankCredentials), None));
    let seen = changes(&world, maria, || phone.sign_in_by(Some(IdentityProviderAccount), None).unwrap());
    assert_eq!(seen, [Change::Authenticated { method: IdentityProviderAccount, by_invitation: false }]);
}
