//! Through PgBouncer, which a company may have before all of its databases.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;

use pinlatch_stores::postgres::PostgresError;
use pinlatch_testkit::rig::Server;

use crate::by_hand::{options, server, url};
use crate::conformance::{Schemas, the_kit_passes};
use crate::shared;

/// A server, and one of these before it. PgBouncer does not run as root: then it runs as the system's user `postgres`.
fn pooled(mode: &str) -> Option<(Server, Server)> {
    let database = server(&[])?;
    if !shared::installed("pgbouncer") {
        return None;
    }
    let settings = format!(
        "[databases]\npostgres = host=127.0.0.1 port={} user=postgres\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\n\
         default_pool_size = 80\nserver_login_retry = 0.1\n",
        database.address().port()
    );
    let command = move |directory: &Path, port: u16| {
        let file = directory.join("settings");
        fs::write(&file, format!("{settings}listen_port = {port}\n")).unwrap();
        let owned = Command::new("chown").arg("-R").arg("postgres:").arg(directory).output();
        let mut command = Command::new("pgbouncer");
        if owned.is_ok_and(|owned| owned.status.success()) {
            command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "pgbouncer"]);
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

/// Between transactions it would mix what sessions set: two are one, and one is two.
#[test]
fn a_pooler_of_transactions_is_refused() {
    for (mode, times) in [("transaction", 1), ("session\nserver_reset_query =", 2)] {
        let Some((_server, pooler)) = pooled(mode) else { return };
        let opened = shared::runtime().block_on(async {
            let mut opened = Vec::new();
            for _ in 0..times {
                opened.push(options("pooled").open(&url(pooler.address())).await);
            }
            opened.pop().unwrap()
        });
        let refused = opened.unwrap_err();
        assert!(
            matches!(&refused, PostgresError::Unsafe(found) if found.setting == "a session that was set up before"),
            "{mode}: {refused:?}"
        );
    }
}

#[test]
fn the_kit_passes_through_a_pooler_of_sessions() {
    if let Some((server, pooler)) = pooled("session") {
        the_kit_passes(&Schemas::through(pooler.address(), &server));
    }
}
