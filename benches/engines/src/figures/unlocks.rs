//! Unlocks a second and core beside the hasher alone, in turns in one process: the figure of a host's bill.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pinlatch::pin::{HashInput, HashParams, PinHasher, PooledArgon2id};
use pinlatch_testkit::UNMODIFIED;

use super::fill::{Phone, digits};
use super::gate::gate;
use super::measure::Hand;
use crate::Failed;
use crate::attack::runtime;
use crate::log::Log;
use crate::seam::{Engine, Place};

/// Turns of each.
const TURNS: usize = 7;

/// How long each turn takes.
const TURN: Duration = Duration::from_millis(1_500);

/// What was measured, medians over the turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unlocks {
    pub(super) cores: usize,
    /// Unlocks a second and core.
    pub(super) unlocks: f64,
    /// Hashes a second and core.
    pub(super) hashes: f64,
    /// Of the turns' ratios.
    pub(super) ratio: f64,
}

pub(super) fn beside_the_hasher<E: Engine>(place: Place<'_>, phones: &[Phone]) -> Result<Unlocks, Failed> {
    let cores = thread::available_parallelism()?.get();
    let runtime = runtime()?;
    let folder = tempfile::tempdir()?;
    let log = Arc::new(Log::create(folder.path(), 0)?);
    let gate = gate::<E>(runtime.block_on(E::open(&E::url(place)))?, &log)?;
    let hasher = PooledArgon2id::one_per_core();
    // Enough callers that the cores are never without work while some wait for the engine.
    let hands: Vec<Vec<Hand>> = phones
        .chunks(phones.len().div_ceil(4 * cores))
        .map(|share| share.iter().map(Hand::of).collect())
        .collect();
    let unlock = |caller: usize, number: usize| {
        let share = &hands[caller];
        let hand = &share[number % share.len()];
        let unlocked = runtime.block_on(gate.unlock_with_pin(&hand.device, &digits(), &UNMODIFIED));
        drop(unlocked.expect("the right PIN"));
    };
    let hash = |_: usize, _: usize| {
        let input = HashInput {
            params: HashParams::DEFAULT,
            salt: &[1; 16],
            pepper: Some(&[0x5a; 32]),
            message: b"a PIN",
        };
        hasher.hash(&input, &mut [0; 32]).expect("a hash");
    };
    let (mut unlocks, mut hashes, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..TURNS {
        // In turn first, as what a machine is busy with comes and goes.
        let (unlocked, hashed) = if turn % 2 == 0 {
            let unlocked = rate(hands.len(), &unlock);
            (unlocked, rate(cores, &hash))
        } else {
            let hashed = rate(cores, &hash);
            (rate(hands.len(), &unlock), hashed)
        };
        unlocks.push(unlocked / cores as f64);
        hashes.push(hashed / cores as f64);
        ratios.push(unlocked / hashed);
    }
    Ok(Unlocks { cores, unlocks: median(unlocks), hashes: median(hashes), ratio: median(ratios) })
}

/// How often a second so many threads do this.
fn rate(threads: usize, work: &(impl Fn(usize, usize) + Sync)) -> f64 {
    let (done, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let start = Instant::now();
    let counted = thread::scope(|scope| {
        for thread in 0..threads {
            let (done, is_over) = (&done, &is_over);
            scope.spawn(move || {
                for number in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    work(thread, number);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(TURN);
        let counted = (done.load(Ordering::Relaxed), start.elapsed());
        is_over.store(true, Ordering::Relaxed);
        counted
    });
    counted.0 as f64 / counted.1.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
