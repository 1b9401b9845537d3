//! A primary and its standby: what is left when the standby takes over. Some ten seconds each, most of it
//! copying a server:
//! `cargo test -p pinlatch-stores --features postgres --test postgres -- --ignored standby`

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use pinlatch::host::{Expect, Store, Swap};
use pinlatch_stores::postgres::{PostgresError, PostgresStore};
use pinlatch_testkit::rig::{Server, Wire};

use crate::by_hand::{by_hand, key, options, run, server, until, url, write};
use crate::shared;

/// Copies the server at port `$3` into `$1` unless that is done, and runs the copy at port `$2`.
const RUN: &str = r#"
PATH="$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')"
if [ "$(id -u)" = 0 ]; then
    chown postgres: "$1"
    step_down="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
[ -d "$1/data" ] || $step_down pg_basebackup -h 127.0.0.1 -p "$3" -U postgres -D "$1/data" -R -c fast || exit 1
exec $step_down postgres -D "$1/data" -h 127.0.0.1 -p "$2" -c unix_socket_directories=
"#;

/// Whether a server that one may only read from lets one in.
fn is_ready(port: u16) -> bool {
    let parameters = b"user\0postgres\0database\0postgres\0\0";
    let mut hello = vec![0, 0, 0, u8::try_from(parameters.len() + 8).unwrap(), 0, 3, 0, 0];
    hello.extend_from_slice(parameters);
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    server.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut word = [0];
    server.write_all(&hello).is_ok() && server.read_exact(&mut word).is_ok() && word == *b"R"
}

/// Two servers, and the wire between them.
struct Pair {
    standby: Server,
    between: Wire,
    primary: Server,
}

impl Pair {
    fn start() -> Option<Self> {
        let primary = server(&[])?;
        let between = Wire::before(primary.address()).unwrap();
        let source = between.address().port().to_string();
        let standby = Server::start(
            "PostgreSQL's standby",
            move |directory, port| {
                let mut command = Command::new("sh");
                command.args(["-c", RUN, "sh"]).arg(directory).args([&port.to_string(), &source]);
                command
            },
            is_ready,
        );
        Some(Self { standby: standby.unwrap(), between, primary })
    }

    /// One handle that knows both.
    async fn open(&self, patience: Duration) -> PostgresStore {
        let (one, other) = (self.primary.address(), self.standby.address());
        let both = format!("postgres://postgres@{one},{other}/postgres");
        options("pinlatch").patience(patience).open(&both).await.unwrap()
    }

    /// Waits until the standby has what the primary has now.
    async fn catch_up(&self) {
        let primary = by_hand(self.primary.address()).await;
        let here = primary.query_one("select pg_current_wal_lsn()::text", &[]).await.unwrap();
        let behind = format!("select (pg_last_wal_replay_lsn() < '{}')::int::bigint", here.get::<_, &str>(0));
        until(self.standby.address(), &behind, 0).await;
    }

    /// The primary is gone for good, and the standby takes over.
    async fn fail_over(&self) {
        self.primary.kill().unwrap();
        run(self.standby.address(), "select pg_promote()").await;
    }
}

async fn refuses(address: SocketAddr) {
    let refused = options("pinlatch").open(&url(address)).await;
    let is_standby = |setting: &str| setting == "pg_is_in_recovery";
    assert!(
        matches!(&refused, Err(PostgresError::Unsafe(found)) if is_standby(found.setting)),
        "{refused:?}"
    );
}

#[test]
#[ignore = "copies a server"]
fn a_standby_is_refused_and_after_an_asynchronous_fail_over_the_last_writes_are_gone() {
    let Some(pair) = Pair::start() else { return };
    shared::runtime().block_on(async {
        let store = pair.open(Duration::from_secs(4)).await;
        let first = write(&store, &key(1), Expect::Absent, b"before").await;
        pair.catch_up().await;
        refuses(pair.standby.address()).await;
        pair.between.go_down();
        write(&store, &key(1), Expect::At(first), b"after").await;
        pair.fail_over().await;
        let found = store.load(&key(1)).await.unwrap().unwrap();
        assert_eq!(found.bytes, b"before", "it was lost, as asynchronous replication may");
        write(&store, &key(1), Expect::At(found.version), b"and on").await;
    });
}

#[test]
#[ignore = "copies a server"]
fn after_a_synchronous_fail_over_what_was_answered_is_there_and_what_the_standby_did_not_get_was_in_doubt() {
    let Some(pair) = Pair::start() else { return };
    shared::runtime().block_on(async {
        for statement in ["alter system set synchronous_standby_names = '*'", "select pg_reload_conf()"] {
            by_hand(pair.primary.address()).await.batch_execute(statement).await.unwrap();
        }
        let is_synchronous = "select count(*) from pg_stat_replication where sync_state = 'sync'";
        until(pair.primary.address(), is_synchronous, 1).await;
        let store = pair.open(Duration::from_secs(2)).await;
        let mut expect = Expect::Absent;
        for number in 0..100_u8 {
            expect = Expect::At(write(&store, &key(1), expect, &[number]).await);
        }
        for number in [2, 3] {
            write(&store, &key(number), Expect::Absent, b"before").await;
        }
        let versions = [
            store.load(&key(2)).await.unwrap().unwrap().version,
            store.load(&key(3)).await.unwrap().unwrap().version,
        ];
        pair.between.go_down();
        // Neither time-out of the server ends the wait for a standby: the client's does.
        let cut_off = store.compare_and_swap(&key(2), Expect::At(versions[0]), b"after".into(), &[]).await;
        assert!(matches!(cut_off, Ok(Swap::Unknown)), "{cut_off:?}");

        // What must not be done: an operator's cancel ends the wait, and the server says that it is written.
        let (swapping, version) = (store.clone(), versions[1]);
        let cancelled = tokio::spawn(async move {
            swapping.compare_and_swap(&key(3), Expect::At(version), b"after".into(), &[]).await
        });
        let waiting = "select count(*) from pg_stat_activity where wait_event = 'SyncRep'";
        until(pair.primary.address(), waiting, 2).await;
        run(
            pair.primary.address(),
            "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'",
        )
        .await;
        let answered = cancelled.await.unwrap();
        assert!(matches!(answered, Ok(Swap::Applied(_))), "{answered:?}");

        pair.fail_over().await;
        assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, [99]);
        assert_eq!(store.load(&key(2)).await.unwrap().unwrap().bytes, b"before");
        assert_eq!(store.load(&key(3)).await.unwrap().unwrap().bytes, b"before", "lost by the cancel");
    });
}
