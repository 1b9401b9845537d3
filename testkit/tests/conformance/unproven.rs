//! What a fixture cannot show is reported by name, and is no pass.

use pinlatch::host::Blocking;
use pinlatch_testkit::MemoryStore;
use pinlatch_testkit::conformance::{
    CHECKS, Fixture, Outcome, RACES, Report, at_once, run, run_deterministic,
};
use pinlatch_testkit::faults::poll_times;
use pinlatch_testkit::shelf::{Bug, Shelf};

use crate::killers::killer;

fn without_hooks() -> Report {
    run(&|| Blocking(MemoryStore::taking_events()), at_once)
}

/// Every check that needs hooks, with those hooks, in the order in which it asks them.
pub(crate) const NEEDS: &[(&str, &[&str])] = &[
    ("another_handle_sees_every_write", &["another"]),
    ("another_handles_write_makes_ours_stale", &["another"]),
    ("an_applied_write_survives_a_crash", &["crash_and_reopen"]),
    ("versions_go_on_after_a_delete", &["delete"]),
    ("a_stale_delete_is_refused", &["delete_if_unchanged"]),
    ("nothing_expires", &["set_clock"]),
    ("versions_do_not_follow_the_clock", &["set_clock"]),
    ("versions_do_not_wrap", &["set_next_version"]),
    ("a_lost_reply_is_unknown", &["lose_next_reply"]),
    ("a_lost_request_is_not_applied", &["lose_next_request"]),
    ("nothing_comes_between_compare_and_write", &["interrupt_next_swap"]),
    ("a_load_is_of_one_moment", &["interrupt_next_load"]),
    ("a_write_is_whole_or_not_at_all", &["stop_next_swap_half_way", "crash_and_reopen"]),
    ("a_store_that_is_down_says_so", &["go_down"]),
    (
        "events_are_kept_with_their_write_or_not_at_all",
        &["events", "lose_next_reply", "lose_next_request", "stop_next_swap_half_way", "crash_and_reopen"],
    ),
];

#[test]
fn without_hooks_exactly_the_checks_that_need_one_are_unproven() {
    let report = without_hooks();
    let unproven: Vec<_> = report
        .findings()
        .iter()
        .filter_map(|(check, outcome)| match outcome {
            Outcome::Unproven { missing } => Some((check.name, *missing)),
            Outcome::Passed(_) | Outcome::Failed { .. } => None,
        })
        .collect();
    let first: Vec<_> = NEEDS.iter().map(|(name, hooks)| (*name, hooks[0])).collect();
    assert_eq!(unproven, first);
    assert_eq!(
        report.unproven().collect::<Vec<_>>(),
        NEEDS.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    );
    let passed = report.passed().count();
    assert_eq!(passed, CHECKS.len() + RACES.len() - NEEDS.len());
}

#[test]
fn the_report_names_the_check_and_what_it_needs() {
    let text = without_hooks().to_string();
    for (name, hooks) in NEEDS {
        let hook = hooks[0];
        assert!(text.contains(&format!("UNPROVEN  {name}: it needs `{hook}`\n")), "{text}");
        assert!(!text.contains(&format!("passed    {name}")), "{text}");
    }
}

/// A shelf whose author wrote no hook.
struct Hookless(Shelf);

impl Fixture for Hookless {
    type Store = <Shelf as Fixture>::Store;

    async fn fresh(&self) -> Self::Store {
        self.0.fresh().await
    }
}

#[test]
fn without_hooks_a_bug_is_found_or_its_check_is_unproven() {
    for bug in Bug::ALL {
        let report = run_deterministic(&Hookless(Shelf::with(*bug)), at_once);
        let owned_up = report.failed().chain(report.unproven()).any(|name| name == killer(*bug));
        assert!(owned_up, "{bug}\n{report}");
    }
}

/// What the README says of a test that has nothing but a fresh store.
#[test]
fn with_a_fresh_store_alone_29_of_the_62_broken_stores_are_found() {
    let found = Bug::ALL.iter().filter(|bug| {
        let shelf = Shelf::with(**bug);
        let fresh = || finished(shelf.fresh());
        !run_deterministic(&fresh, at_once).nothing_failed()
    });
    assert_eq!((found.count(), Bug::ALL.len()), (29, 62));
}

/// The future of a fixture in memory is ready at once.
fn finished<T>(future: impl Future<Output = T>) -> T {
    poll_times(future, 1).expect("ready at once")
}
