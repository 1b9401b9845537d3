//! Many who are signed in: made in memory by real sign-ins, to be put into a table by hand.

use std::convert::Infallible;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use pinlatch::account::{
    BeginFor, DeviceLabel, Event, PinEntries, RefusalEvent, SignIn, StrongAuthentication, Wanted,
};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingDirectory, BlockingJournal, Host, HostParts, Inline, Key, Store, SystemClock,
    SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::secret::SessionToken;
use pinlatch_testkit::{ACME, MemoryStore, PIN, QuickHasher, UNMODIFIED, day, person, pin, since_last_year};

/// Of so many sessions one is asked at the end.
const ASKED: u128 = 100;

/// Records in hexadecimal digits by their keys, and the sessions that are asked at the end.
#[derive(Default)]
pub(crate) struct Live {
    pub(crate) records: Vec<(Key, String)>,
    sessions: Vec<SessionToken>,
}

/// Everybody may use the app, so that nobody's facts are stored.
struct Everybody;

impl BlockingDirectory for Everybody {
    type Error = Infallible;

    fn person(&self, id: PersonId) -> Result<Option<Person>, Infallible> {
        let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
        Ok(Some(Person::new(id).with_bank_credentials().with_employment(job)))
    }

    fn dates(&self, _: &Person) -> LocalDates {
        LocalDates::everywhere(day(2026, 11, 22))
    }
}

/// Nobody reads it here.
struct Silent;

impl BlockingJournal for Silent {
    type Error = Infallible;

    fn record(&self, _: &[Event]) -> Result<(), Infallible> {
        Ok(())
    }

    fn refused(&self, _: &RefusalEvent) -> Result<(), Infallible> {
        Ok(())
    }
}

fn gate<S: Store + 'static>(store: S) -> Gate<impl Host> {
    let host = HostParts {
        store,
        clock: SystemClock,
        directory: Blocking(Everybody),
        journal: Blocking(Silent),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(QuickHasher::new()).build().unwrap()
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _written = write!(text, "{byte:02x}");
        text
    })
}

impl Live {
    /// Each with an open app, in the order of the keys.
    pub(crate) fn people(numbers: Range<u128>) -> Self {
        let middle = u128::midpoint(numbers.start, numbers.end);
        let halves =
            [numbers.start..middle, middle..numbers.end].map(|half| thread::spawn(|| Self::half(half)));
        let mut all = Self::default();
        for half in halves {
            let Self { records, sessions } = half.join().unwrap();
            all.records.extend(records);
            all.sessions.extend(sessions);
        }
        all
    }

    fn half(numbers: Range<u128>) -> Self {
        let store = Arc::new(MemoryStore::new());
        let gate = gate(Blocking(Arc::clone(&store)));
        let gate = gate.blocking();
        let mut live = Self::default();
        for number in numbers {
            let id = person(number);
            let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
            let evidence = StrongAuthentication::verified_by_host(start, id, BankCredentials);
            let sign_in =
                SignIn { evidence, label: DeviceLabel::new("phone").unwrap(), known: None, invitation: None };
            let device = gate.authenticate(sign_in, &UNMODIFIED).unwrap().token;
            let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
            let session = gate.create_pin(&device, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
            let key = Key::account(id);
            let bytes = store.bytes(&key).unwrap();
            live.records.push((key, digits(&bytes)));
            if number.is_multiple_of(ASKED) {
                live.sessions.push(session);
            }
        }
        live
    }

    /// How many are signed in on this store, of how many that were asked.
    pub(crate) async fn are_in<S: Store + 'static>(&self, store: S) -> [usize; 2] {
        let gate = gate(store);
        let mut are_in = 0;
        for session in &self.sessions {
            are_in += usize::from(gate.check(session, Wanted::session(), &UNMODIFIED).await.is_ok());
        }
        [are_in, self.sessions.len()]
    }
}
