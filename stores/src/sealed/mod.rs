//! Any store, with its records sealed by a key of the host's.
//!
//! Without it, whoever can read the database reads devices, labels and digests, and whoever can write it can be
//! anybody: a record has a checksum against accidents, and none against people. [`Sealed`] encrypts and
//! authenticates each record with a key that the database never sees, and binds it to the key under which it is
//! stored.
//!
//! ```
//! # #[cfg(feature = "sqlite")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::LocalDates;
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::sealed::{Sealed, SealingKey, SealingKeyId, SealingKeys};
//! use pinlatch_stores::sqlite::SqliteStore;
//! # use pinlatch_testkit::day;
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("sign-in.sqlite");
//! # let secret = SealingKey::draw(&SystemRandomness)?;
//! # let secret = secret.expose(); // as your key store would give it
//! let keys = SealingKeys::new(SealingKeyId::from_number(1), SealingKey::new(secret)?);
//! let file = Arc::new(Sealed::new(SqliteStore::open(path)?, keys));
//! let shared = || Blocking(Arc::clone(&file));
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     store: shared(),
//!     clock: SystemClock,
//!     directory: StoredDirectory::new(shared(), move |_| today.clone()),
//!     journal: shared(), // the file's journal, as it was: not sealed
//!     offload: Inline,
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//! # let _ = gate;
//! assert!(file.inner().accounts()?.is_empty()); // what the engine can do besides
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sqlite"))]
//! # fn main() {}
//! ```
//!
//! An async store is wrapped in the same way and needs no [`Blocking`](pinlatch::host::Blocking) around it.
//!
//! # What it gives, and what not
//!
//! | somebody who has the database, and | gets |
//! |---|---|
//! | reads a record | nothing, but whose it is, how long, and when it was written |
//! | forges or changes one | it reads as damaged: nobody is let in, and the person has to be re-invited |
//! | puts one person's record in another's place, or an account in the place of a person | the same |
//! | puts the same person's record of **another deployment** in its place | the account of there, if both have one key: draw a key for each |
//! | **removes one** | a new account: devices and PINs are gone, but so is a bar, and so are spent guesses, of PINs that are gone as well. Strong authentication is what lets anybody in then; who is foreign also needs an invitation |
//! | **puts an older record of the same person back** | the account of that day. It cannot be noticed here |
//!
//! **The older record** gives spent guesses back, as often as somebody puts it back: so whoever can write the database
//! *and* holds the phone has as many guesses as they like. It gives sessions and devices back that had ended, to whoever
//! kept their tokens, and takes a bar away. Of a person in a [`StoredDirectory`](pinlatch::host::StoredDirectory) it
//! gives rights and employments back that had ended. Against that helps what keeps people from writing: a role in the database
//! for the host alone, and an account of who used another. And what notices it: a journal that is
//! kept elsewhere sees two events with one number (`history`, `sequence`) under two ids, which otherwise only a restored
//! backup gives.
//!
//! Not sealed are the events that a store [takes](pinlatch::host::Store::takes_events) with a record, and what it is
//! given as a journal: events, changes of people, refusals. Who writes the database can read, invent and remove them.
//! They hold no secret, but say who did what when. Neither are keys: they contain the person's id. The PIN itself
//! is protected by Argon2id and the [pepper](pinlatch::pin::PepperRing) as before; sealing replaces neither.
//!
//! # What a load answers
//!
//! | found | answer | for the person |
//! |---|---|---|
//! | sealed for this place, under a key of the ring | the record | |
//! | forged, moved, changed or cut off | a record that is surely damaged: an empty one | [what damage means](pinlatch::record#what-becomes-of-a-record-that-cannot-be-used): nothing opens, an administrator re-invites |
//! | whole, under a key that the ring has not, or another key under its number | [`UnknownKey`](SealedError::UnknownKey), [`AnotherKey`](SealedError::AnotherKey) | `Unavailable` |
//! | whole, and not sealed | [`Unsealed`](SealedError::Unsealed) unless accepted | `Unavailable` |
//! | whole, of a newer version of the seal | [`NewerVersion`](SealedError::NewerVersion) | `Unavailable` |
//!
//! The rule behind it: what may be a mistake in a host's configuration is an error, since an error costs nobody anything.
//! Reading it as damage would: with the wrong key *every* account is damaged, and a nightly
//! [`reassess`](pinlatch::gate::Gate::reassess) replaces each by a barred one. What a mistake cannot have made is
//! damage, since an error would leave the person waiting for somebody who repairs records by hand, and an attacker gains
//! nothing by either: who can forge a record can remove it.
//!
//! The second kind can be forged too, by whoever makes a record look unsealed or names a key that does not exist. That
//! keeps one person out until an operator looks into the error. If the record is not to be saved, empty it, and the
//! person can be re-invited:
//!
//! ```
//! use pinlatch::host::{BlockingStore, Expect, Key, Swap};
//! # use pinlatch_stores::sealed::{Sealed, SealingKey, SealingKeyId, SealingKeys};
//! # use pinlatch_testkit::{MemoryStore, World};
//! # let world = World::new();
//! # let anna = world.employee();
//! # let _phone = world.open_phone(anna).unwrap();
//! # let keys = SealingKeys::new(SealingKeyId::from_number(1), SealingKey::new(&[1; 32])?);
//! # let sealed = Sealed::new(std::sync::Arc::clone(&world.store), keys);
//! # let key = Key::account(anna);
//! # assert!(sealed.load(&key).is_err());
//! if let Some(found) = sealed.inner().load(&key)? {
//!     let swapped = sealed.inner().compare_and_swap(&key, Expect::At(found.version), Vec::new(), &[])?;
//!     assert!(matches!(swapped, Swap::Applied(_))); // otherwise look again
//! }
//! # assert!(sealed.load(&key)?.unwrap().bytes.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Never remove it:** that would lift a bar. A person in a
//! [`StoredDirectory`](pinlatch::host::StoredDirectory) that reads as damaged fails the directory until the host removes
//! it and imports the person anew.
//!
//! A host that shares the store and was given no sealing takes a sealed record for somebody else's: it answers
//! `Unavailable` and touches nothing.
//!
//! # Beginning with records that are not sealed
//!
//! | step | on each host | until |
//! |---|---|---|
//! | 1 | the wrapper, [`accepting_unsealed`](Sealed::accepting_unsealed) | every host has it; one that has not yet answers `Unavailable` for whoever was served by one that has |
//! | 2 | a scan: [`reseal`](Sealed::reseal), or `reseal_now`, of everybody's account, and of every person that a `StoredDirectory` keeps | [`is_sealed`] of all bytes in the store; what reseal calls damaged need not be waited for |
//! | 3 | without `accepting_unsealed` | |
//!
//! **Until step 3 nothing is gained against forging:** who writes the database can write a record that is not sealed.
//! The engine's backups, logs and free pages hold the records of before for as long as they hold anything.
//!
//! # Rotating the key
//!
//! A record names the number of its key and is sealed under the current one whenever it is written. With several hosts
//! every host has to know a key before the first one uses it:
//!
//! | step | every host's ring | why |
//! |---|---|---|
//! | 1 | current 1, and 2 beside it | all of them can open what step 2 writes |
//! | 2 | current 2, and 1 beside it | what is written goes under 2 |
//! | 3 | a scan: [`reseal`](Sealed::reseal) of every key | moves those who do not come |
//! | 4 | 2 alone, once [`key_in_use`] finds nobody under 1 | a record under a key that is missing is `Unavailable` |
//!
//! A key that has leaked goes the same way, without waiting between the steps. Until step 4 who has it can forge, and what
//! was forged goes along: if somebody had the database as well, treat it as [a backup that was
//! restored](pinlatch::guide::operating#restoring-a-backup). Keep key 1 in the key store for as long as a backup may be
//! restored that was made under it.
//!
//! ```
//! use pinlatch::host::{BlockingStore, Expect, Key, Swap};
//! use pinlatch_stores::sealed::{Resealed, Sealed, SealingKey, SealingKeyId, SealingKeys, key_in_use};
//! # use pinlatch_testkit::{MemoryStore, person};
//! # use std::sync::Arc;
//!
//! let (one, two) = (SealingKeyId::from_number(1), SealingKeyId::from_number(2));
//! let secret = |byte| SealingKey::new(&[byte; 32]); // drawn once, and in your key store
//! # let database = Arc::new(MemoryStore::new());
//! # let keys = || vec![Key::account(person(7))]; // SQLite: of everybody in `accounts()` and in `people()`
//!
//! // Before: everything is under key 1.
//! let store = Sealed::new(Arc::clone(&database), SealingKeys::new(one, secret(1)?));
//! # let key = Key::account(person(7));
//! # let Swap::Applied(_) = store.compare_and_swap(&key, Expect::Absent, vec![7], &[])? else { panic!() };
//!
//! // 2 and 3.
//! let store = Sealed::new(Arc::clone(&database), SealingKeys::new(two, secret(2)?).with_older(one, secret(1)?)?);
//! for key in keys() {
//!     while store.reseal_now(&key)? == Resealed::TryAgain {}
//! }
//!
//! // 4. The scan needs no key: it looks at the bytes in the database.
//! for key in keys() {
//!     let found = store.inner().load(&key)?;
//!     assert_ne!(found.and_then(|found| key_in_use(&found.bytes)), Some(one));
//! }
//! let store = Sealed::new(database, SealingKeys::new(two, secret(2)?));
//! # assert_eq!(store.load(&key)?.unwrap().bytes, [7]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is stored
//!
//! | bytes | content |
//! |---|---|
//! | 0–3 | magic: `PLSR` |
//! | 4–5 | version of the seal, 1, little-endian |
//! | 6–9 | length of what follows the checksum, little-endian |
//! | 10–13 | CRC-32 (IEEE 802.3) of the bytes 0–9 and 14–, little-endian: tells accidents from a key that is missing |
//! | 14–17 | number of the key, little-endian, in every version |
//! | 18–25 | fingerprint of the key: SHA-256 of `pinlatch-stores sealing key` and the key, its first 8 bytes |
//! | 26–49 | nonce, drawn anew for each write |
//! | 50– | the record in XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), its tag of 16 bytes last |
//!
//! The associated data are the bytes 0–5 and the 34 characters of the key under which it is stored. A record grows by 66
//! bytes ([`SEALING_BYTES`]), so the largest has 196,674:
//!
//! | a stored account with | bytes | sealed |
//! |---|---|---|
//! | 1 device | 355 | 421 |
//! | 3 devices | 763 | 829 |
//! | 16 devices | 3,100 | 3,166 |
//! | 64 devices, all that can wait or be enrolled | 47,764 | 47,830 |
//!
//! Every engine in the [guide](pinlatch::guide::stores) takes that: the tightest are values in NATS (1 MiB as shipped)
//! and in etcd (1.5 MiB a request). A `blob` of MariaDB (64 KiB) was too short before.

mod envelope;
mod error;
mod journal;
mod keys;
mod reseal;
mod store;

use std::fmt;

use pinlatch::access::PersonRecord;
use pinlatch::account::Account;
use pinlatch::host::{Key, Randomness, SystemRandomness};
use pinlatch::record::RecordError;

pub use envelope::{SEALING_BYTES, is_sealed, key_in_use};
pub use error::SealedError;
pub use keys::{SealingKey, SealingKeyError, SealingKeyId, SealingKeys};
pub use reseal::Resealed;

use envelope::{NONCE_BYTES, Seen, look_at};

/// A store with its records sealed by a key of the host's: see the [module](self).
///
/// It is whatever `S` is: a [`Store`](pinlatch::host::Store) around one, a
/// [`BlockingStore`](pinlatch::host::BlockingStore) around one, and a journal around one.
pub struct Sealed<S, R = SystemRandomness> {
    store: S,
    keys: SealingKeys,
    randomness: R,
    accepts_unsealed: bool,
}

impl<S> Sealed<S> {
    /// This store, sealed with these keys and the operating system's randomness.
    #[must_use]
    pub const fn new(store: S, keys: SealingKeys) -> Self {
        Self { store, keys, randomness: SystemRandomness, accepts_unsealed: false }
    }
}

impl<S, R> Sealed<S, R> {
    /// Draws nonces from this source.
    ///
    /// Dangerous: bytes that repeat. Two records under one nonce give each other away, and then records can be
    /// forged.
    #[must_use]
    pub fn with_randomness<Q: Randomness>(self, randomness: Q) -> Sealed<S, Q> {
        let Self { store, keys, accepts_unsealed, .. } = self;
        Sealed { store, keys, randomness, accepts_unsealed }
    }

    /// Lets records be read that were never sealed, until their next write seals them. For a host that began without
    /// sealing; **drop it once [`is_sealed`] is true of all**: as long as it is on, whoever writes the database can
    /// forge.
    #[must_use]
    pub fn accepting_unsealed(mut self) -> Self {
        self.accepts_unsealed = true;
        self
    }

    /// The store beneath, where records are as they are stored: for scans, and for what else it can do.
    ///
    /// Dangerous: writing records to it.
    pub const fn inner(&self) -> &S {
        &self.store
    }

    /// What these bytes of the store are.
    fn open<E>(&self, key: &Key, bytes: Vec<u8>) -> Result<Opened, SealedError<E>> {
        let envelope = match look_at(&bytes) {
            Seen::Sealed(envelope) => envelope,
            Seen::Newer { found } => return Err(SealedError::NewerVersion { found }),
            Seen::Damaged => return Ok(Opened::Damaged),
            Seen::Unsealed => return self.unsealed(key, bytes),
        };
        let with = self.keys.find(envelope.id).ok_or(SealedError::UnknownKey(envelope.id))?;
        if with.fingerprint != *envelope.fingerprint {
            return Err(SealedError::AnotherKey(envelope.id));
        }
        Ok(envelope.open(with, key).map_or(Opened::Damaged, Opened::Record))
    }

    /// A whole record that is not sealed is most likely a mistake of the operator's: it must not read as damage,
    /// which may be replaced.
    fn unsealed<E>(&self, key: &Key, bytes: Vec<u8>) -> Result<Opened, SealedError<E>> {
        match is_damaged(key, &bytes) {
            true => Ok(Opened::Damaged),
            false if self.accepts_unsealed => Ok(Opened::Record(bytes)),
            false => Err(SealedError::Unsealed),
        }
    }
}

impl<S, R: Randomness> Sealed<S, R> {
    fn seal<E>(&self, key: &Key, record: &[u8]) -> Result<Vec<u8>, SealedError<E>> {
        let mut nonce = [0; NONCE_BYTES];
        self.randomness.fill(&mut nonce)?;
        envelope::seal(self.keys.for_writing(), &nonce, key, record).ok_or(SealedError::TooLarge)
    }
}

impl<S, R> fmt::Debug for Sealed<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("keys", &self.keys)
            .field("accepts_unsealed", &self.accepts_unsealed)
            .finish_non_exhaustive()
    }
}

/// What was found under a key of the store.
enum Opened {
    /// What was sealed there.
    Record(Vec<u8>),
    /// Nothing that any key opens.
    Damaged,
}

fn is_damaged(key: &Key, record: &[u8]) -> bool {
    let owner = key.owner();
    let error = if *key == Key::account(owner) {
        Account::decode(record, owner).err()
    } else {
        PersonRecord::decode(record, owner).err()
    };
    error.as_ref().is_some_and(RecordError::is_damage)
}
