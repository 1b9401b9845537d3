//! The guard order of every command that raises privilege: device integrity → generation and
//! standing of the account → eligibility of the person → credential. The first guard that refuses
//! decides, and a PIN is neither evaluated nor counted then.

use pinlatch::account::{DeviceIntegrity, Policy};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::MobileCertificate;
use pinlatch::people::Person;
use pinlatch::refusal::RefusalCode::{self, *};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, WRONG_PIN, World};

use crate::evidence::evidence_of;
use crate::given::*;

/// A command with a credential that would be refused, too.
struct Command {
    given: for<'w> fn(&'w World, PersonId) -> Phone<'w>,
    act: fn(&mut Phone<'_>) -> Result<(), RefusalCode>,
    /// What is wrong with the credential.
    credential: RefusalCode,
    /// Whether the command shows a session token: that is dead after a revocation, and the device
    /// cannot be told any more.
    by_session: bool,
}

fn new_phone(world: &World, owner: PersonId) -> Phone<'_> {
    world.phone(owner)
}

fn not_recognised(phone: &mut Phone<'_>) -> Result<(), RefusalCode> {
    let baseline = Some(Baseline::of(&phone.biometric_state));
    phone.assert_biometric(BiometricAssertion { modality: Modality::Face, recognised: false, baseline })
}

fn commands() -> [Command; 6] {
    let (given, by_session) = (new_phone as for<'w> fn(&'w World, PersonId) -> Phone<'w>, false);
    [
        Command {
            given,
            act: |phone| phone.sign_in_by(Some(MobileCertificate), None),
            credential: MethodNotAvailable,
            by_session,
        },
        Command {
            given: pending_phone,
            act: |phone| phone.create_pin_twice(PIN, ANOTHER_PIN),
            credential: PinMismatch,
            by_session,
        },
        Command {
            given: locked_phone,
            act: |phone| phone.unlock(WRONG_PIN),
            credential: IncorrectPin,
            by_session,
        },
        Command { given: locked_phone, act: not_recognised, credential: BiometricRejected, by_session },
        Command {
            given: open_phone_with_biometrics,
            act: |phone| phone.change_pin(WRONG_PIN, ANOTHER_PIN),
            credential: IncorrectPin,
            by_session: true,
        },
        Command {
            given: open_phone_with_biometrics,
            act: |phone| phone.change_pin(PIN, PIN),
            credential: PinUnchanged,
            by_session: true,
        },
    ]
}

/// What is wrong: integrity, whether all was revoked, and what the directory says.
type Wrong = (DeviceIntegrity, bool, Option<RefusalCode>);

fn every_combination() -> Vec<Wrong> {
    let mut all = Vec::new();
    for integrity in [Unmodified, Unknown, Modified] {
        for revoked in [false, true] {
            for person in [None, Some(NoChargeableService), Some(NotEligible)] {
                all.push((integrity, revoked, person));
            }
        }
    }
    all
}

/// What the first guard that refuses says.
fn first_refusal(command: &Command, (integrity, revoked, person): Wrong) -> RefusalCode {
    match (integrity, revoked) {
        (Modified, _) => UnsupportedDevice,
        (_, true) if command.by_session => SessionRequired,
        (Unknown, _) => DeviceIntegrityUnknown,
        (Unmodified, true) => ReinvitationRequired,
        (Unmodified, false) => person.unwrap_or(command.credential),
    }
}

fn without_service(person: Person) -> Person {
    only(job(&[]))(person)
}

#[test]
fn r03_r33_r21_the_first_guard_decides_and_the_credential_comes_last() {
    for command in commands() {
        for wrong in every_combination() {
            let (integrity, revoked, person) = wrong;
            let world = World::new();
            let anna = world.employee();
            let administrator = world.administrator(ACME);
            let mut phone = (command.given)(&world, anna);
            if revoked {
                revoke_all(&world, &administrator, anna).unwrap();
            }
            match person {
                Some(NoChargeableService) => world.change(anna, without_service),
                Some(_) => world.change(anna, nowhere),
                None => {}
            }
            phone.integrity = integrity;
            let (hashed, before) = (world.hasher.count(), enrolled(&world, &phone));
            let (state, bytes) = (phone.state(), stored(&world, anna));

            let expected = first_refusal(&command, wrong);
            assert_eq!((command.act)(&mut phone), Err(expected), "{wrong:?}");

            let (ends, is_last) =
                (expected == UnsupportedDevice || expected == NotEligible, expected == command.credential);
            if !is_last {
                assert_eq!(world.hasher.count(), hashed, "{wrong:?}: a PIN was evaluated");
            }
            match (ends, state) {
                // R03, E14, E23: the enrolment is wiped; there is nothing to wipe on a revoked device.
                (true, SessionState::PinPending | SessionState::Locked | SessionState::Authenticated) => {
                    assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::LoggedOut, None));
                }
                _ if is_last && expected == IncorrectPin => {}
                _ => {
                    assert!(stored(&world, anna) == bytes, "{wrong:?}: something was written");
                    assert_eq!((phone.state(), enrolled(&world, &phone)), (state, before));
                }
            }
        }
    }
}

#[test]
fn r03_r21_enabling_a_biometric_passes_the_same_guards() {
    for wrong in every_combination() {
        let (integrity, revoked, person) = wrong;
        let world = World::new();
        let anna = world.employee();
        let administrator = world.administrator(ACME);
        let mut phone = world.open_phone(anna).unwrap();
        if revoked {
            revoke_all(&world, &administrator, anna).unwrap();
        }
        match person {
            Some(NoChargeableService) => world.change(anna, without_service),
            Some(_) => world.change(anna, nowhere),
            None => {}
        }
        phone.integrity = integrity;
        let expected = match (integrity, revoked) {
            (Modified, _) => Err(UnsupportedDevice),
            (_, true) => Err(SessionRequired),
            (Unknown, _) => Err(DeviceIntegrityUnknown),
            (Unmodified, false) => person.map_or(Ok(()), Err),
        };
        assert_eq!(phone.enable(Modality::Face), expected, "{wrong:?}");
        let enabled = enrolled(&world, &phone).is_some_and(|(_, _, enabled)| !enabled.is_empty());
        assert_eq!(enabled, expected.is_ok(), "{wrong:?}");
    }
}

#[test]
fn r11_without_a_clock_nothing_is_raised_and_no_pin_is_evaluated() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let mut pending = pending_phone(&world, anna);
    let open = world.open_phone(anna).unwrap();
    let mut new = world.phone(anna);
    let begun = evidence_of(&world, anna);
    world.clock.set(None);
    refused(&world, anna, ClockUnavailable, || new.finish_sign_in(begun, None));
    refused(&world, anna, ClockUnavailable, || pending.create_pin(PIN));
    refused(&world, anna, ClockUnavailable, || phone.unlock(PIN));
    refused(&world, anna, ClockUnavailable, || phone.unlock_by(Modality::Face));
    refused(&world, anna, ClockUnavailable, || open.change_pin(PIN, ANOTHER_PIN));
    refused(&world, anna, ClockUnavailable, || open.enable(Modality::Face));
    // The earlier guards come first, here too.
    world.change(anna, without_service);
    refused(&world, anna, NoChargeableService, || phone.unlock(PIN));
}

#[test]
fn r11_with_the_audit_trail_full_nothing_is_raised_and_no_pin_is_evaluated() {
    let world = World::builder().policy(Policy::builder().outbox_limit(8).build().unwrap()).build();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    world.gate.blocking().deliver_events(anna).unwrap();
    world.journal.set_down(true);
    for _ in 0..4 {
        phone.unlock(PIN).unwrap();
        phone.lock().unwrap();
    }
    let (hashed, bytes) = (world.hasher.count(), stored(&world, anna));
    assert_eq!(phone.unlock(PIN), Err(AuditTrailFull));
    assert_eq!(phone.unlock(WRONG_PIN), Err(AuditTrailFull));
    assert_eq!(phone.unlock_by(Modality::Face), Err(AuditTrailFull));
    assert_eq!(world.phone(anna).sign_in(), Err(AuditTrailFull));
    assert!((hashed, bytes) == (world.hasher.count(), stored(&world, anna)));

    world.journal.set_down(false);
    phone.unlock(PIN).unwrap();
    assert_eq!(world.journal.contradictions(), 0);
}

#[test]
fn r11_while_the_directory_cannot_be_asked_nothing_is_raised_and_nobody_is_logged_out() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let open = world.open_phone(anna).unwrap();
    let (hashed, bytes) = (world.hasher.count(), stored(&world, anna));
    world.directory.set_down(true);
    assert_eq!(phone.unlock(PIN), Err(Unavailable));
    assert_eq!(phone.unlock_by(Modality::Face), Err(Unavailable));
    assert_eq!(open.check().map(|_| ()), Err(Unavailable));
    assert_eq!(world.phone(anna).sign_in(), Err(Unavailable));
    assert!((hashed, bytes) == (world.hasher.count(), stored(&world, anna)));
    world.directory.set_down(false);
    phone.unlock(PIN).unwrap();
    let _ = open.check().unwrap();
}

#[test]
fn i03_the_guards_are_asked_in_their_order() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    revoke_all(&world, &world.administrator(ACME), phone.owner).unwrap();
    world.directory.remove(phone.owner);
    phone.integrity = Modified;
    refused(&world, phone.owner, RefusalCode::UnsupportedDevice, || phone.unlock("111222"));
    phone.integrity = Unmodified;
    refused(&world, phone.owner, RefusalCode::ReinvitationRequired, || phone.unlock("111222"));
}
