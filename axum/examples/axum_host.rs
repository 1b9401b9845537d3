//! A whole host over HTTP, on SQLite in a folder of the system's for temporary files.
//!
//! ```sh
//! cargo run --example axum_host -p pinlatch-axum
//! curl -s -X POST localhost:3000/app/sign-in/begin -H 'content-type: application/json' -d '{}'
//! ```
use std::{env, error::Error, sync::Arc, time::Duration};

use axum::Router;
use pinlatch::host::{Blocking, HostParts, Randomness, StoredDirectory, SystemClock, SystemRandomness};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, ChargeableService::Salaries, Employment, LocalDates, Validity};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PooledArgon2id};
use pinlatch::{gate::Gate, record::StoredVersion::V2};
use pinlatch_axum::parts::ready::{EveryDeviceUnmodified, KeptInvitations, PersonInHeader, TestBank};
use pinlatch_axum::running::{BoundedPool, deliver};
use pinlatch_axum::{App, admin_routes, app_routes, openapi, people_routes, with_problems};
use pinlatch_stores::any::AnyStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // 1. The gate: records and people in SQLite, hashes in a bounded pool. PRODUCTION: keep the pepper in a key store.
    let file = env::temp_dir().join(format!("pinlatch-axum-{}.sqlite", std::process::id()));
    let store = AnyStore::open(&format!("sqlite:{}", file.display())).await?;
    let today = CalendarDate::new(2026, 11, 27)?; // PRODUCTION: each company's own, from your date library.
    let directory = StoredDirectory::new(store.clone(), move |_: &_| LocalDates::everywhere(today));
    let journal = store.journal_or(Blocking(pinlatch_testkit::CollectingJournal::new())); // SQLite keeps its own.
    let (hasher, clock, randomness) = (PooledArgon2id::one_per_core(), SystemClock, SystemRandomness);
    let offload = BoundedPool::beside(&hasher);
    let host = HostParts { store: store.clone(), clock, directory, journal, offload, randomness };
    let mut key = [0; 32];
    randomness.fill(&mut key)?;
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?);
    let gate = Arc::new(Gate::builder(host).hasher(hasher).peppers(peppers).writes_version(V2).build()?);

    // 2. Anna, an employee, and Kaisa, who administers users: once, not at each start of a host whose file stays.
    let (anna, kaisa, company) = (PersonId::from_u128(1), PersonId::from_u128(2), CompanyId::from_u128(1));
    let job = Employment::new(company, Validity::from(CalendarDate::new(2025, 1, 1)?)).with_service(Salaries);
    gate.host().directory.change(anna, |new| Ok(new.with_bank_credentials().with_employment(job))).await?;
    gate.establish_first_administrator(company, kaisa).await?;

    // 3. The host's parts. PRODUCTION: none of these four, they believe whoever comes.
    let builder =
        App::builder(gate).verifying(TestBank).attesting(EveryDeviceUnmodified).with_browser(PersonInHeader);
    let app = builder.sending_invitations(KeptInvitations::default()).build();
    tokio::spawn(deliver(app.clone(), store.accounts().await?, Duration::from_secs(10)));

    // 4. The routes, served until Ctrl-C; what was begun is finished.
    let document = openapi::serve("/openapi.json", &openapi::document("/app", "/admin", true));
    let admin = admin_routes(app.clone()).merge(people_routes(app.clone()));
    let routes = Router::new().nest("/app", app_routes(app.clone())).nest("/admin", admin).merge(document);
    let port = env::args().nth(1).unwrap_or_else(|| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}; Anna is {anna}, Kaisa {kaisa}, the company {company}", listener.local_addr()?);
    let ctrl_c = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, with_problems(routes, &app)).with_graceful_shutdown(ctrl_c).await?;
    app.settling().settled().await;
    Ok(())
}
