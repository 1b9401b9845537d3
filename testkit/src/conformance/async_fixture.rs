//! What the kit needs from the author of a store behind a server: the same, but whatever it does may
//! wait, and may fail.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::ready;

use super::fixture::Fixture;
use super::rival::Rival;
use pinlatch::account::Event;
use pinlatch::host::{Key, Store, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

/// A [`Fixture`] that connects to a server: whatever it does is async and may fail.
///
/// An error is reported as a failure of the check that asked, with its text and those of its sources.
/// The hooks are those of [`Fixture`], and say there what they do. Every `Fixture` is one of these;
/// [`Connecting`] makes one without hooks from a closure.
pub trait AsyncFixture: Sync {
    /// The store under test.
    type Store: Store;

    /// Why something could not be done: the driver's error, or [`Infallible`].
    type Error: Into<Box<dyn Error + Send + Sync>> + Send;

    /// A store without any record, independent of the ones made before. The future runs in the
    /// executor that the kit is given, so it awaits the connection, and blocks on nothing.
    fn fresh(&self) -> impl Future<Output = Result<Self::Store, Self::Error>> + Send;

    /// As [`Fixture::another`].
    fn another(
        &self,
        store: &Self::Store,
    ) -> impl Future<Output = Result<Option<Self::Store>, Self::Error>> + Send {
        let _ = store;
        ready(Ok(None))
    }

    /// As [`Fixture::crash_and_reopen`].
    fn crash_and_reopen(
        &self,
        store: Self::Store,
    ) -> impl Future<Output = Result<Option<Self::Store>, Self::Error>> + Send {
        drop(store);
        ready(Ok(None))
    }

    /// As [`Fixture::delete`].
    fn delete(
        &self,
        store: &Self::Store,
        key: &Key,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = (store, key);
        ready(Ok(false))
    }

    /// As [`Fixture::delete_if_unchanged`].
    fn delete_if_unchanged(
        &self,
        store: &Self::Store,
        key: &Key,
        since: Version,
    ) -> impl Future<Output = Result<Option<bool>, Self::Error>> + Send {
        let _ = (store, key, since);
        ready(Ok(None))
    }

    /// As [`Fixture::lose_next_reply`].
    fn lose_next_reply(&self, store: &Self::Store) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = store;
        ready(Ok(false))
    }

    /// As [`Fixture::lose_next_request`].
    fn lose_next_request(
        &self,
        store: &Self::Store,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = store;
        ready(Ok(false))
    }

    /// As [`Fixture::interrupt_next_swap`].
    fn interrupt_next_swap(
        &self,
        store: &Self::Store,
        rival: Rival,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = (store, rival);
        ready(Ok(false))
    }

    /// As [`Fixture::interrupt_next_load`].
    fn interrupt_next_load(
        &self,
        store: &Self::Store,
        rival: Rival,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = (store, rival);
        ready(Ok(false))
    }

    /// As [`Fixture::stop_next_swap_half_way`].
    fn stop_next_swap_half_way(
        &self,
        store: &Self::Store,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = store;
        ready(Ok(false))
    }

    /// As [`Fixture::go_down`].
    fn go_down(&self, store: &Self::Store) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = store;
        ready(Ok(false))
    }

    /// As [`Fixture::events`].
    fn events(
        &self,
        store: &Self::Store,
        person: PersonId,
    ) -> impl Future<Output = Result<Option<Vec<Event>>, Self::Error>> + Send {
        let _ = (store, person);
        ready(Ok(None))
    }

    /// As [`Fixture::set_clock`].
    fn set_clock(
        &self,
        store: &Self::Store,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = (store, now);
        ready(Ok(false))
    }

    /// As [`Fixture::set_next_version`].
    fn set_next_version(
        &self,
        store: &Self::Store,
        number: u64,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send {
        let _ = (store, number);
        ready(Ok(false))
    }
}

/// The other form, which cannot fail.
impl<F: Fixture> AsyncFixture for F {
    type Store = F::Store;
    type Error = Infallible;

    async fn fresh(&self) -> Result<F::Store, Infallible> {
        Ok(Fixture::fresh(self).await)
    }

    async fn another(&self, store: &F::Store) -> Result<Option<F::Store>, Infallible> {
        Ok(Fixture::another(self, store).await)
    }

    async fn crash_and_reopen(&self, store: F::Store) -> Result<Option<F::Store>, Infallible> {
        Ok(Fixture::crash_and_reopen(self, store).await)
    }

    async fn delete(&self, store: &F::Store, key: &Key) -> Result<bool, Infallible> {
        Ok(Fixture::delete(self, store, key).await)
    }

    async fn delete_if_unchanged(
        &self,
        store: &F::Store,
        key: &Key,
        since: Version,
    ) -> Result<Option<bool>, Infallible> {
        Ok(Fixture::delete_if_unchanged(self, store, key, since).await)
    }

    async fn lose_next_reply(&self, store: &F::Store) -> Result<bool, Infallible> {
        Ok(Fixture::lose_next_reply(self, store))
    }

    async fn lose_next_request(&self, store: &F::Store) -> Result<bool, Infallible> {
        Ok(Fixture::lose_next_request(self, store))
    }

    async fn interrupt_next_swap(&self, store: &F::Store, rival: Rival) -> Result<bool, Infallible> {
        Ok(Fixture::interrupt_next_swap(self, store, rival))
    }

    async fn interrupt_next_load(&self, store: &F::Store, rival: Rival) -> Result<bool, Infallible> {
        Ok(Fixture::interrupt_next_load(self, store, rival))
    }

    async fn stop_next_swap_half_way(&self, store: &F::Store) -> Result<bool, Infallible> {
        Ok(Fixture::stop_next_swap_half_way(self, store))
    }

    async fn go_down(&self, store: &F::Store) -> Result<bool, Infallible> {
        Ok(Fixture::go_down(self, store))
    }

    async fn events(&self, store: &F::Store, person: PersonId) -> Result<Option<Vec<Event>>, Infallible> {
        Ok(Fixture::events(self, store, person).await)
    }

    async fn set_clock(&self, store: &F::Store, now: Timestamp) -> Result<bool, Infallible> {
        Ok(Fixture::set_clock(self, store, now).await)
    }

    async fn set_next_version(&self, store: &F::Store, number: u64) -> Result<bool, Infallible> {
        Ok(Fixture::set_next_version(self, store, number).await)
    }
}

/// A fixture without hooks, from an async closure that connects and may fail:
/// `Connecting(|| async { Adapter::connect(URL).await })`.
#[derive(Clone, Copy)]
pub struct Connecting<F>(
    /// Gives a store without any record, independent of the ones given before.
    pub F,
);

impl<F, Connected, S, E> AsyncFixture for Connecting<F>
where
    F: Fn() -> Connected + Sync,
    Connected: Future<Output = Result<S, E>> + Send,
    S: Store,
    E: Into<Box<dyn Error + Send + Sync>> + Send,
{
    type Store = S;
    type Error = E;

    fn fresh(&self) -> impl Future<Output = Result<S, E>> + Send {
        (self.0)()
    }
}

impl<F> fmt::Debug for Connecting<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connecting")
    }
}
