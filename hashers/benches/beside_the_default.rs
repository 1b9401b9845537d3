//! What a hash costs beside the default hasher, both in kept memory that is wiped after each:
//! `cargo bench -p pinlatch-hashers`, some 20 seconds.
//!
//! The two take turns, so that a change of the clock frequency or a busy neighbour meets both: read the ratio, which
//! is the median of the rounds' ratios.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use pinlatch::pin::{HashInput, HashParams, PinHasher, PooledArgon2id, check_hasher};
use pinlatch_hashers::SimdArgon2id;

const PEPPER: [u8; 32] = [9; 32];
/// The least time that a contestant hashes in a round.
const BATCH: Duration = Duration::from_millis(60);

fn main() {
    // `cargo test --benches` calls it so: to see that it runs.
    let rounds = if std::env::args().any(|argument| argument == "--test") { 1 } else { 25 };
    let (default, simd) = (PooledArgon2id::one_per_core(), SimdArgon2id::one_per_core());
    check_hasher(&default).expect("the default hasher");
    check_hasher(&simd).expect("the SIMD hasher");
    println!("instructions: {}; the middle of {rounds} rounds\n", simd.instructions());
    println!("| parameters | at once | default | SIMD | default/SIMD, least to most |");
    println!("|---|---|---|---|---|");
    for params in [HashParams::DEFAULT, HashParams::STRONG] {
        for callers in [1, simd.slots().get()] {
            row(params, callers, rounds, &default, &simd);
        }
    }
}

fn row(params: HashParams, callers: usize, rounds: usize, default: &dyn PinHasher, simd: &dyn PinHasher) {
    let (mut defaults, mut simds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let (theirs, ours) = if round % 2 == 0 {
            let theirs = time(default, params, callers);
            (theirs, time(simd, params, callers))
        } else {
            let ours = time(simd, params, callers);
            (time(default, params, callers), ours)
        };
        defaults.push(theirs);
        simds.push(ours);
        ratios.push(theirs / ours);
    }
    let (default, simd, ratio) = (middle(&mut defaults), middle(&mut simds), middle(&mut ratios));
    let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
    println!(
        "| {} KiB × {} | {callers} | {default:.1} ms | {simd:.1} ms | {ratio:.2}, {least:.2} to {most:.2} |",
        params.memory_kib(),
        params.passes()
    );
}

/// Milliseconds of one hash, while so many callers hash at once.
fn time(hasher: &dyn PinHasher, params: HashParams, callers: usize) -> f64 {
    let start = Barrier::new(callers);
    let times: Vec<f64> = thread::scope(|scope| {
        let caller = || {
            let mut out = [0; 32];
            let input =
                HashInput { params, salt: &[7; 16], pepper: Some(&PEPPER), message: black_box(b"284917") };
            hasher.hash(&input, &mut out).expect("memory"); // has the memory by now
            start.wait();
            let (begun, mut hashes) = (Instant::now(), 0.0);
            while begun.elapsed() < BATCH {
                hasher.hash(&input, &mut out).expect("memory");
                hashes += 1.0;
            }
            black_box(out);
            begun.elapsed().as_secs_f64() * 1e3 / hashes
        };
        let running: Vec<_> = (0..callers).map(|_| scope.spawn(caller)).collect();
        running.into_iter().map(|caller| caller.join().expect("a thread panicked")).collect()
    });
    times.iter().sum::<f64>() / callers as f64
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
