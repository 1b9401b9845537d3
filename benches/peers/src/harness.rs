//! Measures contestants side by side.
//!
//! A row is one piece of work done by several contestants. They take turns: in every round each
//! runs one batch, in an order that rotates, so that a change of the clock frequency or a busy
//! neighbour meets all of them. A benchmark harness that measures one function after the other
//! cannot do that, which is why this one is our own. Batches are calibrated to a least duration;
//! reported is the median over the rounds, and for a ratio the median of the rounds' ratios.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::allocations::Counts;

/// How much to measure.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// A smoke test: few rounds, short batches, small sizes.
    pub quick: bool,
    /// Sizes that need some gigabytes and minutes.
    pub large: bool,
}

impl Settings {
    /// Rounds of a row.
    pub const fn rounds(self) -> usize {
        if self.quick { 3 } else { 11 }
    }

    /// The least duration of a batch.
    pub const fn batch(self) -> Duration {
        if self.quick { Duration::from_micros(500) } else { Duration::from_millis(6) }
    }
}

/// On which side a contestant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// pinlatch.
    Ours,
    /// What one would pick instead.
    Peer,
    /// The same work by hand, as little of it as possible.
    Floor,
}

/// What one batch cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batch {
    /// How long.
    pub elapsed: Duration,
    /// Allocations in that time, on this thread.
    pub allocated: Counts,
}

impl Batch {
    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.elapsed += other.elapsed;
        self.allocated.calls += other.allocated.calls;
        self.allocated.bytes += other.allocated.bytes;
    }
}

/// One contestant: a batch function takes a number of operations and performs that many.
pub struct Contestant<'a> {
    name: String,
    side: Side,
    holds: Option<f64>,
    batch: Box<dyn FnMut(u64) -> Batch + 'a>,
}

impl<'a> Contestant<'a> {
    /// A contestant that repeats `operation`. Its result goes through a black box.
    pub fn repeating<T>(side: Side, name: &str, mut operation: impl FnMut() -> T + 'a) -> Self {
        Self::batches(side, name, move |count| {
            measured(|| {
                for _ in 0..count {
                    black_box(operation());
                }
            })
        })
    }

    /// A contestant whose inputs are prepared before the clock starts, and used up.
    pub fn consuming<I, T>(
        side: Side,
        name: &str,
        mut prepare: impl FnMut() -> I + 'a,
        mut operation: impl FnMut(I) -> T + 'a,
    ) -> Self {
        Self::batches(side, name, move |count| {
            let mut total = Batch::default();
            let mut left = count;
            while left > 0 {
                let chunk = left.min(PREPARED);
                left -= chunk;
                let inputs: Vec<I> = (0..chunk).map(|_| prepare()).collect();
                total.add(measured(|| {
                    for input in inputs {
                        black_box(operation(black_box(input)));
                    }
                }));
            }
            total
        })
    }

    /// A contestant that measures its batches itself.
    pub fn batches(side: Side, name: &str, batch: impl FnMut(u64) -> Batch + 'a) -> Self {
        Self { name: name.into(), side, holds: None, batch: Box::new(batch) }
    }

    /// So many bytes are held for each record or account.
    pub fn holding(mut self, bytes: f64) -> Self {
        self.holds = Some(bytes);
        self
    }
}

/// Inputs that are prepared at a time.
const PREPARED: u64 = 512;

/// Runs something and says what it cost.
pub fn measured(work: impl FnOnce()) -> Batch {
    let before = Counts::now();
    let begun = Instant::now();
    work();
    let elapsed = begun.elapsed();
    Batch { elapsed, allocated: Counts::now().since(before) }
}

/// Runs `work(thread)` on so many threads at once; from the common start to the last end.
pub fn on_threads(threads: usize, work: impl Fn(usize) + Sync) -> Batch {
    if threads == 1 {
        return measured(|| work(0));
    }
    let start = Barrier::new(threads);
    let spans: Vec<(Instant, Instant)> = std::thread::scope(|scope| {
        let run = |thread| {
            let (start, work) = (&start, &work);
            move || {
                start.wait();
                let begun = Instant::now();
                work(thread);
                (begun, Instant::now())
            }
        };
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(run(thread))).collect();
        handles.into_iter().map(|handle| handle.join().expect("a thread panicked")).collect()
    });
    let begun = spans.iter().map(|span| span.0).min().expect("threads");
    let ended = spans.iter().map(|span| span.1).max().expect("threads");
    Batch { elapsed: ended - begun, allocated: Counts::default() }
}

/// What a contestant was measured at.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Its name.
    pub name: String,
    /// Its side.
    pub side: Side,
    /// Nanoseconds per operation, one number a round.
    pub rounds: Vec<f64>,
    /// Allocations per operation.
    pub allocations: f64,
    /// Bytes allocated per operation.
    pub bytes: f64,
    /// Bytes held for each record or account, where that was measured.
    pub holds: Option<f64>,
}

impl Measured {
    /// The median of the rounds, in nanoseconds per operation.
    pub fn nanoseconds(&self) -> f64 {
        median(self.rounds.clone())
    }

    /// How many times as long as `other` it takes: the median of the rounds' ratios.
    pub fn times(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(mine, other)| mine / other).collect())
    }
}

/// The median; of an even number of values the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    assert!(!values.is_empty(), "a median of nothing");
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

/// Measures the contestants of one row.
pub fn compete(settings: Settings, mut contestants: Vec<Contestant<'_>>) -> Vec<Measured> {
    let counts: Vec<u64> = contestants.iter_mut().map(|one| calibrate(settings, one)).collect();
    let mut rounds = vec![Vec::new(); contestants.len()];
    let mut allocated = vec![Counts::default(); contestants.len()];
    let total = settings.rounds();
    for round in 0..total {
        for turn in 0..contestants.len() {
            let index = (turn + round) % contestants.len();
            let batch = (contestants[index].batch)(counts[index]);
            rounds[index].push(batch.elapsed.as_secs_f64() * 1e9 / counts[index] as f64);
            allocated[index].calls += batch.allocated.calls;
            allocated[index].bytes += batch.allocated.bytes;
        }
    }
    let per_operation =
        |total_count: u64, index: usize| total_count as f64 / (counts[index] as f64 * total as f64);
    let named = contestants.into_iter().zip(rounds).enumerate();
    named
        .map(|(index, (contestant, rounds))| Measured {
            name: contestant.name,
            side: contestant.side,
            holds: contestant.holds,
            rounds,
            allocations: per_operation(allocated[index].calls, index),
            bytes: per_operation(allocated[index].bytes, index),
        })
        .collect()
}

/// Doubles the number of operations until a batch takes long enough; that warms up as well.
fn calibrate(settings: Settings, contestant: &mut Contestant<'_>) -> u64 {
    let mut count = 1;
    loop {
        let elapsed = (contestant.batch)(count).elapsed;
        if elapsed >= settings.batch() || count >= MOST_OPERATIONS {
            return count;
        }
        count *= 2;
    }
}

/// The most operations in a batch: only work that was optimised away would need more.
const MOST_OPERATIONS: u64 = 1 << 26;

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(rounds: &[f64]) -> Measured {
        let (name, rounds) = ("one".to_owned(), rounds.to_vec());
        Measured { name, side: Side::Peer, rounds, allocations: 0.0, bytes: 0.0, holds: None }
    }

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
    }

    #[test]
    fn a_ratio_compares_the_same_round() {
        // A machine that is half as fast in two of three rounds changes the times, not the ratio.
        let (ours, theirs) = (rounds(&[10.0, 20.0, 20.0]), rounds(&[30.0, 60.0, 60.0]));
        assert_eq!(theirs.times(&ours), 3.0);
    }

    #[test]
    fn allocations_and_operations_are_counted() {
        let settings = Settings { quick: true, large: false };
        let mut performed = 0_u64;
        let allocating = Contestant::repeating(Side::Ours, "allocating", || vec![1_u8; 100]);
        let counting = Contestant::consuming(
            Side::Peer,
            "counting",
            || vec![1_u8; 100],
            |input| {
                performed += 1;
                input.len()
            },
        );
        let measured = compete(settings, vec![allocating, counting]);
        assert_eq!((measured[0].allocations, measured[0].bytes), (1.0, 100.0));
        assert_eq!(measured[1].allocations, 0.0, "what is prepared is not counted");
        assert!(measured.iter().all(|one| one.nanoseconds() > 0.0 && one.rounds.len() == 3));
        assert!(performed > 3);
    }

    #[test]
    fn two_threads_work_at_the_same_time() {
        let wait = Duration::from_millis(50);
        let batch = on_threads(2, |_| std::thread::sleep(wait));
        assert!(batch.elapsed >= wait && batch.elapsed < 2 * wait, "{:?}", batch.elapsed);
    }
}
