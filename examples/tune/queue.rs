//! How long a request waits for a slot and its hash when requests come at random: 200,000 requests
//! played through. Each hash takes one unit of time; the one that waits longest is served first.

const REQUESTS: usize = 200_000;

/// Latencies, in units of one hash.
pub(crate) struct Latency {
    pub(crate) mean: f64,
    pub(crate) median: f64,
    pub(crate) slowest_in_100: f64,
}

/// With so many slots and this share of them busy on average, below 1.
pub(crate) fn latency(slots: usize, busy: f64) -> Latency {
    #[expect(clippy::cast_precision_loss, reason = "some cores")]
    let requests_per_hash = slots as f64 * busy;
    let (mut now, mut random) = (0.0, Random(1));
    let mut free_at = vec![0.0_f64; slots];
    let mut taken: Vec<f64> = (0..REQUESTS)
        .map(|_| {
            now -= random.next().ln() / requests_per_hash; // pauses of a Poisson process
            let Some(slot) = free_at.iter_mut().min_by(|one, other| one.total_cmp(other)) else { return 0.0 };
            *slot = slot.max(now) + 1.0;
            *slot - now
        })
        .collect();
    taken.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| taken.get(REQUESTS * percent / 100).copied().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^52")]
    let mean = taken.iter().sum::<f64>() / REQUESTS as f64;
    Latency { mean, median: at(50), slowest_in_100: at(99) }
}

/// SplitMix64: the same requests in each run. Not for secrets.
struct Random(u64);

impl Random {
    /// Above 0, at most 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let fraction = ((bits >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        fraction
    }
}
