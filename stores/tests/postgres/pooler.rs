//! Through PgBouncer, which a company may have before all of its databases.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;

use pinlatch_stores::postgres::PostgresError;
use pinlatch_testkit::rig::Server;
use tokio_postgres::SimpleQueryMessage;

use crate::by_hand::{by_hand, options, server, url};
use crate::conformance::{Schemas, the_kit_passes};
use crate::shared;

/// A server, and one of these before it. PgBouncer does not run as root: then it runs as the system's user `postgres`.
fn pooled(mode: &str) -> Option<(Server, Server)> {
    let database = server(&[])?;
    let program = shared::installed("pgbouncer")?;
    let settings = format!(
        "[databases]\npostgres = host=127.0.0.1 port={} user=postgres\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nunix_socket_dir =\nauth_type = any\n\
         default_pool_size = 80\nserver_login_retry = 0.1\npool_mode = {mode}\n",
        database.address().port()
    );
    let command = move |directory: &Path, port: u16| {
        let file = directory.join("settings");
        fs::write(&file, format!("{settings}listen_port = {port}\n")).unwrap();
        let owned = Command::new("chown").arg("-R").arg("postgres:").arg(directory).output();
        let mut command = Command::new(&program);
        if owned.is_ok_and(|owned| owned.status.success()) {
            command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", &program]);
        }
        command.arg(file);
        command
    };
    Some((database, Server::start("PgBouncer", command, is_ready).unwrap()))
}

/// Asked for encryption it says `N`.
fn is_ready(port: u16) -> bool {
    let mut word = [0];
    let asked = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).and_then(|mut pooler| {
        pooler.write_all(&[0, 0, 0, 8, 4, 210, 22, 47])?;
        pooler.read_exact(&mut word)
    });
    asked.is_ok() && word == *b"N"
}

/// Between transactions it would mix what sessions set: two are one, and one is two. Whoever else comes that way finds
/// nothing changed by the refusal.
#[test]
fn a_pooler_of_transactions_is_refused_and_nobody_elses_session_changed() {
    for (mode, value) in [
        ("transaction\ndefault_pool_size = 1", "another's"),
        ("statement\ndefault_pool_size = 1", "another's"),
        (
            "transaction\nserver_reset_query_always = 1\nserver_reset_query = RESET ALL",
            "another's, or reset in between",
        ),
        ("session\nserver_reset_query =\ndefault_pool_size = 1", "another's"),
    ] {
        let Some((server, pooler)) = pooled(mode) else { return };
        shared::runtime().block_on(async {
            let read = "select current_setting('search_path') || current_setting('statement_timeout') \
                        || coalesce(current_setting('pinlatch.session', true), '')";
            let plain: String = by_hand(server.address()).await.query_one(read, &[]).await.unwrap().get(0);
            for _ in 0..2 {
                let refused = options("pooled").open(&url(pooler.address())).await.unwrap_err();
                let PostgresError::Unsafe(found) = &refused else { panic!("{mode}: {refused:?}") };
                assert_eq!(
                    (found.setting, found.value.as_str()),
                    ("the connection's session", value),
                    "{mode}"
                );
                let rows = by_hand(pooler.address()).await.simple_query(read).await.unwrap();
                let found = rows.iter().find_map(|row| match row {
                    SimpleQueryMessage::Row(row) => row.get(0),
                    _ => None,
                });
                assert_eq!(found, Some(plain.as_str()), "{mode}");
            }
        });
    }
}

/// Others keep its sessions busy: which one a request gets is chance.
#[test]
fn a_busy_pooler_of_transactions_is_refused() {
    let Some((_server, pooler)) = pooled("transaction\ndefault_pool_size = 20") else { return };
    let address = pooler.address();
    shared::runtime().block_on(async {
        let others: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn(async move {
                    let other = by_hand(address).await;
                    while other.simple_query("select pg_sleep(0.001)").await.is_ok() {}
                })
            })
            .collect();
        for _ in 0..10 {
            let refused = options("pooled").open(&url(address)).await.unwrap_err();
            // By a prepared statement that the other session has not, once in hundreds.
            let is_named = match &refused {
                PostgresError::Unsafe(found) => found.setting == "the connection's session",
                PostgresError::Refused { code, .. } => **code == *"26000",
                _ => false,
            };
            assert!(is_named, "{refused:?}");
        }
        others.iter().for_each(tokio::task::JoinHandle::abort);
    });
}

#[test]
fn the_kit_passes_through_a_pooler_of_sessions() {
    if let Some((server, pooler)) = pooled("session") {
        the_kit_passes(&Schemas::through(pooler.address(), &server));
    }
}
