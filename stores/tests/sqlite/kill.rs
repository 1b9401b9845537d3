//! A process is killed in the middle of its writes, 200 times.

use std::collections::HashMap;
use std::path::Path;

use pinlatch::account::Event;
use pinlatch::host::{BlockingJournal, BlockingStore, Expect, Key, Swap};
use pinlatch::id::{DeviceId, EventId, HistoryId, WriteId};
use pinlatch::session::Change;
use pinlatch::time::Timestamp;
use pinlatch_stores::sqlite::SqliteStore;
use pinlatch_testkit::person;

use crate::again::{self, Process};

const ROUNDS: u64 = 200;
/// A new file now and then, so that some processes die while they make the tables.
const ROUNDS_PER_FILE: u64 = 10;
const KEYS: u64 = 3;
/// Long enough for records that reach over several pages.
const LONGEST: u64 = 20_000;

fn key(number: u64) -> Key {
    Key::account(person((number % KEYS).into()))
}

/// The bytes of one write: every part of them tells which, so a torn one is seen.
fn value(number: u64) -> Vec<u8> {
    let length = 8 + (number.wrapping_mul(7_919) % LONGEST);
    number.to_le_bytes().into_iter().cycle().take(usize::try_from(length).unwrap()).collect()
}

fn number(bytes: &[u8]) -> u64 {
    let number = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    assert!(bytes == value(number), "a torn record");
    number
}

fn event(sequence: u64) -> Event {
    let id = EventId { write: WriteId::from_u128(sequence.into()), index: 0 };
    let mut event = Event::new(id, person(9), HistoryId::from_u128(0), sequence, Change::UnlockedByPin);
    event.at = Some(Timestamp::from_unix_millis(sequence * 1_000));
    event.device = Some(DeviceId::from_u128(sequence.into()));
    event
}

/// The event that a write of this number carries.
fn carried(number: u64) -> Event {
    let mut event = event(1_000_000 + number);
    event.person = person(8);
    event
}

/// The other process: writes, says so, and writes on until it dies.
fn write_until_killed(path: &Path) -> ! {
    let store = SqliteStore::open(path).unwrap();
    let newest = |key: u64| store.load(&self::key(key)).unwrap().map(|found| number(&found.bytes));
    let mut last = (0..KEYS).filter_map(newest).max().unwrap_or(0);
    loop {
        // First what the one before may not have come to.
        store.record(&[event(last)]).unwrap();
        again::say(&format!("recorded {last}"));
        last += 1;
        let key = key(last);
        let expect = store.load(&key).unwrap().map_or(Expect::Absent, |found| Expect::At(found.version));
        match store.compare_and_swap(&key, expect, value(last), &[carried(last)]).unwrap() {
            Swap::Applied(version) => again::say(&format!("applied {last} {}", version.number())),
            other => panic!("nobody else writes, and yet: {other:?}"),
        }
    }
}

/// What the processes that wrote one file have said so far.
#[derive(Default)]
struct Said {
    applied: u64,
    /// How many events were recorded.
    recorded: u64,
    /// Which write was given each version.
    versions: HashMap<u64, u64>,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let mut words = line.split(' ');
        let (what, number) = (words.next().unwrap(), words.next().unwrap().parse().unwrap());
        match what {
            "recorded" => self.recorded = self.recorded.max(number + 1),
            _ => {
                self.applied = number;
                self.was_given(words.next().unwrap().parse().unwrap(), number);
            }
        }
    }

    fn was_given(&mut self, version: u64, number: u64) {
        let before = *self.versions.entry(version).or_insert(number);
        assert_eq!(before, number, "version {version} was given to two writes");
    }

    /// Compares with the file; answers whether it holds a write that nobody could hear of.
    fn compare(&mut self, path: &Path) -> bool {
        let store = SqliteStore::open(path).unwrap();
        store.check_integrity().unwrap();
        let records = (0..KEYS).filter_map(|number| store.load(&key(number)).unwrap());
        let found: Vec<(u64, u64)> =
            records.map(|record| (number(&record.bytes), record.version.number())).collect();
        let newest = found.iter().map(|(number, _)| *number).max().unwrap_or(0);
        assert!(
            newest == self.applied || newest == self.applied + 1,
            "{} was the last one said to be applied, and {newest} is there",
            self.applied
        );
        for (number, version) in &found {
            assert!(number + KEYS > newest, "of one key, {number} is there and not the later one");
            self.was_given(*version, *number);
        }
        assert_eq!(u64::try_from(found.len()).unwrap(), newest.min(KEYS), "a record is gone");
        let carried: Vec<Event> = (1..=newest).map(carried).collect();
        assert!(store.events(person(8)).unwrap() == carried, "a write without its event, or an event alone");
        let events = store.events(person(9)).unwrap();
        let expected: Vec<Event> = (0..).map(event).take(events.len()).collect();
        assert!(events == expected, "the journal has a gap, or something else than was recorded");
        let recorded = u64::try_from(events.len()).unwrap();
        assert!(
            recorded == self.recorded || recorded == self.recorded + 1,
            "{} events were said to be recorded, and {recorded} are there",
            self.recorded
        );
        let unheard = newest > self.applied || recorded > self.recorded;
        (self.applied, self.recorded) = (newest, recorded);
        unheard
    }
}

/// A small generator, so that a run can be repeated.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn a_killed_process_takes_nothing_back() {
    if let Some(path) = again::file() {
        write_until_killed(&path);
    }
    let directory = tempfile::tempdir().unwrap();
    let mut seeded = Seeded(20_261_122);
    let (mut said, mut unheard, mut at_the_start, mut writes) = (Said::default(), 0, 0, 0);
    for round in 0..ROUNDS {
        if round % ROUNDS_PER_FILE == 0 {
            said = Said::default();
        }
        let path = directory.path().join((round / ROUNDS_PER_FILE).to_string());
        let mut process =
            Process::start(&mut again::command("kill::a_killed_process_takes_nothing_back", &path));
        process.wait_until_it_lives();
        // So many lines, then a little more time: any moment of a write is as likely as another.
        let mut lines = 0;
        for _ in 0..seeded.below(12) {
            said.hear(&process.hear().expect("it wrote until it was killed"));
            lines += 1;
        }
        (0..seeded.below(60_000)).for_each(|_| std::hint::spin_loop());
        process.child.kill().unwrap();
        while let Some(line) = process.hear() {
            said.hear(&line);
            lines += 1;
        }
        let ended = process.child.wait().unwrap();
        #[cfg(unix)]
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&ended), Some(9), "it died by itself");
        assert!(!ended.success());
        writes += lines;
        at_the_start += u32::from(lines == 0);
        unheard += u32::from(said.compare(&path));
    }
    println!(
        "{ROUNDS} kills over {writes} reported writes; {unheard} found a write that nobody had heard of, \
         {at_the_start} came before the first"
    );
    assert!(unheard > 0, "no kill hit between a write and its report: the test shows too little");
}
