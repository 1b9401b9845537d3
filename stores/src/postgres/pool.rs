//! The connections: few, each set up before its first use, none used again after it left a question
//! unanswered.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, Object, Pool, PoolError, QueueMode, TimeoutType, Timeouts,
};
use futures_util::future::try_join_all;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::classify::{Ended, Failure, keeps_connection};
use super::error::PostgresError;
use super::settings::{Risk, UnsafeSetting, set_up};

/// The connections of a store at one moment, and how often they were waited for since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connections {
    /// How many there may be.
    pub at_most: usize,
    /// How many there are.
    pub open: usize,
    /// How many of these nobody uses.
    pub idle: usize,
    /// How many callers wait for one, or for one that is being made.
    pub waiting: usize,
    /// How often a caller found all of them in use and waited.
    pub waits: u64,
    /// How long, all waits together.
    pub waited: Duration,
    /// How many of these waits were in vain.
    pub waits_in_vain: u64,
}

/// What sets up each new connection.
pub(super) struct SetUp {
    /// The statements that set the session and read what must be so.
    pub(super) session: String,
    pub(super) accepted: Vec<Risk>,
    /// What is prepared at once, in one turn.
    pub(super) prepared: Vec<String>,
}

pub(super) struct Connecting {
    pool: Pool,
    patience: Duration,
    /// What the last connection was refused for: a hook of the pool has no typed errors.
    refused: Arc<Mutex<Option<UnsafeSetting>>>,
    waits: AtomicU64,
    waited_micros: AtomicU64,
    waits_in_vain: AtomicU64,
}

impl Connecting {
    pub(super) fn new(
        manager: Manager,
        connections: NonZeroUsize,
        patience: Duration,
        set_up: SetUp,
    ) -> Result<Self, PostgresError> {
        let refused = Arc::new(Mutex::new(None));
        let hook = hook(set_up, Arc::clone(&refused));
        // The last one used is the warmest. Time-outs are set around all of it.
        let pool = Pool::builder(manager)
            .max_size(connections.get())
            .queue_mode(QueueMode::Lifo)
            .post_create(hook)
            .build()
            .map_err(|error| PostgresError::CannotConnect(Box::new(error)))?;
        let [waits, waited_micros, waits_in_vain] = [(); 3].map(|()| AtomicU64::new(0));
        Ok(Self { pool, patience, refused, waits, waited_micros, waits_in_vain })
    }

    /// Until when an operation that begins now may take.
    pub(super) fn deadline(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.patience).unwrap_or(now)
    }

    /// Runs one statement, on a connection that commits by itself.
    pub(super) async fn ask(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
        deadline: Instant,
    ) -> Result<Vec<Row>, Failure> {
        let lease = self.lease(deadline).await.map_err(Failure::not_sent)?;
        let answered = timeout_at(deadline, lease.asked(sql, parameters)).await.unwrap_or_else(|_| {
            let error = PostgresError::TimedOut { patience: self.patience };
            Err(Failure { ended: Ended::TimedOut, error })
        });
        if answered.as_ref().map_or_else(|failure| keeps_connection(&failure.ended), |_| true) {
            lease.give_back();
        }
        answered
    }

    /// A connection, in a quarter of the patience: what is left is more than the server takes until it gives
    /// up.
    async fn lease(&self, deadline: Instant) -> Result<Lease, PostgresError> {
        let wait = self.patience.checked_div(4).unwrap_or_default();
        let until = deadline.min(Instant::now().checked_add(wait).unwrap_or(deadline));
        let at_once = Timeouts { wait: Some(Duration::ZERO), ..Timeouts::default() };
        let had = timeout_at(until, self.pool.timeout_get(&at_once)).await;
        let had = match had {
            Ok(Err(PoolError::Timeout(TimeoutType::Wait))) => self.wait_in_line(until).await,
            had => had,
        };
        match had {
            Ok(Ok(object)) => Ok(Lease(Some(object))),
            Ok(Err(error)) => Err(self.why(error)),
            Err(_) => Err(PostgresError::NoConnection { waited: wait }),
        }
    }

    async fn wait_in_line(
        &self,
        until: Instant,
    ) -> Result<Result<Object, PoolError>, tokio::time::error::Elapsed> {
        let start = Instant::now();
        let had = timeout_at(until, self.pool.get()).await;
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waits.fetch_add(1, Ordering::Relaxed);
        self.waited_micros.fetch_add(micros, Ordering::Relaxed);
        self.waits_in_vain.fetch_add(u64::from(had.is_err()), Ordering::Relaxed);
        had
    }

    fn why(&self, error: PoolError) -> PostgresError {
        match error {
            PoolError::PostCreateHook(HookError::Message(_)) => {
                let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
                refused.map_or(PostgresError::Upgrading, PostgresError::Unsafe)
            }
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                PostgresError::connecting(error)
            }
            error => PostgresError::CannotConnect(Box::new(error)),
        }
    }

    pub(super) fn connections(&self) -> Connections {
        let status = self.pool.status();
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Connections {
            at_most: status.max_size,
            open: status.size,
            idle: status.available,
            waiting: status.waiting,
            waits: read(&self.waits),
            waited: Duration::from_micros(read(&self.waited_micros)),
            waits_in_vain: read(&self.waits_in_vain),
        }
    }
}

impl fmt::Debug for Connecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.connections().fmt(f)
    }
}

/// A connection in use. Dropped without having been given back, it is closed: a caller that stopped waiting,
/// or was cancelled, leaves a statement on it that may still run.
struct Lease(Option<Object>);

impl Lease {
    async fn asked(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Failure> {
        let Some(connection) = &self.0 else {
            return Err(Failure::not_sent(PostgresError::NoConnection { waited: Duration::ZERO }));
        };
        let statement = connection.prepare_cached(sql).await.map_err(Failure::not_prepared)?;
        connection.query(&statement, parameters).await.map_err(Failure::asked)
    }

    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.0.take().map(Object::take));
    }
}

fn hook(set_up_by: SetUp, refused: Arc<Mutex<Option<UnsafeSetting>>>) -> Hook {
    let set_up_by = Arc::new(set_up_by);
    Hook::async_fn(move |client, _| {
        let (by, refused) = (Arc::clone(&set_up_by), Arc::clone(&refused));
        Box::pin(async move {
            if let Some(found) =
                set_up(client, &by.session, &by.accepted).await.map_err(HookError::Backend)?
            {
                *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
                return Err(HookError::message("unsafe"));
            }
            let prepared = try_join_all(by.prepared.iter().map(|sql| client.prepare_cached(sql))).await;
            prepared.map(drop).map_err(HookError::Backend)
        })
    })
}

/// Does it within this time.
pub(super) async fn within<T>(
    patience: Duration,
    does: impl Future<Output = Result<T, PostgresError>>,
) -> Result<T, PostgresError> {
    timeout(patience, does).await.unwrap_or(Err(PostgresError::TimedOut { patience }))
}
