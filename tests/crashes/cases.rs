//! Every use case of the gate.

use std::pin::Pin as Pinned;

use pinlatch::access::Request;
use pinlatch::account::DeviceIntegrity::Modified;
use pinlatch::account::{
    AuthenticationStart, BeginFor, DeviceLabel, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{AnyDevice, FailedAuthentication, Gate, GateError};
use pinlatch::id::RequestId;
use pinlatch::people::{Action, AuthenticationMethod as Method, Function};
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{ACME, ANOTHER_PIN, InBrowser, PIN, UNMODIFIED, WRONG_PIN};

use crate::credentials::{digits, entries};
use crate::given::Ready;
use crate::parts::CrashHost;

pub(crate) type Doing<'a> = Pinned<Box<dyn Future<Output = Result<(), Code>> + 'a>>;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) act: for<'a> fn(&'a Gate<CrashHost>, &'a Ready) -> Doing<'a>,
    /// Whether its hashing compares a guess.
    pub(crate) guesses: bool,
}

fn outcome<T>(result: Result<T, GateError>) -> Result<(), Code> {
    result.map(|_| ()).map_err(|error| error.code())
}

macro_rules! cases {
    ($($name:literal: |$gate:ident, $it:ident| $act:expr;)*) => {
        vec![$(Case {
            name: $name,
            act: |$gate, $it| Box::pin(async move { outcome($act) }),
            guesses: $name.starts_with("unlock_with_pin") || $name.starts_with("change_pin"),
        }),*]
    };
}

fn sign_in<'a>(it: &'a Ready, start: AuthenticationStart, known: Option<&'a DeviceToken>) -> SignIn<'a> {
    let evidence = StrongAuthentication::verified_by_host(start, it.person, Method::IdentityProviderAccount);
    let invitation = it.invitation.as_ref();
    SignIn { evidence, label: DeviceLabel::new("new").unwrap(), known, invitation }
}

fn users_and_roles(it: &Ready) -> Request {
    let InBrowser { person, company } = it.actor;
    Request { company, action: Action::Read, function: Function::UsersAndRoles, owner: person }
}

/// A request to which the phone gave its own id.
fn named() -> RequestContext {
    UNMODIFIED.with_request(RequestId::from_u128(4711))
}

fn face(recognised: bool, of: &[u8]) -> BiometricAssertion {
    BiometricAssertion { modality: Modality::Face, recognised, baseline: Some(Baseline::of(of)) }
}

async fn change_pin(
    gate: &Gate<CrashHost>,
    it: &Ready,
    current: &str,
    request: &RequestContext,
) -> Result<(), GateError> {
    let words = PersonalWords::none();
    gate.change_pin(&it.session, &digits(current), &entries(ANOTHER_PIN), &words, request).await
}

async fn unlock_by_handle(gate: &Gate<CrashHost>, it: &Ready) -> Result<(), GateError> {
    let right = digits(PIN);
    match gate.device(&it.device, &UNMODIFIED).await? {
        AnyDevice::Locked(device) => drop(device.unlock_with_pin(&right, &UNMODIFIED).await?),
        AnyDevice::Authenticated(device) => drop(device.unlock_with_pin(&right, &UNMODIFIED).await?),
        other => drop(gate.unlock_with_pin(&it.device, &right, &UNMODIFIED).await.map(|_| other)?),
    }
    Ok(())
}

pub(crate) fn all() -> Vec<Case> {
    let mut cases = of_the_pin();
    cases.extend(of_the_session());
    cases.extend(of_sign_in_and_administration());
    cases
}

fn of_the_pin() -> Vec<Case> {
    cases! {
        "create_pin": |gate, it| {
            gate.create_pin(&it.device, &entries(PIN), &PersonalWords::none(), &UNMODIFIED).await
        };
        "unlock_with_pin, right": |gate, it| gate.unlock_with_pin(&it.device, &digits(PIN), &UNMODIFIED).await;
        "unlock_with_pin, wrong": |gate, it| {
            gate.unlock_with_pin(&it.device, &digits(WRONG_PIN), &UNMODIFIED).await
        };
        "unlock_with_pin, wrong, named": |gate, it| {
            gate.unlock_with_pin(&it.device, &digits(WRONG_PIN), &named()).await
        };
        "unlock_with_pin, modified": |gate, it| gate.unlock_with_pin(&it.device, &digits(PIN), &RequestContext::new(Modified)).await;
        "unlock_with_pin, by the device's handle": |gate, it| unlock_by_handle(gate, it).await;
        "change_pin, right": |gate, it| change_pin(gate, it, PIN, &UNMODIFIED).await;
        "change_pin, right, named": |gate, it| change_pin(gate, it, PIN, &named()).await;
        "change_pin, wrong": |gate, it| change_pin(gate, it, WRONG_PIN, &UNMODIFIED).await;
    }
}

fn of_the_session() -> Vec<Case> {
    cases! {
        "unlock_with_biometric": |gate, it| {
            gate.unlock_with_biometric(&it.device, &face(true, b"the owner's face"), &UNMODIFIED).await
        };
        "unlock_with_biometric, not recognised": |gate, it| {
            gate.unlock_with_biometric(&it.device, &face(false, b"the owner's face"), &UNMODIFIED).await
        };
        "unlock_with_biometric, another face enrolled": |gate, it| {
            gate.unlock_with_biometric(&it.device, &face(true, b"two faces"), &UNMODIFIED).await
        };
        "check": |gate, it| gate.check(&it.session, Wanted::session(), &UNMODIFIED).await;
        "check, modified": |gate, it| gate.check(&it.session, Wanted::session(), &RequestContext::new(Modified)).await;
        "functions": |gate, it| gate.functions(&it.session, ACME, &UNMODIFIED).await;
        "device_view": |gate, it| gate.device_view(&it.device, &UNMODIFIED).await;
        "lock": |gate, it| gate.lock(&it.device, &UNMODIFIED).await;
        "enable_biometric": |gate, it| {
            gate.enable_biometric(&it.session, Modality::Fingerprint, Baseline::of(b"ten"), &UNMODIFIED).await
        };
        "disable_biometric": |gate, it| gate.disable_biometric(&it.session, Modality::Face, &UNMODIFIED).await;
        "acknowledge": |gate, it| gate.acknowledge(&it.device, &UNMODIFIED).await;
        "log_out": |gate, it| gate.log_out(&it.device, &UNMODIFIED).await;
        "report_integrity": |gate, it| gate.report_integrity(&it.device, &Modified.into()).await;
        "devices": |gate, it| gate.devices(&it.session, &UNMODIFIED).await;
        "log_out_device": |gate, it| gate.log_out_device(&it.session, it.other, &UNMODIFIED).await;
        "rename_device": |gate, it| {
            let label = DeviceLabel::new("renamed").unwrap();
            gate.rename_device(&it.session, it.other, label, &UNMODIFIED).await
        };
        "log_out_everywhere": |gate, it| gate.log_out_everywhere(&it.session, &UNMODIFIED).await;
    }
}

fn of_sign_in_and_administration() -> Vec<Case> {
    cases! {
        "begin_authentication, nobody": |gate, _it| gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await;
        "begin_authentication, device": |gate, it| gate.begin_authentication(BeginFor::Device(&it.device), &UNMODIFIED).await;
        "begin_authentication, invitation": |gate, it| {
            gate.begin_authentication(BeginFor::Invitation(&it.presented()), &UNMODIFIED).await
        };
        "authentication_failed": |gate, it| {
            Ok::<_, GateError>(gate.authentication_failed(&it.start, FailedAuthentication::Failed, &UNMODIFIED).await)
        };
        "authenticate, new device": |gate, it| gate.authenticate(sign_in(it, it.start, None), &UNMODIFIED).await;
        "authenticate, known device": |gate, it| {
            gate.authenticate(sign_in(it, it.start, Some(&it.device)), &UNMODIFIED).await
        };
        "authenticate, device named by the start": |gate, it| {
            gate.authenticate(sign_in(it, it.named, Some(&it.device)), &named()).await
        };
        "authenticate, modified": |gate, it| {
            gate.authenticate(sign_in(it, it.start, Some(&it.device)), &RequestContext::new(Modified)).await
        };
        "browser_access": |gate, it| gate.browser_access(it.actor.person).await;
        "invite": |gate, it| gate.invite(&it.actor.session(), it.actor.company, it.person).await;
        "withdraw_invitation": |gate, it| gate.withdraw_invitation(&it.actor.session(), it.actor.company, it.person).await;
        "revoke_all": |gate, it| gate.revoke_all(&it.actor.session(), it.actor.company, it.person).await;
        "log_out_device_of": |gate, it| {
            gate.log_out_device_of(&it.actor.session(), it.actor.company, it.person, it.other).await
        };
        "overview": |gate, it| gate.overview(&it.actor.session(), it.actor.company, it.person).await;
        "browser_check": |gate, it| gate.browser_check(&it.actor.session(), &users_and_roles(it)).await;
        "reassess": |gate, it| gate.reassess(it.person).await;
        "erase": |gate, it| gate.erase(it.person).await;
        "administrator": |gate, it| gate.administrator(&it.actor.session(), it.actor.company).await;
        "deliver_events": |gate, it| gate.deliver_events(it.person).await;
    }
}
