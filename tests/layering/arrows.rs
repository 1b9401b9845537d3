//! Which module of a folder leans on which other one, and the cycles of it.

use std::collections::{BTreeMap, BTreeSet};

/// From which module to which other one, and by what.
type OfAFolder = BTreeMap<(String, String), BTreeSet<String>>;

#[derive(Default)]
pub(crate) struct Arrows(BTreeMap<String, OfAFolder>);

impl Arrows {
    pub(crate) fn add(&mut self, folder: &[&str], from: &str, to: &str, by: &str) {
        let arrows = self.0.entry(folder.join("/")).or_default();
        arrows.entry((from.into(), to.into())).or_default().insert(by.into());
    }

    pub(crate) fn cycles(&self) -> Vec<String> {
        self.0.iter().flat_map(|(folder, arrows)| cycles(folder, arrows)).collect()
    }
}

/// Each cycle with all that makes it one, so that it can be seen which arrow to take away.
fn cycles(folder: &str, arrows: &OfAFolder) -> Vec<String> {
    let leads = |from: &str, to: &str| reached(arrows, from).contains(to);
    let mut cycles = BTreeSet::new();
    for (from, to) in arrows.keys().filter(|(from, to)| leads(to, from)) {
        let members: Vec<&str> =
            reached(arrows, to).into_iter().filter(|member| leads(member, from)).collect();
        cycles.insert(members);
    }
    let line = |((from, to), by): (&(String, String), &BTreeSet<String>)| {
        format!("\n    {from} → {to} ({})", Vec::from_iter(by.iter().map(String::as_str)).join(", "))
    };
    let report = |members: Vec<&str>| {
        let is_of_it = |(from, to): &(String, String)| members.contains(&&**from) && members.contains(&&**to);
        let lines: String = arrows.iter().filter(|(arrow, _)| is_of_it(arrow)).map(line).collect();
        format!("{folder}: a cycle among {}{lines}", members.join(", "))
    };
    cycles.into_iter().map(report).collect()
}

/// Where arrows lead to from a module, itself included.
fn reached<'a>(arrows: &'a OfAFolder, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        if reached.insert(module) {
            open.extend(arrows.keys().filter(|(from, _)| from == module).map(|(_, to)| to.as_str()));
        }
    }
    reached
}
