//! Accounts and people under a prefix of etcd.
//!
//! ```
//! use pinlatch::gate::Gate;
//! use pinlatch::host::{Blocking, HostParts, Inline, StoredDirectory, SystemClock, SystemRandomness};
//! use pinlatch::people::{LocalDates, UserAccess};
//! use pinlatch::pin::PepperRing;
//! use pinlatch_stores::etcd::EtcdStore;
//! # use pinlatch_testkit::{ACME, CollectingJournal, day, person, since_last_year};
//! # use pinlatch_testkit::rig::Engine;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = match Engine::Etcd.start(&[]) {
//! #     Err(missing)
//! #         if missing.kind() == std::io::ErrorKind::NotFound && std::env::var_os("PINLATCH_NO_SKIPS").is_none() =>
//! #     {
//! #         println!("SKIPPED: {missing}");
//! #         return Ok(());
//! #     }
//! #     started => started?,
//! # };
//! # let url = &format!("etcd://{}/pinlatch", server.address());
//! # let journal = Blocking(CollectingJournal::new());
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! // 1. `etcd://user:password@one:2379,two:2379,three:2379/pinlatch`
//! let store = EtcdStore::open(url).await?;
//! let today = LocalDates::everywhere(day(2026, 11, 22));
//! let host = HostParts {
//!     store: store.clone(),
//!     clock: SystemClock,
//!     directory: StoredDirectory::new(store.clone(), move |_: &_| today.clone()),
//!     journal, // somewhere else: etcd is no audit trail
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
//! - A compare-and-swap is one transaction that compares the key's `mod_revision`, so any number of hosts may share
//!   a prefix.
//! - What was answered `Applied` is in the log of most members, and by etcd's documentation on their disks. A member
//!   killed at any moment loses nothing of it: tested with `kill -9` under load, alone and as the leader of three.
//! - A load is linearizable: it sees every write that was answered before it began, whichever member it asks. A
//!   member that is cut off from the others answers none.
//! - Versions are revisions of the whole etcd: no key sees one twice, whatever is removed or compacted.
//! - No transaction is sent twice, but for one that was refused because its token had lapsed, with a new token.
//! - An error of a swap means that surely nothing was written. etcd answers "no space" to writes that it refuses
//!   **and to the one that crosses its quota, which it makes**: so after that answer the key is looked at, and only
//!   where it is unchanged it is an error. A time-out, a broken connection, a lost leader and whatever else leaves
//!   it open is `Unknown`.
//! - Each operation ends within the [patience](EtcdOptions::patience), whatever the members do. After an error
//!   without an answer the connection is thrown away, and the next member that has a leader takes over.
//! - Keys of another program or a newer version are refused and left as they are. A deliberately stale write is
//!   tried at each opening.
//!
//! # What it does not
//!
//! - **etcd keeps what was replaced until it is compacted,** and does not compact by itself as it is shipped. Each
//!   swap adds a record, of 4 KB say: the quota, as shipped 2 GiB, holds half a million of them, and then etcd
//!   refuses all writes. Set `--auto-compaction-retention`, and defragment now and then. Records that were removed
//!   can be read in the history until then.
//! - **No audit trail.** Events wait in the record for the host's journal.
//! - **Removing a person** takes three calls: [`deliver_changes`](pinlatch::gate::Gate::deliver_changes),
//!   [`remove_facts`](EtcdStore::remove_facts), then [erase](pinlatch::gate::Gate::erase) by the gate. The account's record
//!   stays, without personal data; what your journal has of the person goes last.
//! - **A restored snapshot takes guesses back** and gives old versions again. Back up with `etcdctl snapshot save
//!   <file>`. Before a restore stop all hosts; then the steps of the manual (`pinlatch::guide::operating`, Restoring a
//!   backup).
//! - **Nothing in it is encrypted** by this crate, and by `etcd://` neither is the way to it. `etcds://` needs the
//!   feature `tls`, and believes whom the system believes, or the host's own
//!   [`root_certificates`](EtcdOptions#method.root_certificates) alone. With client certificates: [`EtcdOptions::over`].
//! - **Who may write under the prefix writes records.** Give each deployment a user with a role for its prefix.
//! - **A lease on a key, attached by somebody else,** makes its record vanish. This store attaches none, and takes
//!   one off with the next write.
//!
//! # Settings
//!
//! Refused at opening: an alarm (`NOSPACE` with [`EtcdError::Full`], `CORRUPT`), and the versions 3.5.0 to 3.5.2,
//! whose members can come back from a crash with other data, by etcd's own account
//! ([`Risk::CorruptingVersion`] accepts that). Each new connection is looked at for these again, `NOSPACE` excepted: a
//! full etcd can be read. A learner, or a member without a leader, is passed over where it tells so. One member is
//! enough where one is enough. Newer members (seen with 3.5.30) tell their status to the user `root` alone. For any other the
//! store asks for the alarms apart; where these are not told either, `CORRUPT` is noticed at the first write only.
//!
//! A client cannot read `--unsafe-no-fsync` (never set it: a power cut then takes guesses back), the
//! compaction, the quota, nor `--max-request-bytes` (1.5 MiB as shipped; a record and its key need 193 KiB).
//!
//! # The keys
//!
//! | key | what it holds |
//! |---|---|
//! | `pinlatch/a-…`, `pinlatch/p-…` | accounts and people |
//! | `pinlatch/schema` | the schema, 1 |
//!
//! `pinlatch` is the [prefix](EtcdOptions::prefix). A user needs to read and write `pinlatch/` as a prefix, no more.
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
//! All over one connection, on which many wait at once. Medians with 300 bytes on a two-core
//! virtual machine, server and client on it: a load 0.8 ms, a swap 1.3 ms
//! (`cargo test -p pinlatch-stores --features etcd --test etcd -- --ignored --nocapture`).
//!
//! When the leader of three was killed, writes went on after 1.5 s, the time of an election; when a member fell
//! silent, after 2 s at a patience of 3 s.

mod classify;
mod connections;
mod error;
mod options;
mod records;
mod schema;
mod settings;

use std::fmt;
use std::sync::Arc;

pub use etcd_client;

pub use error::EtcdError;
pub use options::EtcdOptions;
pub use settings::{Risk, UnsafeSetting};

use records::Keys;

/// A prefix of etcd that keeps accounts and people. A clone shares the connection.
#[derive(Clone)]
pub struct EtcdStore {
    keys: Arc<Keys>,
}

impl EtcdStore {
    /// [`EtcdOptions::open`] with what is usual.
    ///
    /// # Errors
    /// [`EtcdError`].
    pub async fn open(url: &str) -> Result<Self, EtcdError> {
        EtcdOptions::new().open(url).await
    }
}

impl fmt::Debug for EtcdStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EtcdStore({})", self.keys.prefix)
    }
}
