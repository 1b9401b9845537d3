//! How an operation's time is shared out.

use std::time::Duration;

use tokio::time::Instant;

/// No operation is waited for longer, whatever the host says.
const LONGEST: Duration = Duration::from_secs(3_600);

/// The moment that is so far away.
pub(crate) fn after(span: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(span.min(LONGEST)).unwrap_or(now)
}

/// This many fifths of it.
pub(crate) fn fifths(of: Duration, count: u32) -> Duration {
    of.saturating_mul(count).checked_div(5).unwrap_or(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_fifths_are_the_whole_and_for_ever_is_an_hour() {
        let whole = Duration::from_secs(5);
        assert_eq!((fifths(whole, 2), fifths(whole, 5)), (Duration::from_secs(2), whole));
        assert!(after(Duration::MAX) <= Instant::now() + LONGEST);
        assert!(after(Duration::MAX) > Instant::now() + LONGEST / 2);
    }
}
