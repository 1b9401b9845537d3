//! One phone on the typed road: each handle has the commands of its state, and no others.
//!
//! Sign-in, PIN, lock, a wrong PIN, unlock, log out from all devices. The state is matched twice, where it is
//! truly unknown: when a request comes in, and after a wrong PIN, which may have been the fifth.
//!
//! `cargo run --example typed_phone`

use std::error::Error;

use pinlatch::account::{
    BeginFor, DeviceIntegrity, DeviceLabel, PinEntries, RequestContext, StrongAuthentication, Wanted,
};
use pinlatch::gate::{AnyDevice, Gate, GateError};
use pinlatch::host::HostParts;
use pinlatch::people::{AuthenticationMethod::BankCredentials, ChargeableService, Employment, Person};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PersonalWords, Pin};
use pinlatch::refusal::Language;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch_testkit::{ACME, CollectingJournal, MemoryDirectory, MemoryStore, day, person, since_last_year};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (anna, people) = (person(1), MemoryDirectory::on(day(2026, 11, 22)));
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    people.put(Person::new(anna).with_bank_credentials().with_employment(job));
    let host = HostParts::blocking(MemoryStore::new(), people, CollectingJournal::new());
    let pepper = Pepper::new(b"from a key store, not from here.")?;
    let gate = Gate::builder(host).peppers(PepperRing::new(PepperId::from_number(1), pepper)).build()?;
    let request = RequestContext::new(DeviceIntegrity::Unmodified);

    // A phone without a token. The bank has answered, and the host has verified it.
    let start = gate.begin_authentication(BeginFor::Nobody, &request).await?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let waiting = gate.sign_in(evidence, DeviceLabel::new("Anna's phone")?, None, &request).await?;

    // It waits for its PIN: `waiting.lock(…)` would not compile.
    let entries = PinEntries { pin: Pin::parse("284917")?, confirmation: Pin::parse("284917")? };
    let words = PersonalWords::none().with_birth_date(1980, 12, 24)?;
    let open = waiting.create_pin(&entries, &words, &request).await.map_err(GateError::from)?;
    let granted = open.check(Wanted::session(), &request).await?;
    println!("the app is open for {:?}", granted.person());

    // Locked, it has no `check` and no `log_out_everywhere`.
    let locked = open.lock(&request).await.map_err(GateError::from)?;
    let not_done = locked.unlock_with_pin(&Pin::parse("611804")?, &request).await.map(drop).unwrap_err();
    println!("“{}”", not_done.error.refusal().public(Language::English));
    let Some(AnyDevice::Locked(locked)) = not_done.into_device() else {
        return Err("it was the first wrong one".into());
    };
    let open = locked.unlock_with_pin(&Pin::parse("284917")?, &request).await.map_err(GateError::from)?;

    // The next request brings the tokens as text.
    let (token, session) = (open.token().expose().to_owned(), open.session().expose().to_owned());
    let AnyDevice::Authenticated(device) = gate.device(&DeviceToken::parse(&token)?, &request).await? else {
        return Err("the app is open".into());
    };
    let open =
        device.with_session(&SessionToken::parse(&session)?, &request).await.map_err(GateError::from)?;
    println!("{} device", open.devices(&request).await?.len());

    // All that is left to it is to be invited anew: `revoked.unlock_with_pin(…)` would not compile.
    let revoked = open.log_out_everywhere(&request).await.map_err(GateError::from)?;
    println!("logged out from all devices: {:?}", gate.device_view(revoked.token(), &request).await?.next);
    Ok(())
}
