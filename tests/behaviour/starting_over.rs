//! Authenticating on a device that is signed in already: it starts over (E08).

use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, World, hours};

use crate::given::*;

type Given = for<'w> fn(&'w World, PersonId) -> Phone<'w>;

const SIGNED_IN: [Given; 3] = [pending_phone, open_phone_with_biometrics, locked_phone];

#[test]
fn e08_authenticating_again_starts_the_device_over() {
    for given in SIGNED_IN {
        for by_token in [true, false] {
            let world = World::new();
            let anna = world.employee();
            let other = world.open_phone(anna).unwrap();
            let mut phone = given(&world, anna);
            let (id, old) = (phone.id.unwrap(), same_device(&phone));
            let dead = phone.session.is_some().then(|| same_session(&phone));
            let untouched = row(&world, &other);
            // The start names Anna by the phone's token, or nobody.
            let evidence = crate::evidence::evidence_of(&world, anna);
            let seen = changes(&world, anna, || {
                let again = if by_token { phone.sign_in() } else { phone.finish_sign_in(evidence, None) };
                again.unwrap();
            });
            assert_eq!(
                seen,
                [
                    Change::LoggedOut(LogOutCause::Reauthenticated),
                    Change::Authenticated { method: BankCredentials, by_invitation: false }
                ]
            );
            assert_eq!((phone.id, rows(&world, anna)), (Some(id), 2), "the same row");
            assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));

            let gate = world.gate.blocking();
            assert_eq!(gate.device_view(&old, &UNMODIFIED).unwrap().state, SessionState::LoggedOut);
            refused(&world, anna, Code::AuthenticationRequired, || {
                code(gate.unlock_with_pin(&old, &digits(PIN), &UNMODIFIED))
            });
            refused(&world, anna, Code::AuthenticationRequired, || code(gate.lock(&old, &UNMODIFIED)));
            assert!(dead.is_none_or(|dead| !is_live(&world, &dead)));

            // PIN and biometrics are void, whatever the digits of the next one.
            refused(&world, anna, Code::PinRequired, || phone.unlock(PIN));
            refused(&world, anna, Code::PinRequired, || phone.unlock_by(Modality::Face));
            phone.create_pin(ANOTHER_PIN).unwrap();
            phone.lock().unwrap();
            refused(&world, anna, Code::BiometricUnavailable, || phone.unlock_by(Modality::Face));
            assert_eq!(phone.unlock(PIN), Err(Code::IncorrectPin));
            phone.unlock(ANOTHER_PIN).unwrap();
            assert_eq!(row(&world, &other), untouched);
        }
    }
}

#[test]
fn e08_wrong_pins_of_before_do_not_count_against_the_new_one() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
}

#[test]
fn e08_after_five_wrong_pins_the_message_is_acknowledged_first() {
    let world = World::new();
    let mut phone = exhausted_phone(&world, world.employee());
    refused(&world, phone.owner, Code::AcknowledgementRequired, || phone.sign_in());
    phone.acknowledge().unwrap();
    phone.sign_in().unwrap();
}

#[test]
fn e08_without_its_token_a_phone_is_a_new_device_and_the_old_row_is_left_alone() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let untouched = row(&world, &phone);
    let mut reinstalled = world.phone(anna);
    reinstalled.sign_in().unwrap();
    assert_eq!((rows(&world, anna), row(&world, &phone)), (2, untouched));
    let _open = phone.check().unwrap();
}

#[test]
fn e08_an_invitation_that_is_not_needed_is_not_used_up_by_it() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert!(world.account(anna).unwrap().invitation().is_some());
    assert_eq!(phone.state(), SessionState::PinPending);
}

/// E11: the window for the PIN begins anew, and what was found passed is logged out.
#[test]
fn e08_a_device_whose_lifetime_is_over_is_logged_out_by_its_lifetime_and_not_started_over() {
    let policy = pinlatch::account::Policy::builder().absolute_lifetime(hours(8)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    world.wait(hours(8));
    let seen = changes(&world, anna, || phone.sign_in().unwrap());
    let method = BankCredentials;
    assert_eq!(
        seen,
        [
            Change::LoggedOut(LogOutCause::LifetimePassed),
            Change::Authenticated { method, by_invitation: false }
        ]
    );
    assert_eq!(rows(&world, anna), 1);
}

#[test]
fn e08_a_failed_guard_starts_nothing_over() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = open_phone_with_biometrics(&world, anna);
    world.change(anna, only(job(&[])));
    refused(&world, anna, Code::NoChargeableService, || phone.sign_in());
    assert_eq!(phone.state(), SessionState::Authenticated);
}
