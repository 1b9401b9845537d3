//! The page, as Markdown.

use std::fmt::Write;

use super::unlocks::Unlocks;
use super::{CALLERS, Row};

pub(super) fn page(engine: &str, rows: &[Row], bytes: &[(usize, f64)], unlocks: &Unlocks) -> String {
    let a_million = bytes.iter().any(|(accounts, _)| *accounts >= 1_000_000);
    let million = if a_million { " --million" } else { "" };
    let mut page = format!(
        "# {engine}\n\n\
         Measured by `cargo run --profile measured -p pinlatch-engines -- figures {engine}{million}`, which writes this page; \
         {cores} cores, {CALLERS} callers in each process, real Argon2id (19 MiB, 2 passes), people, accounts and \
         trail on the engine. Calls a second: what so many callers do that wait for each answer.\n\n\
         ![p50 and p99 of each call]({engine}.svg)\n\n\
         | call | accounts | processes | p50, ms | p99, ms | calls a second |\n\
         |---|---|---|---|---|---|\n",
        cores = unlocks.cores,
    );
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by_key(|row| (row.kind, row.accounts, row.processes));
    for row in &rows {
        let (name, p50, p99) = (row.kind.name(), row.percentile(50), row.percentile(99));
        let (accounts, processes, rate) = (row.accounts, row.processes, row.per_second());
        let line = format!("| {name} | {accounts} | {processes} | {p50:.2} | {p99:.2} | {rate:.0} |\n");
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
         {ratio:.3} of it (medians of turns). Processor time of the host's process: {:.1} ms an unlock, {:.1} ms a hash, \
         so {:.3} of it where the engine has a machine of its own; here it shares these cores, and whatever else ran on \
         them took {:.1} ms an unlock and {:.1} ms a hash.\n",
        own[0],
        own[1],
        own[1] / own[0],
        others[0],
        others[1],
    );
    page
}
