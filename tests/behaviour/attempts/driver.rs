//! A host that drives an account by the pure functions, without the gate: it may do things in any order, and
//! say what it likes about the circumstances.

use std::cell::Cell;
use std::time::Duration;

use pinlatch::account::{
    Account, Context, DeviceView, Facts, PinChange, Policy, RequestContext, UnlockAttempt,
};
use pinlatch::host::{Clock, Key};
use pinlatch::id::{AttemptId, CredentialId, WriteId};
use pinlatch::people::{LocalDates, Person};
use pinlatch::pin::{Charge, Hashing, PepperRing, PersonalWords, PinClaim, PinDraw, Settlement};
use pinlatch::record::StoredVersion;
use pinlatch::refusal::{NextStep, Refusal};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ANOTHER_PIN, Phone, UNMODIFIED, World};

use crate::given::*;

pub(crate) struct Driver<'w> {
    pub(crate) world: &'w World,
    pub(crate) token: DeviceToken,
    /// Whom the directory answers with.
    pub(crate) person: Person,
    pub(crate) dates: LocalDates,
    pub(crate) policy: Policy,
    pub(crate) peppers: PepperRing,
    /// The circumstances of the requests.
    pub(crate) request: RequestContext,
    /// What the clock reads.
    pub(crate) now: Option<Timestamp>,
    /// How often it has written. Two hosts that do the same write the same bytes.
    writes: Cell<u128>,
}

impl<'w> Driver<'w> {
    pub(crate) fn of(world: &'w World, phone: &Phone<'_>) -> (Self, Account) {
        let driver = Self {
            world,
            token: same_device(phone),
            person: world.directory.get(phone.owner).unwrap(),
            dates: world.directory.today(),
            policy: world.gate.policy().clone(),
            peppers: peppers(),
            request: UNMODIFIED,
            now: world.clock.now(),
            writes: Cell::new(0),
        };
        (driver, world.account(phone.owner).unwrap())
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { person: Some(&self.person), owner: None, dates: &self.dates }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context { now: self.now, policy: &self.policy, request: self.request }
    }

    pub(crate) fn hashing(&self) -> Hashing<'_> {
        let params = self.policy.hash_params();
        Hashing { hasher: &self.world.hasher, params, peppers: &self.peppers }
    }

    /// Lets time pass for this host.
    pub(crate) fn wait(&mut self, span: Duration) {
        self.now = self.now.map(|now| now.plus(span));
    }

    pub(crate) fn charge(
        &self,
        account: &mut Account,
        entry: &str,
        attempt: u128,
    ) -> Result<Charge, Refusal> {
        let draw = UnlockAttempt { attempt: AttemptId::from_u128(attempt), salt: salt(attempt) };
        let (facts, context) = (self.facts(), self.context());
        let charge =
            account.charge_unlock(&self.token, &digits(entry), draw, &self.peppers, &facts, &context);
        self.led(account, charge)
    }

    pub(crate) fn charge_change(
        &self,
        account: &mut Account,
        session: &SessionToken,
        change: &PinChange,
    ) -> Result<Option<Charge>, Refusal> {
        let (none, facts, context) = (PersonalWords::none(), self.facts(), self.context());
        let charge = account.charge_change(session, change, &none, &self.peppers, &facts, &context);
        self.led(account, charge)
    }

    pub(crate) fn claim(&self, account: &mut Account, pin: &str, draw: PinDraw) -> Result<PinClaim, Refusal> {
        let (none, facts, context) = (PersonalWords::none(), self.facts(), self.context());
        let claim = account.claim_pin(&self.token, &entries(pin), &none, draw, &facts, &context);
        self.led(account, claim)
    }

    pub(crate) fn compare(&self, charge: Charge) -> Settlement {
        charge.assert_written().compare(&self.hashing()).unwrap().into_settlement()
    }

    pub(crate) fn settle(
        &self,
        account: &mut Account,
        settlement: &Settlement,
        session: u8,
    ) -> Result<(), Refusal> {
        let session = self.session(session);
        let answer = account.settle_unlock(settlement, &session, &self.facts(), &self.context());
        self.led(account, answer)
    }

    pub(crate) fn settle_change(
        &self,
        account: &mut Account,
        settlement: &Settlement,
    ) -> Result<(), Refusal> {
        let answer = account.settle_change(settlement, &self.facts(), &self.context());
        self.led(account, answer)
    }

    /// A whole guess at the lock; its session token is of this number.
    pub(crate) fn unlock(
        &self,
        account: &mut Account,
        entry: &str,
        attempt: u128,
        session: u8,
    ) -> Result<(), Refusal> {
        let charge = self.charge(account, entry, attempt)?;
        self.settle(account, &self.compare(charge), session)
    }

    pub(crate) fn lock(&self, account: &mut Account) {
        account.lock(&self.token, &self.context()).unwrap();
        self.written(account);
    }

    pub(crate) fn view(&self, account: &Account) -> DeviceView {
        let mut looked_at = read_back(account);
        looked_at.device_view(&self.token, &self.peppers, &self.context())
    }

    /// The session token of this number.
    pub(crate) fn session(&self, number: u8) -> SessionToken {
        SessionToken::from_secret(self.person.id(), &mut [number; 32])
    }

    /// The wish to change the PIN to [`ANOTHER_PIN`].
    pub(crate) fn change(&self, attempt: u128, current: &str) -> PinChange {
        PinChange {
            current: digits(current),
            new: entries(ANOTHER_PIN),
            attempt: AttemptId::from_u128(attempt),
            credential: CredentialId::from_u128(attempt),
            salt: salt(attempt),
        }
    }

    /// The account goes into the world's store.
    pub(crate) fn store(&self, account: &Account) {
        self.world
            .store
            .overwrite(&Key::account(account.person()), Some(account.encode_as(StoredVersion::V2).unwrap()));
    }

    /// What the gate does after a decision: what has changed is written.
    pub(crate) fn led<T>(&self, account: &mut Account, answer: Result<T, Refusal>) -> Result<T, Refusal> {
        if account.is_changed() {
            self.written(account);
        }
        answer
    }

    /// The account as it comes back from the store.
    pub(crate) fn written(&self, account: &mut Account) {
        self.writes.set(self.writes.get() + 1);
        account.stamp(WriteId::from_u128(self.writes.get())).expect("a new id");
        *account = read_back(account);
    }
}

/// A salt of this number alone.
fn salt(number: u128) -> [u8; 16] {
    (number + 1_000_000).to_be_bytes()
}

/// What a claim of this number draws.
pub(crate) fn pin_draw(number: u128) -> PinDraw {
    let (attempt, credential) = (AttemptId::from_u128(number), CredentialId::from_u128(number));
    PinDraw { attempt, credential, salt: salt(number) }
}

fn read_back(account: &Account) -> Account {
    Account::decode(&account.encode_as(StoredVersion::V2).unwrap(), account.person()).unwrap()
}

/// Settled failures and attempts in flight, and the state, of the only device.
pub(crate) fn seen(account: &Account) -> (SessionState, Option<(u8, usize)>) {
    let session = account.device_sessions()[0].session();
    let attempts = session.enrolment().map(|enrolment| enrolment.attempts());
    (session.state(), attempts.map(|attempts| (attempts.failures(), attempts.in_flight().len())))
}

/// The wait that a refusal names.
pub(crate) fn wait_named(refusal: Refusal) -> Duration {
    match refusal.next_step() {
        NextStep::TryAgain { after } => after,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn rejections(account: &Account) -> usize {
    let is_rejection = |change: Change| matches!(change, Change::PinRejected { .. });
    account.outbox().iter().filter(|event| is_rejection(event.change)).count()
}

/// Numbers that look random.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
