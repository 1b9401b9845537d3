//! 64 wrong PINs at once: five are compared and counted, whatever the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, Host, HostParts, Inline, Store, StoredDirectory, SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::SessionState;
use pinlatch_testkit::{
    ACME, CollectingJournal, PIN, QuickHasher, UNMODIFIED, WRONG_PIN, day, person, pin, since_last_year,
};
use tokio::sync::Barrier;

const GUESSES: usize = 64;
const ROUNDS: u128 = 10;

/// One host on this store, and how many PINs it compared.
pub(crate) type Compared = QuickHasher;

/// Two hosts, each with a handle of its own, and 64 wrong PINs from both at once; ten rounds, each on another person.
pub(crate) async fn five_of_64_are_compared<S: Store + 'static>(handles: [S; 2]) {
    let handles = handles.map(Arc::new);
    let [(first, compared), (second, also_compared)] =
        handles.each_ref().map(|store| host(Arc::clone(store)));
    let gates = [Arc::new(first), Arc::new(second)];
    for round in 0..ROUNDS {
        let anna = person(round);
        let token = Arc::new(locked_phone(&gates[0], &handles[0], anna).await);
        let before = compared.count() + also_compared.count();
        let answers = guess(&gates, &token).await;
        let counted = compared.count() + also_compared.count() - before;
        println!("round {round}: {counted} compared; {answers:?}");
        assert_eq!(counted, 5, "{answers:?}");
        let allowed = [RefusalCode::IncorrectPin, RefusalCode::PinExhausted, RefusalCode::GuessesInFlight];
        let allowed = allowed.map(RefusalCode::as_str);
        assert!(answers.keys().all(|code| allowed.contains(code)), "{answers:?}");
        let answered = |code: RefusalCode| answers.get(code.as_str()).copied().unwrap_or_default();
        assert_eq!(answered(RefusalCode::IncorrectPin), 4, "{answers:?}");
        for gate in &gates {
            let seen = gate.device_view(&token, &UNMODIFIED).await.unwrap();
            assert_eq!(seen.state, SessionState::PinExhausted);
        }
    }
}

async fn guess<H: Host + 'static>(
    gates: &[Arc<Gate<H>>; 2],
    token: &Arc<DeviceToken>,
) -> BTreeMap<&'static str, usize> {
    let start = Arc::new(Barrier::new(GUESSES));
    let guesses: Vec<_> = (0..GUESSES)
        .map(|number| {
            let (gate, token, start) =
                (Arc::clone(&gates[number % 2]), Arc::clone(token), Arc::clone(&start));
            tokio::spawn(async move {
                let wrong = pin(WRONG_PIN).unwrap();
                start.wait().await;
                gate.unlock_with_pin(&token, &wrong, &UNMODIFIED).await.unwrap_err().code()
            })
        })
        .collect();
    let mut answers = BTreeMap::new();
    for guess in guesses {
        *answers.entry(guess.await.unwrap().as_str()).or_default() += 1;
    }
    answers
}

pub(crate) fn host<S: Store + 'static>(store: Arc<S>) -> (Gate<impl Host>, Compared) {
    let host = HostParts {
        store: Arc::clone(&store),
        clock: SystemClock,
        directory: StoredDirectory::new(store, today),
        journal: Blocking(CollectingJournal::new()),
        offload: Inline,
        randomness: SystemRandomness,
    };
    let compared = QuickHasher::default();
    let gate =
        Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(compared.clone()).build().unwrap();
    (gate, compared)
}

fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

/// Signs a new employee in and locks the app.
pub(crate) async fn locked_phone<S: Store>(
    gate: &Gate<impl Host>,
    store: &Arc<S>,
    anna: PersonId,
) -> DeviceToken {
    let directory = StoredDirectory::new(Arc::clone(store), today);
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    let hired = |new: Person| Ok(new.with_bank_credentials().with_employment(job));
    directory.change(anna, hired).await.unwrap();
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let token = gate.authenticate(sign_in, &UNMODIFIED).await.unwrap().token;
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).await.unwrap();
    gate.lock(&token, &UNMODIFIED).await.unwrap();
    token
}
