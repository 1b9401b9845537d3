//! The manual (`src/guide`): its table of statuses knows every code, its links lead to headings, its pages are short.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pinlatch::refusal::{RefusalCode, RefusalKind};

const INDEX: &str = include_str!("../src/guide/mod.rs");

/// The files of the manual by their names.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide");
    let entries = fs::read_dir(folder).expect("the manual can be listed");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect()
}

/// The pages by the names of their modules, each with the text of its files, as `mod.rs` puts them together.
fn pages(index: &str, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let (mut pages, mut text) = (BTreeMap::new(), String::new());
    for line in index.lines() {
        if let Some(name) =
            line.strip_prefix("#[doc = include_str!(\"").and_then(|rest| rest.strip_suffix("\")]"))
        {
            text.push_str(&files[name]);
        } else if let Some(name) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(" {}")) {
            pages.insert(name.to_owned(), std::mem::take(&mut text));
        }
    }
    pages
}

/// The anchors of a page, as rustdoc makes them of headings outside of code.
fn anchors(page: &str) -> Vec<String> {
    let outside = page.split("\n```").step_by(2).flat_map(str::lines);
    let headings = outside.filter_map(|line| line.strip_prefix("# ").or(line.strip_prefix("## ")));
    headings.map(anchor).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

/// Every link into a page of the manual: page and anchor.
fn links(text: &str) -> Vec<(String, Option<String>)> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter_map(|target| {
            let inside =
                target.strip_prefix("crate::guide::").or((!target.contains(':')).then_some(target))?;
            let (page, anchor) = inside.split_once('#').map_or((inside, None), |(page, at)| (page, Some(at)));
            Some((page.to_owned(), anchor.map(str::to_owned)))
        })
        .collect()
}

/// The rows of the table of statuses: status, and the codes in it.
fn statuses(page: &str) -> Vec<(u16, Vec<String>)> {
    let (_, rest) = page.split_once("| status | codes |").expect("the table");
    let rows = rest.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let (_, row) = row.split_once("| ").expect("a cell");
        let (status, codes) = row.split_once(" | ").expect("two cells");
        let codes = codes.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (status[..3].parse().expect("a number"), codes)
    })
    .collect()
}

#[test]
fn the_table_of_statuses_has_every_code_once() {
    let mut found: Vec<String> =
        statuses(&files()["statuses.md"]).into_iter().flat_map(|(_, codes)| codes).collect();
    let mut wanted: Vec<String> = RefusalCode::ALL.iter().map(ToString::to_string).collect();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

/// What the page says of kinds: whoever asks somebody is refused by 403; input that can be mended by 422 or, where
/// something is not found, 404; what is to be sent again by 409, 429 or 503.
#[test]
fn the_statuses_fit_the_kinds() {
    let table = statuses(&files()["statuses.md"]);
    for code in RefusalCode::ALL {
        let (status, _) = table.iter().find(|(_, codes)| codes.contains(&code.to_string())).expect("a row");
        let fitting: &[u16] = match code.kind() {
            RefusalKind::Retry => &[409, 429, 503],
            RefusalKind::FixInput => &[404, 422],
            RefusalKind::AskAdministrator => &[403],
            RefusalKind::NotAllowed if *code == RefusalCode::DeviceInUse => &[409],
            RefusalKind::NotAllowed => &[403],
            RefusalKind::Acknowledge => &[409, 410],
            _ => &[401, 403, 409],
        };
        assert!(fitting.contains(status), "{code}: {status}");
    }
}

#[test]
fn the_row_of_each_code_is_the_one_that_the_example_chooses() {
    let files = files();
    let (_, example) = files["statuses.md"].split_once("let status = match").expect("the example");
    let (arms, _) = example.split_once("};").expect("its end");
    for (status, codes) in statuses(&files["statuses.md"]) {
        for code in codes {
            let arm = arms.split(",\n").find(|arm| {
                let names = arm.split("C::").skip(1);
                names.map(|name| name.split([' ', '\n']).next().unwrap_or_default()).any(|name| name == code)
            });
            let chosen =
                arm.map_or(403, |arm| arm.rsplit(' ').next().expect("a status").parse().expect("a number"));
            assert_eq!(chosen, status, "{code}");
        }
    }
}

#[test]
fn every_link_leads_to_a_heading() {
    let files = files();
    let pages = pages(INDEX, &files);
    assert!(pages.len() >= 7, "{:?}", pages.keys());
    let mut seen = 0;
    for (file, text) in &files {
        for (page, at) in links(text) {
            // Nothing before the anchor is the page itself.
            let found = match page.as_str() {
                "" => pages.values().find(|page| page.contains(text)),
                page => pages.get(page),
            };
            let found = found.unwrap_or_else(|| panic!("{file}: no page {page}"));
            if let Some(at) = at {
                assert!(anchors(found).contains(&at), "{file}: no heading {at} on the page {page}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 26, "suspiciously few links: {seen}");
}

#[test]
fn every_file_is_on_a_page_and_no_page_is_endless() {
    let files = files();
    for (name, text) in &files {
        assert!(
            name == "mod.rs" || INDEX.contains(&format!("include_str!(\"{name}\")")),
            "{name} is on no page"
        );
        assert!(text.lines().count() < 400, "{name}: {} lines", text.lines().count());
        for line in text.lines().filter(|line| !line.starts_with("| ")) {
            assert!(line.chars().count() <= 120, "{name}: {line}");
        }
    }
}

mod negative_control {
    use super::{anchor, anchors, links, statuses};

    #[test]
    fn anchors_are_those_of_headings() {
        assert_eq!(anchor("What to log, and what never?"), "what-to-log-and-what-never");
        assert_eq!(anchors("# One\n\n```text\n# Two\n```\n\n## Three\n"), ["one", "three"]);
    }

    #[test]
    fn links_of_the_manual_are_found_and_others_are_not() {
        let text =
            "[a](start#one), [b](crate::guide::people), [c](crate::gate::Gate), [d](https://example.org)";
        let found = links(text);
        assert_eq!(found, [("start".to_owned(), Some("one".to_owned())), ("people".to_owned(), None)]);
    }

    #[test]
    fn a_row_is_read() {
        let page =
            "| status | codes |\n|---|---|\n| 401, with `X` | `A`, `B` |\n| 403 | `C` |\n\n| 404 | `D` |\n";
        let rows = statuses(page);
        assert_eq!(rows[0], (401, vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!((rows.len(), &rows[1].1), (2, &vec!["C".to_owned()]));
    }
}
