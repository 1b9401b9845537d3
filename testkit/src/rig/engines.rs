//! How each engine is started from what the system's packages install.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::server::{Recipe, Server, free_port};

/// How long a server may take to say a first word, before it counts as not ready.
const FIRST_WORD: Duration = Duration::from_millis(500);

/// Where programs are that are in nobody's `PATH`.
const FOLDERS: &[&str] = &["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"];

/// Where the packages of Debian and Red Hat keep `PostgreSQL`, in a folder for each version.
const POSTGRES_FOLDERS: &[&str] = &["/usr/lib/postgresql", "/usr/pgsql"];

/// Done by `MySQL` at each start, before anybody is let in: its own `root` may come by the socket only.
const MYSQL_FIRST: &str = "CREATE DATABASE IF NOT EXISTS test;
CREATE USER IF NOT EXISTS 'root'@'%';
GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
";

/// What etcd answers with `{"health":"true"}` when it has a leader.
const HEALTH: &[u8] = b"GET /health HTTP/1.0\r\n\r\n";

/// An engine that the rig knows how to start.
///
/// Each is started as a careful operator would: what was answered is on the disk. A setting that is given later wins,
/// so `Engine::Redis.start(&["--appendonly", "no"])` is a server that forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// `PostgreSQL`: user and database `postgres`, no password. Settings as `&["-c", "fsync=off"]`. `PostgreSQL` refuses to
    /// run as root: then it runs as the system's user `postgres`.
    Postgres,
    /// `MariaDB`, or `MySQL` where that is what is installed: user `root`, no password, database `test`. Settings as
    /// `&["--max-connections=20"]`.
    MariaDb,
    /// Redis, or Valkey where that is what is installed: append-only file, `appendfsync always`. Settings as
    /// `&["--appendfsync", "no"]`.
    Redis,
    /// NATS with `JetStream`. Settings as `&["--debug"]`.
    Nats,
    /// etcd, one member. Settings as `&["--quota-backend-bytes=16777216"]`.
    Etcd,
}

impl Engine {
    /// Starts a server of its own on a free port of the loopback interface.
    ///
    /// # Errors
    /// The engine's programs are not installed ([`NotFound`](io::ErrorKind::NotFound)), or it does not start.
    pub fn start(self, settings: &[&str]) -> io::Result<Server> {
        match self {
            Self::Postgres => postgres(settings),
            Self::MariaDb => mariadb(settings),
            Self::Redis => redis(settings),
            Self::Nats => nats(settings),
            Self::Etcd => etcd(settings),
        }
    }
}

fn postgres(settings: &[&str]) -> io::Result<Server> {
    let (initdb, server) = (postgres_program("initdb")?, postgres_program("postgres")?);
    let directory = tempfile::tempdir()?;
    let files = directory.path().join("data");
    let is_root = is_root()?;
    if is_root {
        succeeds(Command::new("chown").arg("postgres:").arg(directory.path()))?;
    }
    let mut make = as_postgres(is_root, &initdb);
    make.arg("--pgdata").arg(&files).args([
        "--username=postgres",
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
    ]);
    succeeds(&mut make)?;
    let settings = owned(settings);
    let command = move |directory: &Path, port: u16| {
        let mut command = as_postgres(is_root, &server);
        command.arg("-D").arg(directory.join("data")).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        command.args(["-c", "unix_socket_directories="]).args(&settings);
        command
    };
    // Ends at once as after a crash, but takes its shared memory along.
    let recipe = Recipe {
        name: "PostgreSQL",
        command: Box::new(command),
        is_ready: postgres_is_ready,
        last_signal: "-QUIT",
    };
    Server::by(recipe, directory)
}

/// `setpriv` becomes the program it runs, so a signal reaches that.
fn as_postgres(is_root: bool, program: &Path) -> Command {
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

/// Answers a client's first question, for encryption: `N`, or `S`. One that is still starting does so, too, and then
/// refuses; so this asks to be let in and looks for the answer `R`.
fn postgres_is_ready(port: u16) -> bool {
    let parameters = b"user\0postgres\0database\0postgres\0\0";
    let mut hello = u32::try_from(parameters.len() + 8).unwrap_or_default().to_be_bytes().to_vec();
    hello.extend_from_slice(&196_608_u32.to_be_bytes());
    hello.extend_from_slice(parameters);
    first_word(port, &hello).is_some_and(|word| word.starts_with(b"R"))
}

fn mariadb(settings: &[&str]) -> io::Result<Server> {
    let (server, install) = match program("mariadbd") {
        Ok(server) => (server, Some(program("mariadb-install-db")?)),
        Err(missing) => (program("mysqld").map_err(|_| missing)?, None),
    };
    let directory = tempfile::tempdir()?;
    let (files, user) = (directory.path().join("data"), as_root(is_root()?));
    // A server that starts clears the temporary tables of all others away that share its directory for them.
    let temporary = format!("--tmpdir={}", directory.path().display());
    let mut make = Command::new(install.as_ref().unwrap_or(&server));
    make.arg("--no-defaults").arg(format!("--datadir={}", files.display())).arg(&temporary).args(user);
    let mut settings = owned(settings);
    if install.is_some() {
        succeeds(make.arg("--auth-root-authentication-method=normal"))?;
        fs::create_dir_all(files.join("test"))?;
    } else {
        succeeds(make.arg("--initialize-insecure"))?;
        let first = directory.path().join("first.sql");
        fs::write(&first, MYSQL_FIRST)?;
        settings.splice(..0, ["--mysqlx=OFF".to_owned(), format!("--init-file={}", first.display())]);
    }
    let command = move |directory: &Path, port: u16| {
        let mut command = Command::new(&server);
        command
            .arg("--no-defaults")
            .args(user)
            .arg(format!("--datadir={}", directory.join("data").display()));
        command.arg(format!("--socket={}", directory.join("socket").display())).arg(format!("--port={port}"));
        command.arg(&temporary);
        command.args(["--bind-address=127.0.0.1", "--skip-name-resolve"]).args(&settings);
        command
    };
    // The first word is its greeting; refused for too many connections it begins with another byte.
    let is_ready = |port| first_word(port, b"").is_some_and(|word| word.get(4) == Some(&10));
    Server::by(
        Recipe { name: "MariaDB", command: Box::new(command), is_ready, last_signal: "-KILL" },
        directory,
    )
}

fn as_root(is_root: bool) -> &'static [&'static str] {
    if is_root { &["--user=root"] } else { &[] }
}

fn redis(settings: &[&str]) -> io::Result<Server> {
    let server = program("redis-server").or_else(|_| program("valkey-server"))?;
    let settings = owned(settings);
    let command = move |directory: &Path, port: u16| {
        let mut command = Command::new(&server);
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--dir"]).arg(directory);
        command.args(["--appendonly", "yes", "--appendfsync", "always", "--save", ""]).args(&settings);
        command
    };
    Server::start("Redis", command, |port| {
        first_word(port, b"PING\r\n").is_some_and(|word| word == b"+PONG\r\n")
    })
}

fn nats(settings: &[&str]) -> io::Result<Server> {
    let (server, settings) = (program("nats-server")?, owned(settings));
    let command = move |directory: &Path, port: u16| {
        let mut command = Command::new(&server);
        command.args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]).arg(directory.join("data"));
        command.args(&settings);
        command
    };
    Server::start("NATS", command, |port| first_word(port, b"").is_some_and(|word| word.starts_with(b"INFO")))
}

fn etcd(settings: &[&str]) -> io::Result<Server> {
    let (server, settings, peers) = (program("etcd")?, owned(settings), free_port()?);
    let command = move |directory: &Path, port: u16| {
        let mut command = Command::new(&server);
        let (clients, peers) = (format!("http://127.0.0.1:{port}"), format!("http://127.0.0.1:{peers}"));
        command.arg("--data-dir").arg(directory.join("data"));
        command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
        command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
        command.arg("--initial-cluster").arg(format!("default={peers}")).args(&settings);
        command
    };
    Server::start("etcd", command, |port| {
        first_word(port, HEALTH).is_some_and(|word| word.windows(6).any(|seen| seen == b"\"true\""))
    })
}

/// What a server says first to somebody who says this.
fn first_word(port: u16, hello: &[u8]) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    server.set_read_timeout(Some(FIRST_WORD)).ok()?;
    server.write_all(hello).ok()?;
    let mut word = vec![0; 4096];
    let read = server.read(&mut word).ok()?;
    word.truncate(read);
    Some(word)
}

/// Whether this process may do all, and so has to step down for servers that refuse that.
fn is_root() -> io::Result<bool> {
    Ok(Command::new("id").arg("-u").output()?.stdout == b"0\n")
}

fn program(name: &str) -> io::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(FOLDERS.iter().map(PathBuf::from));
    found(name, folders)
}

fn postgres_program(name: &str) -> io::Result<PathBuf> {
    let versions = |folder: &&str| fs::read_dir(folder).into_iter().flatten().flatten();
    let mut versions: Vec<_> =
        POSTGRES_FOLDERS.iter().flat_map(versions).map(|version| version.path().join("bin")).collect();
    versions.sort();
    program(name).or_else(|_| found(name, versions.into_iter().rev()))
}

fn found(name: &str, mut folders: impl Iterator<Item = PathBuf>) -> io::Result<PathBuf> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, format!("{name} is not installed"));
    folders.find_map(|folder| Some(folder.join(name)).filter(|program| program.is_file())).ok_or_else(missing)
}

fn owned(settings: &[&str]) -> Vec<String> {
    settings.iter().map(ToString::to_string).collect()
}

fn succeeds(command: &mut Command) -> io::Result<()> {
    let done = command.stdin(Stdio::null()).output()?;
    if done.status.success() {
        return Ok(());
    }
    let program = command.get_program().to_os_string();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    Err(io::Error::other(format!("{}: {said}", OsStr::new(&program).display())))
}
