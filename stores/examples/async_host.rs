//! An async host on whatever engine its address names: sign-in, PIN, lock, a wrong PIN, unlock, and the audit trail.
//!
//! ```sh
//! cargo run -p pinlatch-stores --all-features --example async_host
//! DATABASE_URL=postgres://postgres@localhost/payroll cargo run -p pinlatch-stores --all-features --example async_host
//! ```

use std::error::Error;

use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, Event, PinEntries, RefusalEvent, RequestContext, SignIn,
    StrongAuthentication,
};
use pinlatch::gate::Gate;
use pinlatch::host::{
    HostParts, Inline, Journal, Randomness, StoredDirectory, SystemClock, SystemRandomness,
};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{CalendarDate, ChargeableService, Employment, LocalDates, Validity};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PersonalWords, Pin};
use pinlatch::refusal::Language;
use pinlatch_stores::any::{AnyError, AnyStore};

/// Where the events go of an engine that keeps no trail. PRODUCTION: a table of yours.
struct Printed;

impl Journal for Printed {
    type Error = std::io::Error;

    async fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
        events.iter().for_each(|event| println!("  audit {}: {:?}", event.sequence, event.change));
        Ok(())
    }

    async fn refused(&self, refused: &RefusalEvent) -> Result<(), Self::Error> {
        println!("  audit: {} refused: {}", refused.command, refused.refusal.audit());
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let otherwise = std::env::temp_dir().join(format!("pinlatch-example-{}.sqlite", std::process::id()));
    let address = std::env::var("DATABASE_URL").unwrap_or_else(|_| format!("sqlite:{}", otherwise.display()));
    // The one line that an engine is chosen by.
    let store = AnyStore::open(&address).await?;
    println!("on {store:?}");

    let today = CalendarDate::new(2026, 11, 22)?;
    let directory = StoredDirectory::new(store.clone(), move |_| LocalDates::everywhere(today));
    let (anna, company) = (drawn_person()?, CompanyId::from_u128(1));
    let employment = Employment::new(company, Validity::from(CalendarDate::new(2025, 1, 1)?))
        .with_service(ChargeableService::Salaries);
    directory.change(anna, |new| Ok(new.with_bank_credentials().with_employment(employment))).await?;

    let host = HostParts {
        journal: store.journal_or(Printed),
        store: store.clone(),
        clock: SystemClock,
        directory,
        // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows.
        offload: Inline,
        randomness: SystemRandomness,
    };
    // PRODUCTION: a key drawn once and kept in a key store, away from the records.
    let mut key = [0; 32];
    SystemRandomness.fill(&mut key)?;
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?);
    let gate = Gate::builder(host).peppers(peppers).build()?;

    let request = RequestContext::new(DeviceIntegrity::Unmodified);
    let start = gate.begin_authentication(BeginFor::Nobody, &request).await?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("Anna's phone")?;
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let phone = gate.authenticate(sign_in, &request).await?;
    let entries = PinEntries { pin: Pin::parse("284917")?, confirmation: Pin::parse("284917")? };
    gate.create_pin(&phone.token, &entries, &PersonalWords::none(), &request).await?;
    gate.lock(&phone.token, &request).await?;
    if let Err(error) = gate.unlock_with_pin(&phone.token, &Pin::parse("611804")?, &request).await {
        println!("“{}”", error.refusal().public(Language::English));
    }
    gate.unlock_with_pin(&phone.token, &Pin::parse("284917")?, &request).await?;
    println!("opened again");

    match store.events(anna).await {
        Ok(trail) => trail.iter().for_each(|event| println!("  kept {}: {:?}", event.sequence, event.change)),
        Err(AnyError::NoTrail) => println!("the trail is with the host"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Somebody new each time, so that the example can run again on the same database.
fn drawn_person() -> Result<PersonId, Box<dyn Error>> {
    let mut bytes = [0; 16];
    SystemRandomness.fill(&mut bytes)?;
    Ok(PersonId::from_bytes(bytes))
}
