//! What the report says.

use pinlatch_testkit::conformance::{at_once, run_deterministic};
use pinlatch_testkit::shelf::{Bug, Shelf};

#[test]
fn a_report_reads_like_this() {
    let report = run_deterministic(&Shelf::with(Bug::UpdateCreates), at_once);
    assert_eq!(report.to_string(), include_str!("update_creates.txt"));
}

#[test]
fn a_failure_says_what_was_expected_what_happened_and_what_it_costs() {
    for bug in Bug::ALL {
        let report = run_deterministic(&Shelf::with(*bug), at_once);
        let text = report.to_string();
        for word in ["expected: ", "happened: ", "so:       "] {
            assert_eq!(text.matches(word).count(), report.failed().count(), "{bug}\n{text}");
        }
    }
}
