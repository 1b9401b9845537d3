//! A database of MariaDB or MySQL: accounts, people and the audit trail.
//!
//! ```no_run
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::LocalDates;
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::mariadb::MariaDbStore;
//! # use pinlatch_testkit::day;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // 1. Settings are read and refused, the tables are made on first use.
//! let store = MariaDbStore::open("mysql://app:secret@db.internal:3306/sign_in").await?;
//!
//! // 2. One database is the store, the journal, and where people are kept. Clones share the connections.
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     journal: store.clone(),
//!     directory: StoredDirectory::new(store.clone(), move |_| today.clone()),
//!     store: store.clone(),
//!     clock: SystemClock,
//!     offload: Inline, // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//! # let _ = gate;
//!
//! // 3. For the operator: who has an account, and whether connections are short.
//! println!("{} accounts, {:?}", store.accounts().await?.len(), store.connections());
//! # Ok(())
//! # }
//! ```
//!
//! **Tested are MariaDB 10.11 and 11.8 and MySQL 9.7.** What is said here of Galera clusters, proxies and power failures
//! rests on their documentation. MariaDB before 10.6 and MySQL before 8.0 are refused.
//!
//! # What it guarantees
//!
//! - What was answered `Applied` is on the disk of the server, and so is an event that was taken: with
//!   `innodb_flush_log_at_trx_commit=1` each commit waits for it. A server that is killed at any moment loses nothing of
//!   it.
//! - A compare-and-swap is one transaction in one request: the record, and with it the events that it tells of. There
//!   are both or neither, nothing waits in a record, and nothing is handed over twice. Each load and each swap is **one
//!   turn of waiting**, whatever goes with it. What waited in records from before goes with their next swap.
//! - Versions are 64 bits drawn at random by the client, so none comes again after a delete, after a restored backup or
//!   after a fail-over; what that rests on is a probability: of a key that was written a million times while a request
//!   held an old version, 2⁻⁴⁴. (MySQL has no sequences, and a row that counts would make all writers wait for each
//!   other's disk.)
//! - An error of a swap means that surely nothing was written. A row that somebody else holds is such an error after
//!   two fifths of the [patience](MariaDbOptions::patience): one command then costs one swap and one connection.
//! - Every operation ends within the patience, whatever the server does; the wait for a connection is a part of it.
//!   [`connections`](MariaDbStore::connections) counts who waited, and who in vain.
//! - A cancelled call (a client that hung up) keeps the connection that it has until the server has answered, or until the
//!   end of its patience: whoever hangs up again and again makes no more connections than there may be, and waits for them
//!   like others do. What it asked may be written all the same.
//! - Writes are never sent twice. A load is tried once more, on a new connection, if the first one broke. After a kill
//!   and a restart of the server the same handle goes on.
//! - `Applied` is answered only if the server answered every statement of the request, the commit too.
//! - Ten processes may open a new database at once. Tables of another program, a newer version or with one missing are
//!   refused and left as they are. Another engine than InnoDB, a trigger, a unique index that is gone, or a comment that is
//!   not this crate's are refused by every new connection. MySQL shows triggers to a user with the right `TRIGGER` alone,
//!   MariaDB 10.11 to everybody who may write; one that changes what is written may be found at opening without it, where a
//!   record of each kind is written and read.
//!
//! # Settings
//!
//! Read on **every new connection**, so a server that came back with another configuration, or a replica after a
//! fail-over, is refused too. On a connection that is open every load reads `read_only`, and one to a server that takes no
//! writes any more is closed. **A URL names one server**: for a fail-over let a virtual address or a name follow the
//! primary, and set `read_only` on the one that was it.
//!
//! | variable | refused | accepted by |
//! |---|---|---|
//! | `innodb_flush_log_at_trx_commit` | 0, 2: a crash takes spent guesses and ended sessions back. With 0, ten guesses were compared after a kill where five are allowed, and a session that had been locked was accepted again | [`Risk::LosesTheLastWrites`] |
//! | `innodb_flush_method`, `debug_no_sync` | `nosync`, `ON`: nothing is flushed | [`Risk::LosesTheLastWrites`] |
//! | `Innodb_redo_log_enabled` (MySQL) | `OFF`: a server that is killed does not start again, and what it held is lost | [`Risk::LosesTheLastWrites`] |
//! | `innodb_doublewrite` | `OFF`, `DETECT_ONLY`: a power failure loses whole pages | [`Risk::TornPages`] |
//! | `sync_binlog` | other than 1 while `log_bin` is on, unless `innodb_flush_log_at_trx_commit` is 3: recovery rolls back what the binary log had not on the disk. **MariaDB's default is 0** | [`Risk::BinaryLogBehind`] |
//! | `read_only`, `super_read_only`, `innodb_read_only` | on: no primary | – |
//! | `max_allowed_packet` | below 1 MiB | – |
//!
//! Each connection sets for itself: `utf8mb4` as its character set, no `sql_select_limit`, `autocommit`,
//! `completion_type`, a strict `sql_mode`, `unique_checks`, READ COMMITTED, `innodb_lock_wait_timeout` and
//! `lock_wait_timeout` (two fifths of the patience), `max_statement_time` (three fifths; MySQL has none for writes), and
//! `wsrep_sync_wait=1` where there is one: in a Galera cluster a load then waits until its node has what the others have
//! committed.
//!
//! Not visible to a client, and yours to see to: disks and controllers that say "written" too early, a load balancer that
//! sends reads to replicas.
//!
//! # What it costs
//!
//! Measured once against MariaDB 10.11 on the same two-core virtual machine, which was busy with other programs; one
//! connection, each swap with one event, medians: a load 0.2 ms, a load and then a swap 0.75 ms with 300 bytes and 0.95
//! ms with 4,000. On a network each of the two costs one turn of it more. A new connection costs a few more.
//!
//! # What it does not
//!
//! - **Encryption on the way** has to be asked for: `?require_ssl=true` in the URL and the feature `tls`, which believes
//!   whom Mozilla believes, or the host's own [`root_certificates`](MariaDbOptions#method.root_certificates) alone. Without
//!   the feature a URL that asks for it is refused. On the same machine use a socket
//!   (`mysql://app@localhost/sign_in?socket=/run/mysqld/mysqld.sock`).
//! - **Nothing is encrypted at rest**, and what is replaced stays for a while in undo and redo logs, and for as long as
//!   they are kept in the binary log, the general and the slow log: PINs are protected by Argon2id and the pepper, which
//!   belongs somewhere else.
//! - **Fail-over to an asynchronous replica takes guesses back**: all that it had not received. Semi-synchronous
//!   replication (`AFTER_SYNC`) narrows that to servers that fall back to asynchronous after
//!   `rpl_semi_sync_master_timeout`; a Galera cluster certifies a commit on its nodes before it answers. One that is not
//!   certified is a `Conflict`.
//! - **Backups take guesses back.** A restored database knows nothing of what was spent, locked out or revoked since;
//!   the trail is in it and goes back too: export `pinlatch_events`, `pinlatch_changes` and `pinlatch_refusals` before a
//!   restore (`mariadb-dump --no-create-info --insert-ignore`), or keep the trail elsewhere
//!   ([`without_events`](MariaDbOptions::without_events)). Then the steps of the manual
//!   ([`pinlatch::guide::operating`], "Restoring a backup"). `mariadb-dump --single-transaction` and
//!   `mariadb-backup` copy all tables at one moment. Nothing but tables has to be copied: there are no triggers, routines
//!   or sequences.
//! - **Proxies** must keep a request of several statements together and on one connection. A new connection is set up
//!   before its first request; a proxy that gives its connections to others in between loses that.
//! - **Refusals grow.** Whoever may send requests can be refused often: limit requests per address, and call
//!   [`remove_refusals_before`](MariaDbStore::remove_refusals_before) from a job.
//! - **A handle lives in one tokio runtime**, the one in which it was opened, with its time enabled: its requests run there.
//! - **Removing a person** takes four calls: [`deliver_changes`](pinlatch::gate::Gate::deliver_changes),
//!   [`remove_facts`](MariaDbStore::remove_facts), [erase](pinlatch::gate::Gate::erase) by the gate, then [`remove_trail`](MariaDbStore::remove_trail). The account's row
//!   stays, without personal data.
//!
//! # Rights
//!
//! `SELECT`, `INSERT`, `UPDATE` and `DELETE` on the tables; for the first opening and for upgrades also `CREATE`, `ALTER`
//! and `INDEX` on the database. With MySQL, `TRIGGER` on the tables is for seeing that there are none.
//!
//! # Upgrades
//!
//! So far there is one schema. A newer one is made by the first process that opens the database with a newer version of
//! this crate: one does it, others wait for as long as the patience and then [say so](MariaDbError::Busy). What rewrites
//! rows goes a thousand at a time, each batch in a transaction of its own that also says how far it came: one that is
//! killed goes on there at the next opening, and nobody is signed out. Stores that are open go on meanwhile, the older
//! version's too; opened by an older version, newer tables are [refused](MariaDbError::NewerSchema). A statement that
//! changes a table as a whole takes as long as the server needs.
//!
//! # Tables
//!
//! Their names begin with the [prefix](MariaDbOptions::prefix), `pinlatch` unless said; their comment is `pinlatch`, which
//! tells them from another program's, and has to stay.
//!
//! | table | what it holds |
//! |---|---|
//! | `pinlatch_records` | the key (`k`), version and bytes: accounts under `a-…`, people under `p-…` |
//! | `pinlatch_events` | the event's id, person (its key), and the event as JSON, in their order |
//! | `pinlatch_changes` | the id of a change about a person, person (its key), and the change as JSON, in their order |
//! | `pinlatch_refusals` | person, time in unix milliseconds, and the refusal as JSON, in their order |
//! | `pinlatch_schema` | the number of the schema, 1 |
//!
//! Other programs may read all of it, at any time:
//! `SELECT JSON_VALUE(event, '$.at'), JSON_VALUE(event, '$.change') FROM pinlatch_events WHERE person = 'p-…'`. The
//! times and ids inside the JSON are texts: ISO 8601 and UUIDs.

mod classify;
mod connections;
mod error;
mod journal;
mod options;
mod records;
mod request;
mod schema;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
#[path = "../../tests/inside/mariadb_sessions.rs"]
mod sessions;
mod settings;
mod sql;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]
#[path = "../../tests/inside/mariadb_upgrade.rs"]
mod upgrade;

use std::fmt;
use std::sync::Arc;

use pinlatch::host::{Key, Randomness, SystemRandomness};

pub use crate::{Connections, JournalledRefusal, Untrustworthy};
pub use error::MariaDbError;
pub use options::MariaDbOptions;
pub use settings::{Risk, UnsafeSetting};

use connections::Pool;
use settings::LEAST_PATIENCE;
use sql::Tables;

use crate::probe;

/// Accounts, people and the audit trail in one database. Clones share the connections.
#[derive(Clone)]
pub struct MariaDbStore {
    shared: Arc<Shared>,
    takes_events: bool,
}

struct Shared {
    pool: Pool,
    tables: Tables,
}

impl MariaDbStore {
    /// Opens the store with the default [options](MariaDbOptions): `mysql://user:password@host:port/database`.
    ///
    /// # Errors
    /// [`MariaDbError`], with what to do.
    pub async fn open(url: &str) -> Result<Self, MariaDbError> {
        MariaDbOptions::new().open(url).await
    }

    /// How many connections there are, and how long they were waited for.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.shared.pool.connections()
    }

    async fn open_with(options: MariaDbOptions, url: &str) -> Result<Self, MariaDbError> {
        if options.patience < LEAST_PATIENCE {
            return Err(MariaDbError::Patience { least: LEAST_PATIENCE });
        }
        let tables = Tables::of(&options.prefix)?;
        let pool = Pool::new(url, &options, tables.clone())?;
        let store = Self { shared: Arc::new(Shared { pool, tables }), takes_events: options.takes_events };
        store.prepare().await?;
        store.probe().await?;
        Ok(store)
    }

    /// The settings were judged when the connection was made.
    async fn prepare(&self) -> Result<(), MariaDbError> {
        let pool = self.pool();
        let mut taken = pool.take(pool.deadline()).await?;
        let Some(conn) = taken.conn() else { return Err(MariaDbError::NoAnswer(None)) };
        // The connection is not kept: making tables changed its time-outs.
        schema::prepare(conn, self.tables(), pool.patience()).await
    }

    /// Engines and proxies that ignore a precondition exist, and triggers that are not shown to this user. Tried with a
    /// record of each kind.
    async fn probe(&self) -> Result<(), MariaDbError> {
        let mut drawn = [0; 16];
        SystemRandomness.fill(&mut drawn).map_err(|error| MariaDbError::Randomness(Box::new(error)))?;
        let person = probe::key(u128::from_le_bytes(drawn));
        for key in [person, Key::account(person.owner())] {
            let probed = probe::stale_write(self, &key, self.pool().patience()).await;
            let deleted = self.delete(&key).await;
            probed.map_err(|failed| match failed {
                probe::Failed::Store(error) => error,
                probe::Failed::Found(found) => MariaDbError::Untrustworthy(found),
                probe::Failed::Unanswered => MariaDbError::NoAnswer(None),
            })?;
            deleted?;
        }
        Ok(())
    }

    fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    fn tables(&self) -> &Tables {
        &self.shared.tables
    }
}

impl fmt::Debug for MariaDbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MariaDbStore({} at {:?})", self.tables().prefix(), self.pool())
    }
}
