//! The server: the gate over one database file, the directory of people, and the company's calendar.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Zoned;
use jiff::tz::TimeZone;
use pinlatch::access::users_and_roles::{Changed, PeopleEvent};
use pinlatch::access::{Administrator, BrowserSession};
use pinlatch::account::RefusalEvent;
use pinlatch::gate::{BlockingGate, Gate, GateError};
use pinlatch::host::{
    Blocking, BlockingJournal, Clock, Directory, Host, Inline, Randomness, StoredDirectory,
    StoredDirectoryError, SystemClock, SystemRandomness,
};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, CalendarError, LocalDates, Person};
use pinlatch::pin::{Pepper, PepperId, PepperRing};
use pinlatch::record::StoredVersion;
use pinlatch::refusal::{Refusal, RefusalCode};
use pinlatch::time::Timestamp;
use pinlatch_stores::sqlite::SqliteStore;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::files::{self, Files};
use crate::town::RESIDENTS;

/// The companies of this town keep Finnish time.
const TIME_ZONE: &str = "Europe/Helsinki";
const PEPPER_BYTES: usize = 32;

type SharedFile = Blocking<Arc<SqliteStore>>;
type Dates = Box<dyn Fn(&Person) -> LocalDates + Send + Sync>;
type People = StoredDirectory<SharedFile, Dates>;

/// The server's parts: one file keeps the accounts, the people and the audit trail.
pub(crate) struct Server {
    file: SharedFile,
    people: People,
}

impl Host for Server {
    type Store = SharedFile;
    type Clock = SystemClock;
    type Directory = People;
    type Journal = SharedFile;
    type Offload = Inline;
    type Randomness = SystemRandomness;

    fn store(&self) -> &SharedFile {
        &self.file
    }

    fn clock(&self) -> &SystemClock {
        &SystemClock
    }

    fn directory(&self) -> &People {
        &self.people
    }

    fn journal(&self) -> &SharedFile {
        &self.file
    }

    fn offload(&self) -> &Inline {
        &Inline
    }

    fn randomness(&self) -> &SystemRandomness {
        &SystemRandomness
    }
}

/// The server: the gate over those parts, and the file of changes.
pub(crate) struct Office {
    gate: Gate<Server>,
    changes: PathBuf,
    /// Locked while the program runs.
    _key_store: File,
}

/// A line of the file of changes on the page "Users and roles".
#[derive(Serialize, Deserialize)]
pub(crate) struct RecordedChange {
    pub(crate) at: Timestamp,
    pub(crate) event: PeopleEvent,
}

impl Office {
    pub(crate) fn open(files: &Files) -> Result<Self, Box<dyn Error>> {
        let (peppers, key_store) = open_key_store(files)?;
        let file = Arc::new(SqliteStore::open(files.db())?);
        let started = today()?;
        let dates: Dates = Box::new(move |_| LocalDates::everywhere(today().unwrap_or(started)));
        let people = StoredDirectory::new(Blocking(Arc::clone(&file)), dates);
        let server = Server { file: Blocking(file), people };
        // No older host reads this file, and a phone is told why its session ended.
        let gate = Gate::builder(server).peppers(peppers).writes_version(StoredVersion::V2).build()?;
        let office = Self { gate, changes: files.changes(), _key_store: key_store };
        office.seed()?;
        Ok(office)
    }

    pub(crate) const fn gate(&self) -> BlockingGate<'_, Server> {
        self.gate.blocking()
    }

    pub(crate) fn store(&self) -> &SqliteStore {
        &self.gate.host().file.0
    }

    /// What is known of a person today.
    pub(crate) fn person(&self, id: PersonId) -> Result<Person, GateError> {
        let known = self.people().person_now(id).map_err(directory_error)?;
        known.ok_or(RefusalCode::NotEligible.into())
    }

    pub(crate) fn today(&self, person: &Person) -> LocalDates {
        self.people().dates(person)
    }

    /// Carries out one command of the page "Users and roles". `command` is its name, for the audit
    /// trail.
    pub(crate) fn change(
        &self,
        (session, company): (&BrowserSession, CompanyId),
        person: PersonId,
        command: &'static str,
        decide: impl Fn(&Administrator, &Person, &LocalDates) -> Result<Changed, Refusal> + Sync,
    ) -> Result<(), GateError> {
        let administrator = self.gate().administrator(session, company)?;
        let mut event = None;
        let changed = self.people().change_now(person, |stored| {
            let changed = decide(&administrator, &stored, &self.today(&stored))?;
            event = Some(changed.event);
            Ok(changed.person)
        });
        match changed {
            Ok(_) => {
                event.map_or(Ok(()), |event| self.record(event)).map_err(file_error)?;
                // Whoever stands nowhere now is logged out at once, on every phone (E23).
                self.gate().reassess(person)
            }
            Err(StoredDirectoryError::Refused(refusal)) => {
                // These refusals do not pass through the gate, so the host reports them.
                let mut event = RefusalEvent::new(Some(person), command, refusal);
                event.at = SystemClock.now();
                let _lost = self.store().refused(&event);
                Err(refusal.into())
            }
            Err(error) => Err(directory_error(error)),
        }
    }

    /// Every change of the page "Users and roles", the oldest first.
    pub(crate) fn changes(&self) -> Result<Vec<RecordedChange>, Box<dyn Error>> {
        let file = match File::open(&self.changes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            opened => opened?,
        };
        BufReader::new(file).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
    }

    fn record(&self, event: PeopleEvent) -> io::Result<()> {
        let at = SystemClock.now().unwrap_or_default();
        let mut line = serde_json::to_vec(&RecordedChange { at, event })?;
        line.push(b'\n');
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.changes)?.write_all(&line)
    }

    const fn people(&self) -> &People {
        &self.gate.host().people
    }

    /// Writes down whoever is not known yet: all six at the first start.
    fn seed(&self) -> Result<(), Box<dyn Error>> {
        for resident in &RESIDENTS {
            if self.people().person_now(resident.id)?.is_none() {
                let facts = resident.facts()?;
                self.people().change_now(resident.id, |_| Ok(facts.clone()))?;
            }
        }
        Ok(())
    }
}

/// Today in the company's time zone.
fn today() -> Result<CalendarDate, CalendarError> {
    let date = now().date();
    CalendarDate::new(date.year(), date.month(), date.day())
}

/// The day before; the same day if there is none.
pub(crate) fn day_before(day: CalendarDate) -> CalendarDate {
    let date = jiff::civil::Date::new(day.year(), day.month(), day.day());
    let before = date.and_then(jiff::civil::Date::yesterday);
    before.ok().and_then(|day| CalendarDate::new(day.year(), day.month(), day.day()).ok()).unwrap_or(day)
}

fn now() -> Zoned {
    jiff::Timestamp::now().to_zoned(time_zone())
}

/// An instant as the clock on the wall shows it.
pub(crate) fn local(at: Timestamp) -> Option<Zoned> {
    let millis = i64::try_from(at.as_unix_millis()).ok()?;
    Some(jiff::Timestamp::from_millisecond(millis).ok()?.to_zoned(time_zone()))
}

/// The time on the phone's screen.
pub(crate) fn clock() -> String {
    now().strftime("%H:%M").to_string()
}

fn time_zone() -> TimeZone {
    TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC)
}

fn directory_error(error: StoredDirectoryError) -> GateError {
    match error {
        StoredDirectoryError::Refused(refusal) => GateError::Refused(refusal),
        other => GateError::Directory(Box::new(other)),
    }
}

fn file_error(error: io::Error) -> GateError {
    GateError::Directory(Box::new(error))
}

/// PLAYS THE SERVER'S KEY STORE: the pepper in a file of its own, drawn at the first start. In
/// production it never lies beside the records.
fn open_key_store(files: &Files) -> Result<(PepperRing, File), Box<dyn Error>> {
    let path = files.pepper();
    if !path.exists() {
        if files.db().exists() {
            // A new key would make every right PIN count as a wrong one.
            let gone = path.display();
            return Err(format!("{gone} is gone: put it back, or begin anew with --reset").into());
        }
        draw_pepper(&path)?;
    }
    let file = files.lock()?;
    let key = Zeroizing::new(std::fs::read(&path)?);
    Ok((PepperRing::new(PepperId::from_number(1), Pepper::new(&key)?), file))
}

fn draw_pepper(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut key = Zeroizing::new([0; PEPPER_BYTES]);
    SystemRandomness.fill(&mut *key)?;
    files::private(path, &*key)?.persist_noclobber(path)?;
    Ok(())
}
