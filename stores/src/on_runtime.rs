//! A server's store in a host without async.

use std::fmt;
use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{
    BlockingJournal, BlockingPeopleJournal, BlockingStore, Expect, Journal, Key, Loaded, PeopleJournal,
    Store, Swap,
};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::unconstrained;

/// An async store with a small runtime of its own, for hosts without async: each operation makes the calling thread
/// wait, also one of another runtime. Only a future of its own runtime cannot ask it, which would wait for itself.
///
/// It is a [`BlockingStore`], and a [`BlockingJournal`] where the engine keeps the audit trail, used like a
/// [`SqliteStore`](crate::sqlite::SqliteStore) as `Blocking(Arc::clone(&store))`:
///
/// ```no_run
/// use std::sync::Arc;
///
/// use pinlatch_stores::any::AnyStore;
/// use pinlatch_stores::on_runtime::OnRuntime;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let address = std::env::var("DATABASE_URL")?;
/// let store = OnRuntime::open(async move { AnyStore::open(&address).await })?;
/// let store = Arc::new(store);
/// # let _ = store;
/// # Ok(())
/// # }
/// ```
pub struct OnRuntime<S> {
    store: Arc<S>,
    runtime: Arc<Own>,
}

/// A runtime, there until this is dropped.
struct Own(Option<Runtime>);

/// Why nothing came of an operation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnRuntimeError<E> {
    /// The store's own error.
    #[error(transparent)]
    Store(E),
    /// The runtime could not be made, or an operation panicked in it.
    #[error("the store's runtime does not run")]
    NotRun(#[source] io::Error),
}

impl<S> OnRuntime<S> {
    /// Makes a runtime of one thread, which moves the bytes of all operations, and opens the store in it.
    ///
    /// # Errors
    /// The system gives no thread, or the store cannot be opened.
    pub fn open<E>(opens: impl Future<Output = Result<S, E>>) -> Result<Self, OnRuntimeError<E>> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        // Owned before anything can fail.
        let runtime = Own(Some(runtime.map_err(OnRuntimeError::NotRun)?));
        let store = runtime.runs(|| opens).map_err(OnRuntimeError::NotRun)?.map_err(OnRuntimeError::Store)?;
        Ok(Self { store: Arc::new(store), runtime: Arc::new(runtime) })
    }

    /// The store, for what it can do beyond this.
    #[must_use]
    pub const fn store(&self) -> &Arc<S> {
        &self.store
    }

    /// Another part of the host on the same runtime, made from the store: its journal, as
    /// `store.with(|any| any.journal_or(Blocking(mine)))`.
    pub fn with<T>(&self, part: impl FnOnce(&S) -> T) -> OnRuntime<T> {
        OnRuntime { store: Arc::new(part(&self.store)), runtime: Arc::clone(&self.runtime) }
    }

    /// Runs a future of the store to its end: `store.wait(async move { any.people().await })`.
    ///
    /// # Errors
    /// It panicked; or this is asked by a future of this runtime, and nothing was begun.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> io::Result<T> {
        self.runtime.runs(|| future)
    }

    fn asks<T, E, F>(&self, question: impl FnOnce() -> F) -> Result<T, OnRuntimeError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.runtime.runs(question).map_err(OnRuntimeError::NotRun)?.map_err(OnRuntimeError::Store)
    }
}

/// The future runs on the caller's thread, so that a journal of the host's that takes its time keeps nobody else waiting; the
/// runtime moves the bytes. On a thread of another runtime tokio's own `block_on` would panic, and a future that is not
/// unconstrained would use up what that runtime lets a task do at once, and wait for more without an end.
///
/// # Errors
/// It panicked, after whatever it had done until then.
fn finished<F: Future>(runtime: &Runtime, makes: impl FnOnce() -> F) -> io::Result<F::Output> {
    let _within = runtime.enter();
    // Made within, too: a store may begin before it is awaited.
    let done = catch_unwind(AssertUnwindSafe(|| pollster::block_on(unconstrained(makes()))));
    done.map_err(|_| io::Error::other("it panicked"))
}

impl<S: Store + 'static> BlockingStore for OnRuntime<S> {
    type Error = OnRuntimeError<S::Error>;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
        self.asks(|| self.store.load(key))
    }

    /// One that panicked is answered `Unknown`; what was not begun, as from a future of the own runtime, is an error.
    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error> {
        let runtime = self.runtime.ready().map_err(OnRuntimeError::NotRun)?;
        let swapped = finished(runtime, || self.store.compare_and_swap(key, expect, bytes, events));
        swapped.map_or(Ok(Swap::Unknown), |swapped| swapped.map_err(OnRuntimeError::Store))
    }

    fn takes_events(&self) -> bool {
        self.store.takes_events()
    }
}

impl<S: Journal + 'static> BlockingJournal for OnRuntime<S> {
    type Error = OnRuntimeError<S::Error>;

    fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
        self.asks(|| self.store.record(events))
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Self::Error> {
        self.asks(|| self.store.refused(refusal))
    }
}

impl<S: PeopleJournal + 'static> BlockingPeopleJournal for OnRuntime<S> {
    fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), Self::Error> {
        self.asks(|| self.store.record_people(changes))
    }
}

impl Own {
    fn runs<F: Future>(&self, makes: impl FnOnce() -> F) -> io::Result<F::Output> {
        finished(self.ready()?, makes)
    }

    /// # Errors
    /// It cannot be waited for here: nothing was begun.
    fn ready(&self) -> io::Result<&Runtime> {
        let stopped = || io::Error::other("the runtime was stopped");
        let runtime = self.0.as_ref().ok_or_else(stopped)?;
        if Handle::try_current().is_ok_and(|here| here.id() == runtime.handle().id()) {
            return Err(io::Error::other(
                "a future of a runtime cannot wait for that runtime: await the store instead",
            ));
        }
        Ok(runtime)
    }
}

impl Drop for Own {
    /// Dropping a runtime inside another one would panic; so this one ends by itself.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for OnRuntime<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OnRuntime({:?})", self.store)
    }
}
