//! How often a caller waits for the server: counted on the wire.

use std::num::NonZeroUsize;

use pinlatch::account::{BeginFor, Wanted};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::mariadb::{MariaDbOptions, MariaDbStore};
use pinlatch_testkit::rig::Wire;
use pinlatch_testkit::{PIN, UNMODIFIED, person, pin};

use crate::hosts::{Counted, authenticated, gate, hire, with_pin};
use crate::journal::event;
use crate::servers::{common, database};
use crate::shared;

/// Turns since the last time.
struct Turns<'w> {
    wire: &'w Wire,
    before: u64,
}

impl Turns<'_> {
    fn passed(&mut self) -> u64 {
        let now = self.wire.turns();
        now - std::mem::replace(&mut self.before, now)
    }
}

/// All connections are open, so that no turn is one of connecting.
async fn warmed_up(url: &str, connections: usize) -> MariaDbStore {
    let options = MariaDbOptions::new().connections(NonZeroUsize::new(connections).unwrap());
    let store = options.open(url).await.unwrap();
    let key = Key::account(person(99));
    while store.connections().open < connections {
        let (one, other) = tokio::join!(store.load(&key), store.load(&key));
        assert!(one.is_ok() && other.is_ok());
    }
    store
}

#[test]
fn a_load_and_a_swap_are_one_turn_each_whatever_goes_with_them() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = warmed_up(&database(&server, wire.address()).await, 1).await;
        let mut turns = Turns { wire: &wire, before: wire.turns() };
        let key = Key::account(person(1));
        let swap = async |expect, bytes: usize, events: &[_]| {
            store.compare_and_swap(&key, expect, vec![1; bytes], events).await.unwrap()
        };
        assert!(store.load(&key).await.unwrap().is_none());
        assert_eq!(turns.passed(), 1, "a load");
        let Swap::Applied(first) = swap(Expect::Absent, 1, &[]).await else { panic!("a first write") };
        assert_eq!(turns.passed(), 1, "a create");
        let Swap::Applied(second) = swap(Expect::At(first), 2_000, &[]).await else { panic!("an update") };
        assert_eq!(turns.passed(), 1, "an update");
        let Swap::Applied(_) = swap(Expect::At(second), 300, &[event(0, 1), event(1, 1)]).await else {
            panic!("an update")
        };
        assert_eq!(turns.passed(), 1, "an update with events");
        assert_eq!(swap(Expect::At(second), 300, &[event(2, 1)]).await, Swap::Conflict);
        assert_eq!(turns.passed(), 1, "a stale update with an event");
        assert_eq!(swap(Expect::Absent, 300, &[]).await, Swap::Conflict);
        assert_eq!(
            turns.passed(),
            2,
            "a create of what is there: the server keeps a transaction open, which is ended"
        );
    });
}

#[test]
fn the_turns_of_the_gates_commands() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = warmed_up(&database(&server, wire.address()).await, 2).await;
        let counted = Counted::on(store.clone());
        let (gate, _) = gate(&counted);
        let anna = person(1);
        hire(&store, anna).await;
        let mut turns = Turns { wire: &wire, before: wire.turns() };

        // Whatever the gate asks, each load and each swap is one turn, and there is nothing else: no journal.
        let mut cost = |command| {
            let [loads, swaps] = counted.asked();
            let turns = turns.passed();
            println!("{command}: {loads} loads and {swaps} swaps in {turns} turns");
            assert_eq!(turns, loads + swaps, "{command}");
            turns
        };
        let _begun = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap();
        assert_eq!(cost("to begin"), 0);
        let token = authenticated(&gate, anna).await;
        assert!(cost("to authenticate") <= 3);
        let session = with_pin(&gate, &token).await;
        assert!(cost("to create a PIN") <= 5);
        let _granted = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        assert!(cost("a check") <= 2);
        gate.lock(&token, &UNMODIFIED).await.unwrap();
        assert_eq!(cost("a lock"), 2);
        let _session = gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).await.unwrap();
        assert!(cost("an unlock") <= 5);
        assert_eq!(store.events(anna).await.unwrap().len(), 4, "and yet the trail is whole");
    });
}
