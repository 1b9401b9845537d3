//! R26–R32: Lock, Log out, and Log out from all devices.

use pinlatch::access::Channel;
use pinlatch::account::Standing;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::people::Function;
use pinlatch::refusal::{Refusal, RefusalCode};
use pinlatch::session::{
    Baseline, BiometricAssertion, Change, LockCause, LogOutCause, Modality, RevokedBy, SessionState,
};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, World};

use crate::given::{
    changes, code, device, enrolled, exhausted_phone, is_live, locked_phone, open_phone_with_biometrics,
    pending_phone, refused, role, row, rows, session, unchanged, unnoticed_by,
};

const BOTH: [Modality; 2] = [Modality::Face, Modality::Fingerprint];

#[test]
fn r26_lock_ends_the_session_and_kills_its_token() {
    let world = World::new();
    let anna = world.employee();
    let phone = open_phone_with_biometrics(&world, anna);
    let tablet = world.open_phone(anna).unwrap();
    let (old, others) = (session(&phone), row(&world, &tablet));

    let seen = changes(&world, anna, || phone.lock().unwrap());
    assert_eq!(seen, [Change::Locked(LockCause::Asked)]);
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(enrolled(&world, &phone), Some((0, 0, BOTH.to_vec())), "the enrolment is kept");
    assert!(!is_live(&world, &old));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.read(Function::WorkingHours));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.enable(Modality::Face));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.change_pin(PIN, ANOTHER_PIN));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.devices());
    refused(&world, anna, RefusalCode::SessionRequired, || phone.log_out_everywhere());

    assert_eq!(row(&world, &tablet), others);
    let _ = tablet.check().unwrap();
    unchanged(&world, anna, || phone.lock());
}

#[test]
fn r27_face_or_fingerprint_opens_the_lock_with_a_new_session_token() {
    for modality in BOTH {
        let world = World::new();
        let anna = world.employee();
        let mut phone = world.open_phone(anna).unwrap();
        let enabled = changes(&world, anna, || phone.enable(modality).unwrap());
        assert_eq!(enabled, [Change::BiometricEnabled(modality)]);
        phone.lock().unwrap();
        let (old, hashed) = (session(&phone), world.hasher.count());

        let seen = changes(&world, anna, || phone.unlock_by(modality).unwrap());
        assert_eq!(seen, [Change::UnlockedByBiometric(modality)]);
        assert_eq!(phone.state(), SessionState::Authenticated);
        assert_eq!(world.hasher.count(), hashed, "no PIN was evaluated");
        assert_ne!(old.expose(), session(&phone).expose());
        assert!(!is_live(&world, &old));
        assert!(is_live(&world, &session(&phone)));
    }
}

#[test]
fn r27_only_what_is_enabled_on_this_device_and_recognised_opens() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    let mut tablet = world.open_phone(anna).unwrap();
    tablet.lock().unwrap();

    let baseline = Some(Baseline::of(&phone.biometric_state));
    let not_recognised = BiometricAssertion { modality: Modality::Face, recognised: false, baseline };
    refused(&world, anna, RefusalCode::BiometricRejected, || phone.assert_biometric(not_recognised));
    refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Fingerprint));
    // The same face, on a device that has none enabled.
    refused(&world, anna, RefusalCode::BiometricUnavailable, || tablet.unlock_by(Modality::Face));
    assert_eq!(phone.state(), SessionState::Locked);
    phone.unlock_by(Modality::Face).unwrap();
}

#[test]
fn r28_face_fingerprint_and_pin_each_alone_unlock_and_nothing_else_does() {
    type Unlock = fn(&mut Phone<'_>) -> Result<(), RefusalCode>;
    let each: [Unlock; 3] = [
        |phone| phone.unlock_by(Modality::Face),
        |phone| phone.unlock_by(Modality::Fingerprint),
        |phone| phone.unlock(PIN),
    ];
    for unlock in each {
        let world = World::new();
        let mut phone = locked_phone(&world, world.employee());
        unlock(&mut phone).unwrap();
        let _ = phone.check().unwrap();
    }

    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    // Neither strong authentication, nor an invitation, nor the old session, nor a new PIN.
    for method in [BankCredentials, IdentityProviderAccount] {
        refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.sign_in_by(Some(method), None));
    }
    refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.sign_in_with_invitation(&invitation));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
    refused(&world, anna, RefusalCode::AlreadyEnrolled, || phone.create_pin(PIN));
    refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
    unchanged(&world, anna, || phone.lock());
    assert_eq!(phone.state(), SessionState::Locked);
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

#[test]
fn r31_log_out_from_all_devices_revokes_every_one_and_no_other_account() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let others = world.open_phone(otto).unwrap();
    let caller = open_phone_with_biometrics(&world, anna);
    let mut phones = [
        open_phone_with_biometrics(&world, anna),
        locked_phone(&world, anna),
        pending_phone(&world, anna),
        exhausted_phone(&world, anna),
    ];
    let logged_out = world.open_phone(anna).unwrap();
    logged_out.log_out().unwrap();
    let tokens: Vec<_> = phones.iter().filter(|phone| phone.session.is_some()).map(session).collect();
    let (generation, (_, swaps)) = (world.account(anna).unwrap().generation(), world.store.operations());

    let seen = changes(&world, anna, || {
        unnoticed_by(&world, &[otto], || caller.log_out_everywhere()).unwrap();
    });

    assert_eq!(world.store.operations().1, swaps + 1, "one write, whatever the number of devices");
    assert_eq!(seen, [Change::RevokedAll; 5], "each device once");
    let account = world.account(anna).unwrap();
    assert_eq!((account.standing(), account.generation()), (Standing::RevokedAll, generation.next()));
    let of_the_account: Vec<_> = world.journal.events(anna).into_iter().map(|event| event.change).collect();
    let revoked = Change::LoggedOutEverywhere {
        by: RevokedBy::Person(caller.id.unwrap()),
        generation: generation.next(),
        voided_invitation: false,
    };
    assert_eq!(of_the_account.iter().filter(|kind| **kind == revoked).count(), 1);

    assert!(!is_live(&world, &session(&caller)));
    assert!(tokens.iter().all(|token| !is_live(&world, token)));
    assert_eq!((caller.state(), enrolled(&world, &caller)), (SessionState::RevokedAll, None));
    for phone in &mut phones {
        assert_eq!((phone.state(), enrolled(&world, phone)), (SessionState::RevokedAll, None));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock(PIN));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock_by(Modality::Face));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.create_pin(PIN));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.lock());
        refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
        unchanged(&world, anna, || phone.log_out());
        assert_eq!(phone.state(), SessionState::RevokedAll);
    }
    let _ = others.check().unwrap();
}

#[test]
fn r31_it_is_chosen_with_a_live_session_only() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let stale = session(&phone);
    phone.lock().unwrap();
    refused(&world, anna, RefusalCode::SessionRequired, || {
        code(world.gate.blocking().log_out_everywhere(&stale))
    });
    assert_eq!((phone.state(), rows(&world, anna)), (SessionState::Locked, 1));
    assert_eq!(world.account(anna).unwrap().standing(), Standing::Good);
}

#[test]
fn r32_browser_sessions_are_not_touched() {
    let world = World::new();
    let anna = world.employee();
    world.change(anna, role(pinlatch::people::Role::UserAdministrator));
    let phone = world.open_phone(anna).unwrap();
    let otto = world.employee();
    phone.log_out_everywhere().unwrap();

    // She is still in the browser, and still administers there.
    let eligibility = unchanged(&world, anna, || code(world.gate.blocking().browser_access(anna)));
    assert_eq!((eligibility.person(), eligibility.channel()), (anna, Channel::Browser));
    let actor = pinlatch::access::Actor { person: anna, company: ACME, channel: Channel::Browser };
    world.gate.blocking().invite(&actor, otto).unwrap();
    assert_eq!(phone.state(), SessionState::RevokedAll);
}

#[test]
fn r29_r31_one_device_logs_another_out() {
    let world = World::new();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), open_phone_with_biometrics(&world, anna));
    let (mine, old) = (row(&world, &phone), session(&tablet));
    let gate = world.gate.blocking();
    let seen = changes(&world, anna, || gate.log_out_device(&session(&phone), tablet.id.unwrap()).unwrap());
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::FromAnotherDevice)]);
    assert_eq!((tablet.state(), enrolled(&world, &tablet)), (SessionState::LoggedOut, None));
    assert!(!is_live(&world, &old));
    assert_eq!(row(&world, &phone), mine);
    refused(&world, anna, RefusalCode::UnknownDevice, || {
        code(gate.log_out_device(&session(&phone), tablet.id.unwrap()))
    });
    assert_eq!(code(gate.status(&device(&tablet))), Ok(SessionState::LoggedOut));

    // Not so a device of somebody else.
    let ottos = world.open_phone(world.employee()).unwrap();
    refused(&world, anna, RefusalCode::UnknownDevice, || {
        code(gate.log_out_device(&session(&phone), ottos.id.unwrap()))
    });
    let _ = ottos.check().unwrap();
    gate.check(&session(&phone), pinlatch::account::Wanted::Session, &UNMODIFIED).map(|_| ()).unwrap();
    assert_eq!(
        world.journal.refusals(anna).last(),
        Some(&Refusal::new(RefusalCode::UnknownDevice)),
        "and nothing was refused since"
    );
}
