//! How often a command waits for the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication, Wanted};
use pinlatch::host::{Expect, Key, Store};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::PersonalWords;
use pinlatch_testkit::rig::Wire;
use pinlatch_testkit::{PIN, UNMODIFIED, person, pin};

use crate::shared::{self, guessing};
use crate::support::{applied, open, server};

struct Meter(Arc<Wire>, u64);

impl Meter {
    fn since(&mut self) -> u64 {
        let before = std::mem::replace(&mut self.1, self.0.turns());
        self.1 - before
    }
}

#[test]
fn a_load_and_a_swap_are_one_turn_each() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let wire = Arc::new(Wire::before(server.address()).unwrap());
        let store = open(wire.address()).await;
        let key = Key::account(person(1));
        let mut meter = Meter(Arc::clone(&wire), wire.turns());
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        assert_eq!(meter.since(), 1, "create");
        applied(&store, &key, Expect::At(version), b"two").await;
        assert_eq!(meter.since(), 1, "update");
        assert!(store.load(&key).await.unwrap().is_some());
        assert_eq!(meter.since(), 1, "load");
        assert!(store.load(&Key::account(person(2))).await.unwrap().is_none());
        assert_eq!(meter.since(), 1, "load of nothing");
    });
}

/// Two loads at once wait once: the first is held on its way until the second is on its own.
#[test]
fn two_loads_at_once_are_one_wait() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let wire = Arc::new(Wire::before(server.address()).unwrap());
        let store = open(wire.address()).await;
        let (person, record) = (Key::person(person(1)), Key::account(person(1)));
        let (before, watched) = (wire.turns(), Arc::clone(&wire));
        let (said, hears) = std::sync::mpsc::channel();
        wire.interrupt_next(move || {
            let start = Instant::now();
            while watched.turns() < before + 2 && start.elapsed() < Duration::from_secs(2) {
                std::thread::yield_now();
            }
            let _heard = said.send(watched.turns() - before);
        });
        let (person, record) = tokio::join!(store.load(&person), store.load(&record));
        assert_eq!((person.unwrap(), record.unwrap()), (None, None));
        assert_eq!(hears.recv().unwrap(), 2);
    });
}

/// People and accounts in this store, the trail elsewhere.
#[test]
fn turns_of_the_gates_commands() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let wire = Arc::new(Wire::before(server.address()).unwrap());
        let store = Arc::new(open(wire.address()).await);
        let (gate, _) = guessing::host(Arc::clone(&store));
        let (anna, right) = (person(1), pin(PIN).unwrap());
        guessing::locked_phone(&gate, &store, anna).await;
        let mut meter = Meter(Arc::clone(&wire), wire.turns());

        let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap().start;
        assert_eq!(meter.since(), 0, "begin");
        let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
        let label = DeviceLabel::new("other phone").unwrap();
        let sign_in = SignIn { evidence, label, known: None, invitation: None };
        let token = gate.authenticate(sign_in, &UNMODIFIED).await.unwrap().token;
        assert_eq!(meter.since(), 3, "authenticate: person, record, swap");
        let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
        let session = gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).await.unwrap();
        assert_eq!(
            meter.since(),
            5,
            "create PIN: person, record, claim; the person again beside the hash; swap"
        );
        let _granted = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        assert_eq!(meter.since(), 2, "check: person, record");
        gate.lock(&token, &UNMODIFIED).await.unwrap();
        assert_eq!(meter.since(), 2, "lock: record, swap");
        gate.unlock_with_pin(&token, &right, &UNMODIFIED).await.unwrap();
        assert_eq!(
            meter.since(),
            5,
            "unlock: person, record, charge; the person again beside the hash; settlement"
        );
    });
}
