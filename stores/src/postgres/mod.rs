//! PostgreSQL: accounts, people and the audit trail in one schema.
//!
//! ```no_run
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::LocalDates;
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::postgres::PostgresStore;
//! # use pinlatch_testkit::{ACME, day, person};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! // 1. One database is the store, the journal, and where people are kept. A clone shares its connections.
//! let store = PostgresStore::open("postgres://pinlatch:secret@localhost/sign_in").await?;
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     store: store.clone(),
//!     clock: SystemClock,
//!     directory: StoredDirectory::new(store.clone(), move |_| today.clone()),
//!     journal: store.clone(),
//!     offload: Inline, // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//!
//! // 2. "Users and roles" changes people through the gate, and what happened is in the journal.
//! gate.establish_first_administrator(ACME, person(7)).await?;
//! assert_eq!(store.changes(person(7)).await?.len(), 1);
//! println!("{:?}", store.connections());
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - What was answered `Applied` is on the server's disk, and so is an event that was taken: every session
//!   has `synchronous_commit` at `on` or stricter, whatever the server's or the role's default is. A server
//!   that is killed at any moment loses nothing of it. Against a power cut it is as good as the word of the
//!   disk.
//! - A compare-and-swap is one statement in a transaction of its own, on a connection of the store's own: no
//!   transaction of the host's can take it along, and any number of handles and hosts may share a schema.
//!   READ COMMITTED is enough.
//! - Events are written by that same statement, so there are both or neither, and none is written twice.
//! - Versions are 64 bits drawn at random by the client, so none comes again after a delete, a restored
//!   backup or a fail-over that lost writes, where those of a sequence would. Of a key that was written a
//!   million times while somebody held an old version, the chance is 2⁻⁴⁴.
//! - An error of a swap means that surely nothing was written. `Unknown` is answered where the connection
//!   broke, nothing came within the patience, or the server said what does not surely mean so. The server's
//!   own time-outs are shorter, so a row that somebody holds is an error after two fifths of the patience,
//!   and costs a command one swap.
//! - Every operation ends within the patience (5 s unless said otherwise), the wait for a connection
//!   included: that takes a quarter of it at most, and [`connections`](PostgresStore::connections) tells how
//!   often and how long.
//! - A connection on which something went unanswered is closed and never used again. A load is tried once more
//!   on another one; a write never. When the server is back, so is the same handle.
//! - A cancelled call (a client that hung up) keeps the connection that it has until the server has answered, or until the
//!   end of its patience: whoever hangs up again and again makes no more connections than there may be, and waits for them
//!   like others do. What it asked may be written all the same.
//! - Nothing but the system's own functions is run: every session has `search_path` at `pg_catalog`, so what
//!   others make in `public` does not get the store's rights.
//! - Tables of another program or of a newer version are refused and left as they are. Ten hosts may open a
//!   new database at once.
//!
//! # What it does not
//!
//! - **A fail-over may take writes back.** With asynchronous replication the last of them are gone after it:
//!   guesses that were spent come back, and sessions that were ended live again. With
//!   `synchronous_standby_names` they are there. Then a write waits for the standby without a time-out of the
//!   server's, and while there is none it is answered `Unknown` and holds a connection of the server's.
//!   **Never cancel such a wait** (`pg_cancel_backend`): the server then answers that it is written. And the
//!   old primary must not come back beside the new one: that is for what runs your fail-over to see to.
//! - **Backups take guesses back.** A database restored to a moment knows nothing of what was spent, locked
//!   out or revoked since. Back up with `pg_dump --schema=pinlatch` or with the whole server. The audit trail is in it and
//!   goes back too: before a restore export the tables `events`, `changes` and `refusals` with `pg_dump --data-only
//!   --inserts --on-conflict-do-nothing`, which also puts their numbers on, or keep the trail elsewhere
//!   ([`without_events`](PostgresOptions::without_events)). Then the steps of the manual
//!   ([`pinlatch::guide::operating`], Restoring a backup).
//! - **Nothing in it is encrypted.** PINs are protected by Argon2id and the pepper, which belongs somewhere
//!   else. What is replaced stays in the table until it is vacuumed, and in the log and its archive for as
//!   long as these are kept.
//! - **Encryption on the way** has to be asked for: `?sslmode=require` in the address and the feature `tls`, which believes
//!   whom the system believes, or the host's own
//!   [`root_certificates`](PostgresOptions#method.root_certificates) alone. Other TLS libraries and client certificates:
//!   [`open_with`](PostgresOptions::open_with). Without the feature `sslmode=require` is refused.
//! - **PgBouncer** has to pool sessions, and to reset them when it gives them to others (`pool_mode = session`): then the
//!   whole conformance kit passes through it. Between transactions it would mix what sessions set, and is refused where two
//!   requests of one connection land on different sessions, or those of two connections on one: tried a few times at opening,
//!   and looked for on each later connection. A busy pooler may still get past it, and what it mixes then is other programs'
//!   `search_path` too: see to the mode yourself. Each connection of a host holds one of the server's, and
//!   PgBouncer gives 20 to a user as it is shipped: set `default_pool_size` to no less than the
//!   [connections](PostgresOptions::connections) of all hosts and two more.
//! - **Other versions.** Tested are PostgreSQL 15, 17 and 18.
//! - **CockroachDB and YugabyteDB** speak the protocol, and their `40001` is answered as `Conflict`; neither
//!   is tested.
//! - **Refusals grow.** Whoever may send requests can be refused often: limit requests per address, and call
//!   [`remove_refusals_before`](PostgresStore::remove_refusals_before) from a job.
//! - **Removing a person** takes four calls: [`deliver_changes`](pinlatch::gate::Gate::deliver_changes),
//!   [`remove_facts`](PostgresStore::remove_facts), [erase](pinlatch::gate::Gate::erase) by the gate, then
//!   [`remove_trail`](PostgresStore::remove_trail). The account's row stays, without personal data.
//! - **A handle lives in one tokio runtime**, the one in which it was opened, with its time enabled.
//!
//! # What is refused
//!
//! Read when it is opened and again on every new connection, so a server that changes under an open store is
//! found out then. Each refusal is an [`UnsafeSetting`], which names the remedy.
//!
//! | setting | refused if | why | accepted by |
//! |---|---|---|---|
//! | `pg_is_in_recovery()` | a standby | no writes, and behind when a session is checked | – |
//! | `default_transaction_read_only` | `on` | no writes | – |
//! | `synchronous_commit` | `off`, `local` or `remote_write`, and `set` does not change it | lost in a crash, or in a fail-over | – |
//! | the connection's session | found to be another's as well, or reset in between | a pooler mixes what sessions set | – |
//! | `fsync` | `off` | lost in a power cut | [`Risk::NoFsync`] |
//! | `full_page_writes` | `off` | damage in a power cut | [`Risk::TornPages`] |
//! | `zero_damaged_pages` | `on` | a damaged record reads as absent, with all guesses unspent | – |
//! | `server_encoding` | not `UTF8` | notes in events could not be written | – |
//! | a table, or its sequence | unlogged | emptied after a crash | – |
//! | a table | with a trigger, a rule or row security | writes changed, records hidden | – |
//! | a table | a view, partitioned, or with a child or a parent | rows kept where none of this is looked at | – |
//!
//! Then a deliberately stale write is tried on a record of nobody's: a proxy that drops its condition is
//! found out. What no client can see, and so nothing refuses: a disk or a controller that says "written" too
//! early, and what an archive or a standby keeps.
//!
//! # Several servers in the address
//!
//! `postgres://user@one,two/database` means the one of them that takes writes, asked anew for each
//! connection: after a fail-over the same handle goes on with the other. Each has its share of the time that
//! a connection may take, also one that is connected to and then says nothing; the one that was good last is
//! tried first.
//!
//! # What it costs
//!
//! Counted on the wire with people, accounts and trail in one store, on connections that are in use. The
//! gate asks for the person and the record at once, on two connections.
//!
//! | | requests | waits, one after the other |
//! |---|---|---|
//! | load, creation, update, with events or without | 1 | 1 |
//! | check | 2 | 1 |
//! | lock | 2 | 2 |
//! | authenticate (to begin it: none) | 3 | 2 |
//! | create a PIN, unlock | 5 | 3, and one while the hash is computed |
//!
//! A new connection costs three more, and some more with a password, encryption or several servers: it is
//! made, set up and looked at, and has its statements prepared all at once. Two operations at once take two
//! connections and do not wait for one another.
//!
//! Each host has two connections for each of its cores at most, unless [it says
//! otherwise](PostgresOptions::connections), and two more while it opens. All hosts together have to stay
//! below the server's `max_connections`, 100 unless it is set, of which 3 are kept for superusers: nine hosts
//! of 4 cores come to 72, and 90 while all of them open. During a rolling update count the old hosts and the
//! new ones.
//!
//! # The tables
//!
//! All are in the schema `pinlatch`, or [another](PostgresOptions::prefix) for each deployment.
//!
//! | table | what it holds |
//! |---|---|
//! | `records` | key, bytes and version (64 bits, as a signed number): accounts under `a-…`, people under `p-…` |
//! | `changes` | the id of a change about a person, person (its key), and the change as JSON, in their order |
//! | `events` | the event's id, person (its key), and the event as JSON, in their order |
//! | `refusals` | person, time in unix milliseconds, and the refusal as JSON, in their order |
//! | `pinlatch_schema` | which version the tables have: 1 |
//!
//! Other programs may read all of it: `select event ->> 'at', event ->> 'change' from pinlatch.events where
//! person = 'p-…'`. The times and ids inside the JSON are texts: ISO 8601 and UUIDs.
//!
//! A role that may not make schemas is given an empty one that it owns. Once the tables are there, a role
//! needs `usage` on the schema and `select`, `insert`, `update` and `delete` on its tables, and no right on
//! their sequences; an upgrade is the owner's. Whoever opens first makes the tables, under an advisory lock;
//! a later version will upgrade them likewise, rows in batches, going on where it was interrupted, while
//! hosts of the version before keep working.

mod classify;
mod connections;
mod error;
mod journal;
mod options;
mod pooler;
mod records;
mod schema;
mod servers;
mod settings;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]
#[path = "../../tests/inside/postgres_upgrade.rs"]
mod upgrading;

use std::fmt;
use std::sync::Arc;

use schema::SchemaName;

pub use crate::{Connections, JournalledRefusal, Untrustworthy};
pub use error::PostgresError;
pub use options::PostgresOptions;
pub use settings::{Risk, UnsafeSetting};

/// Accounts, people and the audit trail in one schema of a PostgreSQL database.
///
/// A handle on a pool of connections: cloning it is cheap, and clones share the pool. It lives in the tokio
/// runtime in which it was opened.
#[derive(Clone)]
pub struct PostgresStore {
    shared: Arc<Shared>,
    takes_events: bool,
}

struct Shared {
    pool: connections::Pool,
    schema: SchemaName,
    load: String,
    create: String,
    update: String,
}

impl PostgresStore {
    /// Opens a database as [`PostgresOptions::new`] says, without encryption.
    ///
    /// # Errors
    /// [`PostgresError`]. Tables of another program or of a newer version are left as they are.
    pub async fn open(url: &str) -> Result<Self, PostgresError> {
        PostgresOptions::new().open(url).await
    }

    /// The connections of this store, and how often they were waited for: for a dashboard, and for finding
    /// out why an operation answered [`NoConnection`](PostgresError::NoConnection).
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.shared.pool.connections()
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresStore({}, {:?})", self.shared.schema.as_str(), self.shared.pool)
    }
}
