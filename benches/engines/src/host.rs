//! A host of the run: a gate over the engine, with a log of all that is asked of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pinlatch::access::BrowserSession;
use pinlatch::account::{
    BeginFor, DeviceLabel, PinEntries, Policy, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person, Profile, Role, UserAccess};
use pinlatch::pin::{HashInput, HasherError, PepperRing, PersonalWords, PinHasher};
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch_testkit::rig::Weather;
use pinlatch_testkit::{ACME, PIN, QuickHasher, UNMODIFIED, WRONG_PIN, day, person, pin, since_last_year};

use crate::Failed;
use crate::call::{Answer, Asked, CallId, Entry, Line, now};
use crate::log::{Board, Log, Posted};
use crate::seam::Engine;
use crate::storm::Stormy;

/// Longer than any run, so that no guess becomes void in it: five in the ledger stay five, and the checks need no
/// clock.
const ANSWER_WINDOW: Duration = Duration::from_secs(60 * 60);

/// All hosts have the clock of one machine. An anonymous start is void for so long after a revoke-all (D34), and
/// nobody should wait for it.
const SKEW: Duration = Duration::from_millis(10);

/// The most devices that an account may have, so that few have to make room.
const DEVICES: u8 = 64;

tokio::task_local! {
    /// For which call the hasher is called.
    static CALL: CallId;
}

/// The administrator of everybody's company.
#[must_use]
pub const fn administrator() -> PersonId {
    person(1)
}

/// One of the people whose accounts are attacked.
#[must_use]
pub const fn victim(number: u32) -> PersonId {
    person(1_000 + number as u128)
}

/// A quick hasher that writes down when it is called, for which call, and with which salt: each credential has one.
#[derive(Debug)]
struct Recording {
    log: Arc<Log>,
    quick: QuickHasher,
}

impl PinHasher for Recording {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let call = CALL.try_with(|call| *call).map_err(|_| HasherError::Failed)?;
        self.log.write(&Line::Hashed(call, now(), *input.salt));
        self.quick.hash(input, out)
    }
}

/// Store, clock, directory, journal and the rest.
pub type Parts<E> = HostParts<
    Stormy<<E as Engine>::Store>,
    SystemClock,
    StoredDirectory<Stormy<<E as Engine>::Store>, fn(&Person) -> LocalDates>,
    <E as Engine>::Journal,
    Inline,
    SystemRandomness,
>;

/// What day it is, everywhere and for the whole run.
#[must_use]
pub fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

/// A gate with a log.
pub struct Host<E: Engine> {
    /// The gate.
    pub gate: Gate<Parts<E>>,
    /// The engine, in fair weather.
    pub store: E::Store,
    log: Arc<Log>,
    board: Board,
}

/// A device of which this host knows the token.
#[derive(Debug)]
pub struct Device {
    /// The sign-in that gave it.
    pub id: CallId,
    /// The token.
    pub token: DeviceToken,
}

/// A session of which this host knows the token.
#[derive(Debug)]
pub struct Session {
    /// The call that opened it.
    pub id: CallId,
    /// On which device.
    pub device: CallId,
    /// The token.
    pub token: SessionToken,
}

impl<E: Engine> std::fmt::Debug for Host<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Host on {}", E::NAME)
    }
}

impl<E: Engine> Host<E> {
    /// A host of this number on an opened engine, its files in the folder of the run.
    pub fn new(
        store: E::Store,
        folder: &Path,
        number: u32,
        weather: Option<Weather>,
    ) -> Result<Self, Failed> {
        let log = Arc::new(Log::create(folder, number)?);
        let stormy = Stormy::new(store.clone(), weather);
        let parts = HostParts {
            store: stormy.clone(),
            clock: SystemClock,
            directory: StoredDirectory::new(stormy, today as fn(&Person) -> LocalDates),
            journal: E::journal(&store, &log),
            offload: Inline,
            randomness: SystemRandomness,
        };
        let hasher = Recording { log: Arc::clone(&log), quick: QuickHasher::new() };
        let policy =
            Policy::builder().answer_window(ANSWER_WINDOW).skew(SKEW).device_limit(DEVICES).build()?;
        let gate = Gate::builder(parts).peppers(PepperRing::without_pepper()).hasher(hasher);
        Ok(Self { gate: gate.policy(policy).build()?, store, log, board: Board::new(folder) })
    }

    /// Imports the administrator and so many victims.
    pub async fn import(&self, people: u32) -> Result<(), Failed> {
        let directory = &self.gate.host().directory;
        let office = UserAccess::new(ACME, since_last_year()).with_role(Role::UserAdministrator);
        directory.change(administrator(), |new| Ok(new.with_user_access(office.clone()))).await?;
        for number in 0..people {
            directory.change(victim(number), |new| Ok(hired(new))).await?;
        }
        Ok(())
    }

    /// What was shown of a person's phones of late: devices and sessions, the oldest first.
    pub fn seen(&self, person: PersonId) -> Result<(Vec<Device>, Vec<Session>), Failed> {
        let (mut devices, mut sessions) = (Vec::new(), Vec::new());
        for posted in self.board.read(person)? {
            match posted {
                Posted::Device(id, token) => devices.push(Device { id, token: DeviceToken::parse(&token)? }),
                Posted::Session(device, id, token) => {
                    sessions.push(Session { id, device, token: SessionToken::parse(&token)? });
                }
            }
        }
        Ok((devices, sessions))
    }

    /// Signs a phone in, perhaps one that was signed in before, perhaps with an invitation, and shows its token.
    pub async fn sign_in(
        &self,
        person: PersonId,
        known: Option<&Device>,
        invitation: Option<&InvitationToken>,
    ) -> Result<Device, GateError> {
        let whom = match (invitation, known) {
            (Some(invitation), _) => BeginFor::Invitation(invitation),
            (None, Some(device)) => BeginFor::Device(&device.token),
            (None, None) => BeginFor::Nobody,
        };
        let known_token = known.map(|device| &device.token);
        let label = DeviceLabel::new("phone").expect("a label");
        let id = self.log.called(person, Asked::SignIn(known.map(|device| device.id)));
        let request = noted(id);
        let signing_in = async {
            let start = self.gate.begin_authentication(whom, &request).await?.start;
            let evidence = StrongAuthentication::verified_by_host(start, person, BankCredentials);
            let sign_in = SignIn { evidence, label, known: known_token, invitation };
            self.gate.authenticate(sign_in, &request).await
        };
        let signed_in = self.answered(id, signing_in, |signed_in| Some(signed_in.device)).await?;
        let shown = Posted::Device(id, signed_in.token.expose().to_owned());
        self.board.post(person, &shown).expect("the board can be written");
        Ok(Device { id, token: signed_in.token })
    }

    /// Creates the PIN, and shows the session's token.
    pub async fn create_pin(&self, device: &Device) -> Result<Session, GateError> {
        let entries = PinEntries { pin: entry(Entry::Right), confirmation: entry(Entry::Right) };
        let id = self.log.called(device.token.person(), Asked::CreatePin(device.id));
        let (request, words) = (noted(id), PersonalWords::none());
        let creating = self.gate.create_pin(&device.token, &entries, &words, &request);
        let token = self.answered(id, creating, |_| None).await?;
        Ok(self.show(device, id, token))
    }

    /// Enters a PIN, and shows the session's token if it was the right one.
    pub async fn unlock(&self, device: &Device, entered: Entry) -> Result<Session, GateError> {
        let id = self.log.called(device.token.person(), Asked::Unlock(device.id, entered));
        let (request, digits) = (noted(id), entry(entered));
        let unlocking = self.gate.unlock_with_pin(&device.token, &digits, &request);
        let token = self.answered(id, unlocking, |_| None).await?;
        Ok(self.show(device, id, token))
    }

    fn show(&self, device: &Device, id: CallId, token: SessionToken) -> Session {
        let shown = Posted::Session(device.id, id, token.expose().to_owned());
        self.board.post(token.person(), &shown).expect("the board can be written");
        Session { id, device: device.id, token }
    }

    /// Uses a session.
    pub async fn check(&self, session: &Session) -> Result<(), GateError> {
        let asked = Asked::Check { device: session.device, session: session.id };
        let id = self.log.called(session.token.person(), asked);
        let request = noted(id);
        let checking = self.gate.check(&session.token, Wanted::session(), &request);
        self.answered(id, checking, |_| None).await.map(drop)
    }

    /// Lock.
    pub async fn lock(&self, device: &Device) -> Result<(), GateError> {
        let id = self.log.called(device.token.person(), Asked::Lock(device.id));
        self.answered(id, self.gate.lock(&device.token, &noted(id)), |()| None).await
    }

    /// Log out.
    pub async fn log_out(&self, device: &Device) -> Result<(), GateError> {
        let id = self.log.called(device.token.person(), Asked::LogOut(device.id));
        self.answered(id, self.gate.log_out(&device.token, &noted(id)), |()| None).await
    }

    /// "OK".
    pub async fn acknowledge(&self, device: &Device) -> Result<(), GateError> {
        let id = self.log.called(device.token.person(), Asked::Acknowledge(device.id));
        self.answered(id, self.gate.acknowledge(&device.token, &noted(id)), |()| None).await
    }

    /// The administrator logs somebody out from all devices.
    pub async fn revoke_all(&self, person: PersonId) -> Result<(), GateError> {
        let id = self.log.called(person, Asked::RevokeAll);
        let session = in_browser(id);
        self.answered(id, self.gate.revoke_all(&session, ACME, person), |()| None).await
    }

    /// The administrator invites somebody.
    pub async fn invite(&self, person: PersonId) -> Result<InvitationToken, GateError> {
        let id = self.log.called(person, Asked::Invite);
        let session = in_browser(id);
        let invited = self.answered(id, self.gate.invite(&session, ACME, person), |_| None).await;
        invited.map(|issued| issued.token)
    }

    /// The administrator sets somebody's profile.
    pub async fn set_profile(&self, person: PersonId, profile: Profile) -> Result<(), GateError> {
        let id = self.log.called(person, Asked::SetProfile);
        let session = in_browser(id);
        let setting = self.gate.set_profile(&session, ACME, person, profile);
        self.answered(id, setting, |_| None).await.map(drop)
    }

    /// Waits for a call's answer and writes it down.
    async fn answered<T>(
        &self,
        id: CallId,
        asking: impl Future<Output = Result<T, GateError>>,
        device: impl FnOnce(&T) -> Option<DeviceId>,
    ) -> Result<T, GateError> {
        let result = CALL.scope(id, asking).await;
        let device = result.as_ref().ok().and_then(device);
        self.log.answered(id, Answer::of(&result, device));
        result
    }
}

fn noted(id: CallId) -> RequestContext {
    UNMODIFIED.with_note(id.note())
}

fn in_browser(id: CallId) -> BrowserSession {
    BrowserSession::verified_by_host(administrator()).with_note(id.note())
}

fn entry(entry: Entry) -> pinlatch::pin::Pin {
    let digits = if entry == Entry::Right { PIN } else { WRONG_PIN };
    pin(digits).expect("six digits")
}

/// An employee who is a user as well.
#[must_use]
pub fn hired(new: Person) -> Person {
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    let access = UserAccess::new(ACME, since_last_year()).with_profile(Profile::Employee);
    new.with_bank_credentials().with_employment(job).with_user_access(access)
}
