//! Faults on purpose: a [`Store`](pinlatch::host::Store) that loses replies and requests, answers
//! conflicts, is down, is slow, writes late, or crashes, by a script or by a seed; a store that never
//! applies, a journal that never answers, a random source that repeats itself.
//!
//! The [`FaultyStore`] does everything that a network between a host and its store can do to an honest store, and nothing
//! that it cannot: what was answered `Applied` was applied, and an error means that nothing was
//! written. No thread, no sleep.
//!
//! ```
//! use pinlatch::host::{Blocking, Expect, Key, Store, Swap};
//! use pinlatch_testkit::faults::{Fault, FaultyStore, poll_times};
//! use pinlatch_testkit::{MemoryStore, person};
//!
//! // 1. A script has one fault for each operation, in order; what comes after it is honest.
//! let store = FaultyStore::script(Blocking(MemoryStore::new()), [Fault::ReplyLost, Fault::CrashBefore]);
//!
//! // 2. The write happens, and nobody is told.
//! let key = Key::account(person(1));
//! let written = poll_times(store.compare_and_swap(&key, Expect::Absent, b"one".to_vec(), &[]), 1);
//! assert_eq!(written, Some(Ok(Swap::Unknown)));
//!
//! // 3. After a crash no operation ever answers: drop whatever waits for it, and start anew on the
//! //    store inside, as a restarted host does.
//! assert_eq!(poll_times(store.load(&key), 100), None);
//! let restarted = FaultyStore::script(store.into_inner(), []);
//! let found = poll_times(restarted.load(&key), 1).unwrap().unwrap().unwrap();
//! assert_eq!(found.bytes, b"one");
//! ```

mod fault;
mod parts;
mod polling;
mod rates;
mod schedule;
mod store;

pub use fault::{Fault, Injected};
pub use parts::{HangingJournal, NeverApplying, RepeatingRandomness};
pub use polling::poll_times;
pub use rates::Rates;
pub use store::{FaultyStore, FaultyStoreError};
