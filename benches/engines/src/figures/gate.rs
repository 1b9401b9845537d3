//! The gate that is measured: as a careful host would build it.

use std::sync::Arc;
use std::time::Duration;

use pinlatch::account::{BeginFor, DeviceLabel, SignIn, StrongAuthentication};
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{
    Host, HostParts, Offload, OffloadError, StoredDirectory, SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{LocalDates, Person};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PooledArgon2id};
use pinlatch::secret::DeviceToken;
use pinlatch_testkit::UNMODIFIED;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::Failed;
use crate::host::today;
use crate::log::Log;
use crate::seam::{Engine, Place};

/// Runs Argon2id in tokio's blocking pool, as many at a time as the hasher has slots.
#[derive(Debug)]
pub(super) struct BlockingPool(Arc<Semaphore>);

impl Offload for BlockingPool {
    async fn run<T, W>(&self, work: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let slot = Arc::clone(&self.0).acquire_owned().await.map_err(|_| OffloadError)?;
        let work = move || {
            let _slot = slot;
            work()
        };
        spawn_blocking(work).await.map_err(|_| OffloadError)
    }
}

/// How often an engine is opened: one that was just filled with millions of keys is busy with its files for seconds.
const TRIES: usize = 30;

/// Opens an engine that has to be there.
pub(super) async fn opened<E: Engine>(place: Place<'_>) -> Result<E::Store, Failed> {
    let mut tried = 1;
    loop {
        match E::open(&E::url(place)).await {
            Err(error) if tried == TRIES => return Err(error),
            Err(error) => eprintln!("{}: opened again after: {error}", E::NAME),
            Ok(store) => return Ok(store),
        }
        tried += 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// What the measured gate stands on.
pub(super) type Parts<E> = HostParts<
    <E as Engine>::Store,
    SystemClock,
    StoredDirectory<<E as Engine>::Store, fn(&Person) -> LocalDates>,
    <E as Engine>::Journal,
    BlockingPool,
    SystemRandomness,
>;

/// A gate with real Argon2id on an opened engine.
pub(super) fn gate<E: Engine>(store: E::Store, log: &Arc<Log>) -> Result<Gate<Parts<E>>, Failed> {
    let hasher = PooledArgon2id::one_per_core();
    let parts = HostParts {
        journal: E::journal(&store, log),
        directory: StoredDirectory::new(store.clone(), today as fn(&Person) -> LocalDates),
        store,
        clock: SystemClock,
        offload: BlockingPool(Arc::new(Semaphore::new(hasher.slots().get()))),
        randomness: SystemRandomness,
    };
    Ok(Gate::builder(parts).hasher(hasher).peppers(peppers()).build()?)
}

/// One pepper, the same in each process.
pub(super) fn peppers() -> PepperRing {
    let key = Pepper::new(&[0x5a; 32]).expect("a pepper of 32 bytes");
    PepperRing::new(PepperId::from_number(1), key)
}

/// A strong authentication, perhaps of a phone that was signed in before.
pub(super) async fn sign_in<H: Host>(
    gate: &Gate<H>,
    person: PersonId,
    known: Option<&DeviceToken>,
) -> Result<DeviceToken, GateError> {
    let whom = known.map_or(BeginFor::Nobody, BeginFor::Device);
    let start = gate.begin_authentication(whom, &UNMODIFIED).await?.start;
    let evidence = StrongAuthentication::verified_by_host(start, person, BankCredentials);
    let label = DeviceLabel::new("phone").expect("a label");
    let sign_in = SignIn { evidence, label, known, invitation: None };
    Ok(gate.authenticate(sign_in, &UNMODIFIED).await?.token)
}
