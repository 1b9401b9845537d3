//! A private server: started, killed and started again.

use std::collections::VecDeque;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tempfile::TempDir;

/// How long a server may take until it answers: an engine that repairs its files after a kill needs seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at whether a server is ready, or gone.
const PAUSE: Duration = Duration::from_millis(20);

/// What is shown of a server's log where it does not start.
const LOG_LINES: usize = 15;

/// A port of the loopback interface that nobody listens on at this moment, and that this process was not given in its
/// last 1,000 questions: a server that asks for two gets two.
///
/// # Errors
/// There is none.
pub fn free_port() -> io::Result<u16> {
    static GIVEN: Mutex<VecDeque<u16>> = Mutex::new(VecDeque::new());
    let mut given = GIVEN.lock();
    // Held until one is new, so that the system does not offer them again.
    let mut offered = Vec::new();
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        if !given.contains(&port) {
            given.truncate(REMEMBERED.saturating_sub(1));
            given.push_front(port);
            return Ok(port);
        }
        offered.push(listener);
    }
}

/// How many ports are not given again.
const REMEMBERED: usize = 1_000;

/// The command that runs a server on these files and this port.
pub(super) type Launch = Box<dyn Fn(&Path, u16) -> Command + Send + Sync>;

/// How a server is run.
pub(super) struct Recipe {
    pub(super) name: &'static str,
    pub(super) command: Launch,
    /// Whether it takes requests.
    pub(super) is_ready: fn(u16) -> bool,
    /// The signal on which it ends without saving anything for later, tidying up only what would outlive it.
    pub(super) last_signal: &'static str,
}

/// A server of its own on the loopback interface, with its files in a directory of its own. Dropped, it ends and the files go.
pub struct Server {
    recipe: Recipe,
    port: u16,
    process: Mutex<Option<Child>>,
    directory: TempDir,
}

impl Server {
    /// A server by a command of yours: it gets a directory for its files and a port, and is ready when something
    /// listens there and `is_ready` says so.
    ///
    /// # Errors
    /// The command does not run, or the server is not ready after a minute: the end of what it said is in the error.
    pub fn start(
        name: &'static str,
        command: impl Fn(&Path, u16) -> Command + Send + Sync + 'static,
        is_ready: fn(u16) -> bool,
    ) -> io::Result<Self> {
        let recipe = Recipe { name, command: Box::new(command), is_ready, last_signal: "-KILL" };
        Self::by(recipe, tempfile::tempdir()?)
    }

    pub(super) fn by(recipe: Recipe, directory: TempDir) -> io::Result<Self> {
        let server = Self { recipe, port: free_port()?, process: Mutex::default(), directory };
        server.restart()?;
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Where its files are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Where it writes what it has to say.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.directory().join("log")
    }

    /// Kills it: `kill -9`, nothing is saved. Processes that `PostgreSQL` has for each connection notice and end a moment
    /// later.
    ///
    /// # Errors
    /// The system did not let it.
    pub fn kill(&self) -> io::Result<()> {
        match self.process.lock().take() {
            Some(mut process) => {
                process.kill()?;
                process.wait().map(drop)
            }
            None => Ok(()),
        }
    }

    /// Stops it in its tracks without killing it (`SIGSTOP`): connections stay, and nothing answers. Of `PostgreSQL` that is
    /// the process that accepts connections; those that serve one go on. The signal does not wait for threads that run on
    /// other cores; this does, where the system lists them (`/proc`).
    ///
    /// # Errors
    /// It does not run, or the system did not let it; it has not stopped within a minute.
    pub fn freeze(&self) -> io::Result<()> {
        self.signal("-STOP")?;
        let start = Instant::now();
        while !self.stands_still()? {
            if start.elapsed() > PATIENCE {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Whether every thread of it is stopped; `true` where nothing tells.
    fn stands_still(&self) -> io::Result<bool> {
        let id = self.process.lock().as_ref().ok_or(io::ErrorKind::NotConnected)?.id();
        let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else { return Ok(true) };
        // The state is the first letter behind the name, which is in brackets: `T` is stopped. A thread that has gone
        // between the list and the look runs no more.
        let stopped = |stat: String| stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('T'));
        Ok(threads
            .flatten()
            .all(|thread| fs::read_to_string(thread.path().join("stat")).map_or(true, stopped)))
    }

    /// Lets it go on after [`freeze`](Self::freeze).
    ///
    /// # Errors
    /// It does not run, or the system did not let it.
    pub fn thaw(&self) -> io::Result<()> {
        self.signal("-CONT")
    }

    /// Starts it again, on the same files and the same port; kills it before if it runs.
    ///
    /// # Errors
    /// It is not ready after a minute: the end of what it said is in the error.
    pub fn restart(&self) -> io::Result<()> {
        self.kill()?;
        let start = Instant::now();
        let mut process = self.process.lock();
        loop {
            let running = match process.as_mut() {
                Some(running) => running,
                None => process.insert(self.launch()?),
            };
            // One that ended at once is tried again: after a kill, the children of the old one take a moment to go.
            if running.try_wait()?.is_some() {
                *process = None;
            } else if (self.recipe.is_ready)(self.port) {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                return Err(io::Error::other(format!(
                    "{} does not start: {}",
                    self.recipe.name,
                    self.last_words()
                )));
            }
            thread::sleep(PAUSE);
        }
    }

    fn launch(&self) -> io::Result<Child> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = (self.recipe.command)(self.directory(), self.port);
        let name = self.recipe.name;
        let said = log.try_clone()?;
        let spawned = command.stdin(Stdio::null()).stdout(said).stderr(log).spawn();
        spawned.map_err(|error| io::Error::new(error.kind(), format!("{name} cannot be run: {error}")))
    }

    fn last_words(&self) -> String {
        let said = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<_> = said.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    fn signal(&self, signal: &str) -> io::Result<()> {
        let process = self.process.lock();
        let id = process.as_ref().ok_or(io::ErrorKind::NotConnected)?.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status()?;
        if sent.success() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What else could be done, at the end of a test?
        let _asked = self.signal(self.recipe.last_signal);
        let _asked = self.thaw();
        if let Some(process) = self.process.lock().as_mut() {
            let start = Instant::now();
            while matches!(process.try_wait(), Ok(None)) && start.elapsed() < Duration::from_secs(5) {
                thread::sleep(PAUSE);
            }
        }
        let _killed = self.kill();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({} at {})", self.recipe.name, self.address())
    }
}
