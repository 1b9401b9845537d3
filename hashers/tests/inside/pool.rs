//! Slots: how many, who is next, and what becomes of one after an error or a panic.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use argon2_rust::params::Memory;
use argon2_rust::{Algorithm, Argon2, Error, Params, Version};
use pinlatch::pin::{HashParams, HasherError};

use super::pool::Pool;
use super::{argon2id, refused};

/// Runs a test beside this thread, so that one that is stuck fails instead of running for ever.
fn in_time(test: impl FnOnce() + Send + 'static) {
    let (done, heard) = channel();
    let test = thread::spawn(move || {
        test();
        done.send(()).unwrap();
    });
    match heard.recv_timeout(Duration::from_secs(60)) {
        Err(RecvTimeoutError::Timeout) => panic!("stuck: somebody waits for a slot that never comes"),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => {
            test.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    }
}

fn pool(slots: usize) -> Arc<Pool> {
    Arc::new(Pool::new(NonZeroUsize::new(slots).unwrap()))
}

/// A computation in so little memory that it costs nothing.
fn small(memory_kib: u64) -> Argon2 {
    let params = Params::builder().memory(Memory::kib(memory_kib)).passes(1).lanes(1).build().unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A thread that takes a slot, says its name and gives the slot back.
fn caller(pool: &Arc<Pool>, name: &'static str, said: &Sender<&'static str>) -> JoinHandle<()> {
    let (pool, said) = (Arc::clone(pool), said.clone());
    thread::spawn(move || {
        let _slot = pool.slot(small(8)).unwrap();
        said.send(name).unwrap();
    })
}

/// Returns as soon as so many callers wait, or this one got through.
fn until_waiting(pool: &Pool, callers: usize, last: &JoinHandle<()>) {
    while pool.waiting() < callers && !last.is_finished() {
        thread::yield_now();
    }
}

#[test]
fn one_more_than_there_are_slots_waits() {
    in_time(|| {
        let pool = pool(2);
        let (said, heard) = channel();
        let (first, second) = (pool.slot(small(8)).unwrap(), pool.slot(small(8)).unwrap());
        let third = caller(&pool, "third", &said);
        until_waiting(&pool, 1, &third);
        assert!(!third.is_finished() && heard.try_recv().is_err(), "three in two slots");
        drop(first);
        third.join().unwrap();
        assert_eq!((heard.try_recv(), pool.waiting()), (Ok("third"), 0));
        assert_eq!(pool.memory_kib(), 16, "two memories: the third caller has the first one's");
        drop(second);
    });
}

#[test]
fn all_slots_are_used_at_once() {
    in_time(|| {
        let (pool, full) = (pool(3), Barrier::new(3));
        thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let _slot = pool.slot(small(8)).unwrap();
                    full.wait(); // fewer at a time would stay here for ever
                });
            }
        });
        assert!(pool.memory_kib() <= 24);
    });
}

#[test]
fn who_waits_longest_is_next_and_who_comes_back_at_once_does_not_overtake() {
    in_time(|| {
        let pool = pool(1);
        let (said, heard) = channel();
        let taken = pool.slot(small(8)).unwrap();
        let mut callers = Vec::new();
        for name in ["first", "second", "third", "fourth"] {
            callers.push(caller(&pool, name, &said));
            until_waiting(&pool, callers.len(), callers.last().unwrap());
        }
        drop(taken);
        let _again = pool.slot(small(8)).unwrap();
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["first", "second", "third", "fourth"]);
        for caller in callers {
            caller.join().unwrap();
        }
    });
}

#[test]
fn smaller_parameters_fit_into_the_memory_of_larger_ones() {
    let pool = pool(1);
    for (asked, held) in [(64, 64), (8, 64), (64, 64), (128, 128), (8, 128)] {
        drop(pool.slot(small(asked)).unwrap());
        assert_eq!(pool.memory_kib(), held);
    }
    let taken = pool.slot(small(8)).unwrap();
    pool.release_memory();
    assert_eq!(pool.memory_kib(), 128, "a hash runs in it");
    drop(taken);
    pool.release_memory();
    assert_eq!(pool.memory_kib(), 0);
}

#[test]
fn memory_that_cannot_be_had_or_a_panic_costs_no_slot() {
    in_time(|| {
        let pool = pool(1);
        drop(pool.slot(small(64)).unwrap());
        let beyond = small(0xFFFF_FFFF); // 4 TiB
        match pool.slot(beyond) {
            Err(error) => assert_eq!((error, pool.memory_kib()), (HasherError::OutOfMemory, 0)),
            Ok(_) => assert_eq!(pool.memory_kib(), 0xFFFF_FFFC, "a system that promises more than it has"),
        }
        pool.release_memory();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _slot = pool.slot(small(8)).unwrap();
            resume_unwind(Box::new("a panic while hashing"));
        }));
        assert!(panicked.is_err());
        drop(pool.slot(small(8)).unwrap());
        assert_eq!((pool.memory_kib(), pool.waiting()), (8, 0));
    });
}

#[test]
fn each_error_says_what_it_is() {
    assert_eq!(refused(Error::MemoryAllocationError), HasherError::OutOfMemory);
    assert_eq!(refused(Error::IncorrectParameter), HasherError::Failed);
}

#[test]
fn the_parameters_are_passed_on_whole() {
    for params in [HashParams::DEFAULT, HashParams::STRONG, HashParams::new(262_144, 16).unwrap()] {
        let argon2 = argon2id(params).unwrap();
        let passed = *argon2.params();
        assert_eq!((passed.memory_kib(), passed.passes()), (params.memory_kib(), params.passes()));
        assert_eq!((passed.lanes(), passed.threads(), passed.tag_len_bytes()), (1, 1, 32));
        assert_eq!((argon2.algorithm(), argon2.version()), (Algorithm::Argon2id, Version::V0x13));
    }
}
