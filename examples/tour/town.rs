//! The scene: a gate over parts in memory, the people, and the phones in their hands.
//!
//! Only the parts are the testkit's. The gate is built as a host builds it: real Argon2id with its
//! default cost, a pepper, and the operating system's randomness.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use pinlatch::access::{BrowserSession, Request};
use pinlatch::account::{
    AccountOverview, BeginFor, DeviceIntegrity, DeviceLabel, DeviceSummary, Grant, IssuedInvitation,
    PinEntries, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{BlockingGate, Gate, GateError};
use pinlatch::host::{Blocking, Host, Inline, Randomness, SystemRandomness};
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{
    Action, AuthenticationMethod, ChargeableService, Employment, Function, Functions, LocalDates, Person,
    Role, UserAccess,
};
use pinlatch::pin::{
    Argon2id, Pepper, PepperId, PepperRing, PersonalWords, PersonalWordsError, Pin, PinLength,
};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{
    CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, company, person, seconds, since_last_year,
    today,
};

use crate::stage::Surprise;

/// The employer of the story.
pub(crate) const KUURA: CompanyId = company(1);
/// A company that has nothing to do with it.
pub(crate) const HALLA: CompanyId = company(2);

/// An employee with both services and bank credentials; no user.
pub(crate) const AINO: PersonId = person(1);
/// Kuura's user administrator.
pub(crate) const KAISA: PersonId = person(2);
/// Kuura's company administrator, who is no user administrator.
pub(crate) const PEKKA: PersonId = person(3);
/// Halla's user administrator.
pub(crate) const BO: PersonId = person(4);
/// An employee without services.
pub(crate) const EERO: PersonId = person(5);
/// An employee with both services who has just been made a user, without a profile.
pub(crate) const LIISA: PersonId = person(6);

/// The host of the story.
pub(crate) struct Server {
    store: Blocking<MemoryStore>,
    clock: ManualClock,
    directory: Blocking<MemoryDirectory>,
    journal: Blocking<CollectingJournal>,
}

impl Host for Server {
    type Store = Blocking<MemoryStore>;
    type Clock = ManualClock;
    type Directory = Blocking<MemoryDirectory>;
    type Journal = Blocking<CollectingJournal>;
    type Offload = Inline;
    type Randomness = SystemRandomness;

    fn store(&self) -> &Self::Store {
        &self.store
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    fn directory(&self) -> &Self::Directory {
        &self.directory
    }

    fn journal(&self) -> &Self::Journal {
        &self.journal
    }

    fn offload(&self) -> &Inline {
        &Inline
    }

    fn randomness(&self) -> &SystemRandomness {
        &SystemRandomness
    }
}

pub(crate) struct Town {
    gate: Gate<Server>,
    /// What to call a device session in the audit trail.
    pub(crate) names: RefCell<BTreeMap<DeviceId, &'static str>>,
}

impl Town {
    pub(crate) fn new() -> Result<Self, Surprise> {
        let directory = MemoryDirectory::on(today());
        people().into_iter().for_each(|person| directory.put(person));
        let host = Server {
            store: Blocking(MemoryStore::new()),
            // 2026-11-22T09:00:00Z
            clock: ManualClock::at(Timestamp::from_unix_seconds(1_795_338_000)),
            directory: Blocking(directory),
            journal: Blocking(CollectingJournal::new()),
        };
        let mut key = [0; 32];
        SystemRandomness.fill(&mut key)?;
        let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?);
        let gate = Gate::builder(host).hasher(Argon2id::new()).peppers(peppers).build()?;
        Ok(Self { gate, names: RefCell::default() })
    }

    const fn server(&self) -> &Server {
        self.gate.host()
    }

    pub(crate) const fn store(&self) -> &MemoryStore {
        &self.server().store.0
    }

    pub(crate) const fn clock(&self) -> &ManualClock {
        &self.server().clock
    }

    pub(crate) const fn directory(&self) -> &MemoryDirectory {
        &self.server().directory.0
    }

    pub(crate) const fn journal(&self) -> &CollectingJournal {
        &self.server().journal.0
    }

    pub(crate) fn phone(&self, owner: PersonId, name: &'static str) -> Phone<'_> {
        let integrity = DeviceIntegrity::Unmodified;
        Phone { town: self, owner, name, integrity, token: None, session: None }
    }

    /// What an administrator sees of a person's account.
    pub(crate) fn overview(&self, by: PersonId, of: PersonId) -> Result<AccountOverview, GateError> {
        self.door().overview(&in_browser(by), KUURA, of)
    }

    pub(crate) fn dates(&self) -> LocalDates {
        self.directory().today()
    }

    /// The gate, half a minute later: nobody is faster than that.
    pub(crate) fn door(&self) -> BlockingGate<'_, Server> {
        self.clock().advance(seconds(30));
        self.gate.blocking()
    }
}

fn people() -> [Person; 6] {
    let employment = Employment::new(KUURA, since_last_year());
    let [salaries, travel] = [ChargeableService::Salaries, ChargeableService::Travel];
    let both = employment.with_service(salaries).with_service(travel);
    let access = |company| UserAccess::new(company, since_last_year());
    let banked = |id| Person::new(id).with_bank_credentials();
    [
        banked(AINO).with_employment(both),
        banked(KAISA).with_user_access(access(KUURA).with_role(Role::UserAdministrator)),
        banked(PEKKA).with_user_access(access(KUURA).with_role(Role::CompanyAdministrator)),
        banked(BO).with_user_access(access(HALLA).with_role(Role::UserAdministrator)),
        banked(EERO).with_employment(employment),
        banked(LIISA).with_employment(both).with_user_access(access(KUURA)),
    ]
}

/// Somebody who is signed in to the browser version, as the host has verified.
pub(crate) fn in_browser(person: PersonId) -> BrowserSession {
    BrowserSession::verified_by_host(person)
}

/// A request in the app, about Kuura's data.
pub(crate) fn request(action: Action, function: Function, owner: PersonId) -> Request {
    Request { company: KUURA, action, function, owner }
}

/// A phone in somebody's hand. Every method is one touch. It keeps its tokens after they are dead,
/// to see them refused.
pub(crate) struct Phone<'t> {
    town: &'t Town,
    pub(crate) owner: PersonId,
    pub(crate) name: &'static str,
    pub(crate) integrity: DeviceIntegrity,
    token: Option<DeviceToken>,
    session: Option<SessionToken>,
}

impl Phone<'_> {
    /// What the host attests of the phone with every request.
    const fn request(&self) -> RequestContext {
        RequestContext::new(self.integrity)
    }

    /// A phone that was never signed in has no token and knows by itself what to do.
    fn token(&self) -> Result<&DeviceToken, GateError> {
        self.token.as_ref().ok_or(RefusalCode::AuthenticationRequired.into())
    }

    fn session(&self) -> Result<&SessionToken, GateError> {
        self.session.as_ref().ok_or(RefusalCode::SessionRequired.into())
    }

    /// In which state the app finds itself.
    pub(crate) fn state(&self) -> Result<SessionState, GateError> {
        let known = self.token.as_ref();
        known.map_or(Ok(SessionState::LoggedOut), |token| {
            self.town.gate.blocking().device_view(token, &self.request()).map(|view| view.state)
        })
    }

    /// Strong authentication. The bank always says yes in this story.
    pub(crate) fn authenticate(
        &mut self,
        method: AuthenticationMethod,
        invitation: Option<&IssuedInvitation>,
    ) -> Result<(), GateError> {
        let whom = match (invitation, &self.token) {
            (Some(invitation), _) => BeginFor::Invitation(&invitation.token),
            (None, Some(token)) => BeginFor::Device(token),
            (None, None) => BeginFor::Nobody,
        };
        let offer = self.town.door().begin_authentication(whom, &self.request())?;
        let evidence = StrongAuthentication::verified_by_host(offer.start, self.owner, method);
        let label = DeviceLabel::new(self.name).map_err(|_| RefusalCode::Unavailable)?;
        let invitation = invitation.map(|invitation| &invitation.token);
        let sign_in = SignIn { evidence, label, known: self.token.as_ref(), invitation };
        let signed_in = self.town.door().authenticate(sign_in, &self.request())?;
        self.town.names.borrow_mut().insert(signed_in.device, self.name);
        self.token = Some(signed_in.token);
        self.session = None;
        Ok(())
    }

    pub(crate) fn create_pin(&mut self, first: &str, second: &str) -> Result<(), GateError> {
        let entries = PinEntries { pin: entered(first)?, confirmation: entered(second)? };
        let known = known_of(self.owner).map_err(|_| RefusalCode::Unavailable)?;
        let created = self.town.door().create_pin(self.token()?, &entries, &known, &self.request())?;
        self.session = Some(created);
        Ok(())
    }

    pub(crate) fn lock(&self) -> Result<(), GateError> {
        self.town.door().lock(self.token()?, &self.request())
    }

    pub(crate) fn unlock(&mut self, digits: &str) -> Result<(), GateError> {
        let opened = self.town.door().unlock_with_pin(self.token()?, &entered(digits)?, &self.request())?;
        self.session = Some(opened);
        Ok(())
    }

    /// The app was killed, or the reply got lost: the session token is nowhere on the phone. It is given
    /// back here, to see what becomes of it.
    pub(crate) const fn lose_session(&mut self) -> Option<SessionToken> {
        self.session.take()
    }

    /// Whether that session is alive.
    pub(crate) fn check_of(&self, session: &SessionToken) -> Result<Grant, GateError> {
        self.town.door().check(session, Wanted::session(), &self.request())
    }

    /// The same PIN in so many requests at once, as from a double tap and a proxy that tries again. Keeps
    /// the session that is alive in the end.
    pub(crate) fn unlock_at_once(
        &mut self,
        digits: &str,
        times: usize,
    ) -> Result<Vec<Result<(), RefusalCode>>, GateError> {
        let (gate, token, request) = (&self.town.gate, self.token()?, self.request());
        let entries = (0..times).map(|_| entered(digits)).collect::<Result<Vec<_>, _>>()?;
        let answers: Vec<_> = thread::scope(|scope| {
            let unlock = |entry| move || gate.blocking().unlock_with_pin(token, &entry, &request);
            let requests: Vec<_> = entries.into_iter().map(|entry| scope.spawn(unlock(entry))).collect();
            requests.into_iter().flat_map(thread::ScopedJoinHandle::join).collect()
        });
        let (mut outcomes, mut alive) = (Vec::new(), None);
        for answer in answers {
            outcomes.push(answer.as_ref().map(drop).map_err(GateError::code));
            alive = answer.ok().filter(|session| self.check_of(session).is_ok()).or(alive);
        }
        self.session = alive;
        Ok(outcomes)
    }

    pub(crate) fn enable(&self, modality: Modality) -> Result<(), GateError> {
        self.town.door().enable_biometric(self.session()?, modality, enrolled(), &self.request())
    }

    /// The platform recognised the owner.
    pub(crate) fn unlock_by(&mut self, modality: Modality) -> Result<(), GateError> {
        let assertion = BiometricAssertion { modality, recognised: true, baseline: Some(enrolled()) };
        let opened = self.town.door().unlock_with_biometric(self.token()?, &assertion, &self.request())?;
        self.session = Some(opened);
        Ok(())
    }

    pub(crate) fn acknowledge(&self) -> Result<(), GateError> {
        self.town.door().acknowledge(self.token()?, &self.request())
    }

    pub(crate) fn log_out(&self) -> Result<(), GateError> {
        self.town.door().log_out(self.token()?, &self.request())
    }

    pub(crate) fn log_out_everywhere(&self) -> Result<(), GateError> {
        self.town.door().log_out_everywhere(self.session()?, &self.request())
    }

    pub(crate) fn devices(&self) -> Result<Vec<DeviceSummary>, GateError> {
        self.town.door().devices(self.session()?, &self.request())
    }

    /// The app's menu.
    pub(crate) fn menu(&self) -> Result<Functions, GateError> {
        self.town.door().functions(self.session()?, KUURA, &self.request())
    }

    pub(crate) fn ask(&self, request: &Request) -> Result<Grant, GateError> {
        self.town.door().check(self.session()?, Wanted::function(request), &self.request())
    }

    /// The same where the host asks for the PIN besides, entered within this time.
    pub(crate) fn ask_by_pin(&self, request: &Request, within: Duration) -> Result<Grant, GateError> {
        let wanted = Wanted::function(request).opened_by_pin_within(within);
        self.town.door().check(self.session()?, wanted, &self.request())
    }

    /// Whether the session that the phone keeps is alive.
    pub(crate) fn check(&self) -> Result<Grant, GateError> {
        self.town.door().check(self.session()?, Wanted::session(), &self.request())
    }
}

/// What the platform says of the set of faces and fingerprints on the phone.
fn enrolled() -> Baseline {
    Baseline::of(b"the owner's face and finger")
}

/// What others know of a person, and no PIN may be made of: here the birth date.
fn known_of(owner: PersonId) -> Result<PersonalWords, PersonalWordsError> {
    let (year, month, day) = match owner {
        AINO => (1980, 12, 24),
        EERO => (1975, 6, 1),
        LIISA => (1991, 3, 30),
        _ => (1968, 9, 15),
    };
    PersonalWords::none().with_birth_date(year, month, day)
}

/// What the keypad of the app takes: as many digits as the policy wants.
fn entered(digits: &str) -> Result<Pin, GateError> {
    Pin::parse(digits).map_err(|error| error.refusal_for(PinLength::default()).into())
}
