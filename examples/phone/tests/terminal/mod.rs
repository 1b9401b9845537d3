//! A terminal, and somebody who looks at it. Nothing sleeps: each step waits for what the screen
//! shows, and fails with the screen if that does not come.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";
pub(crate) const ESCAPE: &str = "\x1b";

/// Far more than any step takes, for a machine under load.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Terminal {
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
    /// All that ever came out.
    seen: Vec<u8>,
    entered: Vec<String>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Runs a program, and then lets `stty` tell how it left the terminal.
    pub(crate) fn run(program: &[&str]) -> Self {
        let (rows, cols) = (24, 80);
        let pair =
            native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", r#""$@"; echo "ended with $?"; stty -a"#, "sh"]);
        command.args(program);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let input = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        let (seen, entered) = (Vec::new(), Vec::new());
        Self { screen, output, seen, entered, input, child, _master: pair.master }
    }

    /// Waits until the open question is this one and the screen shows this text, however wrapped.
    pub(crate) fn asks(&mut self, question: &str, text: &str) {
        let open = format!("? {question}");
        self.wait(&format!("the question {question:?}, and {text:?}"), |rows| {
            rows.iter().any(|row| row.starts_with(&open)) && flat(rows).contains(text)
        });
    }

    /// Narrows the menu of this question down to a line by typing it, and takes it.
    pub(crate) fn choose(&mut self, question: &str, line: &str) {
        self.asks(question, "");
        self.press(line);
        let (open, chosen) = (format!("? {question} {line}"), format!("> {line}"));
        // A long question wraps, and so does what is typed behind it.
        self.wait(&format!("{line:?} to be chosen"), |rows| {
            flat(rows).contains(&open) && rows.contains(&chosen)
        });
        self.press("\r");
    }

    /// Takes the first line of this question's menu, which begins like this.
    pub(crate) fn choose_first(&mut self, question: &str, line: &str) {
        self.asks(question, &format!("> {line}"));
        self.press("\r");
    }

    /// Answers a hidden entry.
    pub(crate) fn enter(&mut self, question: &str, secret: &str) {
        self.asks(question, "");
        self.press(secret);
        self.entered.push(secret.to_owned());
        let hidden = format!("? {question} {}", "*".repeat(secret.len()));
        self.wait(&format!("{hidden:?}"), |rows| rows.contains(&hidden));
        self.press("\r");
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Waits for the end, sees that it is a good one, and answers with the last screen.
    pub(crate) fn ends_well(mut self) -> String {
        let patience = Instant::now() + PATIENCE;
        while self.read(patience) {}
        let last = flat(&self.rows());
        assert!(last.contains("ended with 0"), "{last}");
        for left in [" icanon", " echo ", " isig"] {
            assert!(last.contains(left), "{left:?} is not in {last}");
        }
        assert!(!self.screen.screen().hide_cursor(), "the cursor is hidden");
        assert!(!self.screen.screen().bracketed_paste(), "bracketed paste is on");
        let seen = String::from_utf8_lossy(&self.seen);
        assert!(self.entered.iter().all(|secret| !seen.contains(secret)), "an entry was shown");
        assert!(!seen.contains("pinlatd_") && !seen.contains("pinlats_"), "a token was shown");
        self.child.wait().unwrap();
        last
    }

    fn wait(&mut self, what: &str, is_there: impl Fn(&[String]) -> bool) {
        let patience = Instant::now() + PATIENCE;
        while !is_there(&self.rows()) {
            assert!(self.read(patience), "ended before {what}:\n{}", self.rows().join("\n"));
        }
    }

    /// Takes in the next output; false at the end.
    fn read(&mut self, patience: Instant) -> bool {
        match self.output.recv_timeout(patience.saturating_duration_since(Instant::now())) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                self.seen.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
            Err(RecvTimeoutError::Timeout) => panic!("nothing more came:\n{}", self.rows().join("\n")),
        }
    }

    fn rows(&self) -> Vec<String> {
        self.screen.screen().rows(0, 80).map(|row| row.trim_end().to_owned()).collect()
    }
}

/// A killed test leaves no phone behind.
impl Drop for Terminal {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
    }
}

/// The screen as one line, without frames.
fn flat(rows: &[String]) -> String {
    let text = rows.join(" ").replace(['│', '─', '╭', '╮', '╰', '╯'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
