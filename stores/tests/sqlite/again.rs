//! A test that runs itself once more, as another process.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Set in another process: the file that it is to work on.
const FILE: &str = "PINLATCH_STORES_TEST_FILE";
/// Before each line that is meant for the parent; the test harness prints lines of its own.
const MARK: &str = "@ ";

/// Which file this process is to work on, if it is another process.
pub(crate) fn file() -> Option<PathBuf> {
    std::env::var_os(FILE).map(PathBuf::from)
}

/// Says something to the parent, and is sure that it has been said.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    // The harness may have left a line unfinished.
    writeln!(out, "\n{MARK}{line}").unwrap();
    out.flush().unwrap();
}

/// Another process, which runs the test of this name only.
pub(crate) struct Process {
    pub(crate) child: Child,
    lines: io::Lines<BufReader<ChildStdout>>,
}

/// The command for another process.
pub(crate) fn command(test: &str, file: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(FILE, file);
    command
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits until the process has come so far that its harness speaks.
    pub(crate) fn wait_until_it_lives(&mut self) {
        let _first = self.lines.next().unwrap().unwrap();
    }

    /// The next thing it says; `None` after its end.
    pub(crate) fn hear(&mut self) -> Option<String> {
        loop {
            let line = self.lines.next()?.unwrap();
            if let Some(said) = line.strip_prefix(MARK) {
                return Some(said.to_owned());
            }
        }
    }

    /// Lets it go on, where it waits for its standard input.
    pub(crate) fn go(&mut self) {
        writeln!(self.child.stdin.as_mut().unwrap(), "go").unwrap();
    }

    /// Waits for its end, which must be a good one.
    pub(crate) fn end(mut self) {
        assert!(self.child.wait().unwrap().success(), "the other process failed");
    }
}

/// Says "ready" and waits for the parent's go.
pub(crate) fn ready() {
    say("ready");
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
}
