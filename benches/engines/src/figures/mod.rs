//! What an engine costs: latency and throughput of the gate's commands against accounts and processes, bytes a
//! person, unlocks a second and core beside the hasher alone.
//!
//! In fair weather, with real Argon2id (19 MiB, 2 passes, 1 lane), the system's random source, and people, accounts
//! and trail on the engine. Each process has [`CALLERS`] callers that ask again as soon as they have an answer, each
//! over phones of its own that are spread evenly over all accounts.

mod apart;
mod fill;
mod gate;
mod measure;
mod page;
mod plot;
mod unlocks;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use pinlatch_testkit::rig::{self, Server};
use serde::{Deserialize, Serialize};

pub use apart::apart;
pub use measure::{Measured, Orders, measure};

use crate::Failed;
use crate::call::now;
use crate::seam::{Engine, Place};

/// The first word on the command line of a process that measures.
pub const MEASURE: &str = "measure";

/// Callers in each process.
pub const CALLERS: usize = 4;

/// Phones of each caller.
const PHONES: usize = 16;

/// Phones that are unlocked again and again beside the hasher alone.
const UNLOCKED: usize = 32;

/// Turns of them, and as many of the hasher alone.
const TURNS: usize = 7;

/// How many processes ask at once.
const PROCESSES: [usize; 3] = [1, 2, 4];

/// Between the start of the processes and the first call, and between two kinds of call, in microseconds.
const PAUSE: u64 = 700_000;

/// How figures are taken.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many accounts.
    pub accounts: Vec<usize>,
    /// How long each kind of call is made.
    pub seconds: f64,
    /// Where the page and the plot go.
    pub folder: PathBuf,
    /// This program, which is started again for each process.
    pub program: PathBuf,
}

/// A kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Using a session.
    Check,
    /// Locking the open app; it is opened again by face, which is not measured.
    Lock,
    /// The right PIN.
    Unlock,
    /// Beginning and ending a strong authentication, on a phone that was signed in before.
    SignIn,
    /// An administrator's log-out from all devices; the invitation after it is not measured.
    RevokeAll,
}

impl Kind {
    /// All of them, in the order in which they are measured: the last one ends the phones.
    pub const ALL: [Self; 5] = [Self::Check, Self::Lock, Self::Unlock, Self::SignIn, Self::RevokeAll];

    /// Its name on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::SignIn => "sign-in",
            Self::RevokeAll => "revoke-all",
        }
    }
}

/// What was measured of one kind of call.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    kind: Kind,
    accounts: usize,
    processes: usize,
    /// In microseconds, sorted.
    took: Vec<u32>,
    refused: usize,
}

impl Row {
    /// So many of 100 took no longer, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let index = (self.took.len() * percent / 100).min(self.took.len().saturating_sub(1));
        self.took.get(index).map_or(f64::NAN, |micros| f64::from(*micros) / 1e3)
    }

    /// Calls a second, of all callers that do nothing else: so many of them, each taking the mean time.
    fn per_second(&self) -> f64 {
        let total: f64 = self.took.iter().map(|micros| f64::from(*micros)).sum();
        (self.processes * CALLERS) as f64 * self.took.len() as f64 * 1e6 / total
    }
}

/// What the page says of one kind of call: times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    kind: Kind,
    accounts: usize,
    processes: usize,
    p50: f64,
    p99: f64,
    per_second: f64,
}

impl From<&Row> for Figure {
    fn from(row: &Row) -> Self {
        let (p50, p99, per_second) = (row.percentile(50), row.percentile(99), row.per_second());
        Self { kind: row.kind, accounts: row.accounts, processes: row.processes, p50, p99, per_second }
    }
}

/// Draws the plot of an engine anew, from its page.
pub fn redraw(engine: &str, folder: &Path) -> Result<PathBuf, Failed> {
    let figures = page::read(&fs::read_to_string(folder.join(format!("{engine}.md")))?)?;
    let plot = folder.join(format!("{engine}.svg"));
    plot::draw(engine, &figures, &plot)?;
    Ok(plot)
}

/// Takes the figures of an engine and writes its page and plot; answers with the files.
pub fn figures<E: Engine>(settings: &Settings) -> Result<Vec<PathBuf>, Failed> {
    let (mut rows, mut bytes, mut unlocks) = (Vec::new(), Vec::new(), None);
    for accounts in settings.accounts.iter().copied() {
        let folder = tempfile::tempdir()?;
        let server = E::SERVER.map(|engine| engine.start(settings_of(engine))).transpose()?;
        let place = Place { address: server.as_ref().map(Server::address), folder: folder.path() };
        let files = server.as_ref().map_or(folder.path(), |server| server.directory());
        let empty = size(files)?;
        let wanted = PROCESSES.iter().sum::<usize>() * CALLERS * PHONES;
        let mut phones = fill::fill::<E>(place, accounts, wanted + UNLOCKED)?;
        // Unlocking kills the session from before: these are for nothing else.
        let unlocked = phones.split_off(phones.len().saturating_sub(UNLOCKED));
        let a_person = size(files)?.saturating_sub(empty) as f64 / accounts as f64;
        bytes.push((accounts, if E::IN_PROCESS { f64::NAN } else { a_person }));
        if unlocks.is_none() {
            unlocks = Some(unlocks::beside_the_hasher::<E>(place, &unlocked, TURNS)?);
        }
        let mut phones = phones.into_iter();
        for processes in PROCESSES {
            if E::IN_PROCESS && processes > 1 {
                continue;
            }
            eprintln!("{}: {accounts} accounts, {processes} processes", E::NAME);
            let orders = (0..processes).map(|number| Orders {
                address: place.address,
                folder: folder.path().to_owned(),
                start: 0,
                seconds: settings.seconds,
                phones: phones.by_ref().take(CALLERS * PHONES).collect(),
                number,
            });
            rows.extend(run::<E>(settings, orders.collect(), accounts)?);
        }
    }
    let unlocks = unlocks.ok_or("no number of accounts")?;
    fs::create_dir_all(&settings.folder)?;
    let (page, plot) = (format!("{}.md", E::NAME), format!("{}.svg", E::NAME));
    let (page, plot) = (settings.folder.join(page), settings.folder.join(plot));
    rows.sort_by_key(|row| (row.kind, row.accounts, row.processes));
    fs::write(&page, page::page(E::NAME, &rows, &bytes, &unlocks))?;
    plot::draw(E::NAME, &rows.iter().map(Figure::from).collect::<Vec<_>>(), &plot)?;
    Ok(vec![page, plot])
}

/// What a server is started with, so that a million people find room.
const fn settings_of(engine: rig::Engine) -> &'static [&'static str] {
    match engine {
        // As shipped it takes 2 GiB, and each swap adds to them until etcd is compacted.
        rig::Engine::Etcd => &["--quota-backend-bytes=8589934592"],
        _ => &[],
    }
}

/// Measures every kind of call, in as many processes as there are orders.
fn run<E: Engine>(settings: &Settings, orders: Vec<Orders>, accounts: usize) -> Result<Vec<Row>, Failed> {
    let processes = orders.len();
    let start = now() + PAUSE;
    let measured: Vec<Result<Vec<Measured>, Failed>> = thread::scope(|scope| {
        let start_one = |orders: Orders| {
            let orders = Orders { start, ..orders };
            scope.spawn(
                move || if E::IN_PROCESS { measure::<E>(&orders) } else { process::<E>(settings, &orders) },
            )
        };
        let threads: Vec<_> = orders.into_iter().map(start_one).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a measurement panicked")?).collect()
    });
    let mut rows = Vec::new();
    let measured = measured.into_iter().collect::<Result<Vec<_>, Failed>>()?;
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        let mut all = Measured::default();
        measured.iter().for_each(|one| all.add(&one[index]));
        let Measured { mut took, refused } = all;
        took.sort_unstable();
        rows.push(Row { kind, accounts, processes, took, refused });
    }
    Ok(rows)
}

fn process<E: Engine>(settings: &Settings, orders: &Orders) -> Result<Vec<Measured>, Failed> {
    let file = orders.folder.join(format!("orders-{}.json", orders.number));
    fs::write(&file, serde_json::to_vec(orders)?)?;
    let mut command = Command::new(&settings.program);
    let said = command.args([MEASURE, E::NAME]).arg(&file).stderr(Stdio::inherit()).output()?;
    if said.status.success() {
        Ok(serde_json::from_slice(&said.stdout)?)
    } else {
        Err("a process failed".into())
    }
}

/// The bytes of all files in a folder and its folders.
fn size(folder: &Path) -> Result<u64, Failed> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
