//! Stored bytes that were damaged: reading them never panics, and never gives a fresh budget (E32).

use pinlatch::account::Account;
use pinlatch::gate::GateError;
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::pin::Pin;
use pinlatch::record::StoredVersion;
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::{PIN, UNMODIFIED, WRONG_PIN, World};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

const CASES: u32 = 1_500;
const SEED: [u8; 32] = [3; 32];
/// Magic, version, length, checksum.
const HEADER_BYTES: usize = 14;

/// A person with a locked phone, four times mistyped, an open one, an exhausted and a revoked one; one is logged out.
struct Home {
    world: World,
    anna: PersonId,
    locked: DeviceToken,
    open: DeviceToken,
    exhausted: DeviceToken,
    bytes: Vec<u8>,
}

impl Home {
    fn new() -> Self {
        let world = World::builder().writes_version(StoredVersion::V2).build();
        let anna = world.foreign_employee();
        world.open_phone(anna).unwrap().log_out().unwrap();
        let mut revoked = world.open_phone(anna).unwrap();
        revoked.log_out_everywhere().unwrap();
        revoked.token = None;
        let invitation = world.invited(anna).unwrap();
        revoked.sign_in_with_invitation(&invitation).unwrap();
        let (mut locked, mut open) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
        let mut exhausted = world.open_phone(anna).unwrap();
        locked.enable(Modality::Face).unwrap();
        for phone in [&mut locked, &mut exhausted] {
            phone.lock().unwrap();
            assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
        }
        assert_eq!(exhausted.mistype(1), Err(RefusalCode::PinExhausted));
        let mut tokens =
            [&mut locked, &mut open, &mut exhausted].map(|phone| phone.token.take().unwrap()).into_iter();
        let mut next = || tokens.next().unwrap();
        let (locked, open, exhausted) = (next(), next(), next());
        let bytes = world.store.bytes(&Key::account(anna)).unwrap();
        Self { world, anna, locked, open, exhausted, bytes }
    }

    /// How many wrong PINs the hasher gets to see on a device, however often one tries.
    fn comparisons(&self, token: &DeviceToken) -> Result<u64, TestCaseError> {
        let wrong = Pin::parse(WRONG_PIN).unwrap();
        let before = self.world.hasher.count();
        for _ in 0..7 {
            let opened = self.world.gate.blocking().unlock_with_pin(token, &wrong, &UNMODIFIED);
            proptest::prop_assert!(opened.is_err(), "a wrong PIN opened");
        }
        Ok(self.world.hasher.count() - before)
    }
}

/// One change of bytes: where, and what.
#[derive(Clone, Copy, Debug)]
struct Damage {
    place: usize,
    how: u8,
    value: u8,
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let one = (any::<u16>(), 0..5_u8, any::<u8>());
    vec(one.prop_map(|(place, how, value)| Damage { place: usize::from(place), how, value }), 1..6)
}

fn damaged(bytes: &[u8], damage: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for Damage { place, how, value } in damage {
        let place = place % bytes.len().max(1);
        match how {
            0 if place < bytes.len() => bytes[place] ^= value,
            1 if place < bytes.len() => bytes[place] = value % 8,
            2 => bytes.insert(place, *value),
            3 if place < bytes.len() => drop(bytes.remove(place)),
            _ => bytes.truncate(bytes.len() - usize::from(*value).min(bytes.len())),
        }
    }
    bytes
}

/// A body under a header that fits it, as only a record written on purpose has one.
fn sealed(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    let description = [b"PLAC".as_slice(), &2_u16.to_le_bytes(), &length.to_le_bytes()].concat();
    let checksum = crc32fast::hash(&[&description, body].concat());
    [&description, checksum.to_le_bytes().as_slice(), body].concat()
}

fn check<T: core::fmt::Debug>(
    strategy: &impl Strategy<Value = T>,
    test: impl Fn(T) -> Result<(), TestCaseError>,
) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    TestRunner::new_with_rng(config, rng).run(strategy, test).unwrap();
}

#[test]
fn e32_arbitrary_bytes_are_never_an_account() {
    let anna = PersonId::from_u128(1);
    check(&vec(any::<u8>(), 0..400), |bytes| {
        proptest::prop_assert!(Account::decode(&bytes, anna).is_err());
        let _read_or_not = Account::decode(&sealed(&bytes), anna);
        Ok(())
    });
}

#[test]
fn e32_a_damaged_record_is_refused_untouched_and_compares_nothing() {
    let home = Home::new();
    let key = Key::account(home.anna);
    check(&damage(), |damage| {
        let bytes = damaged(&home.bytes, &damage);
        if bytes == home.bytes {
            return Ok(());
        }
        proptest::prop_assert!(Account::decode(&bytes, home.anna).is_err());
        home.world.store.overwrite(&key, Some(bytes.clone()));
        proptest::prop_assert_eq!(home.comparisons(&home.locked)?, 0);
        let right = Pin::parse(PIN).unwrap();
        let gate = home.world.gate.blocking();
        let opened = gate.unlock_with_pin(&home.locked, &right, &UNMODIFIED);
        let code = opened.as_ref().map_err(GateError::code).map(|_| ());
        proptest::prop_assert_eq!(code, Err(RefusalCode::ReinvitationRequired));
        proptest::prop_assert_eq!(home.world.store.bytes(&key), Some(bytes));
        Ok(())
    });
}

#[test]
fn e32_i12_a_record_altered_under_a_fitting_checksum_never_gives_more_than_five_guesses() {
    let home = Home::new();
    check(&damage(), |damage| {
        let bytes = sealed(&damaged(&home.bytes[HEADER_BYTES..], &damage));
        let Ok(account) = Account::decode(&bytes, home.anna) else { return Ok(()) };
        for device in account.device_sessions() {
            let enrolment = device.session().enrolment();
            let may_have_pin =
                matches!(device.session().state(), SessionState::Authenticated | SessionState::Locked);
            proptest::prop_assert_eq!(enrolment.is_some(), may_have_pin);
            let budget = enrolment.is_none_or(|enrolment| {
                enrolment.attempts().failures() <= 4 && enrolment.attempts().charged() <= 5
            });
            proptest::prop_assert!(budget, "{:?}", enrolment);
        }
        let again = Account::decode(&account.encode_as(StoredVersion::V2).unwrap(), home.anna).unwrap();
        proptest::prop_assert_eq!(format!("{again:?}"), format!("{account:?}"));
        home.world.store.overwrite(&Key::account(home.anna), Some(bytes));
        for token in [&home.locked, &home.open, &home.exhausted] {
            proptest::prop_assert!(home.comparisons(token)? <= 5);
        }
        Ok(())
    });
}

#[test]
fn e32_no_single_byte_out_of_range_gives_back_a_guess() {
    let home = Home::new();
    let body = &home.bytes[HEADER_BYTES..];
    let locked = |account: &Account| {
        let mut devices = account.device_sessions().iter().map(|device| device.session());
        devices
            .find(|session| session.state() == SessionState::Locked)
            .map(|session| session.enrolment().map(|enrolment| enrolment.attempts().charged()))
    };
    assert_eq!(locked(&Account::decode(&home.bytes, home.anna).unwrap()), Some(Some(4)));
    let mut exhausted = 0;
    for place in 0..body.len() {
        for value in [5, 6, 9, 127, 128, 255] {
            let mut body = body.to_vec();
            body[place] = value;
            let Ok(account) = Account::decode(&sealed(&body), home.anna) else { continue };
            match locked(&account) {
                None => exhausted += 1,
                Some(charged) => assert_eq!(charged, Some(4), "byte {place} as {value}"),
            }
        }
    }
    assert!(exhausted >= 3, "the count of failures was not among the bytes");
}
