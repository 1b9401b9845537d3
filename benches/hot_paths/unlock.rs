//! The whole unlock through the gate: with Argon2id, with Argon2id in pooled memory, and with a
//! hasher that does nothing, which leaves everything of ours around the hash. And the hash alone.

use std::num::NonZeroUsize;
use std::sync::Arc;

use divan::{Bencher, black_box};
use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::{
    Argon2id, HashInput, HashParams, HasherError, PepperRing, PersonalWords, PinHasher, PooledArgon2id,
};
use pinlatch_testkit::{PIN, SeededRandomness, UNMODIFIED, World, pin};

use super::forgetful::Forgetful;

/// No hash at all: any PIN fits.
struct NoHash;

impl PinHasher for NoHash {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        black_box(input);
        *out = [7; 32];
        Ok(())
    }
}

/// A phone is locked, untimed, and then opened by PIN: the only thing timed.
fn unlock(bencher: Bencher<'_, '_>, hasher: impl PinHasher + 'static) {
    let world = World::new();
    let host = HostParts {
        store: Blocking(Arc::clone(&world.store)),
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Forgetful),
        offload: Inline,
        randomness: SeededRandomness::new(2),
    };
    let gate = Gate::builder(host).hasher(hasher);
    let gate = gate.peppers(PepperRing::without_pepper()).build().expect("everything is said");
    let gate = gate.blocking();

    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).expect("a clock").start;
    let evidence = StrongAuthentication::verified_by_host(start, world.employee(), BankCredentials);
    let label = DeviceLabel::new("phone").expect("short");
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let token = gate.authenticate(sign_in, &UNMODIFIED).expect("eligible").token;
    let entry = || pin(PIN).expect("six digits");
    let entries = PinEntries { pin: entry(), confirmation: entry() };
    gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).expect("good");

    bencher
        .with_inputs(|| {
            gate.lock(&token, &UNMODIFIED).expect("open");
            entry()
        })
        .bench_local_values(|entry| {
            let opened = gate.unlock_with_pin(black_box(&token), black_box(&entry), &UNMODIFIED);
            black_box(opened.expect("right"))
        });
}

/// One unlock a sample: the next one needs a lock before it.
#[divan::bench(sample_count = 5000, sample_size = 1)]
fn unlock_with_a_hasher_that_does_nothing(bencher: Bencher<'_, '_>) {
    unlock(bencher, NoHash);
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn unlock_with_argon2id(bencher: Bencher<'_, '_>) {
    unlock(bencher, Argon2id::new());
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn unlock_with_pooled_argon2id(bencher: Bencher<'_, '_>) {
    unlock(bencher, PooledArgon2id::new(NonZeroUsize::MIN));
}

/// What the rest is measured against: one hash with the default parameters.
fn hash(bencher: Bencher<'_, '_>, hasher: &impl PinHasher) {
    let input =
        HashInput { params: HashParams::DEFAULT, salt: &[7; 16], pepper: None, message: PIN.as_bytes() };
    bencher.bench_local(|| {
        let mut out = [0; 32];
        hasher.hash(black_box(&input), &mut out).expect("memory");
        black_box(out)
    });
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn argon2id_alone(bencher: Bencher<'_, '_>) {
    hash(bencher, &Argon2id::new());
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn pooled_argon2id_alone(bencher: Bencher<'_, '_>) {
    hash(bencher, &PooledArgon2id::new(NonZeroUsize::MIN));
}
