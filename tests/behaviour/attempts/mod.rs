//! The attempt protocol: a guess is charged before it is compared, whatever threads, stores, hashers
//! and clients do.

mod claims;
mod draws;
mod driver;
mod dropped;
mod failing_hasher;
mod interleavings;
mod lost_replies;
mod neutral;
mod overtaken;
mod random_lives;
mod repeated;
pub(crate) mod shaky;
mod threads;
mod use_cases;
mod void;
mod ways;

use std::sync::atomic::{AtomicU64, Ordering};

use pinlatch::account::{Account, Event, WRITES_REMEMBERED};
use pinlatch::id::{EventId, HistoryId, PersonId, WriteId};
use pinlatch::session::Change;

/// The id of a write that nobody has used yet.
fn fresh_write() -> WriteId {
    static WRITES: AtomicU64 = AtomicU64::new(1);
    WriteId::from_u128(WRITES.fetch_add(1, Ordering::Relaxed).into())
}

/// What events tell, whichever write carries them: a command that was decided again carries the same
/// in another write.
fn told(events: &[Event]) -> Vec<Event> {
    let nameless = |event: &Event| {
        let mut event = *event;
        event.id = EventId { write: WriteId::from_u128(0), index: 0 };
        event.history = HistoryId::from_u128(0);
        event
    };
    events.iter().map(nameless).collect()
}

/// An account without what tells one write of it from another, and without its outbox.
fn meaning(record: &[u8], person: PersonId) -> Vec<u8> {
    /// Magic, version, length and checksum; and at the end the history, an option of an id.
    const HEADER_BYTES: usize = 14;
    const HISTORY_BYTES: usize = 17;
    let mut account = Account::decode(record, person).unwrap();
    if let Some(last) = account.outbox().last().map(|event| event.id) {
        account.delivered_through(last);
    }
    for write in 0..=WRITES_REMEMBERED {
        account.stamp(WriteId::from_u128(write as u128)).unwrap();
    }
    let bytes = account.encode().unwrap();
    bytes[HEADER_BYTES..bytes.len() - HISTORY_BYTES].to_vec()
}

fn count(trail: &[Change], wanted: Change) -> usize {
    trail.iter().filter(|change| **change == wanted).count()
}
