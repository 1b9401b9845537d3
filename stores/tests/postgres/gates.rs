//! A gate whose accounts, people and trail are all in one store.

use pinlatch::account::{
    AuthenticationStart, BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication,
};
use pinlatch::gate::Gate;
use pinlatch::host::{
    ChangesPeople, Host, HostParts, Inline, PeopleJournal, StoredDirectory, SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch_stores::postgres::PostgresStore;
use pinlatch_testkit::{ACME, PIN, QuickHasher, UNMODIFIED, day, pin, since_last_year};

fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

pub(crate) fn gate(
    store: &PostgresStore,
) -> Gate<impl Host<Store = PostgresStore, Directory: ChangesPeople, Journal: PeopleJournal> + use<>> {
    let host = HostParts {
        store: store.clone(),
        clock: SystemClock,
        directory: StoredDirectory::new(store.clone(), today),
        journal: store.clone(),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(QuickHasher::new()).build().unwrap()
}

/// Somebody who may use the app.
pub(crate) async fn hire(store: &PostgresStore, anna: PersonId) {
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    let hired = |new: Person| Ok(new.with_bank_credentials().with_employment(job));
    StoredDirectory::new(store.clone(), today).change(anna, hired).await.unwrap();
}

pub(crate) async fn begin(gate: &Gate<impl Host>) -> AuthenticationStart {
    gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap().start
}

pub(crate) async fn authenticate(
    gate: &Gate<impl Host>,
    start: AuthenticationStart,
    anna: PersonId,
) -> DeviceToken {
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    gate.authenticate(sign_in, &UNMODIFIED).await.unwrap().token
}

pub(crate) async fn create_pin(gate: &Gate<impl Host>, token: &DeviceToken) -> SessionToken {
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    gate.create_pin(token, &entries, &PersonalWords::none(), &UNMODIFIED).await.unwrap()
}

/// A hired person's phone, with the app open.
pub(crate) async fn opened(gate: &Gate<impl Host>, anna: PersonId) -> (DeviceToken, SessionToken) {
    let token = authenticate(gate, begin(gate).await, anna).await;
    let session = create_pin(gate, &token).await;
    (token, session)
}
