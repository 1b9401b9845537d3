//! The check of a store that takes the events of a write: both are there, or neither. It needs a hook
//! that reads them back; for a store that leaves events to the journal there is nothing to see.

use super::async_fixture::AsyncFixture;
use super::hooks::Hooks;
use super::probe::{Checked, Stop, bytes, ensure, key};
use pinlatch::account::Event;
use pinlatch::host::{Expect, Store, Swap, Version};
use pinlatch::id::{DeviceId, EventId, HistoryId, PersonId, WriteId};
use pinlatch::session::Change;
use pinlatch::time::Timestamp;

/// The account of [`key`]`(1)`.
const PERSON: PersonId = PersonId::from_u128(1);

pub(super) async fn events_are_kept_with_their_write_or_not_at_all<F: AsyncFixture>(
    fixture: &Hooks<'_, F>,
) -> Checked {
    let store = fixture.fresh().await?;
    // Most writes of one that takes events have none.
    let plain = applied(&store, Expect::Absent, b"without", &[]).await?;
    if !store.takes_events() {
        return Ok(());
    }
    let told = Told { fixture };
    told.are(&store, &[], "a fresh store has events").await?;
    let first = applied(&store, Expect::At(plain), b"first", &[event(0)]).await?;
    told.are(&store, &[event(0)], "the event of an applied write is not there").await?;
    // What waited in a record may be known already: a store that was the journal before.
    let second = applied(&store, Expect::At(first), b"second", &[event(0), event(1), event(2)]).await?;
    let three = [event(0), event(1), event(2)];
    told.are(&store, &three, "of events, one of which was there, not each is there once and in order")
        .await?;

    let stale = store.compare_and_swap(&key(1), Expect::At(first), b"stale".into(), &[event(3)]).await;
    ensure(matches!(stale, Ok(Swap::Conflict)), &format!("a stale write was answered {stale:?}"))?;
    told.are(&store, &three, "a write that was refused changed the events").await?;

    fixture.lose_next_reply(&store).await?;
    let lost = store.compare_and_swap(&key(1), Expect::At(second), b"third".into(), &[event(4)]).await;
    fixture.take_word_if_applied("lose_next_reply", lost.ok());
    told.fit(&store, (b"third", &[event(0), event(1), event(2), event(4)]), &three).await?;
    let before = told.read(&store).await?;
    let expect = found(&store).await?;
    fixture.lose_next_request(&store).await?;
    let lost = store.compare_and_swap(&key(1), expect, b"fourth".into(), &[event(5)]).await;
    fixture.take_word_if_applied("lose_next_request", lost.ok());
    let after = [before.as_slice(), &[event(5)]].concat();
    told.fit(&store, (b"fourth", &after), &before).await?;

    let before = told.read(&store).await?;
    let (expect, large) = (found(&store).await?, vec![0x55; 150_000]);
    fixture.stop_next_swap_half_way(&store).await?;
    let lost = store.compare_and_swap(&key(1), expect, large.clone(), &[event(6)]).await;
    fixture.take_word_if_applied("stop_next_swap_half_way", lost.ok());
    let store = fixture.crash_and_reopen(store).await?;
    let after = [before.as_slice(), &[event(6)]].concat();
    told.fit(&store, (&large, &after), &before).await
}

/// Reads the events that a store took.
struct Told<'h, 'f, F> {
    fixture: &'h Hooks<'f, F>,
}

impl<F: AsyncFixture> Told<'_, '_, F> {
    async fn read(&self, store: &F::Store) -> Result<Vec<Event>, Stop> {
        self.fixture.events(store, PERSON).await
    }

    async fn are(&self, store: &F::Store, wanted: &[Event], otherwise: &str) -> Checked {
        ensure(self.read(store).await? == wanted, otherwise)
    }

    /// The record was written and its events are there, or it was not and they are not.
    async fn fit(&self, store: &F::Store, (record, after): (&[u8], &[Event]), before: &[Event]) -> Checked {
        if bytes(store, &key(1)).await?.as_deref() == Some(record) {
            return self.are(store, after, "a write is there without its events").await;
        }
        self.are(store, before, "events are there of a write that is not").await
    }
}

async fn found<S: Store>(store: &S) -> Result<Expect, Stop> {
    Ok(super::probe::load(store, &key(1)).await?.map_or(Expect::Absent, |found| Expect::At(found.version)))
}

async fn applied<S: Store>(
    store: &S,
    expect: Expect,
    bytes: &[u8],
    events: &[Event],
) -> Result<Version, Stop> {
    match store.compare_and_swap(&key(1), expect, bytes.into(), events).await {
        Ok(Swap::Applied(version)) => Ok(version),
        other => Err(Stop::Failed(format!("an uncontended write with events was answered {other:?}"))),
    }
}

/// An event of that number, each of a write of its own.
fn event(number: u32) -> Event {
    let id = EventId { write: WriteId::from_u128(number.into()), index: number };
    let mut event = Event::new(id, PERSON, HistoryId::from_u128(7), number.into(), Change::PinCreated);
    event.at = Some(Timestamp::from_unix_seconds(1_795_345_200));
    event.device = Some(DeviceId::from_u128(9));
    event
}
