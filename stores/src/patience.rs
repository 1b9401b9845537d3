//! How an operation's time is shared out.

use std::time::Duration;

use tokio::time::Instant;

/// What is waited for at the least: with less, every call would be over before it began.
#[cfg(any(feature = "postgres", feature = "redis", feature = "nats", feature = "etcd"))]
const LEAST: Duration = Duration::from_millis(10);

/// And at the most, whatever the host says: more means "for ever", and would be no moment that can be reckoned with.
const LONGEST: Duration = Duration::from_secs(3_600);

/// A patience as the host said it, neither over at once nor for ever.
#[cfg(any(feature = "postgres", feature = "redis", feature = "nats", feature = "etcd"))]
pub(crate) const fn bounded(said: Duration) -> Duration {
    if said.as_nanos() < LEAST.as_nanos() {
        LEAST
    } else if said.as_nanos() > LONGEST.as_nanos() {
        LONGEST
    } else {
        said
    }
}

/// The moment that is so far away.
pub(crate) fn after(span: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(span.min(LONGEST)).unwrap_or(now)
}

/// This many fifths of it.
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "nats", feature = "etcd"))]
pub(crate) fn fifths(of: Duration, count: u32) -> Duration {
    of.saturating_mul(count).checked_div(5).unwrap_or(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(any(feature = "postgres", feature = "redis", feature = "nats", feature = "etcd"))]
    #[test]
    fn a_patience_is_neither_over_at_once_nor_for_ever() {
        let usual = Duration::from_secs(5);
        for (said, counts) in [
            (Duration::ZERO, LEAST),
            (Duration::from_millis(1), LEAST),
            (LEAST, LEAST),
            (usual, usual),
            (LONGEST, LONGEST),
            (Duration::MAX, LONGEST),
        ] {
            assert_eq!(bounded(said), counts, "{said:?}");
        }
    }

    #[cfg(any(feature = "postgres", feature = "mariadb", feature = "nats", feature = "etcd"))]
    #[test]
    fn five_fifths_are_the_whole_and_for_ever_is_an_hour() {
        let whole = Duration::from_secs(5);
        assert_eq!((fifths(whole, 2), fifths(whole, 5)), (Duration::from_secs(2), whole));
        assert!(after(Duration::MAX) <= Instant::now() + LONGEST);
        assert!(after(Duration::MAX) > Instant::now() + LONGEST / 2);
    }
}
