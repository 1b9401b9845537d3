//! The file in an async host: each operation in tokio's blocking pool.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{
    BlockingJournal, BlockingPeopleJournal, BlockingStore, Expect, Journal, Key, Loaded, PeopleJournal,
    Store, Swap,
};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use tokio::task::spawn_blocking;

use super::SqliteStore;
use super::error::SqliteError;
use crate::JournalledRefusal;

/// A [`SqliteStore`] for async hosts: each operation waits for the disk in tokio's blocking pool, and keeps no
/// task of the runtime from going on. Clones share the file. Needs the feature `any`.
///
/// A request that is cancelled drops its command between two operations. A guess that was charged then keeps its place
/// until the answer window and the skew are over, three minutes by default: run each PIN attempt in a task of its own.
///
/// ```
/// use std::sync::Arc;
///
/// use pinlatch::gate::Gate;
/// use pinlatch::host::{HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
/// use pinlatch_stores::sqlite::Background;
/// # use pinlatch::people::LocalDates;
/// # use pinlatch::pin::{PepperRing, Pin};
/// # use pinlatch::secret::DeviceToken;
/// # use pinlatch_testkit::{UNMODIFIED, day, person};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("sign-in.sqlite");
/// # let dates = |_: &_| LocalDates::everywhere(day(2026, 11, 22));
/// # let (token, entry) = (DeviceToken::from_secret(person(7), &mut [1; 32]), Pin::parse("284917")?);
/// let file = Background::open(path).await?;
/// let host = HostParts {
///     store: file.clone(),
///     journal: file.clone(),
///     directory: StoredDirectory::new(file, dates),
///     clock: SystemClock,
///     offload: Inline, // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows
///     randomness: SystemRandomness,
/// };
/// let gate = Arc::new(Gate::builder(host).peppers(PepperRing::without_pepper()).build()?);
///
/// let shared = Arc::clone(&gate);
/// let attempt = async move { shared.unlock_with_pin(&token, &entry, &UNMODIFIED).await };
/// let opened = tokio::spawn(attempt).await?;
/// # assert_eq!(opened.unwrap_err().code(), pinlatch::refusal::RefusalCode::AuthenticationRequired);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Background(Arc<SqliteStore>);

impl Background {
    /// A file that is open.
    #[must_use]
    pub const fn new(file: Arc<SqliteStore>) -> Self {
        Self(file)
    }

    /// The file, for what it can do beyond this.
    #[must_use]
    pub const fn file(&self) -> &Arc<SqliteStore> {
        &self.0
    }

    /// Opens a file as [`SqliteStore::open`] does.
    ///
    /// # Errors
    /// The same.
    pub async fn open(path: PathBuf) -> Result<Self, SqliteError> {
        let opened = spawn_blocking(move || SqliteStore::open(path)).await;
        opened.map_err(not_run)?.map(|file| Self(Arc::new(file)))
    }

    /// As [`SqliteStore::people`].
    ///
    /// # Errors
    /// The file could not be read.
    pub async fn people(&self) -> Result<Vec<PersonId>, SqliteError> {
        self.run(SqliteStore::people).await
    }

    /// As [`SqliteStore::accounts`].
    ///
    /// # Errors
    /// The file could not be read.
    pub async fn accounts(&self) -> Result<Vec<PersonId>, SqliteError> {
        self.run(SqliteStore::accounts).await
    }

    /// As [`SqliteStore::remove_facts`].
    ///
    /// # Errors
    /// The file could not be written; nothing was removed.
    pub async fn remove_facts(&self, person: PersonId) -> Result<bool, SqliteError> {
        self.run(move |file| file.remove_facts(person)).await
    }

    /// As [`SqliteStore::events`].
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub async fn events(&self, person: PersonId) -> Result<Vec<Event>, SqliteError> {
        self.run(move |file| file.events(person)).await
    }

    /// As [`SqliteStore::changes`].
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub async fn changes(&self, person: PersonId) -> Result<Vec<PeopleEntry>, SqliteError> {
        self.run(move |file| file.changes(person)).await
    }

    /// As [`SqliteStore::changes_after`].
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub async fn changes_after(&self, number: u64) -> Result<Vec<PeopleEntry>, SqliteError> {
        self.run(move |file| file.changes_after(number)).await
    }

    /// As [`SqliteStore::refusals`].
    ///
    /// # Errors
    /// The file could not be read, or an entry in it.
    pub async fn refusals(
        &self,
        person: impl Into<Option<PersonId>>,
    ) -> Result<Vec<JournalledRefusal>, SqliteError> {
        let person = person.into();
        self.run(move |file| file.refusals(person)).await
    }

    /// As [`SqliteStore::remove_refusals_before`].
    ///
    /// # Errors
    /// The file could not be written; nothing was removed.
    pub async fn remove_refusals_before(&self, moment: Timestamp) -> Result<usize, SqliteError> {
        self.run(move |file| file.remove_refusals_before(moment)).await
    }

    /// As [`SqliteStore::remove_trail`].
    ///
    /// # Errors
    /// The file could not be written; nothing was removed.
    pub async fn remove_trail(&self, person: PersonId) -> Result<usize, SqliteError> {
        self.run(move |file| file.remove_trail(person)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SqliteStore) -> Result<T, SqliteError> + Send + 'static,
    ) -> Result<T, SqliteError> {
        let file = Arc::clone(&self.0);
        spawn_blocking(move || work(&file)).await.map_err(not_run)?
    }
}

/// The runtime is shutting down, or the work panicked.
fn not_run(error: tokio::task::JoinError) -> SqliteError {
    SqliteError::Engine(Box::new(error))
}

impl Store for Background {
    type Error = SqliteError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, SqliteError> {
        let key = *key;
        self.run(move |file| file.load(&key)).await
    }

    /// Once it has begun it runs to its end, even if this future is dropped. A runtime that shuts down in the middle is
    /// answered `Unknown`.
    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, SqliteError> {
        let (file, key, events) = (Arc::clone(&self.0), *key, events.to_vec());
        let swap = spawn_blocking(move || file.compare_and_swap(&key, expect, bytes, &events));
        swap.await.unwrap_or(Ok(Swap::Unknown))
    }

    fn takes_events(&self) -> bool {
        self.0.takes_events()
    }
}

impl Journal for Background {
    type Error = SqliteError;

    async fn record(&self, events: &[Event]) -> Result<(), SqliteError> {
        let events = events.to_vec();
        self.run(move |file| file.record(&events)).await
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), SqliteError> {
        let refusal = *refusal;
        self.run(move |file| file.refused(&refusal)).await
    }
}

impl PeopleJournal for Background {
    async fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), SqliteError> {
        let changes = changes.to_vec();
        self.run(move |file| file.record_people(&changes)).await
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
