//! What is answered over HTTP is what the gate answers: random lives, on two gates that draw the same numbers.

use std::sync::Arc;
use std::time::Duration;

use pinlatch::access::BrowserSession;
use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, PinEntries, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{Host, Randomness};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::people::AuthenticationMethod::IdentityProviderAccount;
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Phone, Reply};
use super::served::{Parts, Served, TestHost, employee, gate, knows};

const LIVES: u64 = 24;
const COMMANDS: usize = 60;

#[derive(Clone, Copy, Debug)]
enum Act {
    SignIn { known: bool, invited: bool },
    CreatePin { pin: &'static str },
    Unlock { pin: &'static str },
    ChangePin { current: &'static str, new: &'static str },
    Face { recognised: bool, same_set: bool },
    EnableFace,
    DisableFace,
    Lock,
    Acknowledge,
    LogOut,
    LogOutEverywhere,
    ReportIntegrity,
    View,
    Check,
    Devices,
    LogOutTheOther,
    Invite,
    Withdraw,
    RevokeAll,
}

fn draw(random: &mut fastrand::Rng) -> Act {
    const WEAK: &str = "123456";
    let pin = *random.choice([PIN, PIN, PIN, WRONG_PIN, WEAK, "12"].iter()).unwrap();
    match random.u32(0..30) {
        0..=3 => Act::SignIn { known: random.bool(), invited: random.bool() },
        4..=8 => Act::CreatePin { pin },
        9..=14 => Act::Unlock { pin },
        15 => Act::ChangePin { current: pin, new: PIN },
        16 => Act::Face { recognised: random.bool(), same_set: random.bool() },
        17 => Act::EnableFace,
        18 => Act::DisableFace,
        19 | 20 => Act::Lock,
        21 => Act::Acknowledge,
        22 => Act::LogOut,
        23 => *random.choice([Act::LogOutEverywhere, Act::RevokeAll, Act::Withdraw].iter()).unwrap(),
        24 => Act::ReportIntegrity,
        25 => Act::View,
        26 => Act::Check,
        27 => Act::Devices,
        28 => Act::LogOutTheOther,
        _ => Act::Invite,
    }
}

/// The same two phones, without HTTP.
struct Twin {
    gate: Arc<Gate<TestHost>>,
    anna: PersonId,
    kaisa: PersonId,
    phones: [Held; 2],
    invitation: Option<InvitationToken>,
}

#[derive(Default)]
struct Held {
    device: Option<DeviceToken>,
    session: Option<SessionToken>,
    id: Option<DeviceId>,
}

/// What is compared: the code, or what was sent.
type Answer = Result<Value, String>;

fn of<T>(result: Result<T, GateError>, done: impl FnOnce(T) -> Value) -> Answer {
    result.map(done).map_err(|error| error.code().to_string())
}

fn nothing<T>(_: T) -> Value {
    Value::Null
}

impl Twin {
    async fn act(&mut self, place: usize, act: Act, integrity: DeviceIntegrity) -> Option<Answer> {
        let (gate, context) = (Arc::clone(&self.gate), RequestContext::new(integrity));
        let kaisa = BrowserSession::verified_by_host(self.kaisa);
        let other = self.phones[1 - place].id;
        let invitation = self.invitation.take();
        let phone = &mut self.phones[place];
        let answer = match act {
            Act::SignIn { known, invited } => {
                let known = phone.device.as_ref().filter(|_| known);
                let answer =
                    sign_in(&gate, self.anna, known, invitation.as_ref().filter(|_| invited), &context).await;
                self.invitation = invitation;
                return Some(of(answer, |signed_in| {
                    let body =
                        json!({"device": signed_in.device.to_string(), "token": signed_in.token.expose()});
                    *phone = Held {
                        device: Some(signed_in.token),
                        session: phone.session.take(),
                        id: Some(signed_in.device),
                    };
                    body
                }));
            }
            Act::Invite => {
                let answer = of(gate.invite(&kaisa, ACME, self.anna).await, |issued| {
                    let expires = json!({"expires": issued.expires.to_string()});
                    self.invitation = Some(issued.token);
                    expires
                });
                return Some(answer);
            }
            Act::Withdraw => of(gate.withdraw_invitation(&kaisa, ACME, self.anna).await, nothing),
            Act::RevokeAll => of(gate.revoke_all(&kaisa, ACME, self.anna).await, nothing),
            _ => phone.act(&gate, act, other, &context).await?,
        };
        self.invitation = invitation;
        Some(answer)
    }
}

async fn sign_in(
    gate: &Gate<TestHost>,
    anna: PersonId,
    known: Option<&DeviceToken>,
    invitation: Option<&InvitationToken>,
    context: &RequestContext,
) -> Result<pinlatch::gate::SignedIn, GateError> {
    let whom = match (invitation, known) {
        (Some(invitation), _) => BeginFor::Invitation(invitation),
        (None, Some(device)) => BeginFor::Device(device),
        (None, None) => BeginFor::Nobody,
    };
    // The name of the flow, which is drawn over HTTP alone.
    gate.host().randomness().fill(&mut [0; 16]).unwrap();
    let start = gate.begin_authentication(whom, context).await?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, IdentityProviderAccount);
    let label = DeviceLabel::new("a phone").unwrap();
    gate.authenticate(SignIn { evidence, label, known, invitation }, context).await
}

fn pin(digits: &str) -> Result<Pin, GateError> {
    Pin::parse(digits).map_err(|error| error.refusal().into())
}

fn entries(digits: &str) -> Result<PinEntries, GateError> {
    Ok(PinEntries { pin: pin(digits)?, confirmation: pin(digits)? })
}

fn face(recognised: bool, same_set: bool) -> (BiometricAssertion, Value) {
    let set = if same_set { "mine" } else { "theirs" };
    let baseline = Some(Baseline::of(set.as_bytes()));
    let assertion = BiometricAssertion { modality: Modality::Face, recognised, baseline };
    (assertion, json!({"modality": "Face", "recognised": recognised, "set": set}))
}

impl Held {
    async fn act(
        &mut self,
        gate: &Gate<TestHost>,
        act: Act,
        other: Option<DeviceId>,
        context: &RequestContext,
    ) -> Option<Answer> {
        let (device, session) = (self.device.as_ref()?, self.session.as_ref());
        let words = PersonalWords::none();
        let opened = match act {
            Act::CreatePin { pin } => match entries(pin) {
                Ok(entries) => gate.create_pin(device, &entries, &words, context).await,
                Err(error) => Err(error),
            },
            Act::Unlock { pin: digits } => match pin(digits) {
                Ok(entry) => gate.unlock_with_pin(device, &entry, context).await,
                // Where no PIN opens, another entry would not help: then it is as with any other PIN (I14).
                Err(error) => match gate.device_view(device, context).await {
                    Ok(view) => Err(match view.state {
                        SessionState::PinPending => RefusalCode::PinRequired.into(),
                        SessionState::PinExhausted => RefusalCode::PinExhausted.into(),
                        SessionState::LoggedOut => RefusalCode::AuthenticationRequired.into(),
                        SessionState::RevokedAll => RefusalCode::ReinvitationRequired.into(),
                        _ => error,
                    }),
                    Err(error) => Err(error),
                },
            },
            Act::Face { recognised, same_set } => {
                gate.unlock_with_biometric(device, &face(recognised, same_set).0, context).await
            }
            Act::ChangePin { current, new } => {
                let session = session?;
                let changed = match (pin(current), entries(new)) {
                    (Ok(current), Ok(new)) => gate.change_pin(session, &current, &new, &words, context).await,
                    (Err(error), _) | (_, Err(error)) => Err(error),
                };
                return Some(of(changed, nothing));
            }
            Act::EnableFace => {
                let (baseline, session) = (Baseline::of(b"mine"), session?);
                // After a second sign-in the phone has another device's session still: HTTP wants them to be one.
                if let Ok(grant) = gate.check(session, Wanted::session(), context).await
                    && gate.device_view(device, context).await.unwrap().device != Some(grant.device())
                {
                    return Some(Err("AuthenticationRequired".to_owned()));
                }
                let enabled = gate.enable_biometric(session, Modality::Face, baseline, context).await;
                return Some(of(enabled, nothing));
            }
            Act::DisableFace => {
                return Some(of(gate.disable_biometric(session?, Modality::Face, context).await, nothing));
            }
            Act::Lock => return Some(of(gate.lock(device, context).await, nothing)),
            Act::Acknowledge => return Some(of(gate.acknowledge(device, context).await, nothing)),
            Act::LogOut => return Some(of(gate.log_out(device, context).await, nothing)),
            Act::LogOutEverywhere => {
                return Some(of(gate.log_out_everywhere(session?, context).await, nothing));
            }
            Act::ReportIntegrity => return Some(of(gate.report_integrity(device, context).await, nothing)),
            Act::View => {
                let view = gate.device_view(device, context).await;
                return Some(of(view, |view| json!([view.state.to_string(), view.pin_digits, view.face])));
            }
            Act::Check => {
                let checked = gate.check(session?, Wanted::session(), context).await;
                return Some(of(checked, |grant| json!(grant.device().to_string())));
            }
            Act::Devices => {
                let devices = gate.devices(session?, context).await;
                let line = |device: pinlatch::account::DeviceSummary| {
                    json!([device.id.to_string(), device.state.to_string()])
                };
                return Some(of(devices, |devices| devices.into_iter().map(line).collect()));
            }
            Act::LogOutTheOther => {
                return Some(of(gate.log_out_device(session?, other?, context).await, nothing));
            }
            Act::SignIn { .. } | Act::Invite | Act::Withdraw | Act::RevokeAll => return None, // done above
        };
        Some(of(opened, |token| {
            let body = json!({"session": token.expose()});
            self.session = Some(token);
            body
        }))
    }
}

/// The same over HTTP.
async fn by_http(
    phone: &mut Phone<'_>,
    other: &str,
    invitation: Option<&str>,
    kaisa: PersonId,
    act: Act,
) -> Answer {
    let anna = phone.owner;
    let admin = |rest: &str| format!("/admin/companies/{ACME}/people/{anna}/{rest}");
    let reply = match act {
        Act::SignIn { known, invited } => {
            let kept = if known { None } else { phone.device.take() };
            let invitation = invitation.filter(|_| invited);
            let begin = invitation.map_or(json!({}), |text| json!({ "invitation": text }));
            let begun = phone.post("/sign-in/begin", begin).await;
            let reply = if begun.status == 200 {
                let mut proof = phone.proof(&begun.text("flow"), invitation);
                proof["evidence"]["method"] = json!("IdentityProviderAccount");
                phone.post("/sign-in", proof).await
            } else {
                begun
            };
            phone.device = phone.device.take().or(kept);
            reply
        }
        Act::CreatePin { pin } => phone.post("/pin", json!({"pin": pin, "confirmation": pin})).await,
        Act::Unlock { pin } => phone.post("/unlock", json!({ "pin": pin })).await,
        Act::ChangePin { current, new } => {
            let body = json!({"current": current, "pin": new, "confirmation": new});
            phone.send(Method::PUT, "/pin", Some(body)).await
        }
        Act::Face { recognised, same_set } => {
            phone.post("/unlock/biometric", face(recognised, same_set).1).await
        }
        Act::EnableFace => phone.send(Method::PUT, "/biometrics", Some(face(true, true).1)).await,
        Act::DisableFace => phone.send(Method::DELETE, "/biometrics/Face", None).await,
        Act::Lock => phone.lock().await,
        Act::Acknowledge => phone.touch("/acknowledge").await,
        Act::LogOut => phone.touch("/log-out").await,
        Act::LogOutEverywhere => phone.touch("/log-out-everywhere").await,
        Act::ReportIntegrity => phone.touch("/device/integrity").await,
        Act::View => phone.get("/device").await,
        Act::Check => phone.get("/session").await,
        Act::Devices => phone.get("/devices").await,
        Act::LogOutTheOther => phone.send(Method::DELETE, &format!("/devices/{other}"), None).await,
        Act::Invite => phone.served.browse(kaisa, Method::POST, &admin("invitation"), None).await,
        Act::Withdraw => phone.served.browse(kaisa, Method::DELETE, &admin("invitation"), None).await,
        Act::RevokeAll => phone.served.browse(kaisa, Method::POST, &admin("log-out-everywhere"), None).await,
    };
    phone.keep(&reply);
    compared(act, &reply)
}

fn compared(act: Act, reply: &Reply) -> Answer {
    if reply.code() != "done" {
        return Err(reply.code().to_owned());
    }
    let body = &reply.body;
    Ok(match act {
        Act::View => json!([body["state"], body["pin_digits"], body["face"]]),
        Act::Check => body["device"].clone(),
        Act::Devices => {
            body.as_array().unwrap().iter().map(|line| json!([line["id"], line["state"]])).collect()
        }
        _ => body.clone(),
    })
}

#[tokio::test]
async fn http_answers_are_those_of_the_gate() {
    let mut codes = std::collections::BTreeSet::new();
    for seed in 0..LIVES {
        let mut random = fastrand::Rng::with_seed(seed);
        let Parts { gate: alone, clock, .. } = gate(seed, None);
        let served = Served::start_with(gate(seed, None), |app| app).await;
        let (anna, kaisa) = (served.employee().await, served.administrator().await);
        knows(&alone, anna, employee).await;
        let role = pinlatch::people::Role::UserAdministrator;
        let access =
            pinlatch::people::UserAccess::new(ACME, pinlatch_testkit::since_last_year()).with_role(role);
        knows(&alone, kaisa, |person| person.with_user_access(access.clone())).await;
        let mut twin = Twin { gate: alone, anna, kaisa, phones: Default::default(), invitation: None };
        let mut phones = [served.phone(anna), served.phone(anna)];
        let mut story = Vec::new();
        for _ in 0..COMMANDS {
            let (place, act) = (random.usize(0..2), draw(&mut random));
            let integrity = match random.u32(0..20) {
                0 => DeviceIntegrity::Modified,
                1 => DeviceIntegrity::Unknown,
                _ => DeviceIntegrity::Unmodified,
            };
            let pause = Duration::from_secs(random.u64(0..200));
            clock.advance(pause);
            served.clock.advance(pause);
            let Some(expected) = twin.act(place, act, integrity).await else { continue };
            story.push((place, act, integrity));
            let (other, invitation) = (phones[1 - place].id.clone(), served.invitations.of(anna));
            phones[place].extra = vec![("pinlatch-test-integrity", format!("{integrity:?}"))];
            let invitation = invitation.filter(|_| twin.invitation.is_some());
            let answer = by_http(&mut phones[place], &other, invitation.as_deref(), kaisa, act).await;
            assert_eq!(answer, expected, "seed {seed}: {story:?}");
            codes.insert(answer.err().unwrap_or_default());
        }
    }
    // That the lives go somewhere.
    assert!(codes.len() >= 16, "{codes:?}");
}
