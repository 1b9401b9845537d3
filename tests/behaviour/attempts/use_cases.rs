//! Every use case of the gate, with what it costs and what comes of it.

use std::pin::Pin as Pinned;

use pinlatch::account::{
    AuthenticationStart, BeginFor, DeviceLabel, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{Gate, GateError};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{ACME, ANOTHER_PIN, InBrowser, PIN, UNMODIFIED, WRONG_PIN, World};

use super::shaky::ShakyHost;
use crate::given::*;

/// What a use case acts on.
pub(crate) struct Ready {
    pub(crate) person: PersonId,
    pub(crate) device: DeviceToken,
    session: SessionToken,
    other: DeviceId,
    pub(crate) actor: InBrowser,
    start: AuthenticationStart,
    invitation: Option<InvitationToken>,
}

/// In which state the person's phone is. The person has a second one, which is open.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given {
    Open,
    Locked,
    LockedAfter(usize),
    Pending,
    Exhausted,
    RevokedAndReinvited,
    Invited,
}

impl Given {
    pub(crate) fn ready(self, world: &World) -> Ready {
        let actor = world.administrator(ACME);
        let person = world.employee();
        let (mut phone, other) = (world.open_phone(person).unwrap(), world.open_phone(person).unwrap());
        phone.enable(Modality::Face).unwrap();
        let mut invitation = None;
        match self {
            Self::Open => {}
            Self::Locked => phone.lock().unwrap(),
            Self::LockedAfter(failures) => {
                phone.lock().unwrap();
                assert!(phone.mistype(failures).is_err());
            }
            Self::Pending => {
                phone.log_out().unwrap();
                phone.sign_in().unwrap();
            }
            Self::Exhausted => {
                phone.lock().unwrap();
                assert!(phone.mistype(5).is_err());
            }
            Self::RevokedAndReinvited => {
                phone.log_out_everywhere().unwrap();
                invitation = Some(world.invited(person).unwrap().token);
            }
            Self::Invited => invitation = Some(world.invited(person).unwrap().token),
        }
        let whom = invitation.as_ref().map_or(BeginFor::Nobody, BeginFor::Invitation);
        let start = world.gate.blocking().begin_authentication(whom, &UNMODIFIED).unwrap().start;
        let (device, session) = (device_of(&phone), session_of(&phone));
        Ready { person, device, session, other: other.id.unwrap(), actor, start, invitation }
    }
}

type Doing<'a> = Pinned<Box<dyn Future<Output = Result<(), Code>> + 'a>>;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) given: Given,
    pub(crate) swaps: usize,
    pub(crate) answer: Result<(), Code>,
    /// Whether something is charged first: a guess, or the claim of a new PIN.
    pub(crate) charges: bool,
    pub(crate) act: for<'a> fn(&'a Gate<ShakyHost>, &'a Ready) -> Doing<'a>,
}

fn outcome<T>(result: Result<T, GateError>) -> Result<(), Code> {
    result.map(|_| ()).map_err(|error| error.code())
}

macro_rules! case {
    ($name:literal, $given:expr, $swaps:literal, $answer:expr, |$gate:ident, $it:ident| $act:expr) => {
        Case {
            name: $name,
            given: $given,
            swaps: $swaps,
            answer: $answer,
            charges: $swaps == 2,
            act: |$gate, $it| Box::pin(async move { outcome($act) }),
        }
    };
}

fn sign_in<'a>(it: &'a Ready, known: Option<&'a DeviceToken>) -> SignIn<'a> {
    let method = AuthenticationMethod::BankCredentials;
    let evidence = StrongAuthentication::verified_by_host(it.start, it.person, method);
    SignIn { evidence, label: DeviceLabel::new("new").unwrap(), known, invitation: it.invitation.as_ref() }
}

fn recognised() -> BiometricAssertion {
    let baseline = Some(Baseline::of(b"the owner's face"));
    BiometricAssertion { modality: Modality::Face, recognised: true, baseline }
}

/// Every use case that goes to the store.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = of_the_pin();
    cases.extend(of_the_session());
    cases.extend(of_sign_in_and_administration());
    cases
}

fn of_the_pin() -> Vec<Case> {
    let wrong = Err(Code::IncorrectPin);
    vec![
        case!("create_pin", Given::Pending, 2, Ok(()), |gate, it| {
            gate.create_pin(&it.device, &entries(PIN), &PersonalWords::none(), &UNMODIFIED).await
        }),
        case!("unlock_with_pin, right", Given::LockedAfter(2), 2, Ok(()), |gate, it| {
            gate.unlock_with_pin(&it.device, &digits(PIN), &UNMODIFIED).await
        }),
        case!("unlock_with_pin, wrong", Given::LockedAfter(2), 2, wrong, |gate, it| {
            gate.unlock_with_pin(&it.device, &digits(WRONG_PIN), &UNMODIFIED).await
        }),
        case!(
            "unlock_with_pin, fifth wrong",
            Given::LockedAfter(4),
            2,
            Err(Code::PinExhausted),
            |gate, it| gate.unlock_with_pin(&it.device, &digits(WRONG_PIN), &UNMODIFIED).await
        ),
        case!("unlock_with_pin, exhausted", Given::Exhausted, 0, Err(Code::PinExhausted), |gate, it| {
            gate.unlock_with_pin(&it.device, &digits(PIN), &UNMODIFIED).await
        }),
        case!("change_pin, right", Given::Open, 2, Ok(()), |gate, it| change_pin(gate, it, PIN).await),
        case!("change_pin, wrong", Given::Open, 2, wrong, |gate, it| change_pin(gate, it, WRONG_PIN).await),
    ]
}

async fn change_pin(gate: &Gate<ShakyHost>, it: &Ready, current: &str) -> Result<(), GateError> {
    let (current, new) = (digits(current), entries(ANOTHER_PIN));
    gate.change_pin(&it.session, &current, &new, &PersonalWords::none(), &UNMODIFIED).await
}

fn of_the_session() -> Vec<Case> {
    vec![
        case!("unlock_with_biometric", Given::Locked, 1, Ok(()), |gate, it| {
            gate.unlock_with_biometric(&it.device, &recognised(), &UNMODIFIED).await
        }),
        case!("check", Given::Open, 0, Ok(()), |gate, it| {
            gate.check(&it.session, Wanted::session(), &UNMODIFIED).await
        }),
        case!("check, dead", Given::Locked, 0, Err(Code::SessionRequired), |gate, it| {
            gate.check(&it.session, Wanted::session(), &UNMODIFIED).await
        }),
        case!("check, modified", Given::Open, 1, Err(Code::UnsupportedDevice), |gate, it| {
            gate.check(&it.session, Wanted::session(), &RequestContext::new(Modified)).await
        }),
        case!("functions", Given::Open, 0, Ok(()), |gate, it| {
            gate.functions(&it.session, ACME, &UNMODIFIED).await
        }),
        case!("device_view", Given::Locked, 0, Ok(()), |gate, it| gate
            .device_view(&it.device, &UNMODIFIED)
            .await),
        case!("lock", Given::Open, 1, Ok(()), |gate, it| gate.lock(&it.device, &UNMODIFIED).await),
        case!("lock, locked", Given::Locked, 0, Ok(()), |gate, it| gate.lock(&it.device, &UNMODIFIED).await),
        case!("enable_biometric", Given::Open, 1, Ok(()), |gate, it| {
            gate.enable_biometric(&it.session, Modality::Fingerprint, Baseline::of(b"ten"), &UNMODIFIED).await
        }),
        case!("disable_biometric", Given::Open, 1, Ok(()), |gate, it| {
            gate.disable_biometric(&it.session, Modality::Face, &UNMODIFIED).await
        }),
        case!("acknowledge", Given::Exhausted, 1, Ok(()), |gate, it| gate
            .acknowledge(&it.device, &UNMODIFIED)
            .await),
        case!("log_out", Given::Open, 1, Ok(()), |gate, it| gate.log_out(&it.device, &UNMODIFIED).await),
        case!("report_integrity", Given::Locked, 1, Ok(()), |gate, it| {
            gate.report_integrity(&it.device, &Modified.into()).await
        }),
        case!("deliver_events", Given::Open, 1, Ok(()), |gate, it| gate.deliver_events(it.person).await),
        case!("devices", Given::Open, 0, Ok(()), |gate, it| gate.devices(&it.session, &UNMODIFIED).await),
        case!("log_out_device", Given::Open, 1, Ok(()), |gate, it| {
            gate.log_out_device(&it.session, it.other, &UNMODIFIED).await
        }),
        case!("log_out_everywhere", Given::Open, 1, Ok(()), |gate, it| {
            gate.log_out_everywhere(&it.session, &UNMODIFIED).await
        }),
    ]
}

fn of_sign_in_and_administration() -> Vec<Case> {
    vec![
        case!("begin_authentication", Given::Open, 0, Ok(()), |gate, it| {
            gate.begin_authentication(BeginFor::Device(&it.device), &UNMODIFIED).await
        }),
        case!("authenticate", Given::Open, 1, Ok(()), |gate, it| {
            gate.authenticate(sign_in(it, None), &UNMODIFIED).await
        }),
        case!("authenticate by invitation", Given::RevokedAndReinvited, 1, Ok(()), |gate, it| {
            gate.authenticate(sign_in(it, Some(&it.device)), &UNMODIFIED).await
        }),
        case!("authenticate, starts over", Given::Open, 1, Ok(()), |gate, it| {
            gate.authenticate(sign_in(it, Some(&it.device)), &UNMODIFIED).await
        }),
        case!("invite", Given::Open, 1, Ok(()), |gate, it| gate
            .invite(&it.actor.session(), it.actor.company, it.person)
            .await),
        case!("invite again", Given::Invited, 1, Ok(()), |gate, it| gate
            .invite(&it.actor.session(), it.actor.company, it.person)
            .await),
        case!("withdraw_invitation", Given::Invited, 1, Ok(()), |gate, it| {
            gate.withdraw_invitation(&it.actor.session(), it.actor.company, it.person).await
        }),
        case!("revoke_all", Given::Invited, 1, Ok(()), |gate, it| gate
            .revoke_all(&it.actor.session(), it.actor.company, it.person)
            .await),
    ]
}
