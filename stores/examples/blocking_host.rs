//! The same without async: on SQLite directly, on a server through a small runtime of its own.
//!
//! ```sh
//! cargo run -p pinlatch-stores --all-features --example blocking_host
//! DATABASE_URL=postgres://postgres@localhost/payroll cargo run -p pinlatch-stores --all-features --example blocking_host
//! ```

use std::error::Error;
use std::sync::Arc;

use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, Event, PinEntries, RefusalEvent, RequestContext, SignIn,
    StrongAuthentication,
};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingJournal, HostParts, Inline, Randomness, StoredDirectory, SystemClock, SystemRandomness,
};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{CalendarDate, ChargeableService, Employment, LocalDates, Validity};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PersonalWords, Pin};
use pinlatch::refusal::Language;
use pinlatch_stores::any::AnyStore;
use pinlatch_stores::on_runtime::OnRuntime;

/// Where the events go of an engine that keeps no trail. PRODUCTION: a table of yours.
struct Printed;

impl BlockingJournal for Printed {
    type Error = std::io::Error;

    fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
        events.iter().for_each(|event| println!("  audit {}: {:?}", event.sequence, event.change));
        Ok(())
    }

    fn refused(&self, refused: &RefusalEvent) -> Result<(), Self::Error> {
        println!("  audit: {} refused: {}", refused.command, refused.refusal.audit());
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let otherwise = std::env::temp_dir().join(format!("pinlatch-example-{}.sqlite", std::process::id()));
    let address = std::env::var("DATABASE_URL").unwrap_or_else(|_| format!("sqlite:{}", otherwise.display()));
    // The one line that an engine is chosen by.
    let store = Arc::new(OnRuntime::open(async move { AnyStore::open(&address).await })?);
    println!("on {store:?}");

    let today = CalendarDate::new(2026, 11, 22)?;
    let directory =
        StoredDirectory::new(Blocking(Arc::clone(&store)), move |_| LocalDates::everywhere(today));
    let (anna, company) = (drawn_person()?, CompanyId::from_u128(1));
    let employment = Employment::new(company, Validity::from(CalendarDate::new(2025, 1, 1)?))
        .with_service(ChargeableService::Travel);
    directory.change_now(anna, |new| Ok(new.with_bank_credentials().with_employment(employment)))?;

    let host = HostParts {
        journal: Blocking(store.with(|any| any.journal_or(Blocking(Printed)))),
        store: Blocking(Arc::clone(&store)),
        clock: SystemClock,
        directory,
        offload: Inline,
        randomness: SystemRandomness,
    };
    // PRODUCTION: a key drawn once and kept in a key store, away from the records.
    let mut key = [0; 32];
    SystemRandomness.fill(&mut key)?;
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?);
    let gate = Gate::builder(host).peppers(peppers).build()?;
    let gate = gate.blocking();

    let request = RequestContext::new(DeviceIntegrity::Unmodified);
    let start = gate.begin_authentication(BeginFor::Nobody, &request)?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("Anna's phone")?;
    let phone = gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &request)?;
    let entries = PinEntries { pin: Pin::parse("284917")?, confirmation: Pin::parse("284917")? };
    gate.create_pin(&phone.token, &entries, &PersonalWords::none(), &request)?;
    gate.lock(&phone.token, &request)?;
    if let Err(error) = gate.unlock_with_pin(&phone.token, &Pin::parse("611804")?, &request) {
        println!("“{}”", error.refusal().public(Language::English));
    }
    gate.unlock_with_pin(&phone.token, &Pin::parse("284917")?, &request)?;
    println!("opened again");
    Ok(())
}

/// Somebody new each time, so that the example can run again on the same database.
fn drawn_person() -> Result<PersonId, Box<dyn Error>> {
    let mut bytes = [0; 16];
    SystemRandomness.fill(&mut bytes)?;
    Ok(PersonId::from_bytes(bytes))
}
