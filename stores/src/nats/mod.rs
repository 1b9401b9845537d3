//! Accounts and people in a key-value bucket of NATS JetStream.
//!
//! ```
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::{LocalDates, UserAccess};
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::nats::NatsStore;
//! # use pinlatch_testkit::{ACME, CollectingJournal, day, person, since_last_year};
//! # use pinlatch_testkit::rig::Engine;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = match Engine::Nats.start(&[]) {
//! #     Err(missing)
//! #         if missing.kind() == std::io::ErrorKind::NotFound && std::env::var_os("PINLATCH_NO_SKIPS").is_none() =>
//! #     {
//! #         println!("SKIPPED: {missing}");
//! #         return Ok(());
//! #     }
//! #     started => started?,
//! # };
//! # let url = &format!("nats://{}", server.address());
//! # let journal = Blocking(CollectingJournal::new());
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! // 1. `nats://user:password@one:4222,two:4222,three:4222`. The first to come makes the bucket.
//! let store = NatsStore::open(url).await?;
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     store: store.clone(),
//!     clock: SystemClock,
//!     directory: StoredDirectory::new(store.clone(), move |_: &_| today.clone()),
//!     journal, // somewhere else: a bucket is no audit trail
//!     offload: Inline, // PRODUCTION: tokio's blocking pool, as the example `async_host` of pinlatch shows
//!     randomness: SystemRandomness,
//! };
//! let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build()?;
//!
//! // 2. The host imports whom it knows.
//! let access = UserAccess::new(ACME, since_last_year());
//! gate.host().directory.change(person(7), |anna| Ok(anna.with_user_access(access.clone()))).await?;
//! assert_eq!(store.people().await?, [person(7)]);
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - A compare-and-swap is one message that names the sequence it expects under its subject. The stream's leader
//!   compares and stores in one step, so any number of hosts may share a bucket.
//! - What was answered `Applied` is stored by the bucket's server, or by most of its replicas in a cluster. A server
//!   killed at any moment loses nothing of it: tested with `kill -9` under load, alone and as the leader of three.
//! - **Replicas need servers from 2.9.21 on.** Before, a cluster compares a write with what is stored and not with what is
//!   under way: of two that expect the same sequence both can be answered as written (nats-server, issue 4320). On 2.9.10
//!   7 to 12 of five guesses were compared on three replicas, in some runs. One server, without replicas, compares in one step in
//!   every version. That clusters do from 2.9.21 on is its release notes' word; on three servers of 2.10.27 at most five were
//!   compared in six runs, and on 2.15.1 in two. The version is that of the server that a host is connected to.
//! - Versions are the stream's sequence: no key sees one twice, whatever is removed or purged.
//! - A load asks the stream's leader, and never by a direct get, which any replica may answer with something old.
//! - No write is sent twice. A new record over a removed one is two writes that compare, the second only after
//!   NATS refused the first.
//! - An error of a swap means that surely nothing was written. A time-out, a broken connection and whatever else
//!   leaves it open is `Unknown`.
//! - Each operation ends within the [patience](NatsOptions::patience), whatever the servers do. A request
//!   whose connection breaks ends at once, where the driver would let it wait; one that is not answered in time
//!   takes the connection with it, and the next goes to another server of the cluster.
//! - A bucket of another program, of a newer version, or with settings that break a promise is refused and left as
//!   it is. A deliberately stale write is tried at each opening.
//!
//! # What it does not
//!
//! - **NATS acknowledges before the disk has it.** It writes to the operating system at once, and by its
//!   documentation asks for the disk every two minutes (`sync_interval`). A killed server loses nothing; a
//!   machine that loses its power loses what came since, and then a spent budget of PIN guesses can come back. Set
//!   `sync_interval: always` in `jetstream {}` (servers from 2.10 on), above all with one server; with three
//!   replicas on three machines that do not fail together less hangs on it. A client cannot read that setting.
//! - **A leader that was cut off may still answer loads** until it notices, within seconds: by the design of NATS, not
//!   shown here. A session check on that side of the cut can accept what was revoked on the other; a write there
//!   is never acknowledged.
//! - **No audit trail.** Events wait in the record for the host's journal.
//! - **Removing a person** takes three calls: [`deliver_changes`](pinlatch::gate::Gate::deliver_changes),
//!   [`remove_facts`](NatsStore::remove_facts), then [erase](pinlatch::gate::Gate::erase) by the gate. The account's record
//!   stays, without personal data; what your journal has of the person goes last.
//! - **A bucket restored from a backup, or made anew, takes guesses back** and gives old versions again. Back up with
//!   `nats stream backup KV_pinlatch <directory>`. Before a restore stop all hosts; then the steps of the manual
//!   (`pinlatch::guide::operating`, Restoring a backup).
//! - **Nothing in it is encrypted** by this crate. NATS can encrypt both the way to it (`tls://`) and its files. `tls://`
//!   believes whom the system believes, or with the feature `tls` the host's own
//!   [`root_certificates`](NatsOptions#method.root_certificates) alone. Without that feature a program that has two
//!   cryptographies of rustls compiled in has to choose one itself, or the driver panics.
//! - **Who may publish to `$KV.<bucket>.>` writes records.** Give each deployment an account or a user of its own.
//!
//! # Settings
//!
//! Read at each opening and refused, unless the [`Risk`] in the third column is
//! [accepted](NatsOptions::accepting):
//!
//! | setting | safe | risk |
//! |---|---|---|
//! | `storage` | `file` | [`MemoryStorage`](Risk::MemoryStorage) |
//! | `max_age`, `allow_msg_ttl`, `retention` | 0, off, `limits` | [`Expiry`](Risk::Expiry) |
//! | `discard` | `new` | [`DiscardOld`](Risk::DiscardOld) |
//! | the server's version, with replicas | 2.9.21 or later | [`RacingReplicas`](Risk::RacingReplicas) |
//! | `num_replicas` in a cluster | 2 or more; 3 in a bucket made here | [`OneReplica`](Risk::OneReplica) |
//! | `persist_mode` | `default` | [`AsynchronousWrites`](Risk::AsynchronousWrites) |
//! | `mirror`, `sources` | none | [`Copies`](Risk::Copies) |
//! | the account's `max_storage` (`max_file`, tiers too) | none, or `max_bytes` of the bucket within it; of a single server without leaf nodes any from 2.10.27 on | [`AccountLimit`](Risk::AccountLimit) |
//! | `no_ack`, `sealed`, `discard_new_per_subject`, `subject_transform` | off | none |
//! | `max_msg_size`, the server's `max_payload` | 193 KiB or more | none |
//!
//! **A write beyond the account's limit can remove the record that it was to replace**, and then the account reads as
//! one that never signed in: seen with 2.9.10, and not with 2.10.27 or 2.15.1, single servers all of them; of clusters
//! nothing was tried, and one of their servers may be older than that which is asked. So where an account of older servers,
//! of a cluster or behind a leaf node has a limit, make the bucket with a size of its own, `nats kv add --max-bucket-size`,
//! that times its replicas (once, in a tier) is within it: a full bucket refuses a write before it replaces anything. Other
//! streams of the account must not use up the rest, so there may be none, unless the account requires a size of all
//! (`max_bytes_required`).
//!
//! The settings are read at opening only: what is changed while a host runs is not noticed by it.
//!
//! `allow_direct` may be on, as `nats kv add` sets it: this store makes no use of it. Other programs that read the
//! bucket might.
//!
//! # The bucket
//!
//! The stream `KV_pinlatch` (or another [prefix](NatsOptions::prefix)) with one message for each key:
//!
//! | subject | what it holds |
//! |---|---|
//! | `$KV.pinlatch.a-…`, `$KV.pinlatch.p-…` | accounts and people; empty with `KV-Operation` where one was removed |
//! | `$KV.pinlatch.schema` | the schema, 1 |
//!
//! It is made with the first opening, or beforehand by an operator (`nats kv add`), and then has to be empty. In
//! daily work a user needs to publish to `$KV.pinlatch.>` and, each with the stream's name behind it, to
//! `$JS.API.STREAM.INFO`, `$JS.API.STREAM.MSG.GET`, `$JS.API.STREAM.PURGE` and, for the lists of people and
//! accounts, `$JS.API.CONSUMER.CREATE`; to `$JS.API.INFO`; and to subscribe to `_INBOX.>`. Other credentials and
//! certificates by a client of the host's: [`NatsOptions::over`].
//!
//! # What it costs
//!
//! With accounts and people in it, where the gate asks for the person and the record at once:
//!
//! | | requests | waits, one after the other |
//! |---|---|---|
//! | load, creation, update | 1 | 1 |
//! | creation that finds a record, or the mark of a removed one | 2, 3 | 2, 3 |
//! | check | 2 | 1 |
//! | lock | 2 | 2 |
//! | authenticate (to begin it: none) | 3 | 2 |
//! | create a PIN, unlock | 5 | 3, and one while the hash is computed |
//!
//! All over one connection, on which many wait at once. Medians with 300 bytes on a two-core virtual machine, server and
//! client on it: a load 0.25 ms, a swap 0.19 ms (`cargo test -p pinlatch-stores --features nats --test nats -- --ignored --nocapture`).
//!
//! When the leader of three was killed, writes went on after 5 to 8 s, the time of an election. At the usual patience
//! of 5 s a command meanwhile is refused, and has to be tried again.

mod account;
mod classify;
mod connections;
mod error;
mod options;
mod records;
mod schema;
mod settings;

use std::fmt;
use std::sync::Arc;

pub use async_nats;

pub use error::NatsError;
pub use options::NatsOptions;
pub use settings::{Risk, UnsafeSetting};

use records::Bucket;

/// A bucket of NATS that keeps accounts and people. A clone shares the connection.
#[derive(Clone)]
pub struct NatsStore {
    bucket: Arc<Bucket>,
}

impl NatsStore {
    /// [`NatsOptions::open`] with what is usual.
    ///
    /// # Errors
    /// [`NatsError`].
    pub async fn open(url: &str) -> Result<Self, NatsError> {
        NatsOptions::new().open(url).await
    }
}

impl fmt::Debug for NatsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NatsStore({})", self.bucket.stream_name())
    }
}
