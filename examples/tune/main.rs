//! Measures Argon2id on this machine and proposes parameters and the size of the pool. It takes
//! less than a minute; let nothing else run meanwhile.
//!
//! ```sh
//! cargo run --release --example tune
//! cargo run --release --example tune -- --target-ms 100 --memory-mib 256 --per-second 20
//! ```
//!
//! How to read the figures: "Sizing the pool" in the documentation of `pin::PooledArgon2id`.

mod measure;
mod options;
mod queue;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use measure::{Load, Saved};
use options::{Options, Stop, USAGE};
use pinlatch::pin::{HashParams, HashParamsError, HasherError, PooledArgon2id, check_hasher};

/// From the default upwards, memory in KiB and passes. Neither ever falls, so that each is stronger
/// than those before it, whatever an attacker's machine is good at.
const LADDER: [(u32, u32); 13] = [
    (19_456, 2),
    (32_768, 2),
    (47_104, 2),
    (65_536, 2),
    (65_536, 3),
    (98_304, 3),
    (131_072, 3),
    (196_608, 3),
    (262_144, 3),
    (262_144, 4),
    (262_144, 6),
    (262_144, 8),
    (262_144, 16),
];

/// The share of a core below which the machine was too busy to measure on.
const QUIET: f64 = 0.95;
/// How long callers at once are measured.
const SPAN: Duration = Duration::from_millis(1_500);

fn main() -> ExitCode {
    let options = match options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(Stop::Help) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(Stop::Wrong(what)) => {
            eprint!("tune: {what}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if cfg!(debug_assertions) {
        eprintln!(
            "tune: a debug build; its figures mean nothing. Say `cargo run --release --example tune`.\n"
        );
    }
    match tune(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tune: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tune(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let cores = PooledArgon2id::one_per_core();
    check_hasher(&cores)?;
    println!("Argon2id, one lane, on {} cores\n", cores.slots());
    show_what_the_pool_saves()?;
    let (found, share) = measure::share_of_a_core(|| strongest(options, cores.slots()));
    let (params, alone) = found?;
    let slots = slots(options, params, cores.slots());
    let pool = PooledArgon2id::new(slots);
    show_callers(&PooledArgon2id::new(slots), HashParams::DEFAULT)?;
    if params != HashParams::STRONG {
        show_callers(&PooledArgon2id::new(slots), HashParams::STRONG)?;
    }
    let busy = if params == HashParams::DEFAULT { None } else { Some(show_callers(&pool, params)?) };
    let busy = match busy {
        Some(busy) => busy,
        None => measure::together(&pool, params, slots.get(), SPAN)?,
    };
    propose(options, params, alone, slots, &busy);
    show_queue(options, slots, &busy);
    if let Some(share) = share.filter(|share| *share < QUIET) {
        println!(
            "\nNot to be trusted: other work took {:.0} % of the core. Repeat it when",
            (1.0 - share) * 100.0
        );
        println!("nothing else runs: every time above is too long, and the proposal too weak.");
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn name(params: HashParams) -> String {
    format!("{:>6} KiB x {:<2}", params.memory_kib(), params.passes())
}

fn show_what_the_pool_saves() -> Result<(), HasherError> {
    println!(
        "One at a time, medians        fresh memory (page faults)   pooled (page faults)   of it wiping"
    );
    for (params, rounds) in [(HashParams::DEFAULT, 41), (HashParams::STRONG, 11)] {
        let Saved { fresh, fresh_faults, pooled, pooled_faults, wiping } =
            measure::what_the_pool_saves(params, rounds)?;
        let count = |faults: Option<u64>| faults.map_or_else(|| "unknown".into(), |count| count.to_string());
        println!(
            "  {:<24} {:>13.1} ms {:>11} {:>12.1} ms {:>11} {:>9.2} ms",
            name(params),
            milliseconds(fresh),
            format!("({})", count(fresh_faults)),
            milliseconds(pooled),
            format!("({})", count(pooled_faults)),
            milliseconds(wiping),
        );
    }
    println!();
    Ok(())
}

/// The strongest parameters of the ladder that meet the target and leave every core its memory, and
/// their time. Never less than the default, whatever it takes.
fn strongest(
    options: &Options,
    cores: NonZeroUsize,
) -> Result<(HashParams, Duration), Box<dyn std::error::Error>> {
    println!("One alone, pooled             time         a second");
    let room = options.memory_kib.map_or(u64::MAX, |all| all / u64::try_from(cores.get()).unwrap_or(1));
    let ladder: Vec<HashParams> = LADDER
        .iter()
        .map(|&(memory, passes)| HashParams::new(memory, passes))
        .collect::<Result<_, HashParamsError>>()?;
    let mut found = None;
    for params in ladder {
        let time = measure::alone(&PooledArgon2id::new(NonZeroUsize::MIN), params)?;
        println!("  {:<18} {:>12.1} ms {:>13.1}", name(params), milliseconds(time), 1.0 / time.as_secs_f64());
        let fits = time <= options.target && u64::from(params.memory_kib()) <= room;
        if fits || found.is_none() {
            found = Some((params, time));
        }
        // What is stronger takes longer; the strong profile is shown in any case.
        if time > options.target && params.strongest(HashParams::STRONG) == params {
            break;
        }
    }
    println!();
    found.ok_or_else(|| "the ladder is empty".into())
}

/// One for each core, or as many as there is memory for.
fn slots(options: &Options, params: HashParams, cores: NonZeroUsize) -> NonZeroUsize {
    let room = options.memory_kib.map(|all| all / u64::from(params.memory_kib()));
    let room = room.map_or(usize::MAX, |room| usize::try_from(room).unwrap_or(usize::MAX));
    NonZeroUsize::new(room).unwrap_or(NonZeroUsize::MIN).min(cores)
}

/// 1, 2, 4, … callers up to one for each slot, and twice as many. Answers for one for each slot.
fn show_callers(pool: &PooledArgon2id, params: HashParams) -> Result<Load, HasherError> {
    let slots = pool.slots().get();
    let heading = format!("{}, {slots} slots", name(params).trim());
    println!("{heading:<28} a second   CPU a hash   half within   95 % within   memory held");
    let doubling = std::iter::successors(Some(1_usize), |callers| callers.checked_mul(2));
    for callers in doubling.take_while(|&callers| callers < slots) {
        show_load(callers, &measure::together(pool, params, callers, SPAN)?);
    }
    let busy = measure::together(pool, params, slots, SPAN)?;
    show_load(slots, &busy);
    show_load(slots * 2, &measure::together(pool, params, slots * 2, SPAN)?);
    println!();
    Ok(busy)
}

fn show_load(callers: usize, load: &Load) {
    let cpu = load.cpu.map_or_else(|| "unknown".into(), |cpu| format!("{:.1} ms", milliseconds(cpu)));
    println!(
        "  {callers:>3} at once {:>24.1} {cpu:>12} {:>10.1} ms {:>10.1} ms {:>9} MiB",
        load.per_second,
        milliseconds(load.median),
        milliseconds(load.slowest_in_20),
        load.memory_kib / 1_024,
    );
}

fn propose(options: &Options, params: HashParams, alone: Duration, slots: NonZeroUsize, busy: &Load) {
    let (target, alone) = (milliseconds(options.target), milliseconds(alone));
    println!("Proposed: {} KiB, {} passes, {slots} slots", params.memory_kib(), params.passes());
    println!(
        "  {alone:.1} ms alone, {:.1} ms with every slot busy; target {target:.0} ms",
        milliseconds(busy.median)
    );
    println!("  {:.1} verifications a second, {} MiB held", busy.per_second, busy.memory_kib / 1_024);
    if alone > target {
        println!("  More than the target, and still the default: weaker parameters are never proposed.");
    }
    let digits = |number: u32| match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands}_{rest:03}"),
    };
    println!("\n  use std::num::NonZeroUsize;");
    println!("  use pinlatch::account::Policy;");
    println!("  use pinlatch::pin::{{HashParams, PooledArgon2id}};\n");
    println!("  let slots = NonZeroUsize::new({slots}).ok_or(\"no slots\")?;");
    println!("  let params = HashParams::new({}, {})?;", digits(params.memory_kib()), params.passes());
    println!("  let policy = Policy::builder().hash_params(params).build()?;");
    println!("  // and on the builder of the gate:");
    println!("  .hasher(PooledArgon2id::new(slots)).policy(policy)\n");
}

/// From a request to its hash, waiting included, at the load that is expected or at several.
fn show_queue(options: &Options, slots: NonZeroUsize, busy: &Load) {
    let hash = milliseconds(busy.median);
    println!("Requests at random: a second   slots busy         mean   half within   99 % within");
    let row = |per_second: f64| {
        let share = per_second / busy.per_second;
        if share >= 1.0 {
            println!("  {per_second:>28.1} {:>10.0} %   more than it can do: the queue grows", share * 100.0);
            return;
        }
        let queue::Latency { mean, median, slowest_in_100 } = queue::latency(slots.get(), share);
        println!(
            "  {per_second:>28.1} {:>10.0} % {:>9.1} ms {:>10.1} ms {:>10.1} ms",
            share * 100.0,
            mean * hash,
            median * hash,
            slowest_in_100 * hash
        );
    };
    match options.per_second {
        Some(expected) => row(expected.get().into()),
        None => [0.3, 0.5, 0.7, 0.8, 0.9].iter().for_each(|share| row(share * busy.per_second)),
    }
}
