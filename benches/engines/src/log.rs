//! The logs: a file for each host, a line for each thing, written at once, so that a host that is killed has said
//! what it began. And the board, on which hosts show each other the tokens of a phone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use pinlatch::access::PeopleEntry;
use pinlatch::account::Event;
use pinlatch::id::PersonId;
use serde::{Deserialize, Serialize};

use crate::Failed;
use crate::call::{Answer, Asked, Call, CallId, Line, now};

/// So much of the end of a board is read: the tokens of a phone's last dozens of sessions.
const BOARD_BYTES: u64 = 8_192;

/// A host's log.
#[derive(Debug)]
pub struct Log {
    host: u32,
    next: AtomicU32,
    file: Mutex<File>,
}

impl Log {
    /// The log of this host, in a folder of the run.
    pub fn create(folder: &Path, host: u32) -> io::Result<Self> {
        let file = File::options().create(true).append(true).open(folder.join(format!("host-{host}.log")))?;
        Ok(Self { host, next: AtomicU32::new(0), file: Mutex::new(file) })
    }

    /// Writes a line down.
    pub fn write(&self, line: &Line) {
        let text = serde_json::to_string(line).expect("a line") + "\n";
        let mut file = self.file.lock().expect("no writer panics");
        file.write_all(text.as_bytes()).expect("the log can be written");
    }

    /// A call begins.
    pub fn called(&self, person: PersonId, asked: Asked) -> CallId {
        let id = CallId { host: self.host, number: self.next.fetch_add(1, Ordering::Relaxed) };
        self.write(&Line::Called(id, now(), person, asked));
        id
    }

    /// It came back.
    pub fn answered(&self, id: CallId, answer: Answer) {
        self.write(&Line::Answered(id, now(), answer));
    }
}

/// What the logs of a run say.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The calls, in the order in which they began.
    pub calls: Vec<Call>,
    /// The events that journals of hosts took.
    pub events: Vec<Event>,
    /// The changes of people that journals of hosts took.
    pub changes: Vec<PeopleEntry>,
}

impl Said {
    /// Reads all logs in a folder.
    pub fn read(folder: &Path) -> Result<Self, Failed> {
        let mut said = Self::default();
        let mut calls = BTreeMap::new();
        for file in fs::read_dir(folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "log") {
                for line in BufReader::new(File::open(path)?).lines() {
                    // The last line of a host that was killed may be half a line.
                    if let Ok(line) = serde_json::from_str(&line?) {
                        said.take(line, &mut calls);
                    }
                }
            }
        }
        said.calls = calls.into_values().collect();
        said.calls.sort_by_key(|call| (call.called, call.id));
        Ok(said)
    }

    fn take(&mut self, line: Line, calls: &mut BTreeMap<CallId, Call>) {
        match line {
            Line::Called(id, called, person, asked) => {
                let (returned, answer, hashed) = (None, Answer::Unknown, Vec::new());
                calls.insert(id, Call { id, person, asked, called, returned, answer, hashed });
            }
            Line::Hashed(id, at, salt) => {
                if let Some(call) = calls.get_mut(&id) {
                    call.hashed.push((at, salt));
                }
            }
            Line::Answered(id, at, answer) => {
                if let Some(call) = calls.get_mut(&id) {
                    (call.returned, call.answer) = (Some(at), answer);
                }
            }
            Line::Event(event) => self.events.push(*event),
            Line::Change(change) => self.changes.push(*change),
        }
    }
}

/// What a host shows the others about a person's phones.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Posted {
    /// The token of a device, and the sign-in that gave it.
    Device(CallId, String),
    /// The token of a session, its device, and the call that opened it.
    Session(CallId, CallId, String),
}

/// The board: a file for each person.
#[derive(Clone, Debug)]
pub struct Board(PathBuf);

impl Board {
    /// The board of a run.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Shows something.
    pub fn post(&self, person: PersonId, posted: &Posted) -> io::Result<()> {
        let text = serde_json::to_string(posted)? + "\n";
        File::options().create(true).append(true).open(self.file(person))?.write_all(text.as_bytes())
    }

    /// What was shown of late, the oldest first.
    pub fn read(&self, person: PersonId) -> io::Result<Vec<Posted>> {
        let Ok(mut file) = File::open(self.file(person)) else { return Ok(Vec::new()) };
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(BOARD_BYTES)))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    fn file(&self, person: PersonId) -> PathBuf {
        self.0.join(format!("{person}.board"))
    }
}
