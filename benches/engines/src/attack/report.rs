//! What an attack came to, in one line.

use std::fmt;
use std::path::PathBuf;

use crate::call::{Answer, Call};
use crate::checks::{self, Found};
use crate::host::victim;
use crate::log::Said;
use crate::revoke::Revoked;
use crate::seam::Trail;

const NO_GUESS: &str = "no PIN was compared in the storm: the run shows nothing of guesses";
const NO_ORDER: &str = "no call was put into an order";

/// What an attack came to.
#[derive(Clone, Debug)]
pub struct Report {
    engine: &'static str,
    calls: usize,
    done: usize,
    unknown: usize,
    events: usize,
    changes: usize,
    kills: u32,
    compared: usize,
    most_in_a_row: usize,
    decided_anew: usize,
    lives: usize,
    ordered: usize,
    revoked: Revoked,
    /// What must not be, and is.
    pub violations: Vec<String>,
    /// Where the logs are kept, if something is wrong.
    pub kept: Option<PathBuf>,
}

impl Report {
    pub(super) fn of(
        engine: &'static str,
        said: &Said,
        trails: &[Trail],
        kills: u32,
        revoked: Revoked,
    ) -> Self {
        let so_many =
            |wanted: fn(&Answer) -> bool| said.calls.iter().filter(|call| wanted(&call.answer)).count();
        let mut report = Self {
            engine,
            calls: said.calls.len(),
            done: so_many(Answer::is_done),
            unknown: so_many(|answer| *answer == Answer::Unknown),
            events: trails.iter().map(|trail| trail.events.len()).sum(),
            changes: trails.iter().map(|trail| trail.changes.len()).sum(),
            kills,
            compared: 0,
            most_in_a_row: 0,
            decided_anew: 0,
            lives: 0,
            ordered: 0,
            revoked,
            violations: Vec::new(),
            kept: None,
        };
        for (number, trail) in (0..).zip(trails) {
            let person = victim(number);
            let calls: Vec<&Call> = said.calls.iter().filter(|call| call.person == person).collect();
            report.add(checks::of_person(person, &calls, trail));
        }
        if report.compared == 0 {
            report.violations.push(NO_GUESS.to_owned());
        }
        if report.ordered == 0 {
            report.violations.push(NO_ORDER.to_owned());
        }
        if revoked.before < revoked.requests {
            let (before, requests) = (revoked.before, revoked.requests);
            report
                .violations
                .push(format!("{before} of {requests} requests were at work before the revoke-all"));
        }
        if revoked.after > 0 {
            report.violations.push(format!("{} checks granted after the revoke-all", revoked.after));
        }
        report
    }

    /// Whether nothing is wrong but that the run was too short, on a machine as busy as this, to show anything.
    #[must_use]
    pub fn was_too_short(&self) -> bool {
        let says_so = |violation: &String| [NO_GUESS, NO_ORDER].contains(&violation.as_str());
        !self.violations.is_empty() && self.violations.iter().all(says_so)
    }

    fn add(&mut self, found: Found) {
        self.compared += found.compared;
        self.most_in_a_row = self.most_in_a_row.max(found.most_in_a_row);
        self.decided_anew += found.decided_anew;
        self.lives += found.lives;
        self.ordered += found.ordered;
        self.violations.extend(found.violations);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, calls, done, unknown, events, changes, kills, compared, most_in_a_row, .. } = self;
        let Self { decided_anew, lives, ordered, revoked, violations, .. } = self;
        write!(
            f,
            "{engine}: {calls} calls, {done} done, {unknown} unanswered, {kills} kills; {compared} PINs compared, \
             at most {most_in_a_row} for one budget; {events} events and {changes} changes, {decided_anew} calls decided anew; {ordered} calls of \
             {lives} devices put into order; {revoked}; violations {}",
            violations.len()
        )
    }
}
