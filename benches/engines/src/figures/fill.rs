//! Accounts: made in memory by real sign-ins, then written to the engine record by record.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use pinlatch::account::PinEntries;
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, Expect, HostParts, Inline, Key, Store, StoredDirectory, Swap, SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::{Person, Role, UserAccess};
use pinlatch::pin::{Argon2id, PersonalWords};
use pinlatch::session::{Baseline, Modality};
use pinlatch_testkit::{ACME, MemoryStore, PIN, QuickHasher, UNMODIFIED, pin, since_last_year};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use super::gate::{opened, peppers, sign_in};
use crate::Failed;
use crate::attack::runtime;
use crate::host::{administrator, hired, today, victim};
use crate::log::Log;
use crate::seam::{Engine, InLog, Place};

/// So many threads write at once.
const WRITERS: usize = 16;

/// A memory file system: an engine that is a file is filled there, where nobody waits for a disk, and then copied.
const IN_MEMORY: &str = "/dev/shm";

/// A phone to measure with; its app is open.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Phone {
    pub(super) person: PersonId,
    pub(super) device: String,
    pub(super) session: String,
}

/// A record to be written.
type Record = (Key, Vec<u8>);

/// Fills an engine with so many accounts, each with a phone whose app is open, and the administrator; answers with
/// so many of the phones, spread evenly, whose PIN is hashed by real Argon2id.
pub(super) fn fill<E: Engine>(
    place: Place<'_>,
    accounts: usize,
    phones: usize,
) -> Result<Vec<Phone>, Failed> {
    let phones = phones.min(accounts);
    let made = tempfile::tempdir()?;
    let memory = Arc::new(MemoryStore::new());
    let numbers: Vec<usize> = (0..accounts).collect();
    let every = accounts / phones;
    let is_measured = |number: usize| number.is_multiple_of(every) && number / every < phones;
    let parts = numbers.chunks(accounts.div_ceil(2));
    let mut found = thread::scope(|scope| {
        let threads: Vec<_> = parts
            .enumerate()
            .map(|(part, numbers)| {
                let (memory, folder) = (Arc::clone(&memory), made.path());
                scope.spawn(move || make(&memory, numbers, is_measured, folder, part))
            })
            .collect();
        let joined = threads.into_iter().map(|one| one.join().map_err(|_| "a thread panicked")?);
        joined.collect::<Result<Vec<_>, Failed>>()
    })?
    .concat();
    // So that each caller's phones are spread over all accounts.
    fastrand::Rng::with_seed(1).shuffle(&mut found);
    let mut keys = vec![Key::person(administrator())];
    for number in 0..accounts {
        let person = victim(u32::try_from(number)?);
        keys.extend([Key::person(person), Key::account(person)]);
    }
    let records: Vec<Record> = keys.into_iter().filter_map(|key| Some((key, memory.bytes(&key)?))).collect();
    drop(memory);
    write_all::<E>(place, &records)?;
    Ok(found)
}

/// Signs people in on a store in memory.
fn make(
    memory: &Arc<MemoryStore>,
    numbers: &[usize],
    is_measured: impl Fn(usize) -> bool,
    folder: &Path,
    part: usize,
) -> Result<Vec<Phone>, Failed> {
    let runtime = runtime()?;
    let log = Arc::new(Log::create(folder, u32::try_from(part)?)?);
    let store = Blocking(Arc::clone(memory));
    let parts = || HostParts {
        store: store.clone(),
        clock: SystemClock,
        directory: StoredDirectory::new(store.clone(), today),
        journal: InLog(Arc::clone(&log)),
        offload: Inline,
        randomness: SystemRandomness,
    };
    let quick = Gate::builder(parts()).hasher(QuickHasher::new()).peppers(peppers()).build()?;
    let slow = Gate::builder(parts()).hasher(Argon2id::new()).peppers(peppers()).build()?;
    let office = UserAccess::new(ACME, since_last_year()).with_role(Role::UserAdministrator);
    let mut phones = Vec::new();
    runtime.block_on(async {
        let people = &quick.host().directory;
        people
            .change(administrator(), |_| Ok(Person::new(administrator()).with_user_access(office.clone())))
            .await?;
        for number in numbers.iter().copied() {
            let person = victim(u32::try_from(number)?);
            people.change(person, |new| Ok(hired(new))).await?;
            let gate = if is_measured(number) { &slow } else { &quick };
            let device = sign_in(gate, person, None).await?;
            let entries = PinEntries { pin: digits(), confirmation: digits() };
            let session = gate.create_pin(&device, &entries, &PersonalWords::none(), &UNMODIFIED).await?;
            let face = Baseline::of(b"a face");
            gate.enable_biometric(&session, Modality::Face, face, &UNMODIFIED).await?;
            if is_measured(number) {
                let (device, session) = (device.expose().to_owned(), session.expose().to_owned());
                phones.push(Phone { person, device, session });
            }
        }
        Ok::<_, Failed>(())
    })?;
    Ok(phones)
}

/// The PIN of every phone.
pub(super) fn digits() -> pinlatch::pin::Pin {
    pin(PIN).expect("six digits")
}

/// Writes all records: to a server where it is, to a file first in memory.
fn write_all<E: Engine>(place: Place<'_>, records: &[Record]) -> Result<(), Failed> {
    let is_file = place.address.is_none() && !E::IN_PROCESS;
    if !(is_file && Path::new(IN_MEMORY).is_dir()) {
        return write::<E>(place, records);
    }
    let elsewhere = tempfile::tempdir_in(IN_MEMORY)?;
    write::<E>(Place { folder: elsewhere.path(), ..place }, records)?;
    for file in fs::read_dir(elsewhere.path())? {
        let file = file?;
        fs::copy(file.path(), place.folder.join(file.file_name()))?;
    }
    Ok(())
}

/// How often a write is tried: a disk that is filled makes an engine wait for seconds.
const TRIES: usize = 50;

async fn write_one<E: Engine>(store: &E::Store, key: &Key, bytes: &[u8]) -> Result<(), Failed> {
    let mut last = None;
    for _ in 0..TRIES {
        match store.compare_and_swap(key, Expect::Absent, bytes.to_vec(), &[]).await {
            Ok(Swap::Applied(_)) => return Ok(()),
            // By a try before, of which that could not be told.
            Ok(Swap::Conflict) if last.is_some() => return Ok(()),
            Ok(Swap::Conflict) => return Err(format!("{key:?} is there already").into()),
            Ok(Swap::Unknown) => last = Some("nobody knows whether it was written".into()),
            Err(error) => last = Some(error.into()),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(last.unwrap_or_else(|| "never tried".into()))
}

fn write<E: Engine>(place: Place<'_>, records: &[Record]) -> Result<(), Failed> {
    let runtime: Runtime = runtime()?;
    let store = runtime.block_on(opened::<E>(place))?;
    let share = records.len().div_ceil(WRITERS);
    thread::scope(|scope| {
        let write = |records: &[Record]| {
            runtime.block_on(async {
                for (key, bytes) in records {
                    write_one::<E>(&store, key, bytes).await?;
                }
                Ok::<_, Failed>(())
            })
        };
        let threads: Vec<_> = records.chunks(share).map(|share| scope.spawn(move || write(share))).collect();
        threads.into_iter().try_for_each(|one| one.join().map_err(|_| "a thread panicked")?)
    })?;
    // Whoever measures finds one that can be opened.
    runtime.block_on(opened::<E>(place)).map(drop)
}
