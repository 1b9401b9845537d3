//! Events that still wait for the journal.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pinlatch::host::{Host, Store};
use pinlatch::id::PersonId;
use tokio::time::MissedTickBehavior;

use crate::app::App;

/// As many people as are remembered between two rounds; who comes after that is delivered with the next change, or by
/// the host's nightly job.
const MOST_TOUCHED: usize = 100_000;

/// People whose accounts were changed since the last round.
#[derive(Debug, Default)]
pub(crate) struct Touched(Mutex<BTreeSet<PersonId>>);

impl Touched {
    pub(crate) fn touch(&self, person: PersonId) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() < MOST_TOUCHED {
            people.insert(person);
        }
    }

    fn take(&self) -> BTreeSet<PersonId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hands over what waits for the journal: every `period` of those people whose accounts were changed meanwhile by this
/// app, and at the first round of `everybody`, whom the host lists from its store after a restart. Those whose events
/// the journal did not take are tried again at the next round, and so are those at whom a part of the host panicked.
///
/// Run it in a task of its own; it ends when that task is aborted. A store that takes events itself leaves it nothing
/// to do. A `period` of zero is taken for a millisecond.
pub async fn deliver<H: Host + 'static>(app: App<H>, everybody: Vec<PersonId>, period: Duration) {
    let mut everybody = everybody;
    let mut rounds = tokio::time::interval(period.max(Duration::from_millis(1)));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let people = app.touched().take();
        if app.gate().host().store().takes_events() {
            continue;
        }
        // Those whom the host listed are not among `Touched`, which has room for so many alone.
        let listed = std::mem::take(&mut everybody);
        for person in people.into_iter().chain(listed) {
            deliver_one(&app, person).await;
        }
    }
}

async fn deliver_one<H: Host + 'static>(app: &App<H>, person: PersonId) {
    // A journal that panics must not end the delivery to it.
    let outcome = match super::caught(app.gate().deliver_events(person)).await {
        Ok(Ok(0)) => "delivered",
        Ok(Ok(_)) => "waiting",
        Ok(Err(error)) => {
            super::log_failure("deliver_events", &error);
            "failed"
        }
        Err(panicked) => {
            super::log_error("deliver_events", &panicked);
            "failed"
        }
    };
    if outcome != "delivered" {
        app.touched().touch(person);
    }
    metrics::counter!("pinlatch_events_delivered_total", "outcome" => outcome).increment(1);
}
