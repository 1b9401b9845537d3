//! How a database is opened.

use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig};
use pinlatch::host::{Randomness, SystemRandomness};
use tokio::task::JoinHandle;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, NoTls, Socket};

use super::connections::{Pool, SetUp, within};
use super::error::PostgresError;
use super::schema::{self, SchemaName};
use super::servers::Servers;
use super::settings::{self, Risk};
use super::{PostgresStore, Shared, journal, pooler, records};
use crate::patience::{after, bounded};
use crate::probe::{self, Failed};
#[cfg(feature = "tls")]
use crate::tls::{self, Roots};

/// How long an operation takes at most: 5 s. A write takes milliseconds; after five seconds an error tells
/// the person more than waiting on would.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a database is opened. What is not said is as [`new`](Self::new) says.
#[derive(Clone, Debug)]
#[must_use]
pub struct PostgresOptions {
    schema: String,
    connections: NonZeroUsize,
    patience: Duration,
    accepted: Vec<Risk>,
    takes_events: bool,
    #[cfg(feature = "tls")]
    roots: Option<Roots>,
}

impl PostgresOptions {
    /// Schema `pinlatch`, two connections for each core of this host, a patience of 5 s, no risk accepted,
    /// the events of accounts taken with their record.
    pub fn new() -> Self {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let connections = cores.saturating_mul(NonZeroUsize::MIN.saturating_add(1));
        let schema = "pinlatch".to_owned();
        Self {
            schema,
            connections,
            patience: PATIENCE,
            accepted: Vec::new(),
            takes_events: true,
            #[cfg(feature = "tls")]
            roots: None,
        }
    }

    /// What stands before the names of all tables: the schema that they are in, made if there is none. One for each
    /// deployment that shares a database. 1 to 63 lowercase letters, digits and underscores, beginning with none of the
    /// digits.
    pub fn prefix(self, schema: impl Into<String>) -> Self {
        Self { schema: schema.into(), ..self }
    }

    /// How many connections there are at most. Each is a process on the server, and none is made before it is
    /// needed.
    pub fn connections(self, at_most: NonZeroUsize) -> Self {
        Self { connections: at_most, ..self }
    }

    /// How long an operation takes at most, the wait for a connection included. A quarter of it is for that
    /// wait; the server gives up waiting for a lock after two fifths, and a statement after three. From 10 ms to an
    /// hour; less and more count as these.
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience: bounded(patience), ..self }
    }

    /// Goes on although a setting of the server's takes a promise back.
    pub fn accepting(mut self, risk: Risk) -> Self {
        self.accepted.push(risk);
        self
    }

    /// Leaves the events of a write in its record, for the gate to hand to the host's journal: for a host
    /// that keeps its audit trail somewhere else.
    pub fn without_events(self) -> Self {
        Self { takes_events: false, ..self }
    }

    /// Believes a server that one of these certificates (PEM) signed for, and no other; without, whom the system
    /// believes. Then nothing goes without encryption.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::new(pem));
        self
    }

    /// Opens a database. The address is `postgres://user:password@host:port/database`, or `host=… user=…`; it is repeated
    /// nowhere. There is no encryption, which is for a server on this host or in a network of its own, unless the address
    /// says `sslmode=require` and the feature `tls` is on.
    ///
    /// # Errors
    /// [`PostgresError`]; [`TlsRequired`](PostgresError::TlsRequired) where encryption is asked for without that feature.
    pub async fn open(self, url: &str) -> Result<PostgresStore, PostgresError> {
        let config = parse(url)?;
        #[cfg(feature = "tls")]
        if self.roots.is_some() || config.get_ssl_mode() == SslMode::Require {
            let mut config = config;
            config.ssl_mode(SslMode::Require);
            let connector = self.connector().map_err(PostgresError::CannotConnect)?;
            return self.opened(config, connector).await;
        }
        if config.get_ssl_mode() == SslMode::Require {
            return Err(PostgresError::TlsRequired);
        }
        self.opened(config, NoTls).await
    }

    #[cfg(feature = "tls")]
    fn connector(&self) -> Result<tokio_postgres_rustls::MakeRustlsConnect, tls::Cause> {
        use tokio_postgres_rustls::MakeRustlsConnect;
        if let Some(roots) = &self.roots {
            return roots.client().map(MakeRustlsConnect::new);
        }
        tls::choose_cryptography();
        // Some of the system's may be unreadable, as long as others are not.
        let (connector, _unreadable) = MakeRustlsConnect::with_native_certs()
            .map_err(|_| "the system's root certificates cannot be read")?;
        Ok(connector)
    }

    /// Opens a database with a TLS connector of the host's, made for tokio-postgres 0.7, as `postgres-native-tls` and
    /// `tokio-postgres-rustls` give: for client certificates, or another TLS library. Say `sslmode=require` in the
    /// address: without it a server that offers no encryption is talked to without.
    ///
    /// # Errors
    /// [`PostgresError`].
    pub async fn open_with<T>(self, url: &str, tls: T) -> Result<PostgresStore, PostgresError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        self.opened(parse(url)?, tls).await
    }

    async fn opened<T>(self, config: Config, tls: T) -> Result<PostgresStore, PostgresError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let schema = SchemaName::new(&self.schema)?;
        let config = self.configured(config);
        let session = settings::session(&schema, self.patience);
        let servers = Servers::new(&config, tls, Pool::wait(self.patience));
        let mut first = within(self.patience, self.first(&servers, &session)).await?;
        schema::upgrade(&mut first.client, &schema, self.patience).await?;
        within(self.patience, schema::has_rights(&first.client, &schema, self.takes_events)).await?;
        // What was there before is judged as on each later connection.
        within(self.patience, self.set_up(&first.client, &settings::again(&session))).await?;
        drop(first);
        let manager = Manager::from_connect(config, servers, ManagerConfig::default());
        let patience = self.patience;
        let store = self.store(manager, schema, session)?;
        probe(&store, patience).await?;
        Ok(store)
    }

    /// What the address does not say.
    fn configured(&self, mut config: Config) -> Config {
        let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
        if hosts > 1 && config.get_target_session_attrs() == TargetSessionAttrs::Any {
            // Of several servers the one that takes writes: after a fail-over it is another.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_connect_timeout().is_none() {
            // A server that is gone leaves time for the others.
            let shares = u32::try_from(hosts).unwrap_or(u32::MAX).saturating_mul(4).max(4);
            config.connect_timeout(self.patience.checked_div(shares).unwrap_or(self.patience));
        }
        if config.get_tcp_user_timeout().is_none() {
            // A connection whose other end is gone without a word is noticed.
            config.tcp_user_timeout(self.patience);
        }
        if config.get_application_name().is_none() {
            config.application_name("pinlatch");
        }
        config
    }

    /// A connection to look at the server with, and to make the tables.
    async fn first<T>(&self, servers: &Servers<T>, session: &str) -> Result<First, PostgresError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let connect = async || {
            let connected = servers.connect(after(self.patience)).await.map_err(PostgresError::connecting)?;
            Ok::<_, PostgresError>(First { client: connected.0, task: connected.1 })
        };
        let marked = connect().await?;
        let mark = pooler::mark(&marked.client).await?;
        let first = connect().await?;
        let wait = Pool::wait(self.patience);
        let apart = pooler::stay_apart((&marked.client, &mark), &first.client, wait).await?;
        drop(marked);
        pooler::is_new(&first.client, apart).await?;
        self.set_up(&first.client, session).await?;
        Ok(first)
    }

    async fn set_up(&self, client: &Client, session: &str) -> Result<(), PostgresError> {
        let found = settings::set_up(client, session, &self.accepted).await.map_err(PostgresError::asked)?;
        found.map_or(Ok(()), |found| Err(found.into()))
    }

    fn store(
        self,
        manager: Manager,
        schema: SchemaName,
        session: String,
    ) -> Result<PostgresStore, PostgresError> {
        let [load, create, update] =
            [records::LOAD, &records::create(), &records::update()].map(|sql| schema.fill(sql));
        let trail = [journal::KEEP_EVENTS, journal::KEEP_CHANGES, journal::KEEP_REFUSAL];
        let prepared =
            [&load, &create, &update].into_iter().cloned().chain(trail.map(|sql| schema.fill(sql)));
        let set_up = SetUp { session, accepted: self.accepted, prepared: prepared.collect() };
        let pool = Pool::new(manager, self.connections, self.patience, set_up)?;
        let shared = Arc::new(Shared { pool, schema, load, create, update });
        Ok(PostgresStore { shared, takes_events: self.takes_events })
    }
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// The parser's own error may repeat a part of the address.
fn parse(url: &str) -> Result<Config, PostgresError> {
    Config::from_str(url).map_err(|_| PostgresError::Address)
}

/// The first connection, which ends with this.
struct First {
    client: Client,
    task: JoinHandle<()>,
}

impl Drop for First {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A stale write is tried, on a record of nobody's.
async fn probe(store: &PostgresStore, patience: Duration) -> Result<(), PostgresError> {
    let mut drawn = [0; 16];
    SystemRandomness.fill(&mut drawn)?;
    let key = probe::key(u128::from_be_bytes(drawn));
    let probed = probe::stale_write(store, &key, patience).await;
    let removed = store.remove_record(&key).await;
    match probed {
        Ok(()) => removed.map(drop),
        Err(Failed::Found(found)) => Err(found.into()),
        Err(Failed::Store(error)) => Err(error),
        Err(Failed::Unanswered) => Err(PostgresError::TimedOut { patience }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patience_is_neither_over_at_once_nor_for_ever() {
        for said in [Duration::ZERO, PATIENCE, Duration::MAX] {
            assert_eq!(PostgresOptions::new().patience(said).patience, bounded(said), "{said:?}");
        }
    }
}
