//! The attempt protocol by hand: the pure functions, in every order.

use pinlatch::account::{Account, Context, Facts, PinChange, PinEntries, Policy, UnlockAttempt};
use pinlatch::host::Clock;
use pinlatch::id::{AttemptId, CredentialId};
use pinlatch::people::{LocalDates, Person};
use pinlatch::pin::{Charge, HashParams, Hashing, PepperRing, PersonalWords, Settlement};
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use super::fresh_write;
use crate::given::record_bytes::edit;
use crate::given::*;

/// A host that drives an account itself.
struct Driver<'w> {
    world: &'w World,
    token: DeviceToken,
    person: Person,
    dates: LocalDates,
    policy: Policy,
    peppers: PepperRing,
}

impl<'w> Driver<'w> {
    fn of(world: &'w World, phone: &Phone<'_>) -> (Self, Account) {
        let driver = Self {
            world,
            token: same_device(phone),
            person: world.directory.get(phone.owner).unwrap(),
            dates: world.directory.today(),
            policy: world.gate.policy().clone(),
            peppers: peppers(),
        };
        (driver, world.account(phone.owner).unwrap())
    }

    fn facts(&self) -> Facts<'_> {
        Facts { person: Some(&self.person), owner: None, dates: &self.dates }
    }

    fn context(&self) -> Context<'_> {
        Context { now: self.world.clock.now(), policy: &self.policy, request: UNMODIFIED }
    }

    fn charge(&self, account: &mut Account, entry: &str, attempt: u128) -> Result<Charge, Refusal> {
        let draw = UnlockAttempt { attempt: AttemptId::from_u128(attempt), salt: [3; 16] };
        let charge = account.charge_unlock(
            &self.token,
            &digits(entry),
            draw,
            &self.peppers,
            &self.facts(),
            &self.context(),
        );
        written(account);
        charge
    }

    fn charge_change(
        &self,
        account: &mut Account,
        session: &SessionToken,
        change: &PinChange,
    ) -> Result<Charge, Refusal> {
        let none = PersonalWords::none();
        account.charge_change(session, change, &none, &self.peppers, &self.facts(), &self.context())
    }

    fn compare(&self, charge: Charge) -> Settlement {
        let hashing =
            Hashing { hasher: &self.world.hasher, params: HashParams::DEFAULT, peppers: &self.peppers };
        charge.assert_written().compare(&hashing).unwrap().into_settlement()
    }

    fn settle(&self, account: &mut Account, settlement: &Settlement, session: u8) -> Result<(), Refusal> {
        let session = SessionToken::from_secret(self.person.id(), &mut [session; 32]);
        let answer = account.settle_unlock(settlement, &session, &self.context());
        written(account);
        answer
    }

    fn change(&self, attempt: u128, current: &str) -> PinChange {
        PinChange {
            current: digits(current),
            new: PinEntries { pin: digits(ANOTHER_PIN), confirmation: digits(ANOTHER_PIN) },
            attempt: AttemptId::from_u128(attempt),
            credential: CredentialId::from_u128(attempt),
            salt: [4; 16],
        }
    }
}

/// The account as it comes back from the store.
fn written(account: &mut Account) {
    account.stamp(fresh_write()).expect("a new id");
    *account = Account::decode(&account.encode().unwrap(), account.person()).unwrap();
}

/// Settled failures and attempts in flight, and the state, of the only device.
fn seen(account: &Account) -> (SessionState, Option<(u8, usize)>) {
    let session = account.device_sessions()[0].session();
    let attempts = session.enrolment().map(|enrolment| enrolment.attempts());
    (session.state(), attempts.map(|attempts| (attempts.failures(), attempts.in_flight().len())))
}

fn rejections(account: &Account) -> usize {
    let is_rejection = |change: Change| matches!(change, Change::PinRejected { .. });
    account.outbox().iter().filter(|event| is_rejection(event.change)).count()
}

/// Every order of five.
fn orders() -> Vec<[usize; 5]> {
    let all = 0..5_usize.pow(5);
    let digits = |number: usize| [0, 1, 2, 3, 4].map(|place| number / 5_usize.pow(place) % 5);
    all.map(digits).filter(|order| (0..5).all(|wanted| order.contains(&wanted))).collect()
}

#[test]
fn i12_four_wrong_and_one_right_in_flight_settled_in_every_order() {
    const RIGHT: usize = 4;
    assert_eq!(orders().len(), 120);
    for order in orders() {
        let world = World::new();
        let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
        let entries = [WRONG_PIN, WRONG_PIN, WRONG_PIN, WRONG_PIN, PIN];
        let hashed = world.hasher.count();
        let charges: Vec<Charge> =
            (1..).zip(entries).map(|(id, entry)| driver.charge(&mut account, entry, id).unwrap()).collect();
        assert_eq!(seen(&account), (SessionState::Locked, Some((0, 5))));
        let settlements: Vec<Settlement> = charges.into_iter().map(|charge| driver.compare(charge)).collect();
        assert_eq!(world.hasher.count() - hashed, 5);

        let (mut failures, mut opened) = (0, false);
        for (settled, index) in (1_u8..).zip(order) {
            let answer = driver.settle(&mut account, &settlements[index], settled);
            if index == RIGHT {
                (failures, opened) = (0, true);
                assert_eq!(answer, Ok(()));
            } else {
                failures += 1;
                assert_eq!(answer, Err(Code::IncorrectPin.into()));
            }
            let state = if opened { SessionState::Authenticated } else { SessionState::Locked };
            assert_eq!(seen(&account), (state, Some((failures, usize::from(5 - settled)))), "{order:?}");
        }
        assert_eq!(rejections(&account), 4);
    }
}

#[test]
fn i12_after_the_right_one_settled_first_the_others_stay_charged_against_the_next_budget() {
    for settled_before in 0..=4_u8 {
        let world = World::new();
        let phone = locked_with_pin_only(&world);
        let (driver, mut account) = Driver::of(&world, &phone);
        let wrong: Vec<Charge> =
            (1..=4).map(|id| driver.charge(&mut account, WRONG_PIN, id).unwrap()).collect();
        let right = driver.charge(&mut account, PIN, 5).unwrap();
        let mut wrong: Vec<Settlement> = wrong.into_iter().map(|charge| driver.compare(charge)).collect();
        for settlement in wrong.drain(..usize::from(settled_before)) {
            assert!(driver.settle(&mut account, &settlement, 1).is_err());
        }
        assert_eq!(driver.settle(&mut account, &driver.compare(right), 1), Ok(()));
        account.lock(&driver.token, &driver.context()).unwrap();
        written(&mut account);

        let before = world.hasher.count();
        let mut refusals = Vec::new();
        for id in 100..110 {
            match driver.charge(&mut account, WRONG_PIN, id) {
                Ok(charge) => drop(driver.compare(charge)),
                Err(refusal) => refusals.push(refusal),
            }
        }
        let granted = world.hasher.count() - before;
        assert_eq!(granted, 1 + u64::from(settled_before), "five, less those still in flight");
        assert_eq!(refusals[0], Refusal::because(Code::PinExhausted, Cause::GuessesInFlight));
        assert_eq!(seen(&account), (SessionState::PinExhausted, None));
        for late in wrong {
            let overtaken = Refusal::because(Code::PinExhausted, Cause::GuessOvertaken);
            assert_eq!(driver.settle(&mut account, &late, 1), Err(overtaken));
        }
    }
}

#[test]
fn i12_five_permits_dropped_by_a_crash_read_as_exhausted_and_the_next_attempt_wipes() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    for id in 1..=5 {
        drop(driver.charge(&mut account, PIN, id).unwrap().assert_written());
    }
    assert_eq!(seen(&account), (SessionState::Locked, Some((0, 5))), "wiped by the next attempt, not before");
    let refusal = driver.charge(&mut account, PIN, 6).unwrap_err();
    assert_eq!(refusal, Refusal::because(Code::PinExhausted, Cause::GuessesInFlight));
    assert_eq!(seen(&account), (SessionState::PinExhausted, None));
}

#[test]
fn i12_charging_or_settling_the_same_attempt_again_counts_once() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    for _ in 0..10 {
        let _same = driver.charge(&mut account, WRONG_PIN, 1).unwrap();
        assert_eq!(seen(&account).1, Some((0, 1)));
    }
    let settlement = driver.compare(driver.charge(&mut account, WRONG_PIN, 1).unwrap());
    assert_eq!(driver.settle(&mut account, &settlement, 1), Err(Code::IncorrectPin.into()));
    for _ in 0..10 {
        let again = driver.settle(&mut account, &settlement, 1);
        assert_eq!(again, Err(Refusal::because(Code::IncorrectPin, Cause::GuessOvertaken)));
    }
    assert_eq!(seen(&account), (SessionState::Locked, Some((1, 0))));
    assert_eq!(rejections(&account), 1);
}

#[test]
fn i06_i12_a_settled_right_pin_opens_once_and_not_again_after_a_lock() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    let right = driver.compare(driver.charge(&mut account, PIN, 1).unwrap());
    assert_eq!(driver.settle(&mut account, &right, 1), Ok(()));
    assert_eq!(driver.settle(&mut account, &right, 1), Ok(()), "the same token is recognised");
    account.lock(&driver.token, &driver.context()).unwrap();
    written(&mut account);
    let again = driver.settle(&mut account, &right, 1);
    assert_eq!(again, Err(Refusal::because(Code::SessionRequired, Cause::GuessOvertaken)));
    assert_eq!(seen(&account), (SessionState::Locked, Some((0, 0))));
}

#[test]
fn e29_i12_a_pin_changed_between_charge_and_settlement_makes_the_old_guess_wrong() {
    for guess in [PIN, ANOTHER_PIN, WRONG_PIN] {
        let world = World::new();
        let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
        let late = driver.charge(&mut account, guess, 1).unwrap();
        let opening = driver.compare(driver.charge(&mut account, PIN, 2).unwrap());
        driver.settle(&mut account, &opening, 9).unwrap();
        let session = SessionToken::from_secret(driver.person.id(), &mut [9; 32]);
        let change = driver.change(3, PIN);
        let charged = driver.charge_change(&mut account, &session, &change);
        let settlement = driver.compare(charged.unwrap());
        account.settle_change(&settlement, &driver.context()).unwrap();
        written(&mut account);
        assert_eq!(
            seen(&account),
            (SessionState::Authenticated, Some((0, 1))),
            "the late guess stays charged"
        );
        account.settle_change(&settlement, &driver.context()).unwrap();
        written(&mut account);
        assert_eq!(seen(&account).1, Some((0, 1)), "settled twice, changed once");

        account.lock(&driver.token, &driver.context()).unwrap();
        written(&mut account);
        let late = driver.compare(late);
        assert_eq!(driver.settle(&mut account, &late, 5), Err(Code::IncorrectPin.into()));
        assert_eq!(seen(&account), (SessionState::Locked, Some((1, 0))), "{guess}");
        let new = driver.compare(driver.charge(&mut account, ANOTHER_PIN, 4).unwrap());
        assert_eq!(driver.settle(&mut account, &new, 6), Ok(()));
    }
}

#[test]
fn e29_i12_a_guess_made_to_change_the_pin_does_not_unlock_and_stays_charged() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    let opening = driver.compare(driver.charge(&mut account, PIN, 1).unwrap());
    driver.settle(&mut account, &opening, 9).unwrap();
    let session = SessionToken::from_secret(driver.person.id(), &mut [9; 32]);
    let change = driver.change(2, PIN);
    let charged = driver.charge_change(&mut account, &session, &change);
    let to_change = driver.compare(charged.unwrap());
    account.lock(&driver.token, &driver.context()).unwrap();
    written(&mut account);
    let refusal = Refusal::because(Code::SessionRequired, Cause::GuessOvertaken);
    assert_eq!(driver.settle(&mut account, &to_change, 3), Err(refusal));
    assert_eq!(seen(&account), (SessionState::Locked, Some((0, 1))));
    let to_unlock = driver.compare(driver.charge(&mut account, PIN, 4).unwrap());
    assert_eq!(account.settle_change(&to_unlock, &driver.context()), Err(refusal));
    assert_eq!(seen(&account), (SessionState::Locked, Some((0, 2))));
}

#[test]
fn r07_e13_a_pin_hashed_for_another_device_or_generation_is_not_taken() {
    let world = World::new();
    let anna = world.employee();
    let mut phones = [(); 2].map(|()| world.phone(anna));
    phones.iter_mut().for_each(|phone| phone.sign_in().unwrap());
    let (driver, mut account) = Driver::of(&world, &phones[0]);
    let entries = PinEntries { pin: digits(PIN), confirmation: digits(PIN) };
    let plan = account
        .plan_pin(&driver.token, &entries, &PersonalWords::none(), &driver.facts(), &driver.context())
        .unwrap();
    let hashing = Hashing { hasher: &world.hasher, params: HashParams::DEFAULT, peppers: &driver.peppers };
    let hashed = plan.make(CredentialId::from_u128(1), [5; 16], &hashing).unwrap();
    let session = SessionToken::from_secret(anna, &mut [8; 32]);
    let taken = |account: &mut Account, token: &DeviceToken| {
        let answer = account.create_pin(token, &hashed, &session, &driver.facts(), &driver.context());
        answer.map_err(|refusal| refusal.code())
    };
    let other = same_device(&phones[1]);
    assert_eq!(taken(&mut account, &other), Err(Code::AuthenticationRequired));
    assert!(!account.is_changed());

    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    phones[0].sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    let mut renewed = world.account(anna).unwrap();
    assert_eq!(renewed.device_sessions()[0].id(), account.device_sessions()[0].id(), "the same device");
    assert_eq!(taken(&mut renewed, &same_device(&phones[0])), Err(Code::AuthenticationRequired));
    assert!(!renewed.is_changed());
    assert_eq!(taken(&mut account, &driver.token), Ok(()));
}

#[test]
fn i12_a_permit_of_another_account_settles_nothing_here() {
    let world = World::new();
    let (annas_phone, berts_phone) = (locked_with_pin_only(&world), locked_with_pin_only(&world));
    // Even if their device sessions had the same id.
    let same_id = *annas_phone.id.unwrap().as_bytes();
    edit(&world, berts_phone.owner, |head| head.devices[0].id = same_id);
    let (anna, mut annas) = Driver::of(&world, &annas_phone);
    let (bert, mut berts) = Driver::of(&world, &berts_phone);
    let of_anna = anna.compare(anna.charge(&mut annas, PIN, 1).unwrap());
    let _in_flight = bert.charge(&mut berts, WRONG_PIN, 1).unwrap();
    let overtaken = Refusal::because(Code::AuthenticationRequired, Cause::GuessOvertaken);
    assert_eq!(bert.settle(&mut berts, &of_anna, 1), Err(overtaken));
    assert_eq!(seen(&berts), (SessionState::Locked, Some((0, 1))));
}

#[test]
fn i01_locked_has_a_pin_and_at_most_four_failures_or_five_with_one_in_flight() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    for failures in 0..=4_u8 {
        assert_eq!(seen(&account), (SessionState::Locked, Some((failures, 0))));
        let charge = driver.charge(&mut account, WRONG_PIN, u128::from(failures)).unwrap();
        assert_eq!(seen(&account), (SessionState::Locked, Some((failures, 1))));
        let expected = if failures == 4 { Code::PinExhausted } else { Code::IncorrectPin };
        assert_eq!(driver.settle(&mut account, &driver.compare(charge), 1), Err(expected.into()));
    }
    assert_eq!(seen(&account), (SessionState::PinExhausted, None));
}
