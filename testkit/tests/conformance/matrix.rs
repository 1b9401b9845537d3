//! Check by store: who finds what.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pinlatch_testkit::MemoryStoreFixture;
use pinlatch_testkit::conformance::{
    CHECKS, Check, Fixture, RACES, Report, at_once, run, run_deterministic, run_racing,
};
use pinlatch_testkit::shelf::{Bug, Shelf};

use crate::killers::killer;

/// Every store of the shelf with its report, without a race.
fn reports() -> Vec<(Bug, Report)> {
    Bug::ALL.iter().map(|bug| (*bug, run_deterministic(&Shelf::with(*bug), at_once))).collect()
}

/// Numbered columns of checks, a line per store: `K` where the named killer found it, `x` where
/// another check did.
fn table(reports: &[(Bug, Report)]) -> String {
    let mut text = String::new();
    for (number, check) in CHECKS.iter().enumerate() {
        writeln!(text, "{:>2} {}", number + 1, check.name).unwrap();
    }
    let digits = |digit: fn(usize) -> usize| -> String {
        (1..=CHECKS.len()).map(|number| format!(" {}", digit(number))).collect()
    };
    let (tens, ones) = (digits(|number| number / 10), digits(|number| number % 10));
    writeln!(text, "\n{:<23}{}\n{:<23}{ones}", "", tens.replace(" 0", "  "), "").unwrap();
    for (bug, report) in reports {
        let found: BTreeSet<&str> = report.failed().collect();
        let cells = CHECKS.iter().map(|check| match found.contains(check.name) {
            true if check.name == killer(*bug) => " K",
            true => " x",
            false => " .",
        });
        writeln!(text, "{:<23}{}", bug.name(), cells.collect::<String>()).unwrap();
    }
    text
}

#[test]
fn every_broken_store_is_found_by_the_check_that_is_there_for_it() {
    let reports = reports();
    println!("{}", table(&reports));
    assert!(reports.len() >= 24);
    for (bug, report) in &reports {
        let found: Vec<_> = report.failed().collect();
        assert!(found.contains(&killer(*bug)), "{bug} was found by {found:?}, not by {:?}", killer(*bug));
        assert_eq!(report.findings().len(), CHECKS.len());
    }
}

#[test]
fn every_deterministic_check_finds_a_broken_store() {
    let found: BTreeSet<&str> =
        reports().iter().flat_map(|(_, report)| report.failed().collect::<Vec<_>>()).collect();
    let useless: Vec<_> =
        CHECKS.iter().map(|check| check.name).filter(|name| !found.contains(name)).collect();
    assert!(useless.is_empty(), "found nothing on the whole shelf: {useless:?}");
}

#[test]
fn a_strict_store_passes_everything_and_nothing_is_unproven() {
    assert_passes(&MemoryStoreFixture);
    // The same shelf without a bug: what the checks find in the others is the bug, not the shelf.
    assert_passes(&Shelf::sound());
}

fn assert_passes<F: Fixture>(fixture: &F) {
    let report = run(fixture, at_once);
    assert_eq!(report.failed().count(), 0, "{report}");
    assert_eq!(report.unproven().count(), 0, "{report}");
    let names: Vec<_> = report.findings().iter().map(|(check, _)| check.name).collect();
    let wanted: Vec<_> = CHECKS.iter().chain(&RACES).map(|check| check.name).collect();
    assert_eq!(names, wanted);
}

#[test]
fn races_find_the_gap_as_well() {
    for bug in [Bug::CheckThenWrite, Bug::LockPerHandle] {
        let report = run_racing(&Shelf::with(bug).with_a_wide_gap(), at_once);
        let failed: Vec<_> = report.failed().collect();
        assert_eq!(failed, RACES.map(|race| race.name), "{bug}\n{report}");
    }
}

#[test]
fn checks_and_bugs_have_names_of_their_own_and_say_what_is_at_stake() {
    let names: BTreeSet<_> = CHECKS.iter().chain(&RACES).map(|check| check.name).collect();
    assert_eq!(names.len(), CHECKS.len() + RACES.len());
    for Check { name, expected, otherwise, .. } in CHECKS.iter().chain(&RACES) {
        assert!(!expected.is_empty() && !otherwise.is_empty(), "{name}");
    }
    let bugs: BTreeSet<_> = Bug::ALL.iter().map(|bug| bug.name()).collect();
    assert_eq!(bugs.len(), Bug::ALL.len());
    for bug in Bug::ALL {
        assert!(!bug.seen_in().is_empty() && !bug.lets_an_attacker().is_empty(), "{bug}");
    }
}
