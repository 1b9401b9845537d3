//! The pool as a hasher: the same hashes as without it, whoever else is hashing.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::{
    Argon2id, HashInput, HashParams, HasherError, PepperRing, PersonalWords, Pin, PinHasher, PooledArgon2id,
    check_hasher,
};
use pinlatch_testkit::{PIN, SeededRandomness, UNMODIFIED, WRONG_PIN, World};

use super::in_time;

fn pool(slots: usize) -> PooledArgon2id {
    PooledArgon2id::new(NonZeroUsize::new(slots).unwrap())
}

fn hash(hasher: &dyn PinHasher, params: HashParams, salt: u8, pepper: Option<&[u8]>) -> [u8; 32] {
    let mut out = [0; 32];
    let input = HashInput { params, salt: &[salt; 16], pepper, message: b"824671" };
    assert_eq!(hasher.hash(&input, &mut out), Ok::<(), HasherError>(()));
    out
}

#[test]
fn it_gives_the_known_answers_again_and_again() {
    let pool = pool(1);
    for _ in 0..3 {
        assert_eq!(check_hasher(&pool), Ok(()));
    }
}

#[test]
fn it_gives_the_hashes_of_argon2id_whatever_was_hashed_there_before() {
    in_time(|| {
        let pool = pool(2);
        let sizes =
            [(7_168, 5), (19_456, 2), (12_288, 3), (47_104, 1)].map(|(m, t)| HashParams::new(m, t).unwrap());
        thread::scope(|scope| {
            for caller in 0..4_u8 {
                let pool = &pool;
                scope.spawn(move || {
                    for (round, params) in (0..).zip(sizes) {
                        let salt = caller * 16 + round;
                        let pepper = [caller; 32];
                        let pepper = (round % 2 == 0).then_some(&pepper[..]);
                        let alone = hash(&Argon2id::new(), params, salt, pepper);
                        assert_eq!(hash(pool, params, salt, pepper), alone);
                    }
                });
            }
        });
        assert!(pool.memory_kib() <= 2 * 47_104, "more than two memories");
    });
}

#[test]
fn it_holds_nothing_before_the_first_hash_and_the_largest_parameters_after() {
    let pool = pool(2);
    let other = pool.clone();
    assert_eq!(pool.memory_kib(), 0);
    hash(&pool, HashParams::DEFAULT, 1, None);
    assert_eq!(other.memory_kib(), 19_456, "clones share the memory");
    hash(&other, HashParams::STRONG, 1, None);
    assert_eq!(pool.memory_kib(), 65_536);
    hash(&pool, HashParams::DEFAULT, 2, None);
    assert_eq!(pool.memory_kib(), 65_536);
    other.release_memory();
    assert_eq!(pool.memory_kib(), 0);
}

#[test]
fn it_has_as_many_slots_as_asked_for_or_as_there_are_cores() {
    assert_eq!(pool(7).slots().get(), 7);
    assert_eq!(PooledArgon2id::one_per_core().slots(), thread::available_parallelism().unwrap());
    assert_eq!(format!("{:?}", pool(7)), "PooledArgon2id { slots: 7, waiting: 0, memory_kib: 0 }");
}

/// The pool, and how often it was called.
struct Counted(PooledArgon2id, Arc<AtomicUsize>);

impl PinHasher for Counted {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.hash(input, out)
    }
}

#[test]
fn i12_a_burst_of_guesses_takes_one_memory_and_a_refused_guess_none() {
    in_time(|| {
        let world = World::new();
        let host = HostParts {
            store: Blocking(Arc::clone(&world.store)),
            clock: Arc::clone(&world.clock),
            directory: Blocking(Arc::clone(&world.directory)),
            journal: Blocking(Arc::clone(&world.journal)),
            offload: Inline,
            randomness: SeededRandomness::new(1),
        };
        let (pool, hashed) = (pool(1), Arc::new(AtomicUsize::new(0)));
        let gate = Gate::builder(host)
            .hasher(Counted(pool.clone(), Arc::clone(&hashed)))
            .peppers(PepperRing::without_pepper())
            .build()
            .unwrap();
        let gate = gate.blocking();

        let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
        let evidence = StrongAuthentication::verified_by_host(start, world.employee(), BankCredentials);
        let label = DeviceLabel::new("phone").unwrap();
        let sign_in = SignIn { evidence, label, known: None, invitation: None };
        let phone = gate.authenticate(sign_in, &UNMODIFIED).unwrap();
        let entries = PinEntries { pin: Pin::parse(PIN).unwrap(), confirmation: Pin::parse(PIN).unwrap() };
        gate.create_pin(&phone.token, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
        gate.lock(&phone.token, &UNMODIFIED).unwrap();
        gate.unlock_with_pin(&phone.token, &Pin::parse(PIN).unwrap(), &UNMODIFIED).unwrap();
        gate.lock(&phone.token, &UNMODIFIED).unwrap();
        let before = hashed.load(Ordering::SeqCst);

        let together = Barrier::new(12);
        thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let wrong = Pin::parse(WRONG_PIN).unwrap();
                    together.wait();
                    gate.unlock_with_pin(&phone.token, &wrong, &UNMODIFIED).unwrap_err()
                });
            }
        });
        assert_eq!(hashed.load(Ordering::SeqCst) - before, 5, "five guesses are paid for, seven are refused");
        assert_eq!(pool.memory_kib(), 19_456);
        assert_eq!(pool.waiting(), 0);
    });
}
