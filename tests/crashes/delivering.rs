//! Events that wait for the journal, and `deliver_events`.

use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::DeviceToken;
use pinlatch_testkit::faults::{Fault, poll_times};
use pinlatch_testkit::{PIN, UNMODIFIED, World, person};

use crate::parts::{Wrong, gate_with};

fn waiting(world: &World) -> (usize, usize) {
    let anna = person(1001);
    let record = world.account(anna).map_or(0, |account| account.outbox().len());
    (record, world.journal.events(anna).len())
}

/// A phone that was locked and unlocked while the journal was down.
fn two_events_wait() -> World {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.journal.set_down(true);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    world.journal.set_down(false);
    drop(phone);
    world
}

#[test]
fn i11_events_of_a_person_who_stays_away_are_delivered_on_request() {
    let world = two_events_wait();
    let device = DeviceToken::from_secret(person(1001), &mut [1; 32]);
    let (record, journal) = waiting(&world);
    assert_eq!((record, journal), (3, 2), "the one before went with the next change");
    let gate = world.gate.blocking();
    let _looking_delivers_nothing = gate.device_view(&device, &UNMODIFIED).unwrap();
    assert_eq!(waiting(&world), (3, 2));
    assert_eq!(gate.deliver_events(person(1001)).unwrap(), 0);
    assert_eq!(waiting(&world), (0, 4));
    let operations = world.store.operations();
    assert_eq!(gate.deliver_events(person(1001)).unwrap(), 0);
    assert_eq!(world.store.operations(), (operations.0 + 1, operations.1), "nothing waits: one load");
    assert_eq!(world.journal.contradictions(), 0);
}

#[test]
fn i11_while_the_journal_takes_nothing_everything_stays_where_it_is() {
    let world = two_events_wait();
    world.journal.set_down(true);
    let writes = world.store.operations().1;
    assert_eq!(world.gate.blocking().deliver_events(person(1001)).unwrap(), 3);
    assert_eq!(waiting(&world), (3, 2));
    assert_eq!(world.store.operations().1, writes);
}

#[test]
fn i11_nobody_has_nothing_to_deliver_and_no_record_is_made() {
    let world = World::new();
    assert_eq!(world.gate.blocking().deliver_events(person(5)).unwrap(), 0);
    assert_eq!(world.store.operations(), (1, 0));
}

#[test]
fn i11_delivering_survives_lost_replies_conflicts_and_a_store_that_is_down() {
    let passing = [Fault::ReplyLost, Fault::RequestLost, Fault::Conflict, Fault::ConflictThoughApplied];
    for fault in passing {
        let world = two_events_wait();
        let (gate, _) = gate_with(&world, &Wrong::Store(vec![Fault::Honest, fault]), 5);
        let left = poll_times(gate.deliver_events(person(1001)), 1).expect("a blocking store");
        assert_eq!((left.unwrap(), waiting(&world)), (0, (0, 4)), "{fault:?}");
    }
    let world = two_events_wait();
    let (gate, _) = gate_with(&world, &Wrong::Store(vec![Fault::Honest, Fault::Down]), 5);
    let left = poll_times(gate.deliver_events(person(1001)), 1).expect("a blocking store");
    assert_eq!(left.unwrap_err().code(), Code::Unavailable);
    assert_eq!(waiting(&world), (3, 4), "handed over, and once more with the next change");
    let storm = vec![[Fault::Honest, Fault::Conflict]; 1_024].concat();
    let (gate, _) = gate_with(&world, &Wrong::Store(storm), 5);
    let left = poll_times(gate.deliver_events(person(1001)), 1).expect("it gives up");
    assert_eq!(left.unwrap_err().code(), Code::Unavailable);
    assert_eq!(world.journal.contradictions(), 0);
}
