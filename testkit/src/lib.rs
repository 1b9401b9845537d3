//! For tests of hosts and stores of [`pinlatch`]: a strict store, a manual clock, a collecting journal
//! and a directory in memory, randomness that is the same in every run, a quick hasher that counts, and
//! a [`World`] in which people and phones read like the rules. [`faults`] makes any store lose, delay
//! and refuse; [`conformance`] judges a store of yours; [`rig`] starts real servers and breaks their wires.
//!
//! ```
//! use pinlatch::refusal::RefusalCode;
//! use pinlatch_testkit::World;
//!
//! let world = World::new();
//! let anna = world.employee();
//! let mut phone = world.phone(anna);
//! phone.sign_in().unwrap();
//! phone.create_pin("284917").unwrap();
//! phone.lock().unwrap();
//! assert_eq!(phone.unlock("111222"), Err(RefusalCode::IncorrectPin));
//! phone.unlock("284917").unwrap();
//! ```
//!
//! # Testing your own host
//!
//! Put your store and journal beside a clock that the test sets and a hasher that is quick:
//!
//! ```
//! use std::sync::Arc;
//!
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{Blocking, HostParts, Inline};
//! use pinlatch::pin::PepperRing;
//! use pinlatch_testkit::{
//!     CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, QuickHasher, SeededRandomness, minutes, today,
//! };
//!
//! let clock = Arc::new(ManualClock::default());
//! let host = HostParts {
//!     store: Blocking(MemoryStore::new()), // yours
//!     clock: Arc::clone(&clock),
//!     directory: Blocking(MemoryDirectory::on(today())), // yours
//!     journal: Blocking(CollectingJournal::new()), // yours
//!     offload: Inline,
//!     randomness: SeededRandomness::new(1),
//! };
//! let gate = Gate::builder(host).hasher(QuickHasher::new()).peppers(PepperRing::without_pepper()).build().unwrap();
//! clock.advance(minutes(20));
//! # let _ = gate;
//! ```
//!
//! What is made here is made through public constructors and real sign-ins: no session, permit or
//! opening comes out of it that `pinlatch` itself would not give.
//!
//! Nothing in here is secret or secure. A dev-dependency, never a part of what you ship.
#![forbid(unsafe_code)]
#![warn(clippy::pedantic)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
pub mod conformance;
mod directory;
pub mod faults;
mod hasher;
mod journal;
mod memory_fixture;
mod people;
mod phone;
mod randomness;
pub mod rig;
pub mod shelf;
mod spans;
mod store;
mod unavailable;
mod world;

pub use clock::ManualClock;
pub use directory::MemoryDirectory;
pub use hasher::QuickHasher;
pub use journal::CollectingJournal;
pub use memory_fixture::MemoryStoreFixture;
pub use people::{ACME, BOLT, company, day, person, since_last_year, today};
pub use phone::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, pin};
pub use randomness::SeededRandomness;
pub use spans::{days, hours, millis, minutes, seconds};
pub use store::MemoryStore;
pub use unavailable::Unavailable;
pub use world::{InBrowser, TestHost, World, WorldBuilder};

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
pub mod readme {}
