//! What a host plugs in: [`Store`], [`Clock`], [`Directory`], [`Journal`], [`Offload`],
//! [`Randomness`].
//!
//! | trait | its dangerous wrong answer | its harmless answer |
//! |---|---|---|
//! | [`Store`] | `Applied` for a write that is not durable, or that ignored the version: guesses come free | `Conflict` or `Unknown` without need |
//! | [`Clock`] | a time far ahead: windows pass early, and nothing passes late | `None`: nothing that depends on time is granted |
//! | [`Directory`] | facts that are no longer true: rights that have ended | an error: the request is refused |
//! | [`Journal`] | `Ok` for events that were not kept | an error, or its own time-out: they are handed over again |
//! | [`Offload`] | none | running on the thread that serves requests: merely slow |
//! | [`Randomness`] | predictable bytes: tokens can be guessed | an error: the request fails |
//!
//! Futures are `Send`. A host without async implements the `Blocking…` twins, wraps each in
//! [`Blocking`], and uses [`Gate::blocking`](crate::gate::Gate::blocking): the same code path.

mod blocking;
mod changes_people;
mod clock;
mod directory;
mod forward;
mod journal;
mod offload;
mod parts;
mod randomness;
mod store;
mod stored_changes;
mod stored_directory;
mod swapping;

pub(crate) use blocking::at_once;
pub use blocking::{Blocking, BlockingDirectory, BlockingJournal, BlockingStore};
pub use changes_people::{BlockingPeopleJournal, ChangeError, ChangesPeople, PeopleJournal, WrittenPerson};
pub use clock::Clock;
#[cfg(feature = "std")]
pub use clock::SystemClock;
pub use directory::Directory;
pub use journal::Journal;
pub use offload::{Inline, Offload, OffloadError};
pub use parts::{Host, HostParts};
#[cfg(feature = "std")]
pub use randomness::SystemRandomness;
pub use randomness::{FromRng, Randomness, RandomnessError};
pub use store::{Expect, Key, Loaded, Store, Swap, Version};
pub use stored_directory::{StoredDirectory, StoredDirectoryError};
pub(crate) use swapping::{
    Decision, GivenUp, LOWERING_CONFLICTS, RAISING_CONFLICTS, Swapping, swap_until_written,
};
