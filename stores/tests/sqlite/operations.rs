//! Records and events in one transaction: what a command asks of the file, and that nothing waits.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pinlatch::account::{
    Account, BeginFor, DeviceLabel, Event, PinEntries, RefusalEvent, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingJournal, BlockingStore, Expect, Host, HostParts, Inline, Key, Loaded, Swap,
    SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, LockCause};
use pinlatch_stores::sqlite::{SqliteError, SqliteStore};
use pinlatch_testkit::{MemoryDirectory, PIN, QuickHasher, UNMODIFIED, World, pin, today};

/// Counts what the gate asks of a file: loads, swaps, and events handed to it as a journal.
struct Counted {
    file: SqliteStore,
    loads: AtomicU64,
    swaps: AtomicU64,
    handed_over: AtomicU64,
}

impl Counted {
    fn on(file: SqliteStore) -> Self {
        let [loads, swaps, handed_over] = [(); 3].map(|()| AtomicU64::new(0));
        Self { file, loads, swaps, handed_over }
    }

    /// Loads, swaps and hand-overs since the last time.
    fn asked(&self) -> [u64; 3] {
        [&self.loads, &self.swaps, &self.handed_over].map(|count| count.swap(0, Ordering::Relaxed))
    }
}

impl BlockingStore for Counted {
    type Error = SqliteError;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, SqliteError> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.file.load(key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, SqliteError> {
        self.swaps.fetch_add(1, Ordering::Relaxed);
        self.file.compare_and_swap(key, expect, bytes, events)
    }

    fn takes_events(&self) -> bool {
        self.file.takes_events()
    }
}

impl BlockingJournal for Counted {
    type Error = SqliteError;

    fn record(&self, events: &[Event]) -> Result<(), SqliteError> {
        self.handed_over.fetch_add(1, Ordering::Relaxed);
        self.file.record(events)
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), SqliteError> {
        self.file.refused(refusal)
    }
}

fn gate(counted: &Arc<Counted>, anna: PersonId, world: &World) -> Gate<impl Host + 'static> {
    let directory = MemoryDirectory::on(today());
    directory.put(world.directory.get(anna).unwrap());
    let host = HostParts {
        store: Blocking(Arc::clone(counted)),
        clock: SystemClock,
        directory: Blocking(directory),
        journal: Blocking(Arc::clone(counted)),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(QuickHasher::new()).build().unwrap()
}

fn opened(gate: &Gate<impl Host>, anna: PersonId) -> (DeviceToken, SessionToken) {
    let gate = gate.blocking();
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let token = gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &UNMODIFIED);
    let token = token.unwrap().token;
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    let session = gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
    (token, session)
}

fn waiting(file: &SqliteStore, anna: PersonId) -> usize {
    let found = file.load(&Key::account(anna)).unwrap().unwrap();
    Account::decode(&found.bytes, anna).unwrap().outbox().len()
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path).unwrap()
}

#[test]
fn i11_a_lock_costs_a_load_and_a_swap_an_unlock_a_load_and_two_swaps_and_no_event_goes_twice() {
    let (directory, world) = (tempfile::tempdir().unwrap(), World::new());
    let anna = world.employee();
    let counted = Arc::new(Counted::on(open(&directory.path().join("store"))));
    let gate = gate(&counted, anna, &world);
    let (token, session) = opened(&gate, anna);
    let gate = gate.blocking();
    counted.asked();
    let _granted = gate.check(&session, Wanted::session(), &UNMODIFIED).unwrap();
    assert_eq!(counted.asked(), [1, 0, 0], "a check");
    for _ in 0..20 {
        gate.lock(&token, &UNMODIFIED).unwrap();
        assert_eq!(counted.asked(), [1, 1, 0], "a lock");
        gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).unwrap();
        assert_eq!(counted.asked(), [1, 2, 0], "an unlock");
        assert_eq!(waiting(&counted.file, anna), 0);
    }
    let events = counted.file.events(anna).unwrap();
    let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, (0..2 + 40).collect::<Vec<_>>());
    assert_eq!(events[2].change, Change::Locked(LockCause::Asked));
}

/// A file that left its events to a journal which was down, opened as one that takes them.
#[test]
fn i11_what_waited_in_a_record_goes_into_the_file_with_the_next_swap() {
    struct Down;
    impl BlockingJournal for Down {
        type Error = std::io::Error;
        fn record(&self, _: &[Event]) -> Result<(), std::io::Error> {
            Err(std::io::Error::other("down"))
        }
        fn refused(&self, _: &RefusalEvent) -> Result<(), std::io::Error> {
            Ok(())
        }
    }
    let (directory, world) = (tempfile::tempdir().unwrap(), World::new());
    let (anna, path) = (world.employee(), directory.path().join("store"));
    let before = Arc::new(Counted::on(open(&path).without_events()));
    let (token, _session) = opened(&gate(&before, anna, &world), anna);
    // The journal had these two; the next one it does not get.
    assert_eq!((before.file.events(anna).unwrap().len(), waiting(&before.file, anna)), (2, 1));
    let people = MemoryDirectory::on(today());
    let down = HostParts::blocking(Arc::clone(&before), people, Down);
    let down = Gate::builder(down).peppers(PepperRing::without_pepper()).build().unwrap();
    down.blocking().lock(&token, &UNMODIFIED).unwrap();
    assert_eq!((before.file.events(anna).unwrap().len(), waiting(&before.file, anna)), (2, 2));

    let after = Arc::new(Counted::on(open(&path)));
    gate(&after, anna, &world).blocking().log_out(&token, &UNMODIFIED).unwrap();
    assert_eq!((waiting(&after.file, anna), after.asked()), (0, [1, 1, 0]));
    let numbers: Vec<u64> = after.file.events(anna).unwrap().iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, [0, 1, 2, 3], "one of them was there");
}

/// Of many writers the events of those that were applied are there, and of no other.
#[test]
fn i11_only_the_events_of_the_write_that_won_are_there() {
    let (directory, world) = (tempfile::tempdir().unwrap(), World::new());
    let anna = world.employee();
    let counted = Arc::new(Counted::on(open(&directory.path().join("store"))));
    let gate = gate(&counted, anna, &world);
    let (token, _session) = opened(&gate, anna);
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let answer = gate.blocking().lock(&token, &UNMODIFIED);
                answers.lock().unwrap().push(answer.is_ok());
            });
        }
    });
    assert_eq!(answers.into_inner().unwrap(), [true; 16]);
    let changes: Vec<Change> =
        counted.file.events(anna).unwrap().into_iter().map(|event| event.change).collect();
    assert_eq!(changes.len(), 3, "{changes:?}");
    assert_eq!(changes[2], Change::Locked(LockCause::Asked));
}
