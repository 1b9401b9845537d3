//! The shortest host without async: standard library only, no testkit.
//!
//! ```sh
//! cargo run --example blocking_host
//! ```
//!
//! Each part says what has to be replaced in production.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::io;
use std::sync::{Mutex, PoisonError};

use pinlatch::account::{BeginFor, SignIn, StrongAuthentication, Wanted};
use pinlatch::account::{DeviceIntegrity, DeviceLabel, Event, PinEntries, RefusalEvent, RequestContext};
use pinlatch::gate::Gate;
use pinlatch::host::{BlockingDirectory, BlockingJournal, BlockingStore, Expect, HostParts, Key, Loaded};
use pinlatch::host::{Randomness, Swap, SystemRandomness, Version};
use pinlatch::id::{CompanyId, EventId, PersonId};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{CalendarDate, ChargeableService, Employment, LocalDates, Person, Validity};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PersonalWords, Pin};
use pinlatch::record::StoredVersion;
use pinlatch::refusal::Language;

/// Keeps the accounts. PRODUCTION: your database, by a conditional write on one key, for example
/// `UPDATE … WHERE key = $1 AND version = $2` on a connection of its own, with synchronous commit. A
/// lost reply is `Swap::Unknown`. This one forgets everything at exit, and with it every lockout.
#[derive(Default)]
struct Records(Mutex<(HashMap<Key, Loaded>, u64)>);

impl BlockingStore for Records {
    type Error = io::Error;

    fn load(&self, key: &Key) -> io::Result<Option<Loaded>> {
        let (records, _) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(records.get(key).cloned())
    }

    fn compare_and_swap(&self, key: &Key, expect: Expect, bytes: Vec<u8>, _: &[Event]) -> io::Result<Swap> {
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

impl BlockingDirectory for People {
    type Error = io::Error;

    fn person(&self, id: PersonId) -> io::Result<Option<Person>> {
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

impl BlockingJournal for Trail {
    type Error = io::Error;

    fn record(&self, events: &[Event]) -> io::Result<()> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            if known.insert(event.id) {
                println!("  audit {}: {:?}", event.sequence, event.change);
            }
        }
        Ok(())
    }

    fn refused(&self, refused: &RefusalEvent) -> io::Result<()> {
        println!("  audit: {} refused: {}", refused.command, refused.refusal.audit());
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (anna, company) = (PersonId::from_u128(1), CompanyId::from_u128(1));
    let employment = Employment::new(company, Validity::from(CalendarDate::new(2025, 1, 1)?))
        .with_service(ChargeableService::Salaries);
    let person = Person::new(anna).with_bank_credentials().with_employment(employment);
    let people = People(HashMap::from([(anna, person)]), CalendarDate::new(2026, 11, 22)?);

    // PRODUCTION: a key drawn once and kept in a key store, away from the records.
    let mut key = [0; 32];
    SystemRandomness.fill(&mut key)?;
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?);

    // On the system's clock and random source; Argon2 runs on the thread that asks.
    let host = HostParts::blocking(Records::default(), people, Trail::default());
    // Version 2, since no older release shares these records: it remembers why sessions ended.
    let gate = Gate::builder(host).peppers(peppers).writes_version(StoredVersion::V2).build()?;
    let gate = gate.blocking();

    // PRODUCTION: send the person to the bank, keep `start` on the server, verify what comes back
    // (signature, audience, nonce, time) and take from it for whom the bank answered; and attest the
    // device: `Unmodified` is your statement.
    let request = RequestContext::new(DeviceIntegrity::Unmodified);
    let start = gate.begin_authentication(BeginFor::Nobody, &request)?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("Anna's phone")?;
    let phone = gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &request)?;

    // PRODUCTION: `phone.token.expose()` and `session.expose()` travel to the device's key store;
    // `DeviceToken::parse` and `SessionToken::parse` read what a request brings back.
    let entries = PinEntries { pin: Pin::parse("284917")?, confirmation: Pin::parse("284917")? };
    // PRODUCTION: the birth date at least, from your records; phone and employee number besides.
    let known = PersonalWords::none().with_birth_date(1980, 12, 24)?;
    let session = gate.create_pin(&phone.token, &entries, &known, &request)?;
    let granted = gate.check(&session, Wanted::session(), &request)?;
    println!("the app is open for {:?}", granted.person());

    gate.lock(&phone.token, &request)?;
    if let Err(error) = gate.unlock_with_pin(&phone.token, &Pin::parse("611804")?, &request) {
        println!("“{}”", error.refusal().public(Language::English));
    }
    let session = gate.unlock_with_pin(&phone.token, &Pin::parse("284917")?, &request)?;
    println!("opened again: a new session token of {} characters", session.expose().len());
    Ok(())
}
