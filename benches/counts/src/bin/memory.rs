//! What a million accounts take in memory, and what two days of use leave behind.
//!
//! `cargo run --release -p pinlatch-counts --bin memory [ACCOUNTS]` prints a table, and fails if an
//! account is over its budget or a day leaves something behind. Some twenty minutes for a million.

use std::env;
use std::process::ExitCode;

use pinlatch::host::Host;
use pinlatch_counts::allocator::Counting;
use pinlatch_counts::town::{BUDGET_BYTES, Held, Town, town_of};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    let people: u32 = match env::args().nth(1).map(|text| text.parse()) {
        None => 1_000_000,
        Some(Ok(people)) if people > 0 => people,
        Some(_) => {
            eprintln!("usage: memory [ACCOUNTS]");
            return ExitCode::FAILURE;
        }
    };
    println!("{people} accounts with one device each, in a store in memory\n");
    println!("| when | bytes for each account | of these, its record | live bytes |");
    println!("|---|---:|---:|---:|");
    let mut town = town_of(people);
    report(&town, "signed in just now");
    town.settle_in();
    let open = report(&town, "open, in steady use");
    town.lock_up();
    // A record remembers the last eight sign-ins, and numbers its events: until neither takes more room.
    for _ in 0..16 {
        town.live_through_a_day();
    }
    let morning = report(&town, "locked, sixteen days later");
    town.live_through_a_day();
    let evening = report(&town, "locked, one more day later");
    town.live_through_a_day();
    let second = report(&town, "locked, two more days later");
    println!("\nThe process holds {}.", resident());

    let largest = town.per_account(open.live);
    let mut kept = ExitCode::SUCCESS;
    if largest > BUDGET_BYTES {
        eprintln!("{largest} bytes for each account, budget {BUDGET_BYTES}");
        kept = ExitCode::FAILURE;
    }
    if (evening, second) != (morning, morning) {
        eprintln!("the days left something behind");
        kept = ExitCode::FAILURE;
    }
    kept
}

fn report(town: &Town<impl Host>, when: &str) -> Held {
    let held = town.held();
    let (all, record) = (town.per_account(held.live), town.per_account(held.records));
    println!("| {when} | {all} | {record} | {} |", held.live);
    held
}

/// What the operating system counts, phones included, where it tells.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or("an unknown amount".into(), |size| size.trim().to_owned())
}
