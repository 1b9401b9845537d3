//! Where CPU-heavy work runs.

/// The work did not finish: the pool is shut down, or the work panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the offloaded work did not finish: look at the pool it ran in")]
pub struct OffloadError;

/// Runs one CPU-heavy closure, 13 to 20 ms of Argon2, where the host wants it.
pub trait Offload: Send + Sync {
    /// Runs `work` to its end and answers with its result. An async host hands it to its blocking
    /// pool.
    ///
    /// This decides which threads hash; how many hashes run at a time, and so how much memory they
    /// take (19 MiB each by default), is decided by `pin::PooledArgon2id` under either kind of host.
    /// Let an async host hand over no more work than that has slots: then requests wait as futures,
    /// not as threads. The permit goes along with the work, since work that nobody waits for any
    /// more still runs: see `examples/async_host.rs`.
    ///
    /// # Errors
    /// [`OffloadError`] if the work did not finish. A PIN attempt is void after the answer window then.
    fn run<T, W>(&self, work: W) -> impl Future<Output = Result<T, OffloadError>> + Send
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static;
}

/// Runs the work right here, on the calling thread. The default, and right for a blocking host: its
/// threads wait for a slot of the hasher, the longest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inline;

impl Offload for Inline {
    fn run<T, W>(&self, work: W) -> impl Future<Output = Result<T, OffloadError>> + Send
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        core::future::ready(Ok(work()))
    }
}
