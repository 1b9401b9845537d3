//! The page, as Markdown.

use std::fmt::Write;

use super::unlocks::Unlocks;
use super::{CALLERS, Figure, Kind, Row};
use crate::Failed;

pub(super) fn page(engine: &str, rows: &[Row], bytes: &[(usize, f64)], unlocks: &Unlocks) -> String {
    let a_million = bytes.iter().any(|(accounts, _)| *accounts >= 1_000_000);
    let million = if a_million { " --million" } else { "" };
    let mut page = format!(
        "# {engine}\n\n\
         Measured by `cargo run --profile measured -p pinlatch-engines -- figures {engine}{million}`, which writes this page; \
         {cores} cores, {CALLERS} callers in each process, real Argon2id (19 MiB, 2 passes), people and accounts \
         on the engine, and the trail where it keeps one. Calls a second: what so many callers do that wait for each answer.\n\n\
         ![p50, p99 and rate of each call]({engine}.svg)\n\n\
         | call | accounts | processes | p50, ms | p99, ms | calls a second |\n\
         |---|---|---|---|---|---|\n",
        cores = unlocks.cores,
    );
    for row in rows {
        let Figure { kind, accounts, processes, p50, p99, per_second } = row.into();
        let name = kind.name();
        let line = format!("| {name} | {accounts} | {processes} | {p50:.2} | {p99:.2} | {per_second:.0} |\n");
        page.push_str(&line);
    }
    for row in rows.iter().filter(|row| row.refused > 0) {
        let (refused, all, name) = (row.refused, row.refused + row.took.len(), row.kind.name());
        let (accounts, processes) = (row.accounts, row.processes);
        let line = format!(
            "\n{refused} of {all} calls of {name}, of {accounts} accounts and {processes} processes, were refused as \
             `Unavailable`.\n"
        );
        page.push_str(&line);
    }
    page.push_str("\n| accounts | bytes a person on the disk |\n|---|---|\n");
    for (accounts, a_person) in bytes {
        let _written = if a_person.is_nan() {
            writeln!(page, "| {accounts} | not on a disk |")
        } else {
            writeln!(page, "| {accounts} | {a_person:.0} |")
        };
    }
    let Unlocks { unlocks, hashes, ratio, own, others, .. } = unlocks;
    let _written = write!(
        page,
        "\nBytes: all files of the engine after filling, less those before it, for facts and account of each person.\n\n\
         Unlocks a second and core: {unlocks:.1}, beside {hashes:.1} hashes of the hasher alone in the same run: \
         {:.3} of it (medians of turns). Processor time: of the host's process {:.1} ms an unlock and {:.1} ms a hash; \
         of the engine, which shares these cores, and whatever else ran on them, {:.1} ms and {:.1} ms.\n",
        ratio[1], own[0], own[1], others[0], others[1],
    );
    page
}

/// How the paragraph begins that [`with_apart`] writes.
const APART: &str = "\nWith the engine on one core and a host with a single slot on the other";

/// A page with what was measured of an engine that has a core of its own, in place of what was measured before.
pub(super) fn with_apart(page: &str, unlocks: &Unlocks) -> String {
    let rest = page.split(APART).next().unwrap_or(page);
    let Unlocks { unlocks, hashes, ratio: [lower, median, upper], own, others, .. } = unlocks;
    format!(
        "{rest}{APART} (`figures … --apart`): {unlocks:.1} unlocks a second, beside {hashes:.1} hashes alone: {median:.3} of \
         it, and of the middle half of the turns {lower:.3} to {upper:.3}. Processor time: of the host's process {:.2} ms an unlock \
         and {:.2} ms a hash; of the engine, and whatever else ran, {:.2} ms an unlock.\n",
        own[0], own[1], others[0]
    )
}

/// The figures of a page, as far as its digits go.
pub(super) fn read(page: &str) -> Result<Vec<Figure>, Failed> {
    let mut figures = Vec::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, accounts, processes, p50, p99, per_second] = cells[..] else { continue };
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == name) else { continue };
        figures.push(Figure {
            kind,
            accounts: accounts.parse()?,
            processes: processes.parse()?,
            p50: p50.parse()?,
            p99: p99.parse()?,
            per_second: per_second.parse()?,
        });
    }
    if figures.is_empty() { Err("the page has no figures".into()) } else { Ok(figures) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let row = |kind, took| Row { kind, accounts: 1_000, processes: 2, took, refused: 0 };
        let rows = [row(Kind::Check, vec![250; 200]), row(Kind::SignIn, vec![2_000; 3])];
        let nothing =
            Unlocks { cores: 2, unlocks: 1.0, hashes: 1.0, ratio: [1.0; 3], own: [1.0; 2], others: [1.0; 2] };
        let page = page("none", &rows, &[(1_000, 300.0)], &nothing);
        // Eight callers, each of whom takes 0.25 ms or 2 ms.
        let figure =
            |kind, p50, per_second| Figure { kind, accounts: 1_000, processes: 2, p50, p99: p50, per_second };
        let expected = [figure(Kind::Check, 0.25, 32_000.0), figure(Kind::SignIn, 2.0, 4_000.0)];
        assert_eq!(read(&page).unwrap(), expected);
        assert!(read("# none").is_err());
        let with = |median| Unlocks { ratio: [0.125, median, 0.75], ..nothing };
        let apart = |median| with_apart(&page, &with(median));
        assert!(apart(0.25).contains(": 0.250 of it, and of the middle half of the turns 0.125 to 0.750. "));
        assert_eq!(with_apart(&apart(0.25), &with(0.5)), apart(0.5));
        assert_eq!(read(&apart(0.5)).unwrap(), expected);
    }
}
