//! The store with faults itself: each fault does what it says, and nothing else.

use std::sync::Arc;

use pinlatch::host::{Blocking, Expect, Key, Store, Swap, Version};
use pinlatch_testkit::faults::{Fault, FaultyStore, FaultyStoreError, Injected, Rates, poll_times};
use pinlatch_testkit::{MemoryStore, Unavailable, person};

type Faulty = FaultyStore<Blocking<Arc<MemoryStore>>>;
type Failed = FaultyStoreError<Unavailable>;
type Answer = Option<Result<Swap, Failed>>;

fn key() -> Key {
    Key::account(person(1))
}

fn faulty(faults: &[Fault]) -> (Arc<MemoryStore>, Faulty) {
    let inner = Arc::new(MemoryStore::new());
    (Arc::clone(&inner), FaultyStore::script(Blocking(inner), faults.iter().copied()))
}

fn write(store: &Faulty, expect: Expect, bytes: &[u8]) -> Answer {
    poll_times(store.compare_and_swap(&key(), expect, bytes.to_vec(), &[]), 1)
}

fn create(store: &Faulty) -> Answer {
    write(store, Expect::Absent, b"one")
}

fn load(store: &Faulty) -> Option<Result<Option<Vec<u8>>, Failed>> {
    let loaded = poll_times(store.load(&key()), 1)?;
    Some(loaded.map(|loaded| loaded.map(|loaded| loaded.bytes)))
}

const ONE: Option<&[u8]> = Some(b"one");
const FIRST: Version = Version::from_number(1);

#[test]
fn each_fault_of_a_write_answers_and_writes_as_it_says() {
    let table: [(Fault, Answer, bool); 8] = [
        (Fault::Honest, Some(Ok(Swap::Applied(FIRST))), true),
        (Fault::ReplyLost, Some(Ok(Swap::Unknown)), true),
        (Fault::RequestLost, Some(Ok(Swap::Unknown)), false),
        (Fault::Conflict, Some(Ok(Swap::Conflict)), false),
        (Fault::ConflictThoughApplied, Some(Ok(Swap::Conflict)), true),
        (Fault::Down, Some(Err(FaultyStoreError::Injected)), false),
        (Fault::CrashBefore, None, false),
        (Fault::CrashAfter, None, true),
    ];
    for (fault, answer, written) in table {
        let (inner, store) = faulty(&[fault]);
        assert_eq!(create(&store), answer, "{fault:?}");
        assert_eq!(inner.bytes(&key()).as_deref(), ONE.filter(|_| written), "{fault:?}");
        assert_eq!(store.injected().total(), u64::from(fault != Fault::Honest), "{fault:?}");
        assert_eq!(store.operations(), 1);
    }
}

#[test]
fn a_lost_write_is_still_compared() {
    for fault in [Fault::ReplyLost, Fault::ConflictThoughApplied, Fault::Late(1)] {
        let (inner, store) = faulty(&[Fault::Honest, fault]);
        let _first = create(&store);
        let answer = write(&store, Expect::Absent, b"two");
        assert!(matches!(answer, Some(Ok(Swap::Unknown | Swap::Conflict))));
        let _late = poll_times(store.deliver_late_writes(), 1);
        assert_eq!(inner.bytes(&key()).as_deref(), ONE, "{fault:?}");
    }
}

#[test]
fn each_fault_of_a_load_answers_as_it_says_and_those_of_writes_pass_it_by() {
    for fault in [Fault::ReplyLost, Fault::RequestLost, Fault::Down] {
        let (_, store) = faulty(&[fault]);
        assert_eq!(load(&store), Some(Err(FaultyStoreError::Injected)), "{fault:?}");
        assert_eq!(store.injected().total(), 1);
    }
    for fault in [Fault::Honest, Fault::Conflict, Fault::ConflictThoughApplied, Fault::Late(1)] {
        let (_, store) = faulty(&[fault]);
        assert_eq!(load(&store), Some(Ok(None)), "{fault:?}");
        assert_eq!(store.injected().total(), 0);
    }
    for fault in [Fault::CrashBefore, Fault::CrashAfter] {
        let (_, store) = faulty(&[fault]);
        assert_eq!(load(&store), None, "{fault:?}");
        assert!(store.is_crashed());
    }
}

#[test]
fn a_late_write_comes_after_so_many_further_operations_with_its_old_expectation() {
    for (after, operations) in [(0, 1), (1, 1), (2, 2), (3, 3)] {
        let (inner, store) = faulty(&[Fault::Late(after)]);
        assert_eq!(create(&store), Some(Ok(Swap::Unknown)));
        for _ in 0..operations {
            assert_eq!(inner.bytes(&key()), None, "{after}");
            assert_eq!(load(&store), Some(Ok(None)), "comes after the operation, not before it");
        }
        assert_eq!(inner.bytes(&key()).as_deref(), ONE, "{after}");
    }
    let (inner, store) = faulty(&[Fault::Late(1)]);
    let _held_back = create(&store);
    let _first = write(&store, Expect::Absent, b"in between");
    assert_eq!(inner.bytes(&key()).as_deref(), Some(b"in between".as_slice()), "it conflicts");
}

#[test]
fn a_late_write_outlives_a_crash_if_it_is_delivered() {
    let (inner, store) = faulty(&[Fault::Late(1), Fault::CrashAfter]);
    let _held_back = create(&store);
    store.crash();
    assert_eq!(load(&store), None);
    assert_eq!(inner.bytes(&key()), None);
    assert_eq!(poll_times(store.deliver_late_writes(), 1), Some(1));
    assert_eq!(poll_times(store.deliver_late_writes(), 1), Some(0));
    assert_eq!(inner.bytes(&key()).as_deref(), ONE);
}

#[test]
fn after_a_crash_nothing_answers_and_nothing_is_written() {
    let (inner, store) = faulty(&[]);
    store.crash();
    store.crash();
    assert_eq!(store.injected(), Injected { crashes: 1, ..Injected::default() });
    assert_eq!((create(&store), load(&store)), (None, None));
    assert_eq!((inner.operations(), store.operations()), ((0, 0), 0));
}

#[test]
fn a_crash_stops_what_is_already_under_way() {
    let (inner, store) = faulty(&[]);
    let store = store.pausing();
    let key = key();
    let mut under_way = Box::pin(store.compare_and_swap(&key, Expect::Absent, b"one".to_vec(), &[]));
    assert_eq!(poll_times(under_way.as_mut(), 2), None, "written, and pausing");
    assert_eq!(inner.bytes(&key).as_deref(), ONE);
    store.crash();
    assert_eq!(poll_times(under_way.as_mut(), 10), None, "its answer reaches nobody");
    let (inner, store) = faulty(&[Fault::Slow(3)]);
    let mut under_way = Box::pin(store.compare_and_swap(&key, Expect::Absent, b"one".to_vec(), &[]));
    assert_eq!(poll_times(under_way.as_mut(), 2), None);
    store.crash();
    assert_eq!(poll_times(under_way.as_mut(), 10), None);
    assert_eq!(inner.bytes(&key), None, "it had not begun");
}

#[test]
fn a_slow_operation_is_pending_for_so_many_polls() {
    for polls in 0..=5 {
        let (_, store) = faulty(&[Fault::Slow(polls)]);
        assert_eq!(poll_times(store.load(&key()), usize::from(polls)), None);
        let (_, store) = faulty(&[Fault::Slow(polls)]);
        assert_eq!(poll_times(store.load(&key()), usize::from(polls) + 1), Some(Ok(None)));
    }
}

#[test]
fn a_pausing_store_can_be_dropped_before_and_after_its_work() {
    for (polls, written, answer) in
        [(1, false, None), (2, true, None), (3, true, Some(Ok(Swap::Applied(FIRST))))]
    {
        let (inner, store) = faulty(&[]);
        let store = store.pausing();
        let key = key();
        let swap = store.compare_and_swap(&key, Expect::Absent, b"one".to_vec(), &[]);
        assert_eq!(poll_times(swap, polls), answer);
        assert_eq!(inner.bytes(&key).is_some(), written, "{polls}");
    }
}

#[test]
fn an_error_of_the_store_inside_is_passed_on() {
    let (inner, store) = faulty(&[Fault::Slow(0), Fault::ReplyLost]);
    inner.set_down(true);
    assert_eq!(load(&store), Some(Err(FaultyStoreError::Store(Unavailable))));
    assert_eq!(create(&store), Some(Err(FaultyStoreError::Store(Unavailable))), "surely not written");
}

const ALL_RATES: Rates = Rates {
    reply_lost: 500,
    request_lost: 500,
    conflict: 500,
    conflict_though_applied: 500,
    down: 500,
    late: 500,
    slow: 500,
    crash: 0,
};

fn drawn(seed: u64, rates: Rates, operations: usize) -> Injected {
    let store = FaultyStore::seeded(Blocking(MemoryStore::new()), seed, rates);
    for _ in 0..operations {
        let _any = poll_times(store.compare_and_swap(&key(), Expect::Absent, vec![], &[]), 10);
    }
    store.injected()
}

#[test]
fn a_seed_draws_the_same_faults_again_at_about_their_rates() {
    let injected = drawn(1, ALL_RATES, 20_000);
    assert_eq!(injected, drawn(1, ALL_RATES, 20_000));
    assert_ne!(injected, drawn(2, ALL_RATES, 20_000));
    let Injected { replies_lost, requests_lost, conflicts, conflicts_though_applied, .. } = injected;
    let Injected { down, late, slow, crashes, .. } = injected;
    for count in [replies_lost, requests_lost, conflicts, conflicts_though_applied, down, late, slow] {
        assert!((850..1150).contains(&count), "5 % of 20 000: {injected}");
    }
    assert_eq!(crashes, 0);
    assert_eq!(drawn(1, Rates::default(), 100).total(), 0);
    let only_crashes = Rates { crash: 10_000, ..Rates::default() };
    assert_eq!(drawn(1, only_crashes, 100), Injected { crashes: 1, ..Injected::default() });
}

#[test]
fn what_was_injected_is_told_by_kind_and_added_up() {
    let mut total = Injected { replies_lost: 2, crashes: 1, ..Injected::default() };
    assert_eq!(total.to_string(), "3 (replies_lost=2 crashes=1)");
    total.add(&Injected { slow: 4, crashes: 1, ..Injected::default() });
    assert_eq!(total.to_string(), "8 (replies_lost=2 slow=4 crashes=2)");
    assert_eq!(Injected::default().to_string(), "0");
    assert!(format!("{:?}", faulty(&[]).1).starts_with("FaultyStore(0 operations, faults: 0"));
}
