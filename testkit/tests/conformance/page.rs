//! The page "Bring your own store" tells of everything that there is.

use pinlatch_testkit::conformance::{CHECKS, RACES};
use pinlatch_testkit::shelf::Bug;

use crate::killers::killer;
use crate::unproven::NEEDS;

const PAGE: &str = include_str!("../../src/conformance/bring_your_own_store.md");
const FIXTURE: &str = include_str!("../../src/conformance/fixture.rs");

/// The table of checks, as the page has to have it.
fn table() -> String {
    let deterministic = CHECKS.iter().map(|check| {
        let needs = NEEDS.iter().find(|(name, _)| *name == check.name);
        let needs = needs.map_or("–".into(), |(_, hook)| format!("`{hook}`"));
        let finds = Bug::ALL.iter().filter(|bug| killer(**bug) == check.name);
        let finds: Vec<_> = finds.map(|bug| format!("`{bug}`")).collect();
        format!("| `{}` | {} | {needs} | {} |\n", check.name, check.expected, finds.join(", "))
    });
    let racing = RACES
        .iter()
        .map(|race| format!("| `{}` | {} | – | the same gap, by luck |\n", race.name, race.expected));
    deterministic.chain(racing).collect()
}

#[test]
fn the_table_of_checks_is_what_the_kit_does() {
    let table = table();
    assert!(PAGE.contains(&format!("|---|---|---|---|\n{table}\n")), "paste this:\n{table}");
}

#[test]
fn every_hook_is_on_the_page() {
    let hooks = hooks();
    assert_eq!(hooks.len(), 13, "{hooks:?}");
    for hook in hooks {
        assert!(PAGE.contains(&format!("\n| `{hook}` |")), "{hook}");
    }
}

/// The methods of the trait but the one that is required.
fn hooks() -> Vec<&'static str> {
    let (_, body) = FIXTURE.split_once("pub trait Fixture").unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let names = body.split("\n    fn ").skip(1).map(|text| text.split_once('(').unwrap().0);
    names.filter(|name| *name != "fresh").collect()
}
