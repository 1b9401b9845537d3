//! Spans in one word. `Duration` itself has hours and days only from Rust 1.91 on.

use std::time::Duration;

/// So many milliseconds.
#[must_use]
pub const fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// So many seconds.
#[must_use]
pub const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// So many minutes; saturates at the longest span in whole seconds.
#[must_use]
pub const fn minutes(number: u64) -> Duration {
    seconds(number.saturating_mul(60))
}

/// So many hours; saturates at the longest span in whole seconds.
#[must_use]
pub const fn hours(number: u64) -> Duration {
    seconds(number.saturating_mul(60 * 60))
}

/// So many days of 24 hours; saturates at the longest span in whole seconds.
#[must_use]
pub const fn days(number: u64) -> Duration {
    seconds(number.saturating_mul(24 * 60 * 60))
}
