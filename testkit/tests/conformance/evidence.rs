//! What a passed check rests on: what the kit saw, or what the author says.

use pinlatch::account::Event;
use pinlatch::host::{Blocking, Key, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use pinlatch_testkit::conformance::{Evidence, Fixture, Outcome, Report, Rival, at_once, run};
use pinlatch_testkit::{MemoryStore, MemoryStoreFixture};
use std::sync::Arc;

use crate::unproven::NEEDS;

/// Promises everything, and does nothing.
struct Boasting;

impl Fixture for Boasting {
    type Store = Blocking<Arc<MemoryStore>>;

    async fn fresh(&self) -> Self::Store {
        Blocking(Arc::new(MemoryStore::taking_events()))
    }

    /// The same handle once more.
    async fn another(&self, store: &Self::Store) -> Option<Self::Store> {
        Some(Blocking(Arc::clone(&store.0)))
    }

    async fn crash_and_reopen(&self, store: Self::Store) -> Option<Self::Store> {
        Some(store)
    }

    async fn delete(&self, _: &Self::Store, _: &Key) -> bool {
        true
    }

    async fn delete_if_unchanged(&self, _: &Self::Store, _: &Key, _: Version) -> Option<bool> {
        Some(false)
    }

    fn lose_next_reply(&self, _: &Self::Store) -> bool {
        true
    }

    fn lose_next_request(&self, _: &Self::Store) -> bool {
        true
    }

    fn interrupt_next_swap(&self, _: &Self::Store, _: Rival) -> bool {
        true
    }

    fn interrupt_next_load(&self, _: &Self::Store, _: Rival) -> bool {
        true
    }

    fn stop_next_swap_half_way(&self, _: &Self::Store) -> bool {
        true
    }

    fn go_down(&self, _: &Self::Store) -> bool {
        true
    }

    /// This one reads what is there: an invented answer fails at once.
    async fn events(&self, store: &Self::Store, person: PersonId) -> Option<Vec<Event>> {
        Fixture::events(&MemoryStoreFixture, store, person).await
    }

    async fn set_clock(&self, _: &Self::Store, _: Timestamp) -> bool {
        true
    }

    async fn set_next_version(&self, _: &Self::Store, _: u64) -> bool {
        true
    }
}

/// The checks that passed on the author's word, with the hooks that they rest on.
fn on_word(report: &Report) -> Vec<(&'static str, Vec<&'static str>)> {
    let findings = report.findings().iter();
    let found = findings.filter_map(|(check, outcome)| match outcome {
        Outcome::Passed(Evidence::OnTheAuthorsWord { hooks }) => Some((check.name, hooks.clone())),
        Outcome::Passed(Evidence::Shown) | Outcome::Failed { .. } | Outcome::Unproven { .. } => None,
    });
    found.collect()
}

#[test]
fn a_hook_that_does_nothing_is_found_out_or_its_check_rests_on_the_authors_word() {
    let report = run(&Boasting, at_once);
    let failed = [
        "versions_go_on_after_a_delete",
        "a_stale_delete_is_refused",
        "versions_do_not_wrap",
        "a_lost_reply_is_unknown",
        "a_lost_request_is_not_applied",
        "nothing_comes_between_compare_and_write",
        "a_load_is_of_one_moment",
        "a_store_that_is_down_says_so",
    ];
    assert_eq!(report.failed().collect::<Vec<_>>(), failed, "{report}");
    let wire = ["lose_next_reply", "lose_next_request", "stop_next_swap_half_way", "crash_and_reopen"];
    let wanted = [
        ("another_handle_sees_every_write", vec!["another"]),
        ("another_handles_write_makes_ours_stale", vec!["another"]),
        ("an_applied_write_survives_a_crash", vec!["crash_and_reopen"]),
        ("nothing_expires", vec!["set_clock"]),
        ("versions_do_not_follow_the_clock", vec!["set_clock"]),
        ("a_write_is_whole_or_not_at_all", vec!["stop_next_swap_half_way", "crash_and_reopen"]),
        ("events_are_kept_with_their_write_or_not_at_all", wire.to_vec()),
    ];
    assert_eq!(on_word(&report), wanted, "{report}");
    // So nothing that needs a hook is called shown.
    assert_eq!(failed.len() + wanted.len(), NEEDS.len());
}

#[test]
fn what_hooks_were_seen_to_do_is_shown() {
    let report = run(&MemoryStoreFixture, at_once);
    let names: Vec<_> = on_word(&report).into_iter().map(|(name, _)| name).collect();
    assert_eq!(report.on_the_authors_word().collect::<Vec<_>>(), names);
    for shown in ["versions_go_on_after_a_delete", "a_lost_reply_is_unknown", "versions_do_not_wrap"] {
        assert!(!names.contains(&shown), "{report}");
    }
    assert_eq!((report.passed().count(), names.len()), (33, 7));
}

#[test]
fn the_report_says_what_rests_on_the_authors_word_in_its_lines_and_in_its_count() {
    let text = run(&MemoryStoreFixture, at_once).to_string();
    assert!(text.contains("passed    nothing_expires, on the author's word: `set_clock`\n"), "{text}");
    assert!(text.contains("passed    a_lost_reply_is_unknown\n"), "{text}");
    let count = "33 passed (26 shown, 7 on the author's word), 0 failed, 0 unproven\n";
    assert!(text.ends_with(count), "{text}");
}

#[test]
fn a_store_that_takes_no_events_needs_nobodys_word_for_them() {
    let report = run(&|| Blocking(MemoryStore::new()), at_once);
    assert_eq!(report.on_the_authors_word().count(), 0, "{report}");
    assert!(report.passed().any(|name| name == "events_are_kept_with_their_write_or_not_at_all"));
}
