//! A backup is restored by the commands of docs/which-store.md and by the steps of the manual: what comes back with it, and
//! that it does not stay. SQLite has a test of its own.

#[path = "../shared/mod.rs"]
mod shared;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pinlatch::account::Wanted;
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, ChangesPeople, Directory, Expect, Host, HostParts, Inline, Key, Loaded, PeopleJournal, Store,
    StoredDirectory, Swap, SystemClock, SystemRandomness,
};
use pinlatch::people::LocalDates;
use pinlatch::pin::PepperRing;
use pinlatch::session::Change;
use pinlatch_stores::any::AnyStore;
use pinlatch_testkit::rig::{Engine, Server};
use pinlatch_testkit::{ACME, CollectingJournal, PIN, QuickHasher, UNMODIFIED, day, person, pin};

/// A server, and where an operator puts its backups.
struct Deployment {
    engine: Engine,
    server: Server,
    backups: tempfile::TempDir,
}

impl Deployment {
    fn start(engine: Engine) -> Option<Self> {
        let server = shared::private(engine, &[])?;
        Some(Self { engine, server, backups: tempfile::tempdir().unwrap() })
    }

    fn address(&self) -> String {
        let at = self.server.address();
        match self.engine {
            Engine::Postgres => format!("postgres://postgres@{at}/postgres"),
            Engine::MariaDb => format!("mysql://root@{at}/test"),
            Engine::Redis => format!("redis://{at}"),
            Engine::Nats => format!("nats://{at}"),
            _ => format!("etcd://{at}"),
        }
    }

    /// What the recipe is about: the files of the engines that are stopped for it.
    fn files(&self) -> &'static str {
        if self.engine == Engine::Redis { "appendonlydir" } else { "data" }
    }

    /// One line of a recipe, as it stands in the page but for where the server is.
    fn types(&self, line: &str) {
        let at = self.server.address();
        let line = line
            .replace("pg_dump ", &format!("pg_dump --dbname={} ", self.address()))
            .replace("psql ", &format!("psql --quiet --set=ON_ERROR_STOP=1 --dbname={} ", self.address()))
            .replace("pg_restore ", &format!("pg_restore --dbname={} ", self.address()))
            .replace(
                "mariadb-dump ",
                &format!("mariadb-dump --user=root --host=127.0.0.1 --port={} ", at.port()),
            )
            .replace(
                "mariadb test",
                &format!("mariadb --user=root --host=127.0.0.1 --port={} test", at.port()),
            )
            .replace("etcdctl snapshot save", &format!("etcdctl --endpoints=http://{at} snapshot save"));
        // MySQL's own are called otherwise, and take the same words.
        let is_there = |program| Command::new(program).arg("--version").output().is_ok();
        let line = if is_there("mariadb-dump") {
            line
        } else {
            line.replace("mariadb-dump ", "mysqldump --set-gtid-purged=OFF --no-tablespaces ")
                .replace("mariadb ", "mysql ")
        };
        let mut shell = Command::new("sh");
        shell.args(["-ec", &line]).current_dir(self.backups.path()).env("ETCDCTL_API", "3");
        let done = shell.stdin(Stdio::null()).output().unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn back_up(&self) {
        match self.engine {
            Engine::Postgres => self.types("pg_dump --schema=pinlatch --format=custom --file=backup"),
            Engine::MariaDb => self.types(
                "mariadb-dump --single-transaction --skip-triggers test pinlatch_records pinlatch_events pinlatch_changes \
                 pinlatch_refusals pinlatch_schema > backup",
            ),
            Engine::Etcd => self.types("etcdctl snapshot save backup"),
            _ => {
                self.server.kill().unwrap();
                copy(&self.server.directory().join(self.files()), &self.backups.path().join("backup"));
                self.server.restart().unwrap();
            }
        }
    }

    /// Where the trail is in the database that goes back.
    fn export_trail(&self) {
        match self.engine {
            Engine::Postgres => self.types(
                "pg_dump --data-only --inserts --on-conflict-do-nothing --table=pinlatch.events \
                 --table=pinlatch.changes --table=pinlatch.refusals --file=trail",
            ),
            Engine::MariaDb => self.types(
                "mariadb-dump --no-create-info --insert-ignore --skip-add-locks --single-transaction --skip-triggers test \
                 pinlatch_events pinlatch_changes pinlatch_refusals > trail",
            ),
            _ => {}
        }
    }

    fn restore(&self) {
        match self.engine {
            Engine::Postgres => {
                self.types("psql --command='drop schema if exists pinlatch cascade'");
                self.types("pg_restore --exit-on-error --single-transaction backup");
                self.types("psql --command='select coalesce(max(number), 0) from pinlatch.changes'");
                self.types("psql --single-transaction --file=trail");
            }
            Engine::MariaDb => {
                self.types("tail -1 backup | grep -q 'Dump completed'");
                self.types("mariadb test < backup");
                self.types("mariadb test -e 'SELECT COALESCE(MAX(number), 0) FROM pinlatch_changes'");
                self.types("mariadb test < trail");
            }
            _ => {
                self.server.kill().unwrap();
                let files = self.server.directory().join(self.files());
                fs::remove_dir_all(&files).unwrap();
                if self.engine == Engine::Etcd {
                    self.types(&format!("etcdctl snapshot restore backup --data-dir={}", files.display()));
                } else {
                    copy(&self.backups.path().join("backup"), &files);
                }
                self.server.restart().unwrap();
            }
        }
    }

    /// A restored server of one member elects itself in a moment.
    async fn open(&self) -> AnyStore {
        let begun = Instant::now();
        loop {
            match AnyStore::open(&self.address()).await {
                Ok(store) => return store,
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error} {error:?}"),
            }
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(done.success());
}

fn host(store: &AnyStore) -> Gate<impl Host<Directory: ChangesPeople, Journal: PeopleJournal> + use<>> {
    let host = HostParts {
        store: store.clone(),
        clock: SystemClock,
        directory: StoredDirectory::new(store.clone(), |_| LocalDates::everywhere(day(2026, 11, 22))),
        journal: store.journal_or(Blocking(CollectingJournal::new())),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(QuickHasher::new()).build().unwrap()
}

fn a_restored_session_does_not_stay(engine: Engine) {
    let Some(deployment) = Deployment::start(engine) else { return };
    shared::runtime().block_on(async {
        let anna = person(7);
        let (token, session, late) = {
            let store = deployment.open().await;
            let gate = host(&store);
            let token = shared::guessing::locked_phone(&gate, &Arc::new(store.clone()), anna).await;
            let session = gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).await.unwrap();
            drop((gate, store));
            deployment.back_up();
            let store = deployment.open().await;
            let gate = host(&store);
            gate.log_out_everywhere(&session, &UNMODIFIED).await.unwrap();
            gate.establish_first_administrator(ACME, anna).await.unwrap();
            assert!(gate.check(&session, Wanted::session(), &UNMODIFIED).await.is_err());
            let Loaded { version: late, .. } = store.load(&Key::account(anna)).await.unwrap().unwrap();
            (token, session, late)
        };
        // All hosts are stopped.
        deployment.export_trail();
        deployment.restore();

        let store = deployment.open().await;
        let gate = host(&store);
        // That is why there are more steps: what was logged out is in again.
        let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        if store.engine().keeps_trail() {
            let trail = store.events(anna).await.unwrap();
            let ends =
                trail.iter().filter(|event| matches!(event.change, Change::LoggedOutEverywhere { .. }));
            assert_eq!(ends.count(), 1, "the trail went back");
            // Those of etcd and NATS are counted: no host may run across a restore.
        }
        if matches!(engine, Engine::Postgres | Engine::MariaDb | Engine::Redis) {
            let stale = store.compare_and_swap(&Key::account(anna), Expect::At(late), vec![1], &[]).await;
            assert_eq!(stale.unwrap(), Swap::Conflict, "a version came again");
        }
        if store.engine().keeps_trail() {
            let directory =
                StoredDirectory::new(store.clone(), |_| LocalDates::everywhere(day(2026, 11, 22)));
            let role = async || directory.person(anna).await.unwrap().unwrap().user_access(ACME).is_some();
            assert!(!role().await, "the facts did not go back");
            // Of the backup there is none: the last number is 0.
            let later = store.changes_after(0).await.unwrap();
            assert_eq!(directory.catch_up(anna, &later).await.unwrap(), 1);
            assert_eq!(store.changes_after(1).await.unwrap(), []);
            assert!(role().await);
        }
        for account in store.accounts().await.unwrap() {
            gate.erase(account).await.unwrap();
        }
        assert!(gate.check(&session, Wanted::session(), &UNMODIFIED).await.is_err());
        assert!(gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).await.is_err());
        if store.engine().keeps_trail() {
            let erased = store.events(anna).await.unwrap();
            assert!(matches!(erased.last().unwrap().change, Change::Erased), "{erased:?}");
        }
    });
}

#[test]
fn postgres() {
    a_restored_session_does_not_stay(Engine::Postgres);
}

#[test]
fn mariadb() {
    a_restored_session_does_not_stay(Engine::MariaDb);
}

#[test]
fn redis() {
    a_restored_session_does_not_stay(Engine::Redis);
}

#[test]
fn nats() {
    a_restored_session_does_not_stay(Engine::Nats);
}

#[test]
fn etcd() {
    a_restored_session_does_not_stay(Engine::Etcd);
}
