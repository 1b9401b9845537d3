//! The shortest async host: tokio, no testkit.
//!
//! ```sh
//! cargo run --example async_host
//! ```
//!
//! Each part says what has to be replaced in production. Three things are particular to async:
//! hashing runs in a bounded blocking pool, a PIN attempt runs in a task of its own, and one gate
//! is shared by all requests.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use pinlatch::account::{BeginFor, SignIn, StrongAuthentication};
use pinlatch::account::{DeviceIntegrity, DeviceLabel, Event, PinEntries, RefusalEvent, RequestContext};
use pinlatch::gate::Gate;
use pinlatch::host::{Directory, Expect, Host, HostParts, Journal, Key, Loaded, Offload, OffloadError};
use pinlatch::host::{Randomness, Store, Swap, SystemClock, SystemRandomness, Version};
use pinlatch::id::{CompanyId, EventId, PersonId};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{CalendarDate, ChargeableService, Employment, LocalDates, Person, Validity};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PersonalWords, Pin, PooledArgon2id};
use pinlatch::record::StoredVersion;
use pinlatch::secret::{DeviceToken, SessionToken};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Keeps the accounts. PRODUCTION: your database's client, by a conditional write on one key. A
/// time-out or a lost connection after the write was sent is `Swap::Unknown`; an `Err` says that
/// surely nothing was written. This one forgets everything at exit, and with it every lockout.
#[derive(Default)]
struct Records(Mutex<(HashMap<Key, Loaded>, u64)>);

impl Store for Records {
    type Error = io::Error;

    async fn load(&self, key: &Key) -> io::Result<Option<Loaded>> {
        tokio::task::yield_now().await; // as a network would
        let (records, _) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(records.get(key).cloned())
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        _: &[Event],
    ) -> io::Result<Swap> {
        tokio::task::yield_now().await;
        let (records, last) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = records.get(key).map_or(Expect::Absent, |record| Expect::At(record.version));
        if found != expect {
            return Ok(Swap::Conflict);
        }
        // One sequence for all keys: no key ever sees a version again.
        *last += 1;
        let version = Version::from_number(*last);
        records.insert(*key, Loaded { bytes, version });
        Ok(Swap::Applied(version))
    }
}

/// Knows the people. PRODUCTION: your employee listing and your page "Users and roles", as of now.
struct People(HashMap<PersonId, Person>, CalendarDate);

impl Directory for People {
    type Error = io::Error;

    async fn person(&self, id: PersonId) -> io::Result<Option<Person>> {
        Ok(self.0.get(&id).cloned())
    }

    /// PRODUCTION: today in each company's own time zone, from your date library.
    fn dates(&self, _person: &Person) -> LocalDates {
        LocalDates::everywhere(self.1)
    }
}

/// Takes the audit events. PRODUCTION: a table with the unique key `id`, a time-out, and an error
/// if a row was not written. Events are handed over until you say `Ok`, and now and then once more.
#[derive(Default)]
struct Trail(Mutex<BTreeSet<EventId>>);

impl Journal for Trail {
    type Error = io::Error;

    async fn record(&self, events: &[Event]) -> io::Result<()> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            if known.insert(event.id) {
                println!("  audit {}: {:?}", event.sequence, event.change);
            }
        }
        Ok(())
    }

    async fn refused(&self, refused: &RefusalEvent) -> io::Result<()> {
        println!("  audit: {} refused: {}", refused.command, refused.refusal.audit());
        Ok(())
    }
}

/// Runs Argon2 in tokio's blocking pool, as many at a time as the hasher has slots. Whoever comes
/// later waits here, first come first served, without a thread; the hasher would hold them as well,
/// but a thread each.
struct BlockingPool(Arc<Semaphore>);

impl Offload for BlockingPool {
    async fn run<T, W>(&self, work: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let slot = Arc::clone(&self.0).acquire_owned().await.map_err(|_| OffloadError)?;
        // The slot moves in: work that nobody waits for any more still occupies it.
        let work = move || {
            let _slot = slot;
            work()
        };
        spawn_blocking(work).await.map_err(|_| OffloadError)
    }
}

fn gate(directory: People) -> Result<Gate<impl Host>, Box<dyn Error>> {
    // PRODUCTION: a slot takes a core and 19 MiB; `cargo run --release --example tune` measures.
    let hasher = PooledArgon2id::one_per_core();
    let offload = BlockingPool(Arc::new(Semaphore::new(hasher.slots().get())));
    let (store, journal, randomness) = (Records::default(), Trail::default(), SystemRandomness);
    let host = HostParts { store, clock: SystemClock, directory, journal, offload, randomness };
    // PRODUCTION: a key drawn once and kept in a key store, away from the records.
    let mut key = [0; 32];
    randomness.fill(&mut key)?;
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?);
    // Version 2, since no older release shares these records: it remembers why sessions ended.
    Ok(Gate::builder(host).hasher(hasher).peppers(peppers).writes_version(StoredVersion::V2).build()?)
}

/// One request to unlock, as a handler would make it. It runs in a task of its own: if the client
/// hangs up, the attempt is still settled instead of staying charged.
async fn unlock<H>(gate: &Arc<Gate<H>>, token: &str, digits: &str) -> Result<SessionToken, Box<dyn Error>>
where
    H: Host + 'static,
{
    let (gate, token, entry) = (Arc::clone(gate), DeviceToken::parse(token)?, Pin::parse(digits)?);
    let request = RequestContext::new(DeviceIntegrity::Unmodified);
    let attempt = async move { gate.unlock_with_pin(&token, &entry, &request).await };
    Ok(tokio::spawn(attempt).await??)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (anna, company) = (PersonId::from_u128(1), CompanyId::from_u128(1));
    let employment = Employment::new(company, Validity::from(CalendarDate::new(2025, 1, 1)?))
        .with_service(ChargeableService::Salaries);
    let person = Person::new(anna).with_bank_credentials().with_employment(employment);
    let people = People(HashMap::from([(anna, person)]), CalendarDate::new(2026, 11, 22)?);
    let gate = Arc::new(gate(people)?);

    // PRODUCTION: send the person to the bank, keep `start` on the server, verify what comes back
    // (signature, audience, nonce, time) and take from it for whom the bank answered; and attest the
    // device: `Unmodified` is your statement.
    let request = RequestContext::new(DeviceIntegrity::Unmodified);
    let start = gate.begin_authentication(BeginFor::Nobody, &request).await?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("Anna's phone")?;
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let phone = gate.authenticate(sign_in, &request).await?;
    let entries = PinEntries { pin: Pin::parse("284917")?, confirmation: Pin::parse("284917")? };
    // PRODUCTION: the birth date at least, from your records; phone and employee number besides.
    let known = PersonalWords::none().with_birth_date(1980, 12, 24)?;
    gate.create_pin(&phone.token, &entries, &known, &request).await?;
    let token = phone.token.expose().to_owned(); // travels to the device's key store

    gate.lock(&phone.token, &request).await?;
    let session = unlock(&gate, &token, "284917").await?;
    println!("opened again: a new session token of {} characters", session.expose().len());
    Ok(())
}
