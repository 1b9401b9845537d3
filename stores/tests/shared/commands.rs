//! How often each command of the gate waits for the store, with accounts and people in it and the journal elsewhere.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication, Wanted};
use pinlatch::host::{Expect, Key, Store, StoredDirectory, Swap};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::PersonalWords;
use pinlatch_testkit::{ACME, PIN, UNMODIFIED, WRONG_PIN, day, person, pin, since_last_year};

use super::guessing::host;

/// Each command and how far `waits` went on by it.
pub(crate) async fn waits_of_each<S: Store + 'static>(
    store: Arc<S>,
    waits: impl Fn() -> u64,
) -> Vec<(&'static str, u64)> {
    let (gate, _) = host(Arc::clone(&store));
    let anna = person(7);
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    let hired = |new: Person| Ok(new.with_bank_credentials().with_employment(job));
    let today = |_: &Person| LocalDates::everywhere(day(2026, 11, 22));
    StoredDirectory::new(store, today).change(anna, hired).await.unwrap();
    let mut seen = Vec::new();
    let mut at = waits();
    let mut done = |command| {
        seen.push((command, waits() - at));
        at = waits();
    };
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap().start;
    done("begin");
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let token = gate.authenticate(sign_in, &UNMODIFIED).await.unwrap().token;
    done("authenticate");
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    let session = gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).await.unwrap();
    done("create PIN");
    let _granted = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
    done("check");
    gate.lock(&token, &UNMODIFIED).await.unwrap();
    done("lock");
    gate.unlock_with_pin(&token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED).await.unwrap_err();
    done("unlock, wrong");
    gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).await.unwrap();
    done("unlock, right");
    println!("{seen:?}");
    seen
}

/// Prints the medians of a load and of a swap, one after the other on an idle store.
pub(crate) async fn measure<S: Store>(store: &S) {
    const TIMES: usize = 1_000;
    let key = Key::account(person(1));
    let (mut loads, mut swaps) = (Vec::new(), Vec::new());
    let mut at = Expect::Absent;
    for _ in 0..TIMES {
        let start = Instant::now();
        let swap = store.compare_and_swap(&key, at, vec![7; 300], &[]).await.unwrap();
        swaps.push(start.elapsed());
        let Swap::Applied(version) = swap else { panic!("{swap:?}") };
        at = Expect::At(version);
        let start = Instant::now();
        store.load(&key).await.unwrap();
        loads.push(start.elapsed());
    }
    println!("a load takes {:?}, a swap {:?}", median(loads), median(swaps));
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
