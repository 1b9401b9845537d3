//! The program as its users have it: a process of its own on a port of its own, with files in a folder of its own, asked over
//! sockets. Every test that wants one starts one.
#![allow(dead_code, reason = "each test takes of it what it needs")]

mod database;
mod office;
mod phone;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
#[allow(unused_imports, reason = "each test takes of it what it needs")]
pub(crate) use {
    database::Database,
    office::*,
    phone::{Browser, Reply, hidden_fields},
};

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
    /// Variables of the environment.
    variables: Vec<(&'static str, String)>,
    /// The one core that it may use.
    core: Option<u8>,
    /// Whether what it logs goes to where nothing can be written.
    is_mute: bool,
}

impl Told {
    fn by(flags: &[&str], variables: &[(&'static str, &str)]) -> Self {
        Self {
            flags: flags.iter().map(|&flag| flag.to_owned()).collect(),
            variables: variables.iter().map(|&(name, value)| (name, value.to_owned())).collect(),
            ..Self::default()
        }
    }

    /// The program, perhaps held to a core.
    fn program(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_payroll");
        let Some(core) = self.core else { return Command::new(program) };
        let mut held = Command::new("taskset");
        held.args(["--cpu-list", &core.to_string(), program]);
        held
    }

    fn tell(&self, command: &mut Command) {
        // What whoever runs the tests has set is not what is tested.
        let is_ours = |name: &str| {
            ["DATABASE_URL", "RUST_LOG"].contains(&name)
                || name.starts_with("PAYROLL_")
                || name.starts_with("OIDC_")
        };
        for (name, _) in std::env::vars().filter(|(name, _)| is_ours(name)) {
            command.env_remove(name);
        }
        command.env("RUST_LOG", "info").args(&self.flags).envs(self.variables.iter().cloned());
    }
}

/// The files: ours, to be deleted, or another's.
enum Folder {
    Own(TempDir),
    Shared(PathBuf),
    /// Not there before: the log lies beside it.
    Made(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Shared(folder) | Self::Made(folder) => folder,
        }
    }

    /// Where what is logged goes.
    fn log(&self) -> PathBuf {
        match self {
            Self::Made(folder) => folder.parent().and_then(Path::parent).unwrap().join("log"),
            folder => folder.path().join("log"),
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
        let database: Vec<_> = database.map(|address| ("DATABASE_URL", address)).into_iter().collect();
        Self::told(flags, &database)
    }

    /// One in a new folder, with these flags and variables of the environment besides.
    pub(crate) fn told(flags: &[&str], variables: &[(&'static str, &str)]) -> Self {
        Self::run(Folder::Own(tempfile::tempdir().unwrap()), 0, Told::by(flags, variables))
    }

    /// One in a new folder that uses this core alone (by `taskset`, of Linux), with these flags, on this database.
    pub(crate) fn on_core(core: u8, flags: &[&str], database: Option<&str>) -> Self {
        let database: Vec<_> = database.map(|address| ("DATABASE_URL", address)).into_iter().collect();
        let told = Told { core: Some(core), ..Told::by(flags, &database) };
        Self::run(Folder::Own(tempfile::tempdir().unwrap()), 0, told)
    }

    /// One in a new folder, on SQLite, that logs whatever it can.
    pub(crate) fn telling_all() -> Self {
        Self::told(&[], &[("RUST_LOG", "trace")])
    }

    /// One whose files are in this folder, which stays.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self::run(Folder::Shared(folder.to_owned()), 0, Told::default())
    }

    /// The same, with these flags.
    pub(crate) fn in_folder_with(folder: &Path, flags: &[&str]) -> Self {
        Self::run(Folder::Shared(folder.to_owned()), 0, Told::by(flags, &[]))
    }

    /// The same files, started anew with these flags.
    pub(crate) fn again_with(mut before: Self, flags: &[&str]) -> Self {
        let folder = std::mem::replace(&mut before.folder, Folder::Shared(PathBuf::new()));
        drop(before);
        Self::run(folder, 0, Told::by(flags, &[]))
    }

    /// One in a new folder whose log cannot be written.
    pub(crate) fn without_a_log() -> Self {
        let told = Told { is_mute: true, ..Told::default() };
        Self::run(Folder::Own(tempfile::tempdir().unwrap()), 0, told)
    }

    /// One that makes this folder, which stays, with its log beside it.
    pub(crate) fn making(folder: &Path) -> Self {
        Self::run(Folder::Made(folder.to_owned()), 0, Told::default())
    }

    /// The program with these flags and variables alone, which has to end by itself.
    pub(crate) fn ended(flags: &[&str], variables: &[(&'static str, &str)]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_payroll"));
        Told::by(flags, variables).tell(&mut command);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let status = ended(&mut child);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
        Ended { code: status.code(), said: text(&output.stdout), complained: text(&output.stderr) }
    }

    /// Another host beside this one: the same files, the same database, another port.
    pub(crate) fn beside(&self) -> Self {
        let folder = Folder::Shared(self.folder().to_owned());
        Self::run(folder, 0, self.told.clone())
    }

    fn run(folder: Folder, port: u16, told: Told) -> Self {
        let mut command = told.program();
        let log = if told.is_mute { PathBuf::from("/dev/full") } else { folder.log() };
        command
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .arg("--folder")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::options().create(true).append(true).open(log).unwrap());
        told.tell(&mut command);
        let mut child = command.spawn().unwrap();
        let port = port_said_by(&mut child);
        Self { child, port, folder, told }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// All that it has logged since its folder was made.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.log()).unwrap()
    }

    /// The origin of a place, by the first part of its name: `a`, `office`, `bank`; the stage by an empty one.
    pub(crate) fn origin(&self, place: &str) -> String {
        let dot = if place.is_empty() { "" } else { "." };
        format!("http://{place}{dot}payroll.localhost:{}", self.port)
    }

    /// A browser of its own at an origin that a proxy leads to this, without cookies.
    pub(crate) fn browser_before(&self, origin: &str) -> Browser {
        Browser::before(self.port, origin)
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
    pub(crate) fn stop(&mut self) -> ExitStatus {
        self.ask_to_stop();
        self.stopped()
    }

    /// Waits until it has stopped; how it ended.
    pub(crate) fn stopped(&mut self) -> ExitStatus {
        ended(&mut self.child)
    }

    /// Asks it to stop.
    pub(crate) fn ask_to_stop(&self) {
        self.signal("-TERM");
    }

    /// Interrupts it, as by Control-C.
    pub(crate) fn interrupt(&self) {
        self.signal("-INT");
    }

    fn signal(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
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
            let log = std::fs::read_to_string(self.folder.log()).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the end of what payroll logged, newest first:\n{}", last.join("\n"));
        }
    }
}

/// How a program ended that was not to go on.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) complained: String,
}

/// Waits until a program has ended.
fn ended(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not stop");
        }
        std::thread::sleep(Duration::from_millis(10));
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
