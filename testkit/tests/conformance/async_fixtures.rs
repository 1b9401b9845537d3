//! Fixtures that connect: they wait, and may fail.

use pinlatch::host::Blocking;
use pinlatch_testkit::MemoryStore;
use pinlatch_testkit::conformance::{CHECKS, Connecting, Outcome, RACES, Report, run};

use crate::async_stores::RUNTIME;
use crate::unproven::NEEDS;
use crate::watched::{Armed, Watched};

fn report_on(fixture: &Watched) -> Report {
    run(fixture, |task| RUNTIME.block_on(task))
}

#[test]
fn an_async_fixture_with_every_hook_proves_everything() {
    let report = report_on(&Watched::default());
    assert!(report.nothing_failed(), "{report}");
    assert_eq!(report.unproven().count(), 0, "{report}");
}

/// In the form of a closure, inside the runtime that the test brings.
async fn connect() -> Result<Blocking<MemoryStore>, &'static str> {
    tokio::spawn(async { Blocking(MemoryStore::new()) }).await.map_err(|_| "the task is gone")
}

pinlatch_testkit::store_conformance!(an_async_closure, Connecting(connect), |task| RUNTIME.block_on(task));

#[test]
fn a_fresh_that_fails_is_a_failure_with_the_errors_text_of_every_check() {
    let report = report_on(&Watched { fails_at: Some("fresh"), ..Watched::default() });
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len());
    for (check, outcome) in report.findings() {
        let Outcome::Failed { happened } = outcome else { panic!("{}: {outcome:?}", check.name) };
        // The text of the error, and of the source below it.
        assert_eq!(happened, "the fixture's `fresh` failed: cannot connect: simulated outage");
    }
}

#[test]
fn a_hook_that_fails_is_a_failure_of_the_checks_that_ask_it_and_of_no_other() {
    for hook in hooks() {
        let report = report_on(&Watched { fails_at: Some(hook), ..Watched::default() });
        // The races take another handle if there is one, so they hear that it failed.
        let races = RACES.map(|race| race.name).into_iter().filter(|_| hook == "another");
        let asking: Vec<_> = asking(hook).chain(races).collect();
        assert_eq!(report.failed().collect::<Vec<_>>(), asking, "{hook}\n{report}");
        let text = format!("happened: the fixture's `{hook}` failed: cannot connect");
        assert_eq!(report.to_string().matches(&text).count(), asking.len(), "{report}");
    }
}

#[test]
fn without_one_hook_exactly_the_checks_that_ask_it_are_unproven() {
    for hook in hooks() {
        let report = report_on(&Watched { lacks: Some(hook), ..Watched::default() });
        assert!(report.nothing_failed(), "{report}");
        assert_eq!(report.unproven().collect::<Vec<_>>(), asking(hook).collect::<Vec<_>>(), "{hook}");
    }
}

#[test]
fn before_a_hook_on_the_wire_its_handle_has_loaded_and_written() {
    let fixture = Watched::default();
    let _report = report_on(&fixture);
    let armed = fixture.armed.into_inner();
    let on_the_wire = [
        "lose_next_reply",
        "lose_next_request",
        "interrupt_next_swap",
        "interrupt_next_load",
        "stop_next_swap_half_way",
        "go_down",
    ];
    for hook in on_the_wire {
        assert!(armed.iter().any(|(name, ..)| *name == hook), "{hook} was never asked");
    }
    let cold: Vec<&Armed> = armed.iter().filter(|(_, loads, writes)| *loads == 0 || *writes == 0).collect();
    assert!(cold.is_empty(), "{cold:?}");
}

/// Every hook that a check asks.
fn hooks() -> Vec<&'static str> {
    let mut hooks: Vec<_> = NEEDS.iter().flat_map(|(_, hooks)| hooks.iter().copied()).collect();
    hooks.sort_unstable();
    hooks.dedup();
    hooks
}

/// The checks that ask a hook, in their order.
fn asking(hook: &str) -> impl Iterator<Item = &'static str> {
    NEEDS.iter().filter(move |(_, hooks)| hooks.contains(&hook)).map(|(name, _)| *name)
}
