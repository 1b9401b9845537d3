//! The same work done by pinlatch, by what one would pick instead, and by hand, in one run.
//!
//! ```sh
//! cargo run --profile measured -p pinlatch-peers              # prints the table, writes docs/speed.md and its plots
//! cargo run --release -p pinlatch-peers -- --quick   # a smoke test: under a minute, writes nothing
//! cargo run --profile measured -p pinlatch-peers -- --large   # also 10,000,000 accounts and 1,000,000 sessions
//! ```
//!
//! How it measures is said in [`harness`]; what each peer does that pinlatch does not, and the
//! reverse, at the head of each file in [`rows`].
#![allow(unreachable_pub, reason = "a program: nobody reaches into it")]

mod allocations;
mod by_hand;
mod fixture;
mod harness;
mod host;
mod report;
mod row;
mod rows;
#[path = "../../counts/src/sharded_store.rs"]
mod sharded_store;

use std::process::ExitCode;
use std::time::Instant;

use harness::Settings;
use row::Row;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

fn main() -> ExitCode {
    let mut settings = Settings { quick: false, large: false };
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => settings.quick = true,
            "--large" => settings.large = true,
            other => {
                eprintln!("unknown: {other}; there are --quick and --large");
                return ExitCode::FAILURE;
            }
        }
    }
    let begun = Instant::now();
    let rows = everything(settings);
    println!("{}", report::table(&rows));
    eprintln!("{} rows in {:.0} s", rows.len(), begun.elapsed().as_secs_f64());
    if settings.quick {
        return ExitCode::SUCCESS; // Every row ran, or it would have panicked.
    }
    match report::write(&rows, settings) {
        Ok(paths) => {
            paths.iter().for_each(|path| eprintln!("wrote {}", path.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("the report could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Every row of the table.
fn everything(settings: Settings) -> Vec<Row> {
    let attempts = rows::attempts::rows(settings);
    let around_the_hash = attempts.last().expect("the gate's");
    let pin = rows::pin::rows(settings, around_the_hash);
    let mut all = rows::permission::rows(settings);
    all.extend(rows::session::rows(settings));
    all.extend(rows::record::rows(settings));
    all.extend(rows::store::rows(settings));
    all.extend(rows::transition::rows(settings));
    all.extend(rows::revoke_all::rows(settings));
    all.extend(attempts);
    all.extend(pin);
    all
}
