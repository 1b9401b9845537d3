//! The page "Bring your own store" tells of everything that there is.

use pinlatch_testkit::MemoryStoreFixture;
use pinlatch_testkit::conformance::{CHECKS, Evidence, Outcome, RACES, at_once, run};
use pinlatch_testkit::shelf::Bug;

use crate::killers::killer;
use crate::unproven::NEEDS;

const PAGE: &str = include_str!("../../src/conformance/bring_your_own_store.md");
const FIXTURE: &str = include_str!("../../src/conformance/fixture.rs");
const ASYNC_FIXTURE: &str = include_str!("../../src/conformance/async_fixture.rs");

/// The table of checks, as the page has to have it. What a pass rests on is what a report says.
fn table() -> String {
    let report = run(&MemoryStoreFixture, at_once);
    let deterministic = CHECKS.iter().zip(report.findings()).map(|(check, (_, outcome))| {
        let needs = NEEDS.iter().find(|(name, _)| *name == check.name);
        let needs = needs.map_or("–".into(), |(_, hooks)| listed(hooks));
        let rests = match outcome {
            Outcome::Passed(Evidence::OnTheAuthorsWord { hooks }) => {
                format!("on the author's word: {}", listed(hooks))
            }
            Outcome::Passed(Evidence::Shown) => "shown".into(),
            other => panic!("{}: {other:?}", check.name),
        };
        let finds = Bug::ALL.iter().filter(|bug| killer(**bug) == check.name);
        let finds: Vec<_> = finds.map(|bug| bug.name()).collect();
        format!("| `{}` | {} | {needs} | {rests} | {} |\n", check.name, check.expected, listed(&finds))
    });
    let racing = RACES
        .iter()
        .map(|race| format!("| `{}` | {} | – | shown | the same gap, by luck |\n", race.name, race.expected));
    deterministic.chain(racing).collect()
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_table_of_checks_is_what_the_kit_does() {
    let table = table();
    assert!(PAGE.contains(&format!("|---|---|---|---|---|\n{table}\n")), "paste this:\n{table}");
}

#[test]
fn every_hook_is_on_the_page() {
    let hooks = hooks(FIXTURE, "pub trait Fixture");
    assert_eq!(hooks.len(), 13, "{hooks:?}");
    for hook in hooks {
        assert!(PAGE.contains(&format!("\n| `{hook}` |")), "{hook}");
    }
}

#[test]
fn a_fixture_that_connects_has_the_same_hooks() {
    assert_eq!(hooks(ASYNC_FIXTURE, "pub trait AsyncFixture"), hooks(FIXTURE, "pub trait Fixture"));
}

/// The methods of a trait but the one that is required.
fn hooks(source: &'static str, head: &str) -> Vec<&'static str> {
    let (_, body) = source.split_once(head).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let names = body.split("\n    fn ").skip(1).map(|text| text.split_once('(').unwrap().0);
    names.filter(|name| *name != "fresh").collect()
}
