//! Accounts and people in Redis or Valkey, **with bounded loss**.
//!
//! Redis answers before anybody but itself has a write. Set up as [below](#settings) one server loses nothing that
//! it answered, neither in a crash nor in a power cut. **But where a replica can take over, writes can be lost that
//! were answered**, and with each of them a spent guess comes back, or a session that was locked is accepted again:
//! up to five guesses more for each fail-over. [`acknowledged_by`](RedisOptions::acknowledged_by) makes that unlikely;
//! no setting excludes it. If that is too much, take PostgreSQL, MariaDB or etcd.
//!
//! ```no_run
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::LocalDates;
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::redis::RedisStore;
//! # use pinlatch::host::Blocking;
//! # use pinlatch_testkit::{CollectingJournal, day};
//!
//! # async fn host() -> Result<(), Box<dyn std::error::Error>> {
//! let store = RedisStore::open("redis://user:password@localhost/0").await?;
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     directory: StoredDirectory::new(store.clone(), move |_| today.clone()),
//!     store,
//!     clock: SystemClock,
//!     // Redis keeps no audit trail: this is a journal of yours.
//!     # /*
//!     journal: my_journal,
//!     # */
//!     # journal: Blocking(CollectingJournal::new()),
//!     offload: Inline, // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//! # let _ = gate;
//! # Ok(())
//! # }
//! ```
//!
//! In a fleet with replicas, and for a server whose settings cannot be read:
//!
//! ```no_run
//! # use std::num::NonZeroU32;
//! use pinlatch_stores::redis::{RedisOptions, Risk};
//!
//! # async fn open() -> Result<(), pinlatch_stores::redis::RedisError> {
//! let store = RedisOptions::new()
//!     .prefix("payroll")
//!     .acknowledged_by(NonZeroU32::MIN)
//!     // `appendfsync` and `min-replicas-to-write` were looked up in the provider's console.
//!     .accepting(Risk::SettingsUnread)
//!     .open("redis://user:password@redis.internal")
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! *d*: by Redis's documentation; everything else is tested, on Redis 7.0 and 8.0 and on Valkey 8.1 and 9.1.
//!
//! # What it guarantees
//!
//! - A compare-and-swap is one script (`EVAL`) on one key, and a script runs alone: any number of handles, processes and
//!   hosts share a database. Of 64 wrong PINs at once from two hosts five are compared.
//! - What was answered `Applied` survives `kill -9` of the server, and a power cut if the disk keeps its word *d*:
//!   with `appendfsync always` the answer waits for `fsync`.
//! - No key sees a version twice: they are 64 random bits, not a counter that would come back with a
//!   restored snapshot or a fail-over.
//! - An error of a swap means that nothing was written. Without an answer it is `Unknown`, as is an error that is not known
//!   to be Redis's own: what stands before the server has some too.
//! - Nothing is repeated by itself but a load, once, on a new connection. Where an answer did not come, no connection made
//!   until then is used for another call.
//! - A load and a swap wait for the server once each, and no longer than [patience](RedisOptions::patience), the wait for
//!   a connection included. What waits for a connection is counted ([`connections`](RedisStore::connections)).
//! - A server that became a replica is not read from: each load asks for its role, in the same request.
//! - Opening refuses settings that break these promises, a replica, somebody else's keys, a newer version's, and a server
//!   or proxy that accepts a stale write or lets keys expire. On every new connection the server's role and its own
//!   settings are looked at again, so one that restarts with others is not used either; the replicas that it has and
//!   `min-replicas-to-write` are looked at on opening only.
//!
//! # What it does not
//!
//! - **Fail-over.** A replica that takes over lacks what it was not sent yet. Shown here: the link to the replica
//!   is cut, four wrong PINs are compared, the replica takes over, and five more are compared. With
//!   [`acknowledged_by(1)`](RedisOptions::acknowledged_by) it is five: a write counts only when the replica has it,
//!   and what was not acknowledged, or given up by its caller before it was, is not read again by this handle until it
//!   is. What remains *d*: the replica that
//!   acknowledged need not be the one that takes over (let as many acknowledge as there are, or have no more than one);
//!   it acknowledges what it received, not what is on its disk; another handle may read a write that is not
//!   acknowledged yet; and a primary that was cut off goes on answering loads until it is told.
//! - **Backups take guesses back.** A restored snapshot knows nothing of what was spent, locked out or revoked since.
//!   Back up by copying the append-only files, or the RDB file, with Redis stopped; a server that
//!   starts with `appendonly yes` reads no RDB file *d*. Before a restore stop all hosts; then the steps of the manual
//!   (`pinlatch::guide::operating`, Restoring a backup). The audit trail, kept elsewhere, says whom they concern.
//! - **No audit trail.** It would have to fit into memory for ever. Events wait in the record until the host's own journal has them.
//! - **Removing a person** takes three calls: [`deliver_changes`](pinlatch::gate::Gate::deliver_changes),
//!   [`remove_facts`](RedisStore::remove_facts), then [erase](pinlatch::gate::Gate::erase) by the gate. The account's record
//!   stays, without personal data; what your journal has of the person goes last.
//! - **Memory.** Everything is in memory, up to 192 KiB an account and usually a few. When it is full, writes are
//!   refused (`OOM`), and so is whoever wants to sign in; sessions are checked on.
//! - **Nothing in it is encrypted,** nor on the wire with `redis://`. `rediss://` needs the feature `tls`, and believes whom
//!   the system believes, or the host's own [`root_certificates`](RedisOptions#method.root_certificates) alone.
//! - **Cluster.** A script touches one key, and no two keys are asked for together, so records may lie on any node *d*.
//!   This store does not find the node of a key, though: an error of a cluster's node (`MOVED`) is an error here. A node
//!   is refused unless [`Risk::Cluster`] says that a proxy sends each key to its node. [`accounts`](RedisStore::accounts) and
//!   [`people`](RedisStore::people) then list what `SCAN` reaches, and `WAIT` may ask another node than the write's.
//! - **Sentinel.** Give the address of a proxy or a name that follows the primary. Sentinel closes the connections of a
//!   primary that it demotes *d*.
//!
//! # Settings
//!
//! | setting | as it has to be | otherwise | accepted by |
//! |---|---|---|---|
//! | `appendonly` | `yes` | with snapshots only, ten of five guesses were compared around a `kill -9`; with nothing on the disk the account was gone | [`Risk::LosesSinceSnapshot`] |
//! | `appendfsync` | `always` | a power cut loses a second *d* | [`Risk::LosesASecond`] |
//! | | | `no`: some 30 s *d* | [`Risk::LosesUnsyncedWrites`] |
//! | `no-appendfsync-on-rewrite` | `no` | no `fsync` while the file is rewritten *d* | [`Risk::LosesUnsyncedWrites`] |
//! | `maxmemory-policy` | `noeviction` or `volatile-…`, at any `maxmemory` | records are dropped, and their people never signed in | [`Risk::Evicts`] |
//! | replicas, `min-replicas-to-write` | none and 0, or [`acknowledged_by`](RedisOptions::acknowledged_by) | a fail-over loses writes | [`Risk::FailOverLosesWrites`] |
//! | `min-replicas-to-write`, if replicas acknowledge | at least as many | writes are made that no replica has | [`Risk::UnacknowledgedWrites`] |
//! | `cluster_enabled` | 0 | other nodes' keys are errors | [`Risk::Cluster`] |
//! | role | master | | by nothing |
//!
//! Many hosted servers forbid `CONFIG`. What `INFO` tells is looked at all the same; `appendfsync`,
//! `no-appendfsync-on-rewrite` and `min-replicas-to-write` it does not tell, and [`Risk::SettingsUnread`] says that the host knows them.
//! What nobody can read: whether the disk keeps its word, whether a snapshot was restored, and what somebody changes later with
//! `CONFIG SET` while connections stay. **`CONFIG SET appendonly yes` over a configuration file that says `no` passes here,
//! and the next restart reads no append-only file**, so all since the last snapshot is lost: write it into the file
//! (`CONFIG REWRITE`).
//!
//! A user of its own needs `~pinlatch:*` and `+eval +exists +hget +hmget +hset +persist +pttl +del +scan +role +info
//! +config|get`, and `+wait` if replicas acknowledge; without `role`, `info` or `config|get` it takes [`Risk::SettingsUnread`].
//!
//! # What it costs
//!
//! With accounts and people in it, where the gate asks for the person and the record at once:
//!
//! | | requests | waits, one after the other |
//! |---|---|---|
//! | load, creation, update | 1 | 1 |
//! | check | 2 | 1 |
//! | lock | 2 | 2 |
//! | authenticate (to begin it: none) | 3 | 2 |
//! | create a PIN, unlock | 5 | 3, and one while the hash is computed |
//!
//! A swap waits for `fsync`, and with `acknowledged_by` for the replica's answer as well: while a replica
//! is away that is three fifths of patience, in which its connection answers nothing else. So loads then have connections of
//! their own.
//!
//! # Keys
//!
//! | key | what it is |
//! |---|---|
//! | `pinlatch:a-…` | an account, `pinlatch:p-…` a person: a hash of the bytes, `d`, and the version, `v`, as decimal text |
//! | `pinlatch:schema` | whose the prefix is: a hash of `application`, `pinlatch`, and `schema`, 1 |
//!
//! The [prefix](RedisOptions::prefix) is yours. None has an expiry; one that somebody sets is taken off by the next write.
//! Other programs may read them, and write none of them.

mod classify;
mod connections;
mod doubts;
mod error;
mod listing;
mod options;
mod records;
mod schema;
mod settings;
mod trial;

use std::fmt;
use std::sync::Arc;

use pinlatch::host::Key;
use redis::{Cmd, Value, pipe};
use tokio::time::Instant;

use crate::patience::after;

pub use error::RedisError;
pub use options::RedisOptions;
pub use settings::{Risk, UnsafeSetting};

pub use crate::Connections;

use connections::{Failed, Pool};
use doubts::Doubts;

/// A server that keeps accounts and people, with bounded loss. A clone is another handle on the same connections.
#[derive(Clone)]
pub struct RedisStore {
    /// A connection on which a write waits for replicas answers nothing else meanwhile, so then loads have theirs.
    loads: Arc<Pool>,
    swaps: Arc<Pool>,
    doubts: Arc<Doubts>,
    options: Arc<RedisOptions>,
}

impl RedisStore {
    /// Opens the server with the default [options](RedisOptions).
    ///
    /// # Errors
    /// As [`RedisOptions::open`].
    pub async fn open(address: &str) -> Result<Self, RedisError> {
        RedisOptions::new().open(address).await
    }

    /// How the connections fare, for the host's metrics: those for loads, or for everything where no
    /// replica has to acknowledge a write.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.loads.connections()
    }

    fn deadline(&self) -> Instant {
        after(self.options.patience)
    }

    /// What a record is called in the database.
    fn name(&self, key: &Key) -> String {
        format!("{}:{}", self.options.prefix, key.as_str())
    }

    /// Sends one command, and tries it no second time.
    async fn one(&self, command: Cmd) -> Result<Value, RedisError> {
        let mut commands = pipe();
        commands.add_command(command);
        let [answer] = answers(self.swaps.ask(&commands, self.deadline()).await)?;
        accepted(answer)
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisStore({}, {})", self.loads.address(), self.options.prefix)
    }
}

/// The answers, where no answer is an error: not for swaps.
fn unless_failed(asked: Result<Vec<Value>, Failed>) -> Result<Vec<Value>, RedisError> {
    asked.map_err(|failed| match failed {
        Failed::NotSent(error) => error,
        Failed::NoAnswer(cause) => RedisError::NoAnswer(cause),
    })
}

/// The same of so many commands.
fn answers<const N: usize>(asked: Result<Vec<Value>, Failed>) -> Result<[Value; N], RedisError> {
    unless_failed(asked)?.try_into().map_err(|_| RedisError::Unreadable)
}

/// An answer that is no error.
fn accepted(answer: Value) -> Result<Value, RedisError> {
    match answer {
        Value::ServerError(error) => Err(classify::refused(&error)),
        answer => Ok(answer),
    }
}
