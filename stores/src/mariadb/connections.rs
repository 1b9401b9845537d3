//! The connections: how many, how long one waits for one, and when one is thrown away.
//!
//! The driver's pool keeps them, and looks before each use whether the server has closed one. Around it are a queue with
//! an end (the driver's waits without one) and a rule: a connection goes back only after the server has answered
//! everything. What was cancelled, timed out or broke is closed. Nothing is reset on the way back: that would undo
//! the session's settings, and cost a turn.

use std::fmt;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, Pool, PoolConstraints, PoolOpts, Row, UrlError};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::error::MariaDbError;
use super::options::{MariaDbOptions, Risk};
use super::schema;
use super::settings::{LONGEST_PATIENCE, MAX_REQUEST_BYTES, READ, Settings};
use super::sql::Tables;
use crate::patience::{after, fifths};

/// How long a farewell to the server may take, before the connection is closed without one.
const FAREWELL: Duration = Duration::from_millis(100);

/// A peer that has gone silently is noticed by the system, and not by the next request alone.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The longest answer: a list of people or a trail comes in rows, and each is far shorter.
const MAX_ANSWER_BYTES: usize = 16 << 20;

const NO_TLS: &str =
    "it asks for encryption, which is not compiled in: use a tunnel, or a socket (`?socket=/path`)";

/// How many connections there are, and how they were waited for, since the store was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connections {
    /// How many there may be.
    pub most: usize,
    /// How many there are.
    pub open: usize,
    /// How many of these nobody uses.
    pub idle: usize,
    /// How many operations wait for one.
    pub waiting: u64,
    /// How many operations had to wait, those that wait now included.
    pub waits: u64,
    /// How long they waited together.
    pub waited: Duration,
    /// How many of them waited in vain.
    pub in_vain: u64,
}

#[derive(Debug, Default)]
struct Meter {
    waiting: AtomicU64,
    waits: AtomicU64,
    waited_micros: AtomicU64,
    in_vain: AtomicU64,
}

pub(super) struct Pooled {
    driver: Pool,
    places: Arc<Semaphore>,
    most: NonZeroUsize,
    meter: Meter,
    patience: Duration,
    runtime: Handle,
    address: String,
}

impl Pooled {
    /// Connects to nothing yet. Called in the runtime that the store is used in.
    pub(super) fn new(url: &str, options: &MariaDbOptions, tables: Tables) -> Result<Self, MariaDbError> {
        let opts = parsed(url)?;
        let most = options.connections;
        let address = format!("{}:{}", opts.ip_or_hostname(), opts.tcp_port());
        let constraints = PoolConstraints::new(most.get(), most.get()).unwrap_or_default();
        let pool = PoolOpts::new().with_constraints(constraints).with_reset_connection(false);
        let (accepted, patience) = (options.accepted.clone(), options.patience.min(LONGEST_PATIENCE));
        let tables = Arc::new(tables);
        let opts = OptsBuilder::from_opts(opts)
            .pool_opts(pool)
            .conn_ttl(None)
            // What the URL says, and no detour over a socket that the server names.
            .prefer_socket(false)
            .tcp_keepalive(Some(KEEPALIVE))
            .tcp_nodelay(true)
            .client_found_rows(false)
            .stmt_cache_size(0)
            // Given, so that the driver does not ask for them.
            .max_allowed_packet(Some(MAX_ANSWER_BYTES))
            .wait_timeout(Some(0))
            .init(Vec::<String>::new())
            .setup(Vec::<String>::new())
            .after_connect(move |conn| {
                let (accepted, tables) = (accepted.clone(), Arc::clone(&tables));
                Box::pin(async move { set_up(conn, &accepted, patience, &tables).await })
                    as Pin<Box<dyn Future<Output = mysql_async::Result<()>> + Send + '_>>
            });
        Ok(Self {
            driver: Pool::new(opts),
            places: Arc::new(Semaphore::new(most.get())),
            most,
            meter: Meter::default(),
            patience,
            runtime: Handle::current(),
            address,
        })
    }

    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// When an operation that begins now has to be over.
    pub(super) fn deadline(&self) -> Instant {
        after(self.patience)
    }

    pub(super) fn counted(&self) -> Connections {
        let driver = self.driver.metrics();
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Connections {
            most: self.most.get(),
            open: driver.connection_count.load(Ordering::Relaxed),
            idle: driver.connections_in_pool.load(Ordering::Relaxed),
            waiting: of(&self.meter.waiting),
            waits: of(&self.meter.waits),
            waited: Duration::from_micros(of(&self.meter.waited_micros)),
            in_vain: of(&self.meter.in_vain),
        }
    }

    /// A connection that is set up, within two fifths of the patience: what is left is more than the server waits for a
    /// lock.
    pub(super) async fn take(&self) -> Result<Taken, MariaDbError> {
        let patience = fifths(self.patience, 2);
        let until = after(patience);
        let place = self.place(until).await.ok_or(MariaDbError::NoConnection { waited: patience })?;
        match timeout_at(until, self.driver.get_conn()).await {
            Ok(Ok(conn)) => Ok(Taken { conn: Some(conn), runtime: self.runtime.clone(), _place: place }),
            Ok(Err(error)) => Err(not_connected(error)),
            Err(_elapsed) => Err(MariaDbError::NoConnection { waited: patience }),
        }
    }

    async fn place(&self, until: Instant) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        let _waiting = Waiting::begin(&self.meter);
        let place = timeout_at(until, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok();
        if place.is_some() {
            // One that is dropped without it, timed out or cancelled, waited in vain.
            self.meter.in_vain.fetch_sub(1, Ordering::Relaxed);
        }
        place
    }
}

/// Somebody waits, until this is dropped.
struct Waiting<'m> {
    meter: &'m Meter,
    since: Instant,
}

impl<'m> Waiting<'m> {
    fn begin(meter: &'m Meter) -> Self {
        for count in [&meter.waiting, &meter.waits, &meter.in_vain] {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Self { meter, since: Instant::now() }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let waited = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.meter.waited_micros.fetch_add(waited, Ordering::Relaxed);
        self.meter.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Pooled {
    /// The driver's own would show the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// A connection in use. Dropped, it is closed; [`keep`](Self::keep) gives it back.
pub(super) struct Taken {
    conn: Option<Conn>,
    runtime: Handle,
    _place: OwnedSemaphorePermit,
}

impl Taken {
    pub(super) fn conn(&mut self) -> Option<&mut Conn> {
        self.conn.as_mut()
    }

    /// Gives it back: the server has answered everything, and no transaction is open.
    pub(super) fn keep(mut self) {
        drop(self.conn.take());
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            // The time-out begins inside: whoever drops this may be outside of the runtime.
            self.runtime.spawn(async move { timeout(FAREWELL, conn.disconnect()).await });
        }
    }
}

/// Judges the server and the tables, and sets the session.
async fn set_up(
    conn: &mut Conn,
    accepted: &[Risk],
    patience: Duration,
    tables: &Tables,
) -> mysql_async::Result<()> {
    let refused = |refused| mysql_async::Error::Other(Box::new(refused));
    let mut answer = conn.query_iter(READ).await?;
    let _set = answer.collect::<Row>().await?;
    let settings = Settings::of(answer.collect_and_drop().await?);
    settings.judge(accepted).map_err(refused)?;
    conn.query_drop(settings.session(patience)).await?;
    schema::altered(conn, tables).await?.map_or(Ok(()), |altered| Err(refused(altered)))
}

fn not_connected(error: mysql_async::Error) -> MariaDbError {
    match error {
        // What our own look at the settings found.
        mysql_async::Error::Other(found) => match found.downcast::<MariaDbError>() {
            Ok(refused) => *refused,
            Err(other) => MariaDbError::CannotConnect(other),
        },
        error => MariaDbError::CannotConnect(Box::new(error)),
    }
}

/// Reads a URL, and repeats nothing of it where it cannot.
fn parsed(url: &str) -> Result<Opts, MariaDbError> {
    let refused = |reason| Err(MariaDbError::Url { reason });
    // The driver knows one name for both.
    let url = url.strip_prefix("mariadb:").map_or_else(|| url.to_owned(), |rest| format!("mysql:{rest}"));
    match Opts::from_url(&url) {
        Ok(opts) if opts.db_name().is_none_or(str::is_empty) => refused("it names no database"),
        // The driver would panic.
        Ok(opts) if opts.ssl_opts().is_some() => refused(NO_TLS),
        Ok(opts) => Ok(opts),
        Err(UrlError::UnsupportedScheme { .. }) => refused("it does not begin with mysql:// or mariadb://"),
        Err(UrlError::FeatureRequired { .. }) => refused(NO_TLS),
        Err(UrlError::UnknownParameter { .. } | UrlError::InvalidParamValue { .. }) => {
            refused("a parameter after the `?` is unknown, or its value is")
        }
        Err(_) => refused("it is not of the form mysql://user:password@host:port/database"),
    }
}

/// No request is longer.
pub(super) fn fits(request: &str) -> Result<(), MariaDbError> {
    let bytes = request.len();
    if bytes < MAX_REQUEST_BYTES { Ok(()) } else { Err(MariaDbError::TooLarge { bytes }) }
}
