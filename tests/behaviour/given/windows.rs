//! The windows of the default policy, as the rules give them.

use std::time::Duration;

use pinlatch_testkit::{millis, minutes, seconds};

/// So long a guess that was charged may be answered: the answer window and the skew (D24).
pub(crate) const VOID_AFTER: Duration = Duration::from_secs(60 + 120);

/// The answer window alone: so long a repeated request is known (D27).
pub(crate) const ANSWER_WINDOW: Duration = seconds(60);

/// The first instant at which what was charged just now is void.
pub(crate) const UNTIL_VOID: Duration = Duration::from_millis(180_001);

const _: () = assert!(VOID_AFTER.as_millis() + millis(1).as_millis() == UNTIL_VOID.as_millis());
const _: () = assert!(VOID_AFTER.as_secs() == minutes(3).as_secs());
