//! The connections: how many, how long one waits for one, and when one is thrown away.
//!
//! The driver's pool keeps them, and looks before each use whether the server has closed one. Around it are a queue with
//! an end (the driver's waits without one) and a rule: a connection goes back only after the server has answered
//! everything. What timed out or broke is closed. Nothing is reset on the way back: that would undo the session's settings,
//! and cost a turn.

use std::fmt;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, PoolConstraints, PoolOpts, Row, UrlError};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::error::MariaDbError;
use super::options::MariaDbOptions;
use super::schema;
use super::settings::{LONGEST_PATIENCE, MAX_REQUEST_BYTES, READ, Risk, Settings};
use super::sql::Tables;
use crate::connections::{Connections, Meter};
use crate::patience::{after, fifths};
use crate::places::{Place, Places};

/// How long a farewell to the server may take, before the connection is closed without one.
const FAREWELL: Duration = Duration::from_millis(100);

/// A peer that has gone silently is noticed by the system, and not by the next request alone.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The longest answer: a list of people or a trail comes in rows, and each is far shorter.
const MAX_ANSWER_BYTES: usize = 16 << 20;

const NO_TLS: &str = "it asks for encryption: build with the feature `tls`, or use a tunnel or a socket";

#[cfg(feature = "tls")]
const BELIEVES_ALL: &str =
    "it encrypts to whoever answers: leave `verify_ca` and `verify_identity` as they are";

pub(super) struct Pool {
    driver: mysql_async::Pool,
    places: Places,
    most: NonZeroUsize,
    meter: Arc<Meter>,
    patience: Duration,
    runtime: Handle,
    address: String,
}

impl Pool {
    /// Connects to nothing yet. Called in the runtime that the store is used in.
    pub(super) fn new(url: &str, options: &MariaDbOptions, tables: Tables) -> Result<Self, MariaDbError> {
        let opts = parsed(url)?;
        #[cfg(feature = "tls")]
        let opts = encrypted(opts, options)?;
        let most = options.connections;
        let address = format!("{}:{}", opts.ip_or_hostname(), opts.tcp_port());
        let constraints = PoolConstraints::new(most.get(), most.get()).unwrap_or_default();
        let pool = PoolOpts::new().with_constraints(constraints).with_reset_connection(false);
        let (accepted, patience) = (options.accepted.clone(), options.patience.min(LONGEST_PATIENCE));
        let (tables, meter) = (Arc::new(tables), Arc::new(Meter::default()));
        let counted = Arc::clone(&meter);
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
                let (accepted, tables, meter) = (accepted.clone(), Arc::clone(&tables), Arc::clone(&counted));
                Box::pin(
                    async move { set_up(conn, &accepted, patience, &tables).await.map(|()| meter.made()) },
                ) as Pin<Box<dyn Future<Output = mysql_async::Result<()>> + Send + '_>>
            });
        Ok(Self {
            driver: mysql_async::Pool::new(opts),
            places: Places::new(most),
            most,
            meter,
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

    pub(super) fn connections(&self) -> Connections {
        let driver = self.driver.metrics();
        let [open, idle] = [&driver.connection_count, &driver.connections_in_pool]
            .map(|count| count.load(Ordering::Relaxed));
        self.meter.read(self.most.get(), open, idle)
    }

    /// A connection that is set up, within two fifths of the patience and before the deadline: what is left is more than
    /// the server waits for a lock.
    pub(super) async fn take(&self, deadline: Instant) -> Result<Taken, MariaDbError> {
        let patience = fifths(self.patience, 2);
        let until = deadline.min(after(patience));
        let none = || MariaDbError::NoConnection { waited: patience };
        // In vain, unless it is served.
        let (begun, mut waiting) = (Instant::now(), None);
        let place = self.places.take(until, &self.meter, &mut waiting).await.ok_or_else(none)?;
        let Ok(had) = timeout_at(until, self.driver.get_conn()).await else {
            waiting.get_or_insert_with(|| self.meter.wait_since(begun));
            return Err(none());
        };
        let conn = had.map_err(not_connected)?;
        if let Some(waiting) = waiting {
            waiting.served();
        }
        Ok(Taken {
            conn: Some(conn),
            runtime: self.runtime.clone(),
            meter: Arc::clone(&self.meter),
            _place: place,
        })
    }

    /// Goes on whoever waits for it, in the runtime that the connections belong to.
    pub(super) fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.spawn(task)
    }
}

impl fmt::Debug for Pool {
    /// The driver's own would show the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// A connection in use. Dropped, it is closed; [`keep`](Self::keep) gives it back.
pub(super) struct Taken {
    conn: Option<Conn>,
    runtime: Handle,
    meter: Arc<Meter>,
    _place: Place,
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
            self.meter.given_up();
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
    let mut found = answer.collect::<(String, String)>().await?;
    found.extend(answer.collect_and_drop::<(String, String)>().await?);
    let settings = Settings::of(found);
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
        // No right on the database is told before any question.
        mysql_async::Error::Server(error) if error.code == 1044 => MariaDbError::answered(error),
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
        #[cfg(not(feature = "tls"))]
        Ok(opts) if opts.ssl_opts().is_some() => refused(NO_TLS),
        #[cfg(feature = "tls")]
        Ok(opts)
            if opts
                .ssl_opts()
                .is_some_and(|tls| tls.accept_invalid_certs() || tls.skip_domain_validation()) =>
        {
            refused(BELIEVES_ALL)
        }
        Ok(opts) => Ok(opts),
        Err(UrlError::UnsupportedScheme { .. }) => refused("it does not begin with mysql:// or mariadb://"),
        Err(UrlError::FeatureRequired { .. }) => refused(NO_TLS),
        Err(UrlError::UnknownParameter { .. } | UrlError::InvalidParamValue { .. }) => {
            refused("a parameter after the `?` is unknown, or its value is")
        }
        Err(_) => refused("it is not of the form mysql://user:password@host:port/database"),
    }
}

/// With the host's own root certificates nothing goes without encryption.
#[cfg(feature = "tls")]
fn encrypted(opts: Opts, options: &MariaDbOptions) -> Result<Opts, MariaDbError> {
    if options.roots.is_some() || opts.ssl_opts().is_some() {
        crate::tls::choose_cryptography();
    }
    let Some(roots) = &options.roots else { return Ok(opts) };
    let pem = roots.checked().map_err(MariaDbError::CannotConnect)?.to_vec();
    let tls = opts.ssl_opts().cloned().unwrap_or_default();
    let tls = tls.with_root_certs(vec![pem.into()]).with_disable_built_in_roots(true);
    Ok(OptsBuilder::from_opts(opts).ssl_opts(Some(tls)).into())
}

/// No request is longer.
pub(super) fn fits(request: &str) -> Result<(), MariaDbError> {
    let bytes = request.len();
    if bytes < MAX_REQUEST_BYTES { Ok(()) } else { Err(MariaDbError::TooLarge { bytes }) }
}
