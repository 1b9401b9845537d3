//! What goes wrong by chance.

use std::time::Duration;

/// How often a [`Wire`](super::Wire) loses or delays what passes, in percent of the requests. The same seed gives
/// the same draws; which request meets which of them is the scheduler's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Of 100 requests, how many arrive and are not answered: the connection breaks in place of the answer.
    pub lost_replies: u8,
    /// Of 100 requests, how many do not arrive: the connection breaks.
    pub lost_requests: u8,
    /// Of 100 requests, how many arrive late, even if the client has gone by then.
    pub late: u8,
    /// How late at most.
    pub at_most: Duration,
    /// Where the draws begin.
    pub seed: u64,
}

/// What one request meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chance {
    Passes,
    LosesReply,
    IsLost,
    IsLate(Duration),
}

/// A weather and its next draws.
#[derive(Debug)]
pub(super) struct Sky {
    weather: Weather,
    draws: fastrand::Rng,
}

impl Sky {
    pub(super) fn new(weather: Weather) -> Self {
        Self { weather, draws: fastrand::Rng::with_seed(weather.seed) }
    }

    pub(super) fn next(&mut self) -> Chance {
        let Weather { lost_replies, lost_requests, late, at_most, .. } = self.weather;
        let drawn = self.draws.u8(0..100);
        let lost = lost_replies.saturating_add(lost_requests);
        if drawn < lost_replies {
            Chance::LosesReply
        } else if drawn < lost {
            Chance::IsLost
        } else if drawn < lost.saturating_add(late) {
            Chance::IsLate(at_most.mul_f64(self.draws.f64()))
        } else {
            Chance::Passes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chance_comes_as_often_as_was_said() {
        let at_most = Duration::from_secs(1);
        let weather = Weather { lost_replies: 30, lost_requests: 5, late: 10, at_most, seed: 1 };
        let mut sky = Sky::new(weather);
        let drawn: Vec<_> = std::iter::repeat_with(|| sky.next()).take(100_000).collect();
        let of = |wanted: fn(&Chance) -> bool| drawn.iter().filter(|chance| wanted(chance)).count();
        assert!((29_000..31_000).contains(&of(|chance| *chance == Chance::LosesReply)));
        assert!((4_500..5_500).contains(&of(|chance| *chance == Chance::IsLost)));
        assert!(
            (9_500..10_500).contains(&of(
                |chance| matches!(chance, Chance::IsLate(by) if *by <= Duration::from_secs(1))
            ))
        );
    }
}
