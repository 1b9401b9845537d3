//! A journal that measures nothing but the gate.

use std::hint::black_box;

use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::BlockingJournal;
use pinlatch_testkit::Unavailable;

/// Takes every event and keeps none, so that no journal grows meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Forgetful;

impl BlockingJournal for Forgetful {
    type Error = Unavailable;

    fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        black_box(events);
        Ok(())
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        black_box(refusal);
        Ok(())
    }
}
