//! The connections: few, each set up before its first use, none used again after it left a question
//! unanswered.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, Object, PoolError, QueueMode, TimeoutType, Timeouts};
use futures_util::future::try_join_all;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::classify::{Ended, Failure, keeps_connection};
use super::error::PostgresError;
use super::settings::{Risk, UnsafeSetting, set_up};
use crate::connections::{Connections, Meter};
use crate::patience::after;

/// What sets up each new connection.
pub(super) struct SetUp {
    /// The statements that set the session and read what must be so.
    pub(super) session: String,
    pub(super) accepted: Vec<Risk>,
    /// What is prepared at once, in one turn.
    pub(super) prepared: Vec<String>,
}

pub(super) struct Pool {
    driver: deadpool_postgres::Pool,
    patience: Duration,
    /// What the last connection was refused for: a hook of the pool has no typed errors.
    refused: Arc<Mutex<Option<UnsafeSetting>>>,
    meter: Arc<Meter>,
}

impl Pool {
    pub(super) fn new(
        manager: Manager,
        connections: NonZeroUsize,
        patience: Duration,
        set_up: SetUp,
    ) -> Result<Self, PostgresError> {
        let refused = Arc::new(Mutex::new(None));
        let meter = Arc::new(Meter::default());
        let hook = hook(set_up, Arc::clone(&refused), Arc::clone(&meter));
        // The last one used is the warmest. Time-outs are set around all of it.
        let driver = deadpool_postgres::Pool::builder(manager)
            .max_size(connections.get())
            .queue_mode(QueueMode::Lifo)
            .post_create(hook)
            .build()
            .map_err(|error| PostgresError::CannotConnect(Box::new(error)))?;
        Ok(Self { driver, patience, refused, meter })
    }

    /// Until when an operation that begins now may take.
    pub(super) fn deadline(&self) -> Instant {
        after(self.patience)
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
        let until = deadline.min(after(wait));
        let at_once = Timeouts { wait: Some(Duration::ZERO), ..Timeouts::default() };
        let had = timeout_at(until, self.driver.timeout_get(&at_once)).await;
        let had = match had {
            Ok(Err(PoolError::Timeout(TimeoutType::Wait))) => self.wait_in_line(until).await,
            had => had,
        };
        match had {
            Ok(Ok(object)) => Ok(Lease { object: Some(object), meter: Arc::clone(&self.meter) }),
            Ok(Err(error)) => Err(self.why(error)),
            Err(_) => Err(PostgresError::NoConnection { waited: wait }),
        }
    }

    async fn wait_in_line(
        &self,
        until: Instant,
    ) -> Result<Result<Object, PoolError>, tokio::time::error::Elapsed> {
        let waiting = self.meter.wait();
        let had = timeout_at(until, self.driver.get()).await;
        if had.is_ok() {
            waiting.served();
        }
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
        let status = self.driver.status();
        self.meter.read(status.max_size, status.size, status.available)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.connections().fmt(f)
    }
}

/// A connection in use. Dropped without having been given back, it is closed: a caller that stopped waiting,
/// or was cancelled, leaves a statement on it that may still run.
struct Lease {
    object: Option<Object>,
    meter: Arc<Meter>,
}

impl Lease {
    async fn asked(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Failure> {
        let Some(connection) = &self.object else {
            return Err(Failure::not_sent(PostgresError::NoConnection { waited: Duration::ZERO }));
        };
        let statement = connection.prepare_cached(sql).await.map_err(Failure::not_prepared)?;
        connection.query(&statement, parameters).await.map_err(Failure::asked)
    }

    fn give_back(mut self) {
        drop(self.object.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            self.meter.given_up();
            drop(Object::take(object));
        }
    }
}

fn hook(set_up_by: SetUp, refused: Arc<Mutex<Option<UnsafeSetting>>>, meter: Arc<Meter>) -> Hook {
    let set_up_by = Arc::new(set_up_by);
    Hook::async_fn(move |client, _| {
        let (by, refused, meter) = (Arc::clone(&set_up_by), Arc::clone(&refused), Arc::clone(&meter));
        Box::pin(async move {
            if let Some(found) =
                set_up(client, &by.session, &by.accepted).await.map_err(HookError::Backend)?
            {
                *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
                return Err(HookError::message("unsafe"));
            }
            let prepared = try_join_all(by.prepared.iter().map(|sql| client.prepare_cached(sql))).await;
            prepared.map_err(HookError::Backend)?;
            meter.made();
            Ok(())
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
