//! Slots: how many, who is next, and in what state their memory is.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};

use super::in_time;
use super::sources::Pool;
use super::sources::hasher::{HashInput, HashParams, HasherError, PinHasher};

/// A thread that takes a slot, says its name and gives the slot back.
fn caller(pool: &Pool, name: &'static str, said: &Sender<&'static str>) -> JoinHandle<()> {
    let (pool, said) = (pool.clone(), said.clone());
    thread::spawn(move || {
        let _slot = pool.take(1).unwrap();
        said.send(name).unwrap();
    })
}

/// Returns as soon as so many callers wait, or this one got through.
fn until_waiting(pool: &Pool, callers: usize, last: &JoinHandle<()>) {
    while pool.0.waiting() < callers && !last.is_finished() {
        thread::yield_now();
    }
}

/// Whether a caller gets a slot; one that never does is left behind.
fn lets_one_in(pool: &Pool) -> bool {
    let (said, _heard) = channel();
    let caller = caller(pool, "one", &said);
    until_waiting(pool, 1, &caller);
    caller.is_finished()
}

#[test]
fn one_more_than_there_are_slots_waits() {
    in_time(|| {
        let pool = Pool::with_slots(2);
        let (said, heard) = channel();
        let (first, second) = (pool.take(1).unwrap(), pool.take(1).unwrap());
        let third = caller(&pool, "third", &said);
        until_waiting(&pool, 1, &third);
        assert!(!third.is_finished() && heard.try_recv().is_err(), "three in two slots");
        assert_eq!(pool.0.waiting(), 1);
        drop(first);
        third.join().unwrap();
        assert_eq!((heard.try_recv(), pool.0.waiting()), (Ok("third"), 0));
        drop(second);
    });
}

#[test]
fn all_slots_are_used_at_once_and_never_more() {
    in_time(|| {
        const SLOTS: usize = 3;
        let pool = Pool::with_slots(SLOTS);
        // Nobody goes on until all slots are in use: fewer at a time would stay here for ever.
        let (full, inside, most) = (Barrier::new(SLOTS), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..SLOTS * 8 {
                scope.spawn(|| {
                    let mut slot = pool.take(1).unwrap();
                    slot.soil(|| {
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        full.wait();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    });
                });
            }
        });
        assert_eq!(most.into_inner(), SLOTS);
        assert!(pool.0.memory_kib() <= SLOTS);
    });
}

#[test]
fn who_waits_longest_is_next() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        let (said, heard) = channel();
        let taken = pool.take(1).unwrap();
        let mut callers = Vec::new();
        for name in ["first", "second", "third", "fourth"] {
            callers.push(caller(&pool, name, &said));
            until_waiting(&pool, callers.len(), callers.last().unwrap());
        }
        drop(taken);
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["first", "second", "third", "fourth"]);
    });
}

#[test]
fn who_comes_back_at_once_does_not_overtake() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        let (said, heard) = channel();
        for _ in 0..100 {
            let taken = pool.take(1).unwrap();
            let patient = caller(&pool, "patient", &said);
            until_waiting(&pool, 1, &patient);
            drop(taken);
            let again = pool.take(1).unwrap();
            assert_eq!(heard.try_recv(), Ok("patient"));
            drop(again);
            patient.join().unwrap();
        }
    });
}

#[test]
fn a_wake_up_for_no_reason_lets_nobody_in() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        let (said, heard) = channel();
        let taken = pool.take(1).unwrap();
        let waiting = caller(&pool, "waiting", &said);
        until_waiting(&pool, 1, &waiting);
        for _ in 0..1_000 {
            waiting.thread().unpark();
            thread::yield_now();
        }
        assert!(!waiting.is_finished() && heard.try_recv().is_err());
        drop(taken);
        waiting.join().unwrap();
    });
}

#[test]
fn memory_is_used_again_the_last_one_first() {
    in_time(|| {
        let pool = Pool::with_slots(4);
        let first = pool.take(8).unwrap().look();
        for _ in 0..10 {
            assert_eq!(pool.take(8).unwrap().look(), first);
        }
        assert_eq!(pool.0.memory_kib(), 8, "one memory, since there was one caller at a time");
        let (mut one, mut other) = (pool.take(8).unwrap(), pool.take(8).unwrap());
        assert_ne!(one.look().0, other.look().0, "two callers in the same memory");
        assert_eq!(pool.0.memory_kib(), 16);
    });
}

#[test]
fn smaller_parameters_fit_into_the_memory_of_larger_ones() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        let (address, blocks, _) = pool.take(64).unwrap().look();
        assert_eq!(blocks, 64);
        assert_eq!(pool.take(8).unwrap().look(), (address, 8, true));
        assert_eq!(pool.take(64).unwrap().look(), (address, 64, true));
        assert_eq!(pool.0.memory_kib(), 64);
        assert_eq!(pool.take(65).unwrap().look().1, 65);
        assert_eq!(pool.0.memory_kib(), 65, "the smaller memory is held no longer");
    });
}

#[test]
fn memory_is_wiped_before_the_next_one_gets_it() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        for blocks in [64, 8, 1, 64] {
            let mut slot = pool.take(blocks).unwrap();
            slot.soil(|| ());
            drop(slot);
            assert_eq!(pool.take(64).unwrap().look().1, 64);
            assert!(pool.take(64).unwrap().look().2, "{blocks} blocks were left as they were");
        }
    });
}

#[test]
fn nothing_of_a_hash_stays_in_the_memory() {
    let pool = Pool::with_slots(1);
    let params = HashParams::DEFAULT;
    let input = HashInput { params, salt: &[1; 16], pepper: None, message: b"824671" };
    pool.0.hash(&input, &mut [0; 32]).unwrap();
    let (_, blocks, zero) = pool.take(19_456).unwrap().look();
    assert_eq!((pool.0.memory_kib(), blocks, zero), (19_456, 19_456, true));
}

#[test]
fn a_panic_wipes_and_costs_no_slot() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        let before = pool.take(8).unwrap().look();
        for _ in 0..3 {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                pool.take(8).unwrap().soil(|| resume_unwind(Box::new("in the middle of a hash")))
            }));
            assert!(panicked.is_err());
            assert!(lets_one_in(&pool), "the slot is lost");
            assert_eq!(pool.take(8).unwrap().look(), before);
        }
    });
}

#[test]
fn a_panic_while_others_wait_lets_them_in() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        let (said, heard) = channel();
        let inside = Arc::new(Barrier::new(2));
        let unlucky = thread::spawn({
            let (pool, inside) = (pool.clone(), Arc::clone(&inside));
            move || {
                let mut slot = pool.take(8).unwrap();
                inside.wait();
                while pool.0.waiting() == 0 {
                    thread::yield_now();
                }
                slot.soil(|| resume_unwind(Box::new("in the middle of a hash")))
            }
        });
        inside.wait();
        let waiting = caller(&pool, "waiting", &said);
        assert!(unlucky.join().is_err());
        waiting.join().unwrap();
        assert_eq!(heard.try_recv(), Ok("waiting"));
        assert!(pool.take(8).unwrap().look().2);
    });
}

#[test]
fn memory_that_cannot_be_had_is_an_error_and_costs_no_slot() {
    in_time(|| {
        let pool = Pool::with_slots(1);
        pool.take(8).unwrap().soil(|| ());
        for _ in 0..3 {
            assert!(matches!(pool.take(usize::MAX), Err(HasherError::OutOfMemory)));
            assert_eq!(pool.0.memory_kib(), 0, "what was too small is not counted any more");
            assert!(lets_one_in(&pool), "the slot is lost");
            assert_eq!(pool.take(8).unwrap().look().1, 8);
        }
    });
}

#[test]
fn released_memory_is_the_idle_one() {
    in_time(|| {
        let pool = Pool::with_slots(3);
        let mut used = pool.take(8).unwrap();
        let before = used.look();
        drop((pool.take(16).unwrap(), pool.take(32).unwrap()));
        assert_eq!(pool.0.memory_kib(), 56);
        pool.0.release_memory();
        assert_eq!(pool.0.memory_kib(), 8);
        assert_eq!(used.look(), before);
        drop(used);
        assert_eq!(pool.take(8).unwrap().look(), before);
        pool.0.release_memory();
        assert_eq!(pool.0.memory_kib(), 0);
        let (mut one, two, three) = (pool.take(4).unwrap(), pool.take(4).unwrap(), pool.take(4).unwrap());
        assert_eq!((one.look().1, one.look().2), (4, true));
        assert_eq!(pool.0.memory_kib(), 12);
        drop((one, two, three));
        assert_eq!(pool.0.memory_kib(), 12);
    });
}

#[test]
fn a_crowd_gets_through_in_the_memory_of_the_slots() {
    in_time(|| {
        let pool = Pool::with_slots(2);
        thread::scope(|scope| {
            for caller in 0..64 {
                let pool = &pool;
                scope.spawn(move || {
                    for round in 0..50 {
                        let blocks = 1 + (caller + round) % 16;
                        let mut slot = pool.take(blocks).unwrap();
                        assert_eq!((slot.look().1, slot.look().2), (blocks, true));
                        slot.soil(|| ());
                        assert!(pool.0.memory_kib() <= 2 * 16);
                    }
                });
            }
        });
        assert_eq!(pool.0.waiting(), 0);
        assert!(lets_one_in(&pool));
    });
}
