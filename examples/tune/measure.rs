//! Times real hashes, and counts the page faults of this process.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use argon2::Block;
use pinlatch::pin::{Argon2id, HashInput, HashParams, HasherError, PinHasher, PooledArgon2id};
use zeroize::Zeroize;

/// One hash, as for a verification with a pepper.
pub(crate) fn hash(hasher: &dyn PinHasher, params: HashParams) -> Result<Duration, HasherError> {
    let input = HashInput { params, salt: &[1; 16], pepper: Some(&[2; 32]), message: b"284917" };
    let mut out = [0; 32];
    let start = Instant::now();
    hasher.hash(black_box(&input), &mut out)?;
    black_box(out);
    Ok(start.elapsed())
}

/// The time that so much of all measured ones stay within. They are sorted by this.
pub(crate) fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let position = times.len() * percent / 100;
    times.get(position.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// The median of hashes one after the other, in memory that is there already: at least 3 of them,
/// and more until they have taken a second.
pub(crate) fn alone(pool: &PooledArgon2id, params: HashParams) -> Result<Duration, HasherError> {
    hash(pool, params)?;
    let mut times = Vec::new();
    while times.len() < 3 || times.iter().sum::<Duration>() < Duration::from_secs(1) {
        times.push(hash(pool, params)?);
    }
    Ok(quantile(&mut times, 50))
}

/// Fresh memory for each hash, and memory used again: medians, and page faults a hash.
pub(crate) struct Saved {
    pub(crate) fresh: Duration,
    pub(crate) fresh_faults: Option<u64>,
    pub(crate) pooled: Duration,
    pub(crate) pooled_faults: Option<u64>,
    /// Part of both.
    pub(crate) wiping: Duration,
}

pub(crate) fn what_the_pool_saves(params: HashParams, rounds: u32) -> Result<Saved, HasherError> {
    let (fresh, pool) = (Argon2id::new(), PooledArgon2id::new(NonZeroUsize::MIN));
    let mut blocks = vec![Block::new(); usize::try_from(params.memory_kib()).unwrap_or_default()];
    hash(&pool, params)?;
    let (mut fresh_times, mut pooled_times, mut wiping) = (Vec::new(), Vec::new(), Vec::new());
    let (mut fresh_faults, mut pooled_faults) = (Some(0), Some(0));
    for _ in 0..rounds {
        // In turns, so that a busy machine slows all of them down.
        let start = faults();
        fresh_times.push(hash(&fresh, params)?);
        let between = faults();
        pooled_times.push(hash(&pool, params)?);
        let end = faults();
        fresh_faults = fresh_faults.zip(between.zip(start)).map(|(sum, (to, from))| sum + to - from);
        pooled_faults = pooled_faults.zip(end.zip(between)).map(|(sum, (to, from))| sum + to - from);
        blocks.iter_mut().for_each(|block| block.as_mut().fill(7));
        let start = Instant::now();
        black_box(&mut blocks).iter_mut().for_each(Zeroize::zeroize);
        wiping.push(start.elapsed());
    }
    Ok(Saved {
        fresh: quantile(&mut fresh_times, 50),
        fresh_faults: fresh_faults.map(|sum| sum / u64::from(rounds)),
        pooled: quantile(&mut pooled_times, 50),
        pooled_faults: pooled_faults.map(|sum| sum / u64::from(rounds)),
        wiping: quantile(&mut wiping, 50),
    })
}

/// What so many callers at once get from one pool.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// Of a core, for one hash: grows as cores share cache and memory bandwidth, and not by waiting.
    pub(crate) cpu: Option<Duration>,
    pub(crate) median: Duration,
    pub(crate) slowest_in_20: Duration,
    pub(crate) memory_kib: usize,
}

/// So many threads that verify without a pause, for so long, and at least 3 times each.
pub(crate) fn together(
    pool: &PooledArgon2id,
    params: HashParams,
    callers: usize,
    span: Duration,
) -> Result<Load, HasherError> {
    at_once(callers, || hash(pool, params))?; // the slots' memory is there before anything is timed
    let from = cpu();
    let answers = at_once(callers, || {
        let (start, mut times) = (Instant::now(), Vec::new());
        while times.len() < 3 || start.elapsed() < span {
            times.push(hash(pool, params)?);
        }
        Ok((start.elapsed(), times))
    })?;
    let spent = cpu().zip(from).map(|(to, from)| to - from);
    #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
    let per_second = answers.iter().map(|(span, times)| times.len() as f64 / span.as_secs_f64()).sum();
    let mut times: Vec<Duration> = answers.into_iter().flat_map(|(_, times)| times).collect();
    let hashes = u32::try_from(times.len()).unwrap_or(u32::MAX);
    let (median, slowest_in_20) = (quantile(&mut times, 50), quantile(&mut times, 95));
    Ok(Load {
        per_second,
        cpu: spent.map(|spent| spent / hashes),
        median,
        slowest_in_20,
        memory_kib: pool.memory_kib(),
    })
}

fn at_once<T: Send>(
    callers: usize,
    work: impl Fn() -> Result<T, HasherError> + Sync,
) -> Result<Vec<T>, HasherError> {
    thread::scope(|scope| {
        let callers: Vec<_> = (0..callers).map(|_| scope.spawn(&work)).collect();
        callers.into_iter().map(|caller| caller.join().unwrap_or(Err(HasherError::Failed))).collect()
    })
}

/// The share of a core that this process had while `work` ran on one thread; only Linux tells. What
/// is missing went to others, and the times are too long.
pub(crate) fn share_of_a_core<T>(work: impl FnOnce() -> T) -> (T, Option<f64>) {
    let (start, from) = (Instant::now(), cpu());
    let done = work();
    let spent = cpu().zip(from).map(|(to, from)| to - from);
    (done, spent.map(|spent| spent.as_secs_f64() / start.elapsed().as_secs_f64()))
}

/// The time that this process has had of all cores so far: fields 14 and 15 of proc_pid_stat(5),
/// utime and stime, in clock ticks of 10 ms.
fn cpu() -> Option<Duration> {
    Some(Duration::from_millis(10 * (stat_field(14)? + stat_field(15)?)))
}

/// The page faults of this process so far that needed no disk (field 10, minflt).
fn faults() -> Option<u64> {
    stat_field(10)
}

fn stat_field(number: usize) -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, from_the_third) = stat.rsplit_once(") ")?;
    from_the_third.split(' ').nth(number - 3)?.parse().ok()
}
