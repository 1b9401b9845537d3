//! Every future of the gate can be spawned: it is `Send` and borrows nothing once its arguments are
//! moved into it. This file tests by compiling; nothing in it runs.

#![allow(dead_code, reason = "it has to compile, not to run")]

use std::sync::Arc;

use pinlatch::access::{BrowserSession, Request};
use pinlatch::account::DeviceIntegrity::Unmodified;
use pinlatch::account::{
    AuthenticationStart, BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{AnyDevice, FailedAuthentication, Gate, GateError};
use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory};
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{LocalDates, Person, Profile, Services, Validity};
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{CollectingJournal, ManualClock, MemoryStore, SeededRandomness, TestHost, UNMODIFIED};

fn spawnable(_: impl Future + Send + 'static) {}

type Shared = Arc<Gate<TestHost>>;

fn begin_authentication(gate: Shared) {
    spawnable(async move { gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await });
}

fn begin_authentication_for_a_device(gate: Shared, token: DeviceToken) {
    spawnable(async move { gate.begin_authentication(BeginFor::Device(&token), &UNMODIFIED).await });
}

fn begin_authentication_for_an_invitation(gate: Shared, token: InvitationToken) {
    spawnable(async move { gate.begin_authentication(BeginFor::Invitation(&token), &UNMODIFIED).await });
}

fn authenticate(
    gate: Shared,
    evidence: StrongAuthentication,
    label: DeviceLabel,
    token: DeviceToken,
    invitation: InvitationToken,
) {
    spawnable(async move {
        let sign_in = SignIn { evidence, label, known: Some(&token), invitation: Some(&invitation) };
        gate.authenticate(sign_in, &UNMODIFIED).await
    });
}

fn the_typed_road(gate: Shared, token: DeviceToken, session: SessionToken, pin: Pin, entries: PinEntries) {
    spawnable(async move {
        match gate.device(&token, &UNMODIFIED).await? {
            AnyDevice::PinPending(device) => {
                let open = device.create_pin(&entries, &PersonalWords::none(), &UNMODIFIED).await?;
                open.log_out(&UNMODIFIED).await?;
            }
            AnyDevice::Authenticated(device) => {
                let open = device.with_session(&session, &UNMODIFIED).await?;
                let _grant = open.check(Wanted::session(), &UNMODIFIED).await?;
                open.log_out_everywhere(&UNMODIFIED).await?;
            }
            AnyDevice::Locked(device) => {
                let open = device.unlock_with_pin(&pin, &UNMODIFIED).await?;
                open.lock(&UNMODIFIED).await?.log_out(&UNMODIFIED).await?;
            }
            AnyDevice::PinExhausted(device) => drop(device.acknowledge(&UNMODIFIED).await?),
            AnyDevice::LoggedOut(_) | AnyDevice::RevokedAll(_) => {}
        }
        Ok::<_, GateError>(())
    });
}

fn sign_in(gate: Shared, evidence: StrongAuthentication, label: DeviceLabel) {
    spawnable(async move { gate.sign_in(evidence, label, None, &UNMODIFIED).await.map(drop) });
}

fn authentication_failed(gate: Shared, start: AuthenticationStart) {
    spawnable(async move {
        gate.authentication_failed(&start, FailedAuthentication::Cancelled, &UNMODIFIED).await
    });
}

fn browser_access(gate: Shared, person: PersonId) {
    spawnable(async move { gate.browser_access(person).await });
}

fn create_pin(gate: Shared, token: DeviceToken, entries: PinEntries, words: PersonalWords) {
    spawnable(async move { gate.create_pin(&token, &entries, &words, &UNMODIFIED).await });
}

fn unlock_with_pin(gate: Shared, token: DeviceToken, entry: Pin) {
    spawnable(async move { gate.unlock_with_pin(&token, &entry, &UNMODIFIED).await });
}

fn change_pin(gate: Shared, session: SessionToken, current: Pin, new: PinEntries, words: PersonalWords) {
    spawnable(async move { gate.change_pin(&session, &current, &new, &words, &UNMODIFIED).await });
}

fn unlock_with_biometric(gate: Shared, token: DeviceToken, assertion: BiometricAssertion) {
    spawnable(async move { gate.unlock_with_biometric(&token, &assertion, &UNMODIFIED).await });
}

fn check(gate: Shared, session: SessionToken, request: Request) {
    spawnable(async move { gate.check(&session, Wanted::function(&request), &UNMODIFIED).await });
}

fn functions(gate: Shared, session: SessionToken, company: CompanyId) {
    spawnable(async move { gate.functions(&session, company, &UNMODIFIED).await });
}

fn device_view(gate: Shared, token: DeviceToken) {
    spawnable(async move { gate.device_view(&token, &UNMODIFIED).await });
}

fn lock(gate: Shared, token: DeviceToken) {
    spawnable(async move { gate.lock(&token, &UNMODIFIED).await });
}

fn acknowledge(gate: Shared, token: DeviceToken) {
    spawnable(async move { gate.acknowledge(&token, &UNMODIFIED).await });
}

fn log_out(gate: Shared, token: DeviceToken) {
    spawnable(async move { gate.log_out(&token, &UNMODIFIED).await });
}

fn report_integrity(gate: Shared, token: DeviceToken) {
    spawnable(async move { gate.report_integrity(&token, &Unmodified.into()).await });
}

fn enable_biometric(gate: Shared, session: SessionToken, baseline: Baseline) {
    spawnable(async move { gate.enable_biometric(&session, Modality::Face, baseline, &UNMODIFIED).await });
}

fn disable_biometric(gate: Shared, session: SessionToken) {
    spawnable(async move { gate.disable_biometric(&session, Modality::Face, &UNMODIFIED).await });
}

fn devices(gate: Shared, session: SessionToken) {
    spawnable(async move { gate.devices(&session, &UNMODIFIED).await });
}

fn log_out_device(gate: Shared, session: SessionToken, device: DeviceId) {
    spawnable(async move { gate.log_out_device(&session, device, &UNMODIFIED).await });
}

fn rename_device(gate: Shared, session: SessionToken, device: DeviceId, label: DeviceLabel) {
    spawnable(async move { gate.rename_device(&session, device, label, &UNMODIFIED).await });
}

fn log_out_everywhere(gate: Shared, session: SessionToken) {
    spawnable(async move { gate.log_out_everywhere(&session, &UNMODIFIED).await });
}

fn invite(gate: Shared, session: BrowserSession, company: CompanyId, person: PersonId) {
    spawnable(async move { gate.invite(&session, company, person).await });
}

fn withdraw_invitation(gate: Shared, session: BrowserSession, company: CompanyId, person: PersonId) {
    spawnable(async move { gate.withdraw_invitation(&session, company, person).await });
}

fn revoke_all(gate: Shared, session: BrowserSession, company: CompanyId, person: PersonId) {
    spawnable(async move { gate.revoke_all(&session, company, person).await });
}

fn log_out_device_of(
    gate: Shared,
    session: BrowserSession,
    company: CompanyId,
    person: PersonId,
    device: DeviceId,
) {
    spawnable(async move { gate.log_out_device_of(&session, company, person, device).await });
}

fn overview(gate: Shared, session: BrowserSession, company: CompanyId, person: PersonId) {
    spawnable(async move { gate.overview(&session, company, person).await });
}

fn reassess(gate: Shared, person: PersonId) {
    spawnable(async move { gate.reassess(person).await });
}

fn erase(gate: Shared, person: PersonId) {
    spawnable(async move { gate.erase(person).await });
}

fn deliver_events(gate: Shared, person: PersonId) {
    spawnable(async move { gate.deliver_events(person).await });
}

fn administrator(gate: Shared, session: BrowserSession, company: CompanyId) {
    spawnable(async move { gate.administrator(&session, company).await });
}

fn browser_check(gate: Shared, session: BrowserSession, request: Request) {
    spawnable(async move { gate.browser_check(&session, &request).await });
}

/// A host whose people are changed through the gate.
type Office = Arc<
    Gate<
        HostParts<
            Blocking<MemoryStore>,
            ManualClock,
            StoredDirectory<Blocking<MemoryStore>, fn(&Person) -> LocalDates>,
            Blocking<CollectingJournal>,
            Inline,
            SeededRandomness,
        >,
    >,
>;

fn hire(gate: Office, session: BrowserSession, company: CompanyId, person: PersonId, validity: Validity) {
    spawnable(async move { gate.hire(&session, company, person, validity, Services::EMPTY).await });
}

fn set_profile(gate: Office, session: BrowserSession, company: CompanyId, person: PersonId) {
    spawnable(async move { gate.set_profile(&session, company, person, Profile::Employee).await });
}

fn establish_first_administrator(gate: Office, company: CompanyId, person: PersonId) {
    spawnable(async move { gate.establish_first_administrator(company, person).await });
}

fn deliver_changes(gate: Office, person: PersonId) {
    spawnable(async move { gate.deliver_changes(person).await });
}
