//! The engine chosen at run time, by an address: a host is built once and started on SQLite here, on
//! PostgreSQL there.
//!
//! | address | engine | feature | keeps the audit trail |
//! |---|---|---|---|
//! | `sqlite:sign-in.sqlite`, `sqlite:///var/lib/app/sign-in.sqlite` | [SQLite](crate::sqlite) | `sqlite` | yes |
//! | `postgres://user:password@host/database` | [PostgreSQL](crate::postgres) | `postgres` | yes |
//! | `mariadb://user:password@host/database`, `mysql://…` | MariaDB, MySQL | `mariadb` | yes |
//! | `redis://user:password@host`, without a user `redis://:password@host`, `valkey://…` | Redis, Valkey | `redis` | no |
//! | `nats://user:password@host` | NATS JetStream | `nats` | no |
//! | `etcd://user:password@host:2379` | etcd | `etcd` | no |
//!
//! [`AnyStore::open`] opens each as it opens by itself, with its default options. An engine whose feature was left out is
//! refused by name. There is no SQLite in memory: `sqlite::memory:` is a file of that name.
//!
//! After a `?`, joined by `&`, an address may say more:
//!
//! | parameter | what it says | |
//! |---|---|---|
//! | `prefix=blue` | which deployment, of several in one database: the schema of PostgreSQL, the prefix of MariaDB's tables, of Redis's or etcd's keys, the bucket of NATS; `pinlatch` if nothing is said, so with several deployments always say it. Good on every engine: up to 32 lowercase letters, digits and `_`, a letter first | not for SQLite, where each has a file |
//! | `accept=LosesASecond,Evicts` | which risks are accepted, each by its name in the engine's `Risk` | not for SQLite |
//! | `sslmode`, `target_session_attrs` and others of a connection | what the driver of PostgreSQL says of them | PostgreSQL |
//! | `socket`, `compression`, `require_ssl` and others of TLS | what the driver of MariaDB says of them | MariaDB |
//! | `acknowledged_by=1` | [how many replicas](crate::redis::RedisOptions::acknowledged_by) have a write before it counts | Redis |
//! | `protocol` | `resp2` or `resp3` | Redis |
//!
//! What is unknown is refused by its name, with the names that there are. What means something in an address is written as
//! `%40` (`@`), `%2F` (`/`) and so on, in a password and in a value. A refusal that names a `Risk` is taken back by
//! `accept=` and that name; why an engine refused is the error's [`source`](std::error::Error::source). With the feature
//! `tls` the way is encrypted by `postgres://…?sslmode=require`, `mariadb://…?require_ssl=true`, `rediss://`, `tls://` (NATS)
//! and `etcds://`; each believes whom the system believes, MariaDB whom Mozilla believes. `rediss://host/0?prefix=blue&accept=LosesASecond`.
//!
//! Other options, patience and connections: open the engine's store with them, and make it one of these by [`From`], as
//! `AnyStore::from(PostgresOptions::new().patience(short).open(&address).await?)`. A clone of it kept before tells of its
//! [`Connections`](crate::postgres::PostgresStore::connections).
//!
//! ```
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::LocalDates;
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::any::AnyStore;
//! # use pinlatch::host::Blocking;
//! # use pinlatch_testkit::{CollectingJournal, day};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # if !cfg!(feature = "sqlite") { return Ok(()); }
//! # let directory = tempfile::tempdir()?;
//! # let address = format!("sqlite:{}", directory.path().join("sign-in.sqlite").display());
//! # let my_journal = Blocking(CollectingJournal::new());
//! // The one line that names the engine.
//! let store = AnyStore::open(&address).await?;
//!
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     // The trail is kept where the engine has transactions, and in a journal of yours elsewhere.
//!     journal: store.journal_or(my_journal),
//!     directory: StoredDirectory::new(store.clone(), move |_| today.clone()),
//!     store,
//!     clock: SystemClock,
//!     offload: Inline, // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//! # let _ = gate;
//! # Ok(())
//! # }
//! ```
//!
//! A host without async wraps it in [`OnRuntime`](crate::on_runtime::OnRuntime).

#[cfg_attr(
    not(any(
        feature = "postgres",
        feature = "mariadb",
        feature = "redis",
        feature = "nats",
        feature = "etcd"
    )),
    allow(dead_code, reason = "of a file there are neither deployments nor risks")
)]
mod address;
#[allow(unused, reason = "which of it is used is the other features' choice")]
mod engines;
mod error;
mod journal;
mod store;

pub use address::EngineName;
pub use error::AnyError;
pub use journal::{AnyJournal, NoJournal};
pub use store::AnyStore;
