//! A command sent to a gate: its tokens and entries as a client has them.

use std::sync::Arc;

use pinlatch::access::{BrowserSession, Request};
use pinlatch::account::{
    AuthenticationStart, BeginFor, DeviceIntegrity, DeviceLabel, PinEntries, RequestContext, SignIn,
    StrongAuthentication, Wanted,
};
use pinlatch::gate::Gate;
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion};
use pinlatch_testkit::{UNMODIFIED, millis};

use crate::commands::{Acting, Command, Want, Whom};
use crate::facts::a_company;
use crate::gates::TownHost;
use crate::real::{Real, context};

use crate::errand::{Doing, Got, Known};

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).expect("4 to 12 digits")
}

fn twice(first: &str, second: &str) -> PinEntries {
    PinEntries { pin: pin(first), confirmation: pin(second) }
}

/// Sends a command to a gate. Nothing happens before the first poll.
pub(crate) fn send(
    gate: &Arc<Gate<TownHost>>,
    command: Command,
    known: &Known,
    real: &Real,
    starts: &[AuthenticationStart],
) -> Doing {
    let gate = Arc::clone(gate);
    let (integrity, faces) =
        known.phone.map_or((DeviceIntegrity::Unmodified, 0), |(_, integrity, faces)| (integrity, faces));
    let device = |token: usize| DeviceToken::parse(real.device_tokens[token].expose()).expect("a token");
    let session = |token: usize| SessionToken::parse(real.session_tokens[token].expose()).expect("a token");
    match command {
        Command::Begin { whom } => begin(gate, whom, real),
        Command::Authenticate(sign_in) => {
            let (start, person) = (starts[sign_in.start], real.people[sign_in.person]);
            let evidence = StrongAuthentication::verified_by_host(start, person, sign_in.method);
            let known = sign_in.known.map(device);
            let invitation = sign_in.invitation.map(|number| invitation(number, real));
            let context = context(integrity, sign_in.request);
            Box::pin(async move {
                let label = DeviceLabel::new("phone").expect("a label");
                let sign_in =
                    SignIn { evidence, label, known: known.as_ref(), invitation: invitation.as_ref() };
                gate.authenticate(sign_in, &context).await.map(Got::SignedIn)
            })
        }
        Command::CreatePin { token, first, second, .. } => {
            let (token, entries) = (device(token), twice(first, second));
            Box::pin(async move {
                let words = PersonalWords::none();
                gate.create_pin(&token, &entries, &words, &RequestContext::new(integrity))
                    .await
                    .map(Got::Session)
            })
        }
        Command::Unlock { token, pin: digits, request, .. } => {
            let (token, entry, context) = (device(token), pin(digits), context(integrity, request));
            Box::pin(async move { gate.unlock_with_pin(&token, &entry, &context).await.map(Got::Session) })
        }
        Command::UnlockBiometric { token, modality, recognised, faces, .. } => {
            let baseline = faces.map(|faces| Baseline::of(&[faces]));
            let (token, assertion) = (device(token), BiometricAssertion { modality, recognised, baseline });
            Box::pin(async move {
                gate.unlock_with_biometric(&token, &assertion, &RequestContext::new(integrity))
                    .await
                    .map(Got::Session)
            })
        }
        Command::Check { session: number, want, by_pin, .. } => {
            check(gate, session(number), want.map(|want| request(want, real)), by_pin, integrity)
        }
        Command::EnableBiometric { .. } | Command::ChangePin { .. } => {
            send_in_session(gate, command, integrity, faces, real)
        }
        other => send_plainly(gate, other, integrity, real),
    }
}

fn invitation(number: usize, real: &Real) -> InvitationToken {
    InvitationToken::parse(real.invitations[number].expose()).expect("a token")
}

fn begin(gate: Arc<Gate<TownHost>>, whom: Whom, real: &Real) -> Doing {
    let device = |token: usize| DeviceToken::parse(real.device_tokens[token].expose()).expect("a token");
    match whom {
        Whom::Nobody => {
            Box::pin(
                async move { gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.map(Got::Offer) },
            )
        }
        Whom::Device(token) => {
            let token = device(token);
            Box::pin(async move {
                gate.begin_authentication(BeginFor::Device(&token), &UNMODIFIED).await.map(Got::Offer)
            })
        }
        Whom::Invitation(number) => {
            let token = invitation(number, real);
            Box::pin(async move {
                gate.begin_authentication(BeginFor::Invitation(&token), &UNMODIFIED).await.map(Got::Offer)
            })
        }
    }
}

/// What changes the means of unlocking, from an open app.
fn send_in_session(
    gate: Arc<Gate<TownHost>>,
    command: Command,
    integrity: DeviceIntegrity,
    faces: u8,
    real: &Real,
) -> Doing {
    let session = |token: usize| SessionToken::parse(real.session_tokens[token].expose()).expect("a token");
    match command {
        Command::EnableBiometric { session: number, modality, .. } => {
            let (session, baseline) = (session(number), Baseline::of(&[faces]));
            Box::pin(async move {
                gate.enable_biometric(&session, modality, baseline, &RequestContext::new(integrity))
                    .await
                    .map(|()| Got::Done)
            })
        }
        Command::ChangePin { session: number, current, new, again, request, .. } => {
            let (session, current, new) = (session(number), pin(current), twice(new, again));
            let context = context(integrity, request);
            Box::pin(async move {
                let words = PersonalWords::none();
                gate.change_pin(&session, &current, &new, &words, &context).await.map(|()| Got::Done)
            })
        }
        other => panic!("{other:?} is not sent from an open app"),
    }
}

fn request(want: Want, real: &Real) -> Request {
    Request {
        company: a_company(want.company),
        action: want.action,
        function: want.function,
        owner: real.people[want.owner],
    }
}

fn check(
    gate: Arc<Gate<TownHost>>,
    session: SessionToken,
    request: Option<Request>,
    by_pin: Option<u64>,
    integrity: DeviceIntegrity,
) -> Doing {
    Box::pin(async move {
        let wanted = request.as_ref().map_or(Wanted::session(), Wanted::function);
        let wanted = by_pin.map_or(wanted, |span| wanted.opened_by_pin_within(millis(span)));
        gate.check(&session, wanted, &RequestContext::new(integrity))
            .await
            .map(|grant| Got::Granted(grant.device()))
    })
}

/// What takes a token and little else.
fn send_plainly(
    gate: Arc<Gate<TownHost>>,
    command: Command,
    integrity: DeviceIntegrity,
    real: &Real,
) -> Doing {
    let device = |token: usize| DeviceToken::parse(real.device_tokens[token].expose()).expect("a token");
    let session = |token: usize| SessionToken::parse(real.session_tokens[token].expose()).expect("a token");
    let done = |()| Got::Done;
    match command {
        Command::Lock { token } => {
            let token = device(token);
            Box::pin(async move { gate.lock(&token, &UNMODIFIED).await.map(done) })
        }
        Command::Acknowledge { token } => {
            let token = device(token);
            Box::pin(async move { gate.acknowledge(&token, &UNMODIFIED).await.map(done) })
        }
        Command::LogOut { token } => {
            let token = device(token);
            Box::pin(async move { gate.log_out(&token, &UNMODIFIED).await.map(done) })
        }
        Command::ReportIntegrity { token, .. } => {
            let token = device(token);
            Box::pin(async move { gate.report_integrity(&token, &integrity.into()).await.map(done) })
        }
        Command::View { token } => {
            let token = device(token);
            Box::pin(async move { gate.device_view(&token, &UNMODIFIED).await.map(Got::View) })
        }
        Command::Rename { session: number, device, label, .. } => {
            let device = real.devices.get(device).copied().unwrap_or(DeviceId::from_u128(7));
            let (session, label) = (session(number), DeviceLabel::new(label).expect("a label"));
            Box::pin(async move {
                gate.rename_device(&session, device, label, &RequestContext::new(integrity)).await.map(done)
            })
        }
        Command::DisableBiometric { session: number, modality } => {
            let session = session(number);
            Box::pin(async move { gate.disable_biometric(&session, modality, &UNMODIFIED).await.map(done) })
        }
        Command::OfferFunctions { session: number, company, .. } => {
            let (session, company) = (session(number), a_company(company));
            Box::pin(async move {
                gate.functions(&session, company, &RequestContext::new(integrity)).await.map(Got::Functions)
            })
        }
        Command::ListDevices { session: number, .. } => {
            let session = session(number);
            Box::pin(async move {
                gate.devices(&session, &RequestContext::new(integrity)).await.map(Got::Devices)
            })
        }
        Command::LogOutDevice { session: number, device } => {
            let device = real.devices.get(device).copied().unwrap_or(DeviceId::from_u128(7));
            let session = session(number);
            Box::pin(async move { gate.log_out_device(&session, device, &UNMODIFIED).await.map(done) })
        }
        Command::LogOutEverywhere { session: number } => {
            let session = session(number);
            Box::pin(async move { gate.log_out_everywhere(&session, &UNMODIFIED).await.map(done) })
        }
        other => send_from_the_browser(gate, other, real),
    }
}

fn send_from_the_browser(gate: Arc<Gate<TownHost>>, command: Command, real: &Real) -> Doing {
    let target = |by: Acting, person: usize| -> (BrowserSession, CompanyId, PersonId) {
        let session = BrowserSession::verified_by_host(real.people[by.person]);
        (session, a_company(by.company), real.people[person])
    };
    match command {
        Command::Invite { by, person } => {
            let (session, company, person) = target(by, person);
            Box::pin(async move { gate.invite(&session, company, person).await.map(Got::Invitation) })
        }
        Command::Withdraw { by, person } => {
            let (session, company, person) = target(by, person);
            Box::pin(
                async move { gate.withdraw_invitation(&session, company, person).await.map(|()| Got::Done) },
            )
        }
        Command::RevokeAll { by, person } => {
            let (session, company, person) = target(by, person);
            Box::pin(async move { gate.revoke_all(&session, company, person).await.map(|()| Got::Done) })
        }
        Command::LogOutDeviceOf { by, person, device } => {
            let device = real.devices.get(device).copied().unwrap_or(DeviceId::from_u128(7));
            let (session, company, person) = target(by, person);
            Box::pin(async move {
                gate.log_out_device_of(&session, company, person, device).await.map(|()| Got::Done)
            })
        }
        Command::Overview { by, person } => {
            let (session, company, person) = target(by, person);
            Box::pin(async move { gate.overview(&session, company, person).await.map(Got::Overview) })
        }
        Command::Reassess { person } => {
            let person = real.people[person];
            Box::pin(async move { gate.reassess(person).await.map(|()| Got::Done) })
        }
        other => panic!("no gate obeys {other:?}"),
    }
}
