//! The life in which everything happens that an account can record.

use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, Note, PinEntries, Policy, SignIn, StrongAuthentication,
};
use pinlatch::host::Clock;
use pinlatch::id::{PersonId, RequestId};
use pinlatch::people::{AuthenticationMethod, ChargeableService, Employment, Person, Role, UserAccess};
use pinlatch::pin::PersonalWords;
use pinlatch::record::StoredVersion;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Baseline, Modality};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{
    ACME, ANOTHER_PIN, InBrowser, PIN, Phone, UNMODIFIED, WRONG_PIN, World, days, hours, minutes, pin,
    since_last_year,
};

/// What the three devices at the end are called.
pub(crate) const LABELS: [&str; 3] = ["Puhelin keittiössä", "Tabletti", "Työpuhelin №2"];

/// What the host said of one request.
pub(crate) const NOTE: &str = "trace 4711";

type Lived = Result<(), RefusalCode>;

/// Lives it while the journal takes nothing, so that every event stays in the record.
pub(crate) fn rich(version: StoredVersion) -> Result<(World, PersonId), RefusalCode> {
    let policy = Policy::builder()
        .device_limit(3)
        .outbox_limit(256)
        .idle_lock(hours(1))
        .absolute_lifetime(days(30))
        .build()
        .expect("a policy");
    let world = World::builder().seed(100).policy(policy).writes_version(version).build();
    world.journal.set_down(true);
    let owner = world.knows(otto(&world));
    a_pin_and_its_end(&world, owner)?;
    biometrics_and_windows(&world, owner)?;
    every_way_out(&world, owner)?;
    invitations(&world, owner)?;
    as_it_ends(&world, owner)?;
    Ok((world, owner))
}

/// An employee who administers users.
fn otto(world: &World) -> Person {
    world
        .stranger()
        .with_bank_credentials()
        .with_mobile_certificate()
        .with_employment(Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel))
        .with_user_access(UserAccess::new(ACME, since_last_year()).with_role(Role::UserAdministrator))
}

fn code(error: pinlatch::gate::GateError) -> RefusalCode {
    error.code()
}

fn refused(outcome: Lived, expected: RefusalCode) {
    assert_eq!(outcome, Err(expected));
}

fn a_pin_and_its_end(world: &World, owner: PersonId) -> Lived {
    let mut phone = world.phone(owner);
    phone.sign_in_by(Some(AuthenticationMethod::BankCredentials), None)?;
    phone.create_pin(PIN)?;
    phone.enable(Modality::Face)?;
    phone.enable(Modality::Fingerprint)?;
    phone.lock()?;
    phone.unlock(PIN)?;
    phone.lock()?;
    phone.unlock_by(Modality::Face)?;
    phone.lock()?;
    phone.unlock_by(Modality::Fingerprint)?;
    phone.change_pin(PIN, ANOTHER_PIN)?;
    phone.lock()?;
    refused(phone.mistype(5), RefusalCode::PinExhausted);
    phone.acknowledge()
}

fn biometrics_and_windows(world: &World, owner: PersonId) -> Lived {
    let gate = world.gate.blocking();
    let mut phone = world.phone(owner);
    phone.sign_in_by(Some(AuthenticationMethod::MobileCertificate), None)?;
    world.wait(minutes(15));
    refused(phone.create_pin(PIN), RefusalCode::AuthenticationRequired);
    phone.sign_in_by(Some(AuthenticationMethod::IdentityProviderAccount), None)?;
    phone.create_pin(PIN)?;
    for modality in [Modality::Face, Modality::Fingerprint] {
        phone.enable(modality)?;
        gate.disable_biometric(phone.session.as_ref().expect("a session"), modality, &UNMODIFIED)
            .map_err(code)?;
        phone.enable(modality)?;
    }
    phone.lock()?;
    phone.biometric_state = b"somebody else's too".to_vec();
    for modality in [Modality::Face, Modality::Fingerprint] {
        refused(phone.unlock_by(modality), RefusalCode::BiometricUnavailable);
    }
    phone.unlock(PIN)?;
    world.wait(hours(1));
    refused(phone.check().map(drop), RefusalCode::Locked);
    world.wait(days(30));
    refused(phone.unlock(PIN), RefusalCode::AuthenticationRequired);
    phone.sign_in()?;
    phone.create_pin(PIN)?;
    // The clock goes back by a day, behind the opening.
    let a_day_ago = world.clock.now().map(|now| now.as_unix_millis() - 86_400_000);
    world.clock.set(a_day_ago.map(Timestamp::from_unix_millis));
    refused(phone.check().map(drop), RefusalCode::SessionRequired);
    // Authenticates anew on the phone that is signed in: starts over.
    phone.sign_in()?;
    // A start that names nobody has to be clear of the set-back by more than hosts may differ (D34).
    world.wait(minutes(3));
    Ok(())
}

fn every_way_out(world: &World, owner: PersonId) -> Lived {
    let gate = world.gate.blocking();
    world.open_phone(owner)?.log_out()?;

    let mut modified = world.open_phone(owner)?;
    modified.integrity = DeviceIntegrity::Modified;
    refused(modified.check().map(drop), RefusalCode::UnsupportedDevice);

    let hired = world.directory.get(owner).expect("a person");
    let dismissed = world.open_phone(owner)?;
    world.knows(Person::new(owner));
    refused(dismissed.check().map(drop), RefusalCode::NotEligible);
    world.knows(hired);

    let (phone, lost) = (world.open_phone(owner)?, world.open_phone(owner)?);
    let session = phone.session.as_ref().expect("a session");
    gate.log_out_device(session, lost.id.expect("a device"), &UNMODIFIED).map_err(code)?;
    let renamed = DeviceLabel::new("My phone").expect("a label");
    gate.rename_device(session, phone.id.expect("a device"), renamed, &UNMODIFIED).map_err(code)?;
    let (administrator, other) = (world.administrator(ACME), world.open_phone(owner)?);
    let (browser, company) = (administrator.session(), administrator.company);
    gate.log_out_device_of(&browser, company, owner, other.id.expect("a device")).map_err(code)?;
    // Three fit in; the oldest makes room for the fourth.
    world.open_phone(owner)?;
    // The start forgotten for that one was read later than today's clock: the floor is today (D34).
    world.wait(minutes(3));
    world.open_phone(owner)?;
    phone.log_out_everywhere()
}

fn invitations(world: &World, owner: PersonId) -> Lived {
    let gate = world.gate.blocking();
    let administrator = world.administrator(ACME);
    gate.invite(&administrator.session(), administrator.company, owner).map_err(code)?;
    gate.invite(&administrator.session(), administrator.company, owner).map_err(code)?;
    gate.withdraw_invitation(&administrator.session(), administrator.company, owner).map_err(code)?;
    let oneself = InBrowser { person: owner, company: ACME };
    let invitation = gate.invite(&oneself.session(), oneself.company, owner).map_err(code)?;
    world.phone(owner).sign_in_with_invitation(&invitation)?;
    gate.revoke_all(&administrator.session(), administrator.company, owner).map_err(code)
}

/// Three devices, with attempts in flight and biometrics; an open invitation.
fn as_it_ends(world: &World, owner: PersonId) -> Lived {
    let invitation = world.invited(owner)?;
    world.phone(owner).sign_in_with_invitation(&invitation)?;
    // A start that names nobody has to be clear of the log-out by more than hosts may differ (D34).
    world.wait(minutes(3));
    let mut devices = Vec::new();
    for label in LABELS {
        world.wait(minutes(1));
        devices.push(signed_in_as(world, owner, label)?);
    }
    let [kitchen, tablet, waits_for_its_pin] = devices.as_mut_slice() else {
        panic!("three devices");
    };
    kitchen.create_pin(ANOTHER_PIN)?;
    kitchen.enable(Modality::Face)?;
    enable_with_a_note(world, kitchen)?;
    change_pin_by_request(world, kitchen, 1)?;
    tablet.create_pin(ANOTHER_PIN)?;
    tablet.enable(Modality::Face)?;
    // Nobody ever answers this guess: it is void when the next one comes.
    world.hasher.set_failing(true);
    refused(tablet.mistype(1), RefusalCode::Unavailable);
    world.wait(minutes(4));
    // A guess in flight that a lock overtakes.
    refused(tablet.mistype(1), RefusalCode::Unavailable);
    tablet.lock()?;
    world.hasher.set_failing(false);
    refused(mistype_by_request(world, tablet, 2), RefusalCode::IncorrectPin);
    world.hasher.set_failing(true);
    refused(mistype_by_request(world, tablet, 3), RefusalCode::Unavailable);
    refused(waits_for_its_pin.create_pin(PIN), RefusalCode::Unavailable);
    world.invited(owner).map(drop)
}

fn enable_with_a_note(world: &World, phone: &Phone<'_>) -> Lived {
    let request = UNMODIFIED.with_note(Note::new(NOTE).expect("a note"));
    let baseline = Baseline::of(&phone.biometric_state);
    let session = phone.session.as_ref().expect("a session");
    world.gate.blocking().enable_biometric(session, Modality::Fingerprint, baseline, &request).map_err(code)
}

fn change_pin_by_request(world: &World, phone: &Phone<'_>, id: u128) -> Lived {
    let request = UNMODIFIED.with_request(RequestId::from_u128(id));
    let new = PinEntries { pin: pin(PIN)?, confirmation: pin(PIN)? };
    let session = phone.session.as_ref().expect("a session");
    let (gate, words) = (world.gate.blocking(), PersonalWords::none());
    gate.change_pin(session, &pin(ANOTHER_PIN)?, &new, &words, &request).map_err(code)
}

fn mistype_by_request(world: &World, phone: &Phone<'_>, id: u128) -> Lived {
    let request = UNMODIFIED.with_request(RequestId::from_u128(id));
    let token = phone.token.as_ref().expect("signed in");
    let opened = world.gate.blocking().unlock_with_pin(token, &pin(WRONG_PIN)?, &request);
    opened.map(drop).map_err(code)
}

fn signed_in_as<'w>(world: &'w World, owner: PersonId, label: &str) -> Result<Phone<'w>, RefusalCode> {
    let gate = world.gate.blocking();
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).map_err(code)?.start;
    let method = AuthenticationMethod::IdentityProviderAccount;
    let evidence = StrongAuthentication::verified_by_host(start, owner, method);
    let label = DeviceLabel::new(label).expect("a label");
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let signed_in = gate.authenticate(sign_in, &UNMODIFIED).map_err(code)?;
    let mut phone = world.phone(owner);
    (phone.id, phone.token) = (Some(signed_in.device), Some(signed_in.token));
    Ok(phone)
}
