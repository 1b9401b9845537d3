//! The paths that every request or every unlock takes, on a record in memory.
//!
//! `cargo bench` prints the median and the spread. Absolute times change with the machine: compare
//! within one run. The floor of the per-request check is one SHA-256 block over the token, shown as
//! `token_digest`.

use divan::{Bencher, black_box};
use pinlatch::access::{self, AccessPolicy, Channel, Request};
use pinlatch::account::{Account, DeviceIntegrity, Facts, Moment, Policy, Raising, Wanted};
use pinlatch::host::Key;
use pinlatch::people::{Action, Function, LocalDates, Person};
use pinlatch::pin::{Argon2id, HashInput, HashParams, PinHasher};
use pinlatch::testkit::{ACME, PIN, Phone, TODAY, World, day};
use pinlatch::time::Timestamp;

fn main() {
    divan::main();
}

/// A person with so many open phones, and the last of them.
fn with_phones(world: &World, count: usize) -> (Person, Phone<'_>) {
    let anna = world.employee();
    let mut phone = world.open_phone(anna).expect("eligible");
    for _ in 1..count {
        phone = world.open_phone(anna).expect("eligible");
    }
    (world.directory.get(anna).expect("known"), phone)
}

fn today() -> LocalDates {
    let (year, month, today) = TODAY;
    LocalDates::everywhere(day(year, month, today))
}

fn read_salary(person: &Person) -> Request {
    Request {
        channel: Channel::MobileApp,
        company: ACME,
        action: Action::Read,
        function: Function::SalaryInformation,
        owner: person.id(),
    }
}

#[divan::bench]
fn permission_decision(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let (person, _phone) = with_phones(&world, 1);
    let (request, dates, policy) = (read_salary(&person), today(), AccessPolicy::default());
    bencher.bench_local(|| {
        access::decide(black_box(Some(&person)), black_box(&request), &dates, &policy).is_allowed()
    });
}

#[divan::bench]
fn token_digest(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let (_person, phone) = with_phones(&world, 1);
    let session = phone.session.expect("open");
    bencher.bench_local(|| black_box(&session).digest());
}

#[divan::bench(args = [1, 3, 16])]
fn session_check_from_memory(bencher: Bencher<'_, '_>, devices: usize) {
    let world = World::new();
    let (person, phone) = with_phones(&world, devices);
    let mut account = world.account(person.id()).expect("stored");
    let session = phone.session.expect("open");
    let (request, dates, policy) = (read_salary(&person), today(), Policy::default());
    let raising = Raising {
        moment: Moment { now: Some(Timestamp::from_unix_seconds(1_795_348_800)), policy: &policy },
        integrity: DeviceIntegrity::Unmodified,
        facts: Facts { person: Some(&person), dates: &dates },
    };
    bencher.bench_local(|| account.check(black_box(&session), Wanted::Function(&request), &raising).is_ok());
}

#[divan::bench(args = [1, 3, 16])]
fn record_decode(bencher: Bencher<'_, '_>, devices: usize) {
    let world = World::new();
    let (person, _phone) = with_phones(&world, devices);
    let bytes = world.store.bytes(&Key::account(person.id())).expect("stored");
    bencher.bench_local(|| Account::decode(black_box(&bytes), person.id()).is_ok());
}

#[divan::bench(args = [1, 3, 16])]
fn record_encode(bencher: Bencher<'_, '_>, devices: usize) {
    let world = World::new();
    let (person, _phone) = with_phones(&world, devices);
    let account = world.account(person.id()).expect("stored");
    bencher.bench_local(|| black_box(&account).encode().is_ok());
}

/// Lock, charge, compare (one SHA-256), settle: everything around Argon2, through the gate.
#[divan::bench]
fn lock_and_unlock_without_argon2(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let (_person, mut phone) = with_phones(&world, 1);
    bencher.bench_local(|| {
        phone.lock().expect("open");
        phone.unlock(black_box(PIN)).expect("right");
    });
}

/// What the rest is measured against: one Argon2id with the default parameters.
#[divan::bench(sample_count = 20)]
fn argon2id_default(bencher: Bencher<'_, '_>) {
    let hasher = Argon2id::new();
    let mut out = [0; 32];
    let input =
        HashInput { params: HashParams::DEFAULT, salt: &[7; 16], pepper: None, message: PIN.as_bytes() };
    bencher.bench_local(|| hasher.hash(black_box(&input), &mut out).is_ok());
}
