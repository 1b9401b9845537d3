//! Unlocks a second and core beside the hasher alone, in turns in one process: the figure of a host's bill.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pinlatch::pin::{HashInput, HashParams, PinHasher, PooledArgon2id};
use pinlatch_testkit::UNMODIFIED;

use super::fill::{Phone, digits};
use super::gate::{gate, opened};
use super::measure::Hand;
use crate::Failed;
use crate::attack::runtime;
use crate::log::Log;
use crate::seam::{Engine, Place};

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
    /// Of the turns' ratios: the lower quartile, the median, the upper quartile.
    pub(super) ratio: [f64; 3],
    /// Processor time that an unlock, and a hash alone, takes this process, in milliseconds; and the rest of the
    /// machine meanwhile, which is the engine above all.
    pub(super) own: [f64; 2],
    pub(super) others: [f64; 2],
}

/// What a turn came to.
struct Turned {
    /// Done in a second.
    rate: f64,
    /// Milliseconds of processor time for each, of this process and of all others.
    own: f64,
    others: f64,
}

/// So many turns of each.
pub(super) fn beside_the_hasher<E: Engine>(
    place: Place<'_>,
    phones: &[Phone],
    turns: usize,
) -> Result<Unlocks, Failed> {
    let cores = thread::available_parallelism()?.get();
    let runtime = runtime()?;
    let folder = tempfile::tempdir()?;
    let log = Arc::new(Log::create(folder.path(), 0)?);
    let gate = gate::<E>(runtime.block_on(opened::<E>(place))?, &log)?;
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
    let mut taken: Vec<[Turned; 2]> = Vec::new();
    for turn in 0..turns {
        // In turn first, as what a machine is busy with comes and goes.
        taken.push(if turn % 2 == 0 {
            let unlocked = turned(hands.len(), &unlock)?;
            [unlocked, turned(cores, &hash)?]
        } else {
            let hashed = turned(cores, &hash)?;
            [turned(hands.len(), &unlock)?, hashed]
        });
    }
    let sorted = |what: &dyn Fn(&[Turned; 2]) -> f64| {
        let mut values: Vec<f64> = taken.iter().map(what).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let of = |what: &dyn Fn(&[Turned; 2]) -> f64| sorted(what)[turns / 2];
    let ratios = sorted(&|[unlocked, hashed]| unlocked.rate / hashed.rate);
    Ok(Unlocks {
        cores,
        unlocks: of(&|[unlocked, _]| unlocked.rate / cores as f64),
        hashes: of(&|[_, hashed]| hashed.rate / cores as f64),
        ratio: [ratios[turns / 4], ratios[turns / 2], ratios[turns - 1 - turns / 4]],
        own: [of(&|[unlocked, _]| unlocked.own), of(&|[_, hashed]| hashed.own)],
        others: [of(&|[unlocked, _]| unlocked.others), of(&|[_, hashed]| hashed.others)],
    })
}

/// What the kernel counts processor time in: a hundredth of a second, for every program, whatever its own clock is.
const TICKS_A_SECOND: f64 = 100.0;

/// Ticks of processor time so far: of this process, and of the machine. See `man 5 proc`.
fn ticks() -> Result<[u64; 2], Failed> {
    let read = |text: &str, skip: usize, take: usize| -> Result<u64, Failed> {
        let mut sum = 0;
        for field in text.split_whitespace().skip(skip).take(take) {
            sum += field.parse::<u64>()?;
        }
        Ok(sum)
    };
    let own = fs::read_to_string("/proc/self/stat")?;
    // Behind the name, which may hold anything: user and system time are the 12th and 13th fields.
    let behind = own.rsplit_once(')').ok_or("no name in /proc/self/stat")?.1;
    let all = fs::read_to_string("/proc/stat")?;
    // User, nice, system; then idle and waiting, which are none; then interrupts.
    let line = all.lines().next().ok_or("nothing in /proc/stat")?;
    Ok([read(behind, 11, 2)?, read(line, 1, 3)? + read(line, 6, 2)?])
}

/// Has so many threads do this for a turn.
fn turned(threads: usize, work: &(impl Fn(usize, usize) + Sync)) -> Result<Turned, Failed> {
    let before = ticks()?;
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
    // What was under way when the turn was over is in the ticks too: so it is in the number.
    let [own, all] = ticks()?;
    let (own, all) = (own - before[0], all - before[1]);
    let finished = done.load(Ordering::Relaxed) as f64;
    let each = |ticks: u64| ticks as f64 * 1e3 / TICKS_A_SECOND / finished;
    let rate = counted.0 as f64 / counted.1.as_secs_f64();
    Ok(Turned { rate, own: each(own), others: each(all.saturating_sub(own)) })
}
