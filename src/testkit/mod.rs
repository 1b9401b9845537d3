//! For tests, of this crate and of hosts (feature `testkit`): a strict memory store, a manual
//! clock, a collecting journal, a memory directory, deterministic randomness, a quick hasher that
//! counts, and a [`World`] in which people and phones read like the rules. [`faults`] makes any
//! store lose, delay and refuse.
//!
//! ```
//! use pinlatch::refusal::RefusalCode;
//! use pinlatch::testkit::World;
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
//! Nothing in here is secret or secure. Do not enable the feature in what you ship.

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
mod sessions;
pub mod shelf;
mod store;
mod unavailable;
mod world;

pub use clock::ManualClock;
pub use directory::MemoryDirectory;
pub use hasher::QuickHasher;
pub use journal::CollectingJournal;
pub use memory_fixture::MemoryStoreFixture;
pub use people::{ACME, BOLT, TODAY, company, day, person, since_last_year};
pub use phone::{ANOTHER_PIN, PIN, Phone, WRONG_PIN, pin};
pub use randomness::SeededRandomness;
pub use sessions::{locked_session, opening};
pub use store::MemoryStore;
pub use unavailable::Unavailable;
pub use world::{TestGate, World, WorldBuilder};
