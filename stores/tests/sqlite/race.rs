//! Two processes on one file try 64 wrong PINs: five are compared.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use pinlatch::account::{BeginFor, DeviceLabel, Event, PinEntries, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, Host, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Change, SessionState};
use pinlatch_stores::sqlite::SqliteStore;
use pinlatch_testkit::{ACME, PIN, QuickHasher, UNMODIFIED, WRONG_PIN, day, person, pin, since_last_year};

use crate::again::{self, Process};

const PROCESSES: usize = 2;
const GUESSES_PER_PROCESS: usize = 32;
const ROUNDS: usize = 10;
const TOKEN: &str = "PINLATCH_STORES_TEST_TOKEN";

fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

/// A host with everything in one file, and a hasher that counts.
fn host(path: &Path) -> (Gate<impl Host>, Arc<SqliteStore>, QuickHasher) {
    let file = Arc::new(SqliteStore::open(path).unwrap());
    let shared = || Blocking(Arc::clone(&file));
    let host = HostParts {
        store: shared(),
        clock: SystemClock,
        directory: StoredDirectory::new(shared(), today),
        journal: shared(),
        offload: Inline,
        randomness: SystemRandomness,
    };
    let hasher = QuickHasher::default();
    let gate =
        Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(hasher.clone()).build().unwrap();
    (gate, file, hasher)
}

/// The other process: enters wrong PINs, all at once, and says how many were compared.
fn guess(path: &Path, token: &DeviceToken) {
    let (gate, _file, hasher) = host(path);
    again::ready();
    let start = Barrier::new(GUESSES_PER_PROCESS);
    let answers = Mutex::new(BTreeMap::<_, u32>::new());
    thread::scope(|scope| {
        for _ in 0..GUESSES_PER_PROCESS {
            scope.spawn(|| {
                start.wait();
                let wrong = pin(WRONG_PIN).unwrap();
                let refused = gate.blocking().unlock_with_pin(token, &wrong, &UNMODIFIED).unwrap_err();
                *answers.lock().unwrap().entry(refused.code()).or_default() += 1;
            });
        }
    });
    again::say(&hasher.count().to_string());
    for (code, times) in answers.into_inner().unwrap() {
        again::say(&format!("{code} {times}"));
    }
}

/// Signs a new employee in and locks the app.
fn locked_phone(gate: &Gate<impl Host>, file: &Arc<SqliteStore>, anna: PersonId) -> DeviceToken {
    let directory = StoredDirectory::new(Blocking(Arc::clone(file)), today);
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    directory.change_now(anna, |new| Ok(new.with_bank_credentials().with_employment(job))).unwrap();
    let gate = gate.blocking();
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let phone =
        gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &UNMODIFIED).unwrap();
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    gate.create_pin(&phone.token, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
    gate.lock(&phone.token, &UNMODIFIED).unwrap();
    phone.token
}

#[test]
fn r13_i12_two_processes_compare_five_of_64_wrong_pins() {
    if let Some(path) = again::file() {
        let token = std::env::var(TOKEN).unwrap();
        return guess(&path, &DeviceToken::parse(&token).unwrap());
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let (gate, file, _hasher) = host(&path);
    for round in 0..ROUNDS {
        let anna = person(u128::try_from(round).unwrap());
        let token = locked_phone(&gate, &file, anna);
        let (compared, answers) = race(&path, &token);
        println!("round {round}: {compared} compared; {answers:?}");
        assert_eq!(compared, 5);
        assert_eq!(answers.values().sum::<usize>(), PROCESSES * GUESSES_PER_PROCESS, "{answers:?}");
        let allowed = [RefusalCode::IncorrectPin, RefusalCode::PinExhausted, RefusalCode::GuessesInFlight];
        let allowed = allowed.map(RefusalCode::as_str);
        assert!(answers.keys().all(|code| allowed.contains(&code.as_str())), "{answers:?}");

        assert_eq!(
            gate.blocking().device_view(&token, &UNMODIFIED).unwrap().state,
            SessionState::PinExhausted
        );
        let events = file.events(anna).unwrap();
        let exhausted = events.iter().filter(|event| event.change == Change::PinExhausted);
        assert_eq!(exhausted.count(), 1, "{events:?}");
        let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
        assert_eq!(numbers, Vec::from_iter((0..).take(events.len())), "a gap in the journal");
        // A wrong PIN that was compared and settled is an event, every other guess a refusal.
        let rejected = |event: &&Event| matches!(event.change, Change::PinRejected { .. });
        let rejected = events.iter().filter(rejected).count();
        let refusals = file.refusals(anna).unwrap().len();
        assert!((63..=64).contains(&(rejected + refusals)), "{rejected} rejected, {refusals} refusals");
    }
}

/// How many were compared, and how often each refusal was given.
fn race(path: &Path, token: &DeviceToken) -> (u64, BTreeMap<String, usize>) {
    let mut command = again::command("race::r13_i12_two_processes_compare_five_of_64_wrong_pins", path);
    command.env(TOKEN, token.expose());
    let mut processes: Vec<_> = (0..PROCESSES).map(|_| Process::start(&mut command)).collect();
    for process in &mut processes {
        assert_eq!(process.hear().as_deref(), Some("ready"));
    }
    processes.iter_mut().for_each(Process::go);
    let (mut compared, mut answers) = (0, BTreeMap::<String, usize>::new());
    for mut process in processes {
        compared += process.hear().unwrap().parse::<u64>().unwrap();
        while let Some(line) = process.hear() {
            let (code, times) = line.split_once(' ').unwrap();
            *answers.entry(code.to_owned()).or_default() += times.parse::<usize>().unwrap();
        }
        process.end();
    }
    (compared, answers)
}
