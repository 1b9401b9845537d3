//! The crate itself, given the same commands.

use std::collections::HashSet;

use pinlatch::access::{BrowserSession, Request};
use pinlatch::account::{
    AccountOverview, AuthenticationStart, BeginFor, DeviceIntegrity, DeviceLabel, DeviceSummary, DeviceView,
    PinEntries, Policy, RequestContext, SignIn as RealSignIn, Standing, StrongAuthentication, Wanted,
};
use pinlatch::gate::{BlockingGate, FailedAuthentication, GateError};
use pinlatch::id::{CompanyId, DeviceId, PersonId, RequestId};
use pinlatch::people::{LocalDates, Person};
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::record::StoredVersion;
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{TestHost, UNMODIFIED, World, millis, person};

use crate::commands::{Acting, Command, GOOD_PINS, RequestNumber, SignIn, Want, Whom};
use crate::facts::{a_company, date, fact, policy};
use crate::reference::{Answer, Line, Model, View};

mod host;

pub(crate) struct Real {
    pub(crate) world: World,
    pub(crate) policy: Policy,
    pub(crate) version: StoredVersion,
    pub(crate) people: Vec<PersonId>,
    pub(crate) devices: Vec<DeviceId>,
    pub(crate) device_tokens: Vec<DeviceToken>,
    pub(crate) session_tokens: Vec<SessionToken>,
    pub(crate) invitations: Vec<InvitationToken>,
    /// The people as the host's directory knows, or knew, them.
    facts: Vec<Person>,
    starts: Vec<AuthenticationStart>,
    /// Every token ever issued.
    issued: HashSet<String>,
    /// Tokens that were issued twice: never, if all is well.
    pub(crate) repeated: usize,
    restarts: u64,
}

impl Real {
    pub(crate) fn of(model: &Model) -> Self {
        let policy = policy(&model.rules);
        let version = if model.rules.remembers { StoredVersion::V2 } else { StoredVersion::V1 };
        let world = World::builder().policy(policy.clone()).writes_version(version).build();
        world.clock.set(model.now.map(Timestamp::from_unix_millis));
        world.directory.set_dates(LocalDates::everywhere(date(model.today)));
        let people: Vec<PersonId> = (1..).map(person).take(model.people.len()).collect();
        let facts: Vec<Person> =
            people.iter().zip(&model.people).map(|(id, human)| fact(*id, human)).collect();
        for fact in &facts {
            world.knows(fact.clone());
        }
        let device = people.iter().map(|id| DeviceToken::from_secret(*id, &mut [7; 32]));
        let session = people.iter().map(|id| SessionToken::from_secret(*id, &mut [7; 32]));
        let invitation = people.iter().map(|id| InvitationToken::from_secret(*id, &mut [7; 32]));
        Self {
            device_tokens: device.collect(),
            session_tokens: session.collect(),
            invitations: invitation.collect(),
            devices: Vec::new(),
            starts: Vec::new(),
            issued: HashSet::new(),
            repeated: 0,
            restarts: 0,
            world,
            policy,
            version,
            people,
            facts,
        }
    }

    /// The same command, with the model for what each phone is.
    pub(crate) fn obey(&mut self, command: Command, model: &Model) -> Result<Answer, GateError> {
        match command {
            Command::Begin { whom } => self.begin(whom),
            Command::FailAuthentication { start, cancelled } => {
                let how =
                    if cancelled { FailedAuthentication::Cancelled } else { FailedAuthentication::Failed };
                let refusal =
                    self.world.gate.blocking().authentication_failed(&self.starts[start], how, &UNMODIFIED);
                Err(GateError::Refused(refusal))
            }
            Command::Authenticate(sign_in) => self.authenticate(sign_in, model),
            Command::CreatePin { .. } | Command::Unlock { .. } | Command::UnlockBiometric { .. } => {
                let token = self.open(command, model)?;
                self.issue(token.expose());
                self.session_tokens.push(token);
                Ok(Answer::Session(self.session_tokens.len() - 1))
            }
            Command::View { token } => Ok(Answer::View(view(
                &self.world.gate.blocking().device_view(&self.device_tokens[token], &UNMODIFIED)?,
            ))),
            Command::Check { phone, session, want, by_pin } => {
                self.check(phone, session, want, by_pin, model)
            }
            Command::OfferFunctions { phone, session, company } => {
                let (session, integrity) = (&self.session_tokens[session], model.phones[phone].integrity);
                let offered = self.world.gate.blocking().functions(
                    session,
                    a_company(company),
                    &RequestContext::new(integrity),
                )?;
                Ok(Answer::Functions(offered))
            }
            Command::ListDevices { phone, session } => {
                let context = RequestContext::new(model.phones[phone].integrity);
                let list = self.world.gate.blocking().devices(&self.session_tokens[session], &context)?;
                Ok(Answer::Devices(list.iter().map(|line| self.line(line)).collect()))
            }
            Command::Invite { by, person } => {
                let invitation = self.in_browser(by, |gate, session, company| {
                    gate.invite(session, company, self.people[person])
                })?;
                self.issue(invitation.token.expose());
                self.invitations.push(invitation.token);
                Ok(Answer::Invitation(self.invitations.len() - 1))
            }
            Command::Overview { by, person } => {
                let overview = self.in_browser(by, |gate, session, company| {
                    gate.overview(session, company, self.people[person])
                })?;
                Ok(self.overview(&overview))
            }
            other => self.obey_plainly(other, model).map(|()| Answer::Done),
        }
    }

    fn obey_plainly(&mut self, command: Command, model: &Model) -> Result<(), GateError> {
        let gate = self.world.gate.blocking();
        match command {
            Command::Lock { token } => gate.lock(&self.device_tokens[token], &UNMODIFIED),
            Command::Acknowledge { token } => gate.acknowledge(&self.device_tokens[token], &UNMODIFIED),
            Command::LogOut { token } => gate.log_out(&self.device_tokens[token], &UNMODIFIED),
            Command::ReportIntegrity { phone, token } => {
                gate.report_integrity(&self.device_tokens[token], &model.phones[phone].integrity.into())
            }
            Command::EnableBiometric { phone, session, modality } => {
                let hand = &model.phones[phone];
                let session = &self.session_tokens[session];
                gate.enable_biometric(
                    session,
                    modality,
                    Baseline::of(&[hand.faces]),
                    &RequestContext::new(hand.integrity),
                )
            }
            Command::DisableBiometric { session, modality } => {
                gate.disable_biometric(&self.session_tokens[session], modality, &UNMODIFIED)
            }
            Command::ChangePin { phone, session, current, new, again, request } => {
                let entries = PinEntries { pin: pin(new), confirmation: pin(again) };
                let session = &self.session_tokens[session];
                let context = context(model.phones[phone].integrity, request);
                gate.change_pin(session, &pin(current), &entries, &PersonalWords::none(), &context)
            }
            Command::LogOutDevice { session, device } => {
                gate.log_out_device(&self.session_tokens[session], self.device(device), &UNMODIFIED)
            }
            Command::Rename { phone, session, device, label } => {
                let label = DeviceLabel::new(label).expect("a label");
                let context = RequestContext::new(model.phones[phone].integrity);
                gate.rename_device(&self.session_tokens[session], self.device(device), label, &context)
            }
            Command::LogOutDeviceOf { by, person, device } => {
                self.in_browser(by, |gate, session, company| {
                    gate.log_out_device_of(session, company, self.people[person], self.device(device))
                })
            }
            Command::Reassess { person } => gate.reassess(self.people[person]),
            Command::Erase { person } => gate.erase(self.people[person]),
            Command::LogOutEverywhere { session } => {
                gate.log_out_everywhere(&self.session_tokens[session], &UNMODIFIED)
            }
            Command::AskBrowser { person } => gate.browser_access(self.people[person]).map(|_| ()),
            Command::Withdraw { by, person } => self.in_browser(by, |gate, session, company| {
                gate.withdraw_invitation(session, company, self.people[person])
            }),
            Command::RevokeAll { by, person } => self.in_browser(by, |gate, session, company| {
                gate.revoke_all(session, company, self.people[person])
            }),
            Command::Page { by, person, change } => self.change_page(by, person, change, model),
            Command::TryDeadTokens => self.try_dead_tokens(model),
            other => {
                self.turn(other, model);
                Ok(())
            }
        }
    }

    fn begin(&mut self, whom: Whom) -> Result<Answer, GateError> {
        let whom = match whom {
            Whom::Nobody => BeginFor::Nobody,
            Whom::Device(token) => BeginFor::Device(&self.device_tokens[token]),
            Whom::Invitation(number) => BeginFor::Invitation(&self.invitations[number]),
        };
        let offer = self.world.gate.blocking().begin_authentication(whom, &UNMODIFIED)?;
        self.starts.push(offer.start);
        Ok(Answer::Start(offer.methods))
    }

    fn authenticate(&mut self, sign_in: SignIn, model: &Model) -> Result<Answer, GateError> {
        let SignIn { phone, start, person, method, known, invitation, request } = sign_in;
        let sign_in = RealSignIn {
            evidence: StrongAuthentication::verified_by_host(self.starts[start], self.people[person], method),
            label: DeviceLabel::new("phone").expect("a label"),
            known: known.map(|token| &self.device_tokens[token]),
            invitation: invitation.map(|number| &self.invitations[number]),
        };
        let context = context(model.phones[phone].integrity, request);
        let signed_in = self.world.gate.blocking().authenticate(sign_in, &context)?;
        if !self.devices.contains(&signed_in.device) {
            self.devices.push(signed_in.device);
        }
        self.issue(signed_in.token.expose());
        self.device_tokens.push(signed_in.token);
        Ok(Answer::SignedIn { device: self.number(signed_in.device), token: self.device_tokens.len() - 1 })
    }

    fn open(&self, command: Command, model: &Model) -> Result<SessionToken, GateError> {
        let gate = self.world.gate.blocking();
        match command {
            Command::CreatePin { phone, token, first, second } => {
                let entries = PinEntries { pin: pin(first), confirmation: pin(second) };
                let integrity = model.phones[phone].integrity;
                gate.create_pin(
                    &self.device_tokens[token],
                    &entries,
                    &PersonalWords::none(),
                    &RequestContext::new(integrity),
                )
            }
            Command::Unlock { phone, token, pin: digits, request } => gate.unlock_with_pin(
                &self.device_tokens[token],
                &pin(digits),
                &context(model.phones[phone].integrity, request),
            ),
            Command::UnlockBiometric { phone, token, modality, recognised, faces } => {
                let baseline = faces.map(|faces| Baseline::of(&[faces]));
                let assertion = BiometricAssertion { modality, recognised, baseline };
                let integrity = model.phones[phone].integrity;
                gate.unlock_with_biometric(
                    &self.device_tokens[token],
                    &assertion,
                    &RequestContext::new(integrity),
                )
            }
            other => panic!("{other:?} opens nothing"),
        }
    }

    fn check(
        &self,
        phone: usize,
        session: usize,
        want: Option<Want>,
        by_pin: Option<u64>,
        model: &Model,
    ) -> Result<Answer, GateError> {
        let request = want.map(|Want { company, action, function, owner }| Request {
            company: a_company(company),
            action,
            function,
            owner: self.people[owner],
        });
        let wanted = request.as_ref().map_or(Wanted::session(), Wanted::function);
        let wanted = by_pin.map_or(wanted, |span| wanted.opened_by_pin_within(millis(span)));
        let session = &self.session_tokens[session];
        let grant = self.world.gate.blocking().check(
            session,
            wanted,
            &RequestContext::new(model.phones[phone].integrity),
        )?;
        assert_eq!(grant.person(), session.person(), "a grant is for whom the token is of");
        Ok(Answer::Granted { device: self.number(grant.device()) })
    }

    /// I06: no token that the model holds for dead opens anything.
    fn try_dead_tokens(&self, model: &Model) -> Result<(), GateError> {
        let gate = self.world.gate.blocking();
        let integrity = DeviceIntegrity::Unmodified;
        for session in model.dead_sessions() {
            let answer =
                gate.check(&self.session_tokens[session], Wanted::session(), &RequestContext::new(integrity));
            if answer.as_ref().map_err(GateError::code) != Err(RefusalCode::SessionRequired) {
                return Err(answer.err().unwrap_or(GateError::NotBlocking));
            }
        }
        let dead = |token: &usize| model.device_of(*token).1.is_none();
        for token in (0..self.device_tokens.len()).filter(dead) {
            if gate.device_view(&self.device_tokens[token], &UNMODIFIED)?.state != SessionState::LoggedOut {
                return Err(GateError::NotBlocking);
            }
        }
        Ok(())
    }

    fn issue(&mut self, text: &str) {
        if !self.issued.insert(text.to_owned()) {
            self.repeated += 1;
        }
    }

    fn device(&self, number: usize) -> DeviceId {
        self.devices.get(number).copied().unwrap_or(DeviceId::from_u128(7))
    }

    pub(crate) fn line(&self, line: &DeviceSummary) -> Line {
        Line {
            device: self.number(line.id),
            state: line.state,
            label: line.label.as_str().to_owned(),
            opened: line.last_opened.map(|opened| (opened.at.as_unix_millis(), opened.by)),
            this: line.this_device,
        }
    }

    pub(crate) fn overview(&self, overview: &AccountOverview) -> Answer {
        let person = |id: PersonId| self.people.iter().position(|known| *known == id).unwrap_or(usize::MAX);
        let open = overview.invitation.map(|open| (person(open.by), open.expires.as_unix_millis()));
        let devices = overview.devices.iter().map(|line| self.line(line)).collect();
        Answer::Overview { barred: overview.standing == Standing::RevokedAll, invitation: open, devices }
    }

    pub(crate) fn number(&self, device: DeviceId) -> usize {
        self.devices.iter().position(|known| *known == device).unwrap_or(usize::MAX)
    }

    fn in_browser<T>(
        &self,
        by: Acting,
        act: impl FnOnce(BlockingGate<'_, TestHost>, &BrowserSession, CompanyId) -> T,
    ) -> T {
        let session = BrowserSession::verified_by_host(self.people[by.person]);
        act(self.world.gate.blocking(), &session, a_company(by.company))
    }

    /// Whether a text gives a PIN or a token away (I13).
    pub(crate) fn gives_away(&self, text: &str) -> bool {
        let secret = |token: &str| token.split('.').nth(1).is_some_and(|secret| text.contains(secret));
        GOOD_PINS.iter().any(|pin| text.contains(pin)) || self.issued.iter().any(|token| secret(token))
    }
}

pub(crate) fn view(seen: &DeviceView) -> View {
    View {
        state: seen.state,
        next: seen.next,
        digits: seen.pin_digits,
        face: seen.face,
        finger: seen.fingerprint,
        opened: seen.last_opened.map(|opened| (opened.at.as_unix_millis(), opened.by)),
        ended: seen.ended.map(|ended| (ended.at.map(Timestamp::as_unix_millis), ended.reason)),
    }
}

pub(crate) fn context(integrity: DeviceIntegrity, request: RequestNumber) -> RequestContext {
    let context = RequestContext::new(integrity);
    request.map_or(context, |number| context.with_request(RequestId::from_u128(number.into())))
}

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).expect("4 to 12 digits")
}
