//! Every crash point of every use case of the gate, in every state in which it can be begun: the
//! store, the journal, the hasher, the request itself fail at each step, one after the other; then
//! a fresh host on the same store has to find the account as it was before, or as it is after.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod cases;
#[path = "../behaviour/given/credentials.rs"]
mod credentials;
mod delivering;
mod faulty_store;
mod given;
mod next_steps;
mod parts;
mod play;
mod restart;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pinlatch_testkit::faults::Fault;

use cases::Case;
use given::{Given, Ready};
use parts::Wrong;
use play::Honest;
use restart::{Ending, survives};

/// States walked through at the same time.
const THREADS: usize = 2;

#[derive(Default)]
struct Count {
    points: usize,
    restarts: usize,
    violations: Vec<String>,
}

/// Faults that end a request, or its host, at one operation.
const LAST: [Fault; 3] = [Fault::CrashBefore, Fault::CrashAfter, Fault::Down];
/// Faults after which the request goes on.
const PASSING: [Fault; 6] = [
    Fault::ReplyLost,
    Fault::RequestLost,
    Fault::Conflict,
    Fault::ConflictThoughApplied,
    Fault::Late(1),
    Fault::Late(2),
];

fn script(honest: usize, faults: &[Fault]) -> Wrong {
    Wrong::Store([vec![Fault::Honest; honest].as_slice(), faults].concat())
}

struct Walk<'a> {
    given: Given,
    case: &'a Case,
    ready: &'a Ready,
    honest: &'a Honest,
    count: &'a mut Count,
}

impl Walk<'_> {
    /// Tries one crash point, with every ending. Answers how many operations the store was asked
    /// for.
    fn point(&mut self, wrong: &Wrong) -> usize {
        self.point_with(wrong, &Ending::ALL)
    }

    /// The second of two faults in a row: with one of the endings, each in its turn.
    fn second(&mut self, wrong: &Wrong) {
        let turn = self.count.points % Ending::ALL.len();
        self.point_with(wrong, &Ending::ALL[turn..=turn]);
    }

    fn point_with(&mut self, wrong: &Wrong, endings: &[Ending]) -> usize {
        self.count.points += 1;
        let mut operations = 0;
        for ending in endings.iter().copied() {
            self.count.restarts += 1;
            match survives(self.case, self.ready, self.honest, wrong, ending) {
                Ok(run) => operations = run.operations,
                Err(flaw) => {
                    let told = format!("{}, {:?}, {wrong:?}, {ending:?}: {flaw}", self.case.name, self.given);
                    self.count.violations.push(told);
                }
            }
        }
        operations
    }

    fn every_point(&mut self) {
        self.point(&Wrong::Nothing);
        self.point(&Wrong::DirectoryDown);
        for operation in 0..self.honest.run.operations {
            for fault in LAST {
                self.point(&script(operation, &[fault]));
            }
            for passing in PASSING {
                let operations = self.point(&script(operation, &[passing]));
                // And then a crash at each of the operations that follow.
                for further in operation + 1..operations {
                    for last in LAST {
                        let between = vec![Fault::Honest; further - operation - 1];
                        let faults = [&[passing], between.as_slice(), &[last]].concat();
                        self.second(&script(operation, &faults));
                    }
                }
            }
        }
        for call in 1..=self.honest.run.hashed {
            self.point(&Wrong::HasherFails(call));
            self.point(&Wrong::HasherPanics(call));
        }
        for call in 1..=self.honest.run.handed_over {
            self.point(&Wrong::JournalDown(call));
            self.point(&Wrong::JournalDownFrom(call));
            self.point(&Wrong::CrashBeforeJournal(call));
            self.point(&Wrong::CrashAfterJournal(call));
        }
        for call in 1..=self.honest.run.drawn {
            self.point(&Wrong::RandomnessFails(call));
        }
        for looks in 0..self.honest.looks {
            self.point(&Wrong::Dropped(looks));
        }
    }
}

/// Every use case in one state.
fn walk(given: Given) -> (Count, BTreeSet<&'static str>) {
    let (ready, mut count, mut written) = (given.ready(), Count::default(), BTreeSet::new());
    for case in &cases::all() {
        let honest = Honest::of(case, &ready);
        if !honest.run.applied.is_empty() {
            written.insert(case.name);
        }
        Walk { given, case, ready: &ready, honest: &honest, count: &mut count }.every_point();
    }
    (count, written)
}

#[test]
fn d24_d30_e38_i11_i12_i14_every_crash_point_of_every_use_case_leaves_the_account_before_or_after() {
    let (next, total) = (AtomicUsize::new(0), Mutex::new((Count::default(), BTreeSet::new())));
    let work = || {
        while let Some(given) = given::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (count, written) = walk(*given);
            let mut total = total.lock().unwrap();
            total.0.points += count.points;
            total.0.restarts += count.restarts;
            total.0.violations.extend(count.violations);
            total.1.extend(written);
        }
    };
    thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let (Count { points, restarts, violations }, written) = total.into_inner().unwrap();
    let (uses, states, flaws) = (cases::all().len(), given::ALL.len(), violations.len());
    println!(
        "crashes: use cases={uses} states={states} crash_points={points} restarts={restarts} violations={flaws}"
    );
    let first = violations.iter().take(40).map(String::as_str).collect::<Vec<_>>();
    assert!(first.is_empty(), "{flaws} of them, the first:\n{}", first.join("\n"));
    // A walk that changes nothing would pass everything.
    assert!(written.len() >= 20, "only {written:?} wrote anything");
    assert!(points >= 15_000, "suspiciously few crash points: {points}");
}

/// The negative control: a store that forgets one write it answered `Applied` is found, whichever
/// write of whichever use case it is.
#[test]
fn i11_i12_a_store_that_forgets_a_write_is_found_at_every_write() {
    let mut forgotten = 0;
    for given in given::ALL {
        let ready = given.ready();
        for case in &cases::all() {
            let honest = Honest::of(case, &ready);
            for write in 1..=honest.run.applied.len() {
                // A record whose events only left for the journal means the same without that write.
                if honest.stages[write] == honest.stages[write - 1] {
                    continue;
                }
                forgotten += 1;
                let found =
                    survives(case, &ready, &honest, &Wrong::WriteForgotten(write), Ending::NextChange);
                assert!(found.is_err(), "{}, {given:?}: write {write} was forgotten", case.name);
            }
        }
    }
    println!("crashes: forgotten writes={forgotten}, all found");
    assert!(forgotten >= 100, "{forgotten}");
}
