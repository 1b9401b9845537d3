//! The connections: few, each set up before its first use, none used again while a question is unanswered.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, Object, PoolError, QueueMode, Timeouts};
use futures_util::future::try_join_all;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::classify::{Ended, Failure, keeps_connection};
use super::error::PostgresError;
use super::settings::{Risk, UnsafeSetting, set_up};
use crate::connections::{Connections, Meter};
use crate::patience::after;
use crate::places::{Place, Places};

/// What sets up each new connection.
pub(super) struct SetUp {
    /// The statements that set the session and read what must be so.
    pub(super) session: String,
    pub(super) accepted: Vec<Risk>,
    /// What is prepared at once, in one turn.
    pub(super) prepared: Vec<String>,
}

/// PostgreSQL's `max_connections` goes no higher, and the driver's pool makes room for all at once.
const MOST: NonZeroUsize = NonZeroUsize::new(262_143).unwrap();

/// What the driver's pool gave, and the place that it was given for.
type Had = (Result<Object, PoolError>, Place);

pub(super) struct Pool {
    driver: deadpool_postgres::Pool,
    /// One for each connection that there may be.
    places: Places,
    patience: Duration,
    /// What the last connection was refused for: a hook of the pool has no typed errors.
    refused: Arc<Mutex<Option<UnsafeSetting>>>,
    meter: Arc<Meter>,
    runtime: Handle,
}

impl Pool {
    /// Called in the runtime that the store is used in.
    pub(super) fn new(
        manager: Manager,
        connections: NonZeroUsize,
        patience: Duration,
        set_up: SetUp,
    ) -> Result<Self, PostgresError> {
        let refused = Arc::new(Mutex::new(None));
        let meter = Arc::new(Meter::default());
        let hook = hook(set_up, Arc::clone(&refused), Arc::clone(&meter));
        let connections = connections.min(MOST);
        // The last one used is the warmest. Time-outs are set around all of it.
        let driver = deadpool_postgres::Pool::builder(manager)
            .max_size(connections.get())
            .queue_mode(QueueMode::Lifo)
            .post_create(hook)
            .build()
            .map_err(|error| PostgresError::CannotConnect(Box::new(error)))?;
        let places = Places::new(connections);
        Ok(Self { driver, places, patience, refused, meter, runtime: Handle::current() })
    }

    /// How long an operation waits for a connection: a quarter of its patience. What is left is more than the server takes
    /// until it gives up.
    pub(super) fn wait(patience: Duration) -> Duration {
        patience.checked_div(4).unwrap_or_default()
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
        } else {
            lease.close();
        }
        answered
    }

    async fn lease(&self, deadline: Instant) -> Result<Lease, PostgresError> {
        let wait = Self::wait(self.patience);
        let until = deadline.min(after(wait));
        let none = || PostgresError::NoConnection { waited: wait };
        // In vain, unless it is served.
        let (begun, mut waiting) = (Instant::now(), None);
        let place = self.places.take(until, &self.meter, &mut waiting).await.ok_or_else(none)?;
        let Some((had, place)) = self.had(place, until).await else {
            waiting.get_or_insert_with(|| self.meter.wait_since(begun));
            return Err(none());
        };
        let object = had.map_err(|error| self.why(error))?;
        if let Some(waiting) = waiting {
            waiting.served();
        }
        let (meter, runtime) = (Arc::clone(&self.meter), self.runtime.clone());
        Ok(Lease { object: Some(object), deadline, meter, runtime, place: Some(place) })
    }

    /// A connection, for whoever has a place. A new one is made by a task of its own, which keeps the place and has the whole
    /// time for it: whoever hangs up meanwhile, or came late to a place, leaves it to the next; and of several servers one
    /// that hangs is left behind.
    async fn had(&self, place: Place, until: Instant) -> Option<Had> {
        let (driver, end) = (self.driver.clone(), after(Self::wait(self.patience)));
        // What broke while nobody used it is none: a new one would be made in its place.
        driver.retain(|client, _| !client.is_closed());
        let is_idle = driver.status().available > 0;
        let having = async move {
            // There are as many places: it waits for nobody.
            let at_once = Timeouts { wait: Some(Duration::ZERO), ..Timeouts::default() };
            let had = timeout_at(end, driver.timeout_get(&at_once)).await.ok()?;
            Some((had, place))
        };
        if is_idle {
            return timeout_at(until, having).await.ok()?;
        }
        timeout_at(until, self.runtime.spawn(having)).await.ok()?.ok()?
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

/// A connection in use. Dropped without a word, as by a caller that was cancelled, it keeps its place until the server has
/// answered what it was asked, or until the deadline: a server that waits for a lock does not notice who hung up, and whoever
/// hangs up again and again would have it make a connection each time. It is not asked to stop: that would end its wait for
/// a standby, too, and show others a write that the standby does not have.
struct Lease {
    object: Option<Object>,
    deadline: Instant,
    meter: Arc<Meter>,
    runtime: Handle,
    place: Option<Place>,
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

    /// Frees its place, and is not used again.
    fn close(mut self) {
        if let Some(object) = self.object.take() {
            close(object, &self.meter);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let (deadline, meter, place) = (self.deadline, Arc::clone(&self.meter), self.place.take());
        self.runtime.spawn(async move {
            // It is answered after whatever was asked before.
            match timeout_at(deadline, object.simple_query("")).await {
                Ok(Ok(_)) => drop(object),
                _ => close(object, &meter),
            }
            drop(place);
        });
    }
}

fn close(object: Object, meter: &Meter) {
    meter.given_up();
    drop(Object::take(object));
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
