//! What happened while a command was polled, in order: reads, writes and hashes, each with the
//! command it belongs to.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use pinlatch::host::Key;

/// A command that was started, by its number in the town.
pub(crate) type Job = usize;

/// No client's command: what the host does of itself.
pub(crate) const HOST: Job = Job::MAX;

#[derive(Debug)]
pub(crate) enum Happening {
    /// The store answered a load of this command.
    Read(Job),
    /// A write reached the store and was applied.
    Applied(Key, Vec<u8>),
    /// A PIN was hashed for this command, or the hasher failed.
    Hashed(Job, bool),
}

/// A write that a command asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) job: Job,
    /// Whether a PIN had been hashed for it before.
    pub(crate) hashed: bool,
    /// Whether the journal took events when this was decided, if it was asked, and what the clock read.
    pub(crate) journal: bool,
    pub(crate) journal_asked: bool,
    /// How often the command had read before.
    pub(crate) reads: u64,
    pub(crate) now: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) happened: Vec<Happening>,
    /// By the bytes, which no two writes have in common.
    pub(crate) requests: HashMap<Vec<u8>, Request>,
    /// Which command is being polled.
    pub(crate) current: Job,
    pub(crate) hashed: HashSet<Job>,
    pub(crate) journal: bool,
    pub(crate) reads: HashMap<Job, u64>,
    /// Of each command that asked the journal, whether it took events of it, ever and the last time: it may have
    /// been down when it was asked, and be up again.
    pub(crate) journal_took: HashMap<Job, Took>,
    pub(crate) now: Option<u64>,
    /// Whose command.
    pub(crate) person: usize,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    pub(crate) ever: bool,
    pub(crate) last: bool,
}

pub(crate) type SharedLog = Arc<Mutex<Log>>;

impl Log {
    pub(crate) fn request(&mut self, bytes: &[u8]) {
        let job = self.current;
        let hashed = self.hashed.contains(&job);
        let reads = self.reads.get(&job).copied().unwrap_or_default();
        let journal = self.journal_took.get(&job).map(|took| took.ever);
        let request = Request {
            job,
            hashed,
            journal: journal.unwrap_or(self.journal),
            journal_asked: journal.is_some(),
            reads,
            now: self.now,
        };
        self.requests.insert(bytes.to_vec(), request);
    }

    /// The journal is asked, and has not answered; or it has.
    pub(crate) fn journal_asked(&mut self, took_it: bool) {
        let took = self.journal_took.entry(self.current).or_default();
        (took.ever, took.last) = (took.ever || took_it, took_it);
    }

    pub(crate) fn hash(&mut self, done: bool) {
        let job = self.current;
        // The second one of a command hashes a new PIN and compares nothing.
        if self.hashed.insert(job) {
            self.happened.push(Happening::Hashed(job, done));
        }
    }
}
