//! The committed table of instructions, and what a new run says to it.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::operations::{BLOCK, HASH, NOTHING, operations};

/// By how much a count may differ from the table, over or under, in percent. Counts repeat exactly
/// for one binary; this is for what the compiler does elsewhere in the same binary.
pub const TOLERANCE_PERCENT: f64 = 2.0;

/// What a session check may cost outside the hash, from the token's text, with one device: some 200 ns, half
/// of them for what every check judges anew, the time that has passed and where the person stands.
/// Nothing below that is felt beside the round trip that loads the record; `docs/tried.md` says what a
/// quicker one cost its readers.
pub const CHECK_BUDGET: u64 = 2_200;

const CHECK: &str = "check from text, session wanted, 1 device";
const CHECK_FUNCTION: &str = "check from text, function wanted, 1 device";
const HEADING: &str = "| operation | instructions |\n|---|---:|\n";

/// Counts in the order of the operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(pub Vec<(String, u64)>);

/// What a session check costs besides its one SHA-256, from the token's text, with one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside {
    /// With only a session wanted: this is the budget's.
    pub session: u64,
    /// With a function wanted.
    pub function: u64,
    /// With only a session wanted, besides the one block: the hash's padding counts as ours.
    pub block: u64,
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { session, function, block } = self;
        write!(
            f,
            "session check outside the hash, 1 device: {session} instructions of {CHECK_BUDGET}; \
             with a function wanted {function}; outside the hash's one block {block}"
        )
    }
}

impl Table {
    /// What gungraun printed: one JSON object a line, one for each operation. What the harness
    /// itself costs is taken off.
    ///
    /// # Errors
    /// What is wrong with it: not what gungraun prints, or an operation without a count.
    pub fn from_gungraun(lines: &str) -> Result<Self, String> {
        let counts = lines.lines().map(number_and_count).collect::<Result<BTreeMap<_, _>, _>>()?;
        let names: Vec<String> = operations().iter().map(ToString::to_string).collect();
        if counts.len() != names.len() {
            return Err(format!("{} operations, but {} counts", names.len(), counts.len()));
        }
        let harness = *counts.get(&0).ok_or("no count of the harness alone")?;
        let count = |(number, name): (usize, String)| {
            let all = *counts.get(&number).ok_or(format!("no count of: {name}"))?;
            let own = if name == NOTHING { all } else { all.saturating_sub(harness) };
            Ok((name, own))
        };
        names.into_iter().enumerate().map(count).collect::<Result<Vec<_>, String>>().map(Self)
    }

    /// The committed table.
    ///
    /// # Errors
    /// The line that is none of a table.
    pub fn from_markdown(text: &str) -> Result<Self, String> {
        let (_, rows) = text.split_once(HEADING).ok_or("no table of instructions")?;
        let rows = rows.lines().take_while(|line| line.starts_with('|'));
        rows.map(row).collect::<Result<Vec<_>, _>>().map(Self)
    }

    /// The table to commit, under what was measured with.
    #[must_use]
    pub fn to_markdown(&self, measured_with: &str) -> String {
        let mut text = format!("{INTRODUCTION}\nCounted with {measured_with}.\n\n{HEADING}");
        for (name, count) in &self.0 {
            let _ = writeln!(text, "| {name} | {count} |");
        }
        text
    }

    /// The count of one operation.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<u64> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, count)| *count)
    }

    /// Instructions of a session check, of one device, outside its one SHA-256.
    #[must_use]
    pub fn outside_the_hash(&self) -> Option<Outside> {
        let (hash, check) = (self.of(HASH)?, self.of(CHECK)?);
        Some(Outside {
            session: check.saturating_sub(hash),
            function: self.of(CHECK_FUNCTION)?.saturating_sub(hash),
            block: check.saturating_sub(self.of(BLOCK)?),
        })
    }

    /// Everything in which `new` breaks with this table, one line each: an operation over or under
    /// the tolerance, one that is missing, and one that the table does not have.
    #[must_use]
    pub fn broken_by(&self, new: &Self) -> Vec<String> {
        let mut broken = Vec::new();
        for (name, before) in &self.0 {
            match new.of(name) {
                None => broken.push(format!("{name}: in the table, but not counted any more")),
                Some(now) => broken.extend(judge(name, *before, now)),
            }
        }
        let unknown = new.0.iter().filter(|(name, _)| self.of(name).is_none());
        broken.extend(unknown.map(|(name, now)| format!("{name}: {now}, and not in the table")));
        broken
    }
}

/// Whether the budget of the session check is kept.
///
/// # Errors
/// By how much it is broken.
pub fn keep_the_budget(table: &Table) -> Result<Outside, String> {
    let outside = table.outside_the_hash().ok_or("no counts of the session check")?;
    if outside.session <= CHECK_BUDGET { Ok(outside) } else { Err(format!("over the budget: {outside}")) }
}

fn judge(name: &str, before: u64, now: u64) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "a percentage of a few million")]
    let change = (now as f64 - before as f64) / (before as f64).max(1.0) * 100.0;
    let verdict = match change {
        worse if worse > TOLERANCE_PERCENT => "costs more",
        better if better < -TOLERANCE_PERCENT => "costs less: commit the improvement",
        _ => return None,
    };
    Some(format!("{name}: {before} in the table, {now} now ({change:+.1} %): {verdict}"))
}

fn number_and_count(line: &str) -> Result<(usize, u64), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let number = value["id"].as_str().and_then(|id| id.strip_prefix("number_")?.parse().ok());
    let count = value.pointer("/profiles/0/data/total/metrics/Ir/values/new").and_then(Value::as_u64);
    number.zip(count).ok_or_else(|| format!("not what gungraun 0.20 prints: {line}"))
}

fn row(line: &str) -> Result<(String, u64), String> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    match cells.as_slice() {
        [name, count] => Ok(((*name).to_owned(), count.parse().map_err(|_| line.to_owned())?)),
        _ => Err(format!("not a row of the table: {line}")),
    }
}

const INTRODUCTION: &str = "\
# Instructions

Written by `.ci/counts --bless`, checked by `.ci/counts`: an operation more than 2 % over or under its row fails.
Fat LTO, one codegen unit. What the harness itself costs is taken off every row but its own. SHA-256 runs in
software here, since Valgrind knows no SHA instructions; a session check hashes once. Every allocation costs the
same few instructions, whatever the heap looks like; allocations are counted in `tests/allocations.rs`. Freeing what
an operation made is part of it.
";
