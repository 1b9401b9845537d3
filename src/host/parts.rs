//! The one trait that names all parts of a host.

#[cfg(feature = "std")]
use super::blocking::{Blocking, BlockingDirectory, BlockingJournal, BlockingStore};
use super::clock::Clock;
#[cfg(feature = "std")]
use super::clock::SystemClock;
use super::directory::Directory;
use super::journal::Journal;
#[cfg(feature = "std")]
use super::offload::Inline;
use super::offload::Offload;
use super::randomness::Randomness;
#[cfg(feature = "std")]
use super::randomness::SystemRandomness;
use super::store::Store;

/// Everything that a host plugs in. A [`Gate`](crate::gate::Gate) is a gate over one host, so that an
/// application names its parts once, here.
///
/// [`HostParts`] is the ready-made host. Implement this trait where the application has a type that
/// holds the parts already, or wants a short name for all of them.
pub trait Host: Send + Sync {
    /// Keeps the accounts.
    type Store: Store;
    /// Tells the time.
    type Clock: Clock;
    /// Knows the people.
    type Directory: Directory;
    /// Takes the audit events.
    type Journal: Journal;
    /// Runs Argon2id.
    type Offload: Offload;
    /// Draws tokens and ids.
    type Randomness: Randomness;

    /// Keeps the accounts.
    fn store(&self) -> &Self::Store;
    /// Tells the time.
    fn clock(&self) -> &Self::Clock;
    /// Knows the people.
    fn directory(&self) -> &Self::Directory;
    /// Takes the audit events.
    fn journal(&self) -> &Self::Journal;
    /// Runs Argon2id.
    fn offload(&self) -> &Self::Offload;
    /// Draws tokens and ids.
    fn randomness(&self) -> &Self::Randomness;
}

/// A host made of its six parts. [`blocking`](Self::blocking) is the short way for a host without
/// async.
///
/// ```
/// use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
/// use pinlatch::people::LocalDates;
/// # use pinlatch_testkit::{CollectingJournal, MemoryStore, day};
///
/// // A directory that changes people, for "Users and roles"; the dates are those of your calendar.
/// let today = LocalDates::everywhere(day(2026, 11, 22));
/// let directory = StoredDirectory::new(Blocking(MemoryStore::new()), move |_| today.clone());
/// let host = HostParts {
///     store: Blocking(MemoryStore::new()),
///     clock: SystemClock,
///     directory,
///     journal: Blocking(CollectingJournal::new()),
///     offload: Inline,
///     randomness: SystemRandomness,
/// };
/// # fn is_a_host(_: &impl pinlatch::host::Host) {}
/// # is_a_host(&host);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct HostParts<S, C, D, J, O, R> {
    /// Keeps the accounts.
    pub store: S,
    /// Tells the time.
    pub clock: C,
    /// Knows the people.
    pub directory: D,
    /// Takes the audit events.
    pub journal: J,
    /// Runs Argon2id: [`Inline`](super::Inline) for a blocking host, a blocking pool for an async one.
    pub offload: O,
    /// Draws tokens and ids: `SystemRandomness` unless there is a reason.
    pub randomness: R,
}

#[cfg(feature = "std")]
impl<S: BlockingStore, D: BlockingDirectory, J: BlockingJournal>
    HostParts<Blocking<S>, SystemClock, Blocking<D>, Blocking<J>, Inline, SystemRandomness>
{
    /// A host without async, on the system's clock and random source, that hashes on the calling
    /// thread. It does not take a [`StoredDirectory`](super::StoredDirectory), which is a directory as it is, over a
    /// blocking store too; with one, write out all six parts, as above, so that the commands of "Users and roles" are
    /// there.
    pub const fn blocking(store: S, directory: D, journal: J) -> Self {
        Self {
            store: Blocking(store),
            clock: SystemClock,
            directory: Blocking(directory),
            journal: Blocking(journal),
            offload: Inline,
            randomness: SystemRandomness,
        }
    }
}

impl<S, C, D, J, O, R> Host for HostParts<S, C, D, J, O, R>
where
    S: Store,
    C: Clock,
    D: Directory,
    J: Journal,
    O: Offload,
    R: Randomness,
{
    type Store = S;
    type Clock = C;
    type Directory = D;
    type Journal = J;
    type Offload = O;
    type Randomness = R;

    fn store(&self) -> &S {
        &self.store
    }

    fn clock(&self) -> &C {
        &self.clock
    }

    fn directory(&self) -> &D {
        &self.directory
    }

    fn journal(&self) -> &J {
        &self.journal
    }

    fn offload(&self) -> &O {
        &self.offload
    }

    fn randomness(&self) -> &R {
        &self.randomness
    }
}
