//! The catalogue of rules (`src/rules.md`) and the tests keep step: every R, E and I, and every D
//! from D23 on, has a test whose name carries its number, and no test carries a number that is no rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The last rule of each kind.
const RULES: [(char, u8); 4] = [('R', 36), ('D', 34), ('E', 40), ('I', 15)];
/// Numbers that no rule has.
const NEVER_GIVEN: [&str; 1] = ["D09"];
/// From this decision on, decisions need a test as well: they change what can be seen.
const FIRST_TESTED_DECISION: &str = "D23";

const CATALOGUE: &str = include_str!("../src/rules.md");

/// The rules of a catalogue, in its order: number and text.
fn rules(catalogue: &str) -> Vec<(String, String)> {
    let items = catalogue.split("\n- **").skip(1);
    items
        .filter_map(|item| {
            let (number, text) = item.split_once("**")?;
            let end = text.find("\n\n").unwrap_or(text.len());
            Some((number.to_owned(), text[..end].to_owned()))
        })
        .collect()
}

/// The names of the test functions in a source: each `fn` behind `#[test]`.
fn tests(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            marked = true;
        } else if marked && let Some(rest) = line.split("fn ").nth(1).filter(|_| !line.starts_with("//")) {
            names.push(rest.split(['(', '<']).next().unwrap_or(rest).to_owned());
            marked = false;
        }
    }
    names
}

/// The numbers in a test's name: `r29_e07_exhaustion_is_per_device` carries R29 and E07.
fn numbers(name: &str) -> impl Iterator<Item = String> + '_ {
    let kinds = |c: char| RULES.iter().any(|(kind, _)| kind.to_ascii_lowercase() == c);
    name.split('_')
        .filter(move |token| {
            let mut rest = token.chars();
            rest.next().is_some_and(kinds)
                && rest.as_str().len() == 2
                && rest.all(|digit| digit.is_ascii_digit())
        })
        .map(str::to_ascii_uppercase)
}

/// Every test of the tree: name and file.
fn all_tests() -> Vec<(String, String)> {
    fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("tests can be read") {
            let path = entry.expect("tests can be listed").path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let names = tests(&fs::read_to_string(&path).expect("a text"));
                found.extend(names.into_iter().map(|name| (name, path.display().to_string())));
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut found);
    found
}

/// Which rules that need a test have none.
fn untested(catalogue: &[(String, String)], names: &[&str]) -> Vec<String> {
    let tested: BTreeSet<String> = names.iter().flat_map(|name| numbers(name)).collect();
    let is_needed = |number: &str| !number.starts_with('D') || number >= FIRST_TESTED_DECISION;
    let needed = catalogue.iter().filter(|(number, _)| is_needed(number));
    needed.filter(|(number, _)| !tested.contains(number)).map(|(number, _)| number.clone()).collect()
}

#[test]
fn every_rule_is_there_once_and_in_order() {
    let expected: Vec<String> = RULES
        .iter()
        .flat_map(|(kind, last)| (1..=*last).map(move |number| format!("{kind}{number:02}")))
        .filter(|number| !NEVER_GIVEN.contains(&number.as_str()))
        .collect();
    let found: Vec<String> = rules(CATALOGUE).into_iter().map(|(number, _)| number).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_rule_names_the_place_where_it_is_kept() {
    for (number, text) in rules(CATALOGUE) {
        assert!(text.contains("](crate::"), "{number} names no place:{text}");
        let words = text.split_whitespace().count();
        assert!((6..=60).contains(&words), "{number} has {words} words:{text}");
    }
}

#[test]
fn every_rule_has_a_test() {
    let tests = all_tests();
    let names: Vec<&str> = tests.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.len() >= 200, "suspiciously few tests: {}", names.len());
    let untested = untested(&rules(CATALOGUE), &names);
    assert!(untested.is_empty(), "no test carries these numbers: {}", untested.join(" "));
}

#[test]
fn every_number_in_a_test_is_a_rule() {
    let known: BTreeSet<String> = rules(CATALOGUE).into_iter().map(|(number, _)| number).collect();
    let mut unknown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, file) in all_tests() {
        for number in numbers(&name).filter(|number| !known.contains(number)) {
            unknown.entry(number).or_default().push(format!("{name} in {file}"));
        }
    }
    assert!(unknown.is_empty(), "no such rules: {unknown:#?}");
}

mod negative_control {
    use super::{numbers, rules, tests, untested};

    fn found(name: &str) -> Vec<String> {
        numbers(name).collect()
    }

    #[test]
    fn numbers_are_tokens_of_a_name() {
        assert_eq!(found("r29_e07_one_device"), ["R29", "E07"]);
        assert_eq!(found("hashing_keeps_i13"), ["I13"]);
        for other in ["r2_x", "x29_y", "r290_y", "are29_y", "re29", "e_07", "r2é_x", ""] {
            assert_eq!(found(other), Vec::<String>::new(), "{other}");
        }
    }

    #[test]
    fn tests_are_found_by_their_mark() {
        let source = "#[test]\nfn r01_a() {}\n\nfn r02_helper() {}\n    #[test]\n    #[ignore]\n    // fn r05\n    \
                      fn r03_b(x in 0..9) {\n#[tokio::test]\nasync fn r04_c() {}\n// #[test]\nfn r06_d() {}\n";
        assert_eq!(tests(source), ["r01_a", "r03_b", "r04_c"]);
    }

    #[test]
    fn a_rule_without_a_test_is_found() {
        let catalogue = rules(
            "# R\n\n- **R01** One\n  thing.\n- **D22** Two.\n- **D23** Two and a half.\n- **E01** Three.\n\nMore.\n",
        );
        assert_eq!(catalogue[0], ("R01".into(), " One\n  thing.".into()));
        assert_eq!(catalogue[3], ("E01".into(), " Three.".into()));
        assert_eq!(untested(&catalogue, &["r01_one", "helper"]), ["D23", "E01"]);
        assert_eq!(untested(&catalogue, &["r01_d23_e01_all"]), Vec::<String>::new());
    }
}
