//! What changes, as server-sent events: the record decoded, and what comes into the audit trail. The store is asked now and
//! then, since another host may write to it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use pinlatch::host::Loaded;
use pinlatch::id::PersonId;
use pinlatch_stores::any::AnyError;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::record::{self, Decoded, Names};
use super::trail::{Cursor, Sent, Trail};
use crate::payroll::Payroll;
use crate::safety;

/// How often the store is asked.
const ROUND: Duration = Duration::from_millis(500);
/// How often a quiet stream says that it is there, so that what stands between does not end it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After how long a browser comes back.
const COMES_BACK: Duration = Duration::from_secs(1);
/// So many streams at once: each is a handful of questions to the store every half second.
const STREAMS: usize = 32;

/// The state of the routes.
#[derive(Clone)]
pub(super) struct Hood {
    pub(super) payroll: Payroll,
    places: Arc<Semaphore>,
}

impl Hood {
    pub(super) fn of(payroll: &Payroll) -> Self {
        Self { payroll: payroll.clone(), places: Arc::new(Semaphore::new(STREAMS)) }
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    person: PersonId,
    /// How far a page is that makes a new stream by itself.
    after: Option<String>,
}

/// `GET /hood/events?person=…`
pub(super) async fn events(
    State(hood): State<Hood>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let Ok(place) = Arc::clone(&hood.places).try_acquire_owned() else {
        let detail = "Too many pages look under the hood. Close one.";
        return safety::problem(StatusCode::SERVICE_UNAVAILABLE, "TooManyStreams", detail);
    };
    let names = match super::names(&hood.payroll).await {
        Ok(names) => names,
        Err(failed) => return failed,
    };
    // What the browser says of itself counts before what the page said at first.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).or(wanted.after.as_deref());
    let looking = Looking {
        stopping: hood.payroll.stopping.subscribe(),
        payroll: hood.payroll,
        person: wanted.person,
        names,
        rounds: rounds(),
        came_with: last.and_then(|id| id.parse().ok()),
        sent: None,
        record: Shown::Nothing,
        is_in_trouble: false,
        _place: place,
    };
    Sse::new(events_of(looking)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn rounds() -> Interval {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rounds
}

/// One page that looks.
struct Looking {
    payroll: Payroll,
    person: PersonId,
    names: Names,
    stopping: watch::Receiver<bool>,
    rounds: Interval,
    /// How far the browser was when it came.
    came_with: Option<Cursor>,
    /// `None` until the trail has been read once.
    sent: Option<Sent>,
    record: Shown,
    is_in_trouble: bool,
    /// Given back when the stream ends.
    _place: OwnedSemaphorePermit,
}

/// Which record the page shows.
enum Shown {
    /// None yet.
    Nothing,
    /// This one, or that there is none.
    Record(Option<Loaded>),
}

/// Ends when the program is to stop, or when nobody listens.
fn events_of(looking: Looking) -> impl Stream<Item = Result<Event, Infallible>> {
    let batches = stream::unfold(looking, |mut looking| async move {
        let mut stopping = looking.stopping.clone();
        let batch = tokio::select! {
            biased;
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return None,
            batch = looking.next() => batch,
        };
        Some((stream::iter(batch.into_iter().map(Ok)), looking))
    });
    futures_util::StreamExt::flatten(batches)
}

impl Looking {
    /// What has changed, as soon as something has.
    async fn next(&mut self) -> Vec<Event> {
        loop {
            self.rounds.tick().await;
            let changed = match self.look().await {
                Ok(changed) => changed,
                // Said once, and asked again.
                Err(error) if !self.is_in_trouble => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the hood cannot read the store"
                    );
                    self.is_in_trouble = true;
                    vec![
                        Event::default()
                            .event("trouble")
                            .data("The store does not answer. It is asked again."),
                    ]
                }
                Err(_) => Vec::new(),
            };
            if !changed.is_empty() {
                return changed;
            }
        }
    }

    async fn look(&mut self) -> Result<Vec<Event>, AnyError> {
        let store = &self.payroll.store;
        // The trail after the record: whoever sees the record changed sees why.
        let loaded = record::load(store, self.person).await?;
        let trail = if store.engine().keeps_trail() {
            Some(Trail::load(store, self.person, &self.names).await?)
        } else {
            None
        };
        let mut events = Vec::new();
        let is_shown = matches!(&self.record, Shown::Record(shown) if *shown == loaded);
        if !is_shown || self.is_in_trouble {
            let decoded = Decoded::of(loaded.as_ref(), self.person, &self.names);
            events.extend(json("record", &decoded));
            self.record = Shown::Record(loaded);
        }
        self.is_in_trouble = false;
        if let Some(trail) = trail {
            let came_with = self.came_with.take();
            let before = || came_with.map_or_else(Sent::default, |cursor| trail.sent_before(cursor));
            let added = trail.added(self.sent.get_or_insert_with(before));
            let event = |(batch, cursor): (_, Cursor)| Some(json("trail", &batch)?.id(cursor.to_string()));
            events.extend(added.and_then(event));
        }
        Ok(events)
    }
}

fn json(name: &str, value: &impl serde::Serialize) -> Option<Event> {
    Event::default().event(name).retry(COMES_BACK).json_data(value).ok()
}
