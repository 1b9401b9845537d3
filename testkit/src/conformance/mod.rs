#![doc = include_str!("bring_your_own_store.md")]
#![doc = include_str!("what_cannot_be_proven.md")]
#![expect(clippy::doc_markdown, reason = "names of databases are no code")]

mod async_fixture;
mod checks;
mod events;
mod executor;
mod faults;
mod fixture;
mod hooked;
mod hooks;
mod probe;
mod races;
mod racing;
mod report;
mod rival;

pub use async_fixture::{AsyncFixture, Connecting};
pub use executor::{Task, at_once};
pub use fixture::Fixture;
pub use races::RACES;
pub use report::{Check, Evidence, Outcome, Report};
pub use rival::Rival;

use executor::finish;
use hooks::Hooks;

macro_rules! catalogue {
    ($($module:ident::$name:ident: $expected:literal, else $otherwise:literal;)*) => {
        /// Every deterministic check, in the order in which they run.
        pub const CHECKS: &[Check] = &[
            $(Check { name: stringify!($name), expected: $expected, otherwise: $otherwise },)*
        ];

        /// Runs every deterministic check, each on a fresh store, and reports on all of them.
        /// `block_on` runs a future to its end; [`at_once`] for a blocking store.
        pub fn run_deterministic<F: AsyncFixture>(fixture: &F, block_on: impl Fn(Task<'_>)) -> Report {
            let mut report = Report::default();
            let mut checks = CHECKS.iter();
            $(
                let hooks = Hooks::of(fixture);
                let checked = finish(&block_on, $module::$name(&hooks)).and_then(|checked| checked);
                report.findings.extend(checks.next().map(|check| (*check, hooks.outcome(checked))));
            )*
            report
        }
    };
}

catalogue! {
    checks::an_absent_record_loads_as_none:
        "a key that was never written loads as `None`",
        else "an account that never signed in gets somebody's state";
    checks::a_write_is_read_back:
        "a load after a write gives the bytes and the version of that write",
        else "a wrong PIN that was counted is not seen by the next attempt: guesses come free";
    checks::create_does_not_overwrite:
        "a write expecting `Absent` conflicts where there is a record, and leaves it",
        else "a concurrent sign-in overwrites a log-out from all devices, and revives what it ended";
    checks::a_stale_version_is_refused:
        "of two holders of one version, the second one's write conflicts and leaves the first one's",
        else "every guess of a burst overwrites the count of the others: all of them are compared";
    checks::every_older_version_is_refused:
        "no version that a record ever had is accepted again",
        else "a request that was held back for long undoes a log-out";
    checks::a_version_never_made_is_refused:
        "a version that no write gave is refused, near or far, in all 64 bits",
        else "versions that are cut or only compared as `less than` let a stale write through";
    checks::an_update_does_not_create:
        "a write expecting a version conflicts where there is no record, and creates none",
        else "a request in flight revives a session whose record was removed";
    checks::versions_do_not_follow_the_bytes:
        "each write gives a new version, even of bytes that were there before",
        else "a record that returns to an earlier content accepts a stale write: counts are lost";
    checks::quick_writes_get_different_versions:
        "300 writes in a row give 300 versions",
        else "two writes of one tick of a clock, or 256 writes apart, overwrite each other";
    checks::versions_belong_to_their_key:
        "a load gives the version of the last write of that very key, whatever happened to others",
        else "a write decided on an old record is applied: a count or a log-out in between is lost";
    checks::keys_are_told_apart:
        "keys that differ in one digit, anywhere, or only in their kind, are different records",
        else "two people share a record: one reads or resets the other's state";
    checks::any_bytes_are_kept:
        "any bytes come back as they were written",
        else "records are damaged on the way, and people are locked out until re-invited";
    checks::the_largest_record_is_kept:
        "a record of the largest size comes back whole, and a shorter one after it as well",
        else "a large account is cut off, or keeps the end of an older one, and cannot be read";
    checks::nothing_is_evicted:
        "600 records written are 600 records read",
        else "a record that was dropped to make room reads as one that never had failures";
    checks::a_refused_write_leaves_no_trace:
        "a refused write changes neither bytes nor version",
        else "a stale request makes the owner's next write conflict, or wins half";
    checks::stores_are_independent:
        "a fresh store has no records",
        else "the other checks prove nothing";
    hooked::another_handle_sees_every_write:
        "another handle on the same records sees every finished write at once",
        else "a revoked session lives on wherever a stale record is read";
    hooked::another_handles_write_makes_ours_stale:
        "a write at a version that another handle has replaced conflicts, whatever this handle remembers",
        else "guesses spread over several servers are compared without being counted";
    hooked::an_applied_write_survives_a_crash:
        "what was answered `Applied` is there after a crash, and versions go on",
        else "pulling the plug gives a spent budget of guesses back";
    hooked::versions_go_on_after_a_delete:
        "a record made anew under a deleted key gets versions that were never used",
        else "a stale request is applied to the record of a new life";
    hooked::a_stale_delete_is_refused:
        "a delete decided on an old version leaves the record, and says so",
        else "a clean-up that runs beside a wrong guess deletes the account's state: the count starts anew";
    hooked::nothing_expires:
        "a record that nobody touches is there after hours, days and years, unchanged",
        else "waiting gives a spent budget of guesses back, and ends the duty to be re-invited";
    hooked::versions_do_not_follow_the_clock:
        "writes at one instant, and after the clock was turned back, get versions of their own",
        else "two writes of one tick, or around a correction of the clock, overwrite each other";
    hooked::versions_do_not_wrap:
        "versions are new beyond 8, 16, 31, 32 and 53 bits too",
        else "a stale write is applied once the counter comes round, or is rounded";
    faults::a_lost_reply_is_unknown:
        "a write whose reply was lost is answered `Unknown` (or `Conflict`), never `Applied` or an error",
        else "a caller who is told `not written` retries, and burns the owner's budget or counts twice";
    faults::a_lost_request_is_not_applied:
        "a write lost on its way is answered `Unknown`, `Conflict` or an error, never `Applied`",
        else "a guess is compared that was never charged";
    faults::nothing_comes_between_compare_and_write:
        "of two writes that meet in the middle of a swap exactly one is applied, and stays",
        else "guesses that arrive together are compared without being counted";
    faults::a_load_is_of_one_moment:
        "a load that meets a write gives bytes and version of before it, or of after it",
        else "old bytes with the new version let a command overwrite a log-out that it never saw";
    faults::a_write_is_whole_or_not_at_all:
        "a write that stops half-way is there after a crash as a whole, with a new version, or not at all",
        else "a record that fits no version loses its owner's state, or takes a stale write";
    faults::a_store_that_is_down_says_so:
        "a store that cannot be reached answers an error: never `None`, a remembered record or `Applied`",
        else "an outage makes every account read as new: counts, log-outs and bars are forgotten";
    events::events_are_kept_with_their_write_or_not_at_all:
        "a store that takes events has those of every write that happened, once, and no other",
        else "what was done leaves no trace in the audit trail, or the trail tells of what never happened";
}

/// Runs the deterministic checks and then the racing ones.
pub fn run<F: AsyncFixture>(fixture: &F, block_on: impl Fn(Task<'_>) + Sync) -> Report {
    let mut report = run_deterministic(fixture, &block_on);
    report.findings.extend(run_racing(fixture, &block_on).findings);
    report
}

/// Runs the racing checks only.
pub fn run_racing<F: AsyncFixture>(fixture: &F, block_on: impl Fn(Task<'_>) + Sync) -> Report {
    Report { findings: racing::run(fixture, &block_on) }
}

/// Makes a test of a store: `store_conformance!(name, fixture)` for a blocking store, and
/// `store_conformance!(name, fixture, block_on)` for an async one, where `block_on` runs a future
/// to its end. The fixture is a closure that gives a fresh, empty store, a
/// [`Fixture`](crate::conformance::Fixture) or an
/// [`AsyncFixture`](crate::conformance::AsyncFixture). Attributes before the name are the test's:
/// `#[ignore = "needs a server"]`, `#[cfg(…)]`. The test prints the report, unproven checks
/// included, and fails if a check failed.
#[macro_export]
macro_rules! store_conformance {
    ($(#[$attribute:meta])* $name:ident, $fixture:expr $(,)?) => {
        $crate::store_conformance!($(#[$attribute])* $name, $fixture, $crate::conformance::at_once);
    };
    ($(#[$attribute:meta])* $name:ident, $fixture:expr, $block_on:expr $(,)?) => {
        $(#[$attribute])*
        #[test]
        fn $name() {
            let report = $crate::conformance::run(&$fixture, $block_on);
            ::std::println!("{report}");
            ::std::assert!(report.nothing_failed(), "this store breaks the rules:\n{report}");
        }
    };
}
