//! The program as its users have it: a process of its own on a port of its own, with files in a folder of its own, asked over
//! sockets. Every test that wants one starts one.
#![allow(dead_code, reason = "each test takes of it what it needs")]

mod phone;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) use phone::{Browser, Reply};
use tempfile::TempDir;

/// How long anything here may take before a test gives up; a hash on a busy machine takes a second.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running `payroll`. It is killed when this goes.
pub(crate) struct Served {
    child: Child,
    pub(crate) port: u16,
    folder: Folder,
    told: Told,
}

/// How it is started.
#[derive(Clone, Debug, Default)]
struct Told {
    flags: Vec<String>,
    database: Option<String>,
    log: Option<&'static str>,
}

/// The files: ours, to be deleted, or another's.
enum Folder {
    Own(TempDir),
    Shared(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Shared(folder) => folder,
        }
    }
}

impl Served {
    /// One in a new folder, on SQLite.
    pub(crate) fn start() -> Self {
        Self::with(&[], None)
    }

    /// One in a new folder, with these flags besides, on this database.
    pub(crate) fn with(flags: &[&str], database: Option<&str>) -> Self {
        let flags = flags.iter().map(|&flag| flag.to_owned()).collect();
        let told = Told { flags, database: database.map(ToOwned::to_owned), log: None };
        Self::run(Folder::Own(tempfile::tempdir().unwrap()), 0, told)
    }

    /// One in a new folder, on SQLite, that logs whatever it can.
    pub(crate) fn telling_all() -> Self {
        let told = Told { log: Some("trace"), ..Told::default() };
        Self::run(Folder::Own(tempfile::tempdir().unwrap()), 0, told)
    }

    /// Another host beside this one: the same files, the same database, another port.
    pub(crate) fn beside(&self) -> Self {
        let folder = Folder::Shared(self.folder().to_owned());
        Self::run(folder, 0, self.told.clone())
    }

    fn run(folder: Folder, port: u16, told: Told) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_payroll"));
        command
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .arg("--folder")
            .arg(folder.path())
            .args(&told.flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Self::log_of(folder.path()));
        clean(&mut command);
        if let Some(address) = &told.database {
            command.env("DATABASE_URL", address);
        }
        command.env("RUST_LOG", told.log.unwrap_or("info"));
        let mut child = command.spawn().unwrap();
        let port = port_said_by(&mut child);
        Self { child, port, folder, told }
    }

    fn log_of(folder: &Path) -> std::fs::File {
        std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// All that it has logged since its folder was made.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("log")).unwrap()
    }

    /// The origin of a place, by the first part of its name: `a`, `office`, `bank`; the stage by an empty one.
    pub(crate) fn origin(&self, place: &str) -> String {
        let dot = if place.is_empty() { "" } else { "." };
        format!("http://{place}{dot}payroll.localhost:{}", self.port)
    }

    /// A browser of its own at a place, without cookies.
    pub(crate) fn browser(&self, place: &str) -> Browser {
        Browser::at(self.port, place)
    }

    /// Kills it, as a machine that loses its power does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has; how it ended.
    pub(crate) fn stop(&mut self) -> std::process::ExitStatus {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts it again, on the same port and files.
    pub(crate) fn start_again(&mut self) {
        let folder = std::mem::replace(&mut self.folder, Folder::Shared(PathBuf::new()));
        let again = Self::run(folder, self.port, self.told.clone());
        *self = again;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.folder().join("log")).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the end of what payroll logged, newest first:\n{}", last.join("\n"));
        }
    }
}

/// What whoever runs the tests has set is not what is tested.
fn clean(command: &mut Command) {
    let ours = |name: &str| {
        name == "DATABASE_URL"
            || name == "RUST_LOG"
            || name.starts_with("PAYROLL_")
            || name.starts_with("OIDC_")
    };
    for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
        command.env_remove(name);
    }
}

/// The port, from the first line that it prints.
fn port_said_by(child: &mut Child) -> u16 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().expect("it ends without a word: see its log").unwrap();
    let port = first.rsplit(':').next().and_then(|port| port.parse().ok());
    // The pipe stays open and is read, or the next line would fail it.
    std::thread::spawn(move || lines.count());
    port.unwrap_or_else(|| panic!("no port in {first:?}"))
}
