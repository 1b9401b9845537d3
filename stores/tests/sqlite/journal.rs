//! The audit trail: each transition once, refusals in order.

use pinlatch::account::{Event, Note, RefusalEvent};
use pinlatch::host::{BlockingJournal, Key};
use pinlatch::id::{DeviceId, EventId, HistoryId, WriteId};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::session::Change;
use pinlatch::time::Timestamp;
use pinlatch_stores::sqlite::{SqliteError, SqliteStore};
use pinlatch_testkit::person;
use rusqlite::Connection;
use tempfile::TempDir;

fn store() -> (TempDir, SqliteStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    (directory, store)
}

/// An event of person 1, written with the write of this number.
pub(crate) fn event(sequence: u64, write: u128) -> Event {
    let id = EventId { write: WriteId::from_u128(write), index: u32::try_from(sequence).unwrap() };
    let mut event = Event::new(id, person(1), HistoryId::from_u128(1), sequence, Change::PinCreated);
    event.at = Some(Timestamp::from_unix_millis(7));
    event.device = Some(DeviceId::from_u128(5));
    event
}

#[test]
fn i11_an_event_handed_over_twice_is_there_once() {
    let (_directory, store) = store();
    store.record(&[event(0, 1), event(1, 1)]).unwrap();
    store.record(&[event(1, 1), event(2, 1)]).unwrap();
    store.record(&[]).unwrap();
    let mut other = event(0, 9);
    other.person = person(2);
    store.record(&[other]).unwrap();
    assert_eq!(store.events(person(1)).unwrap(), [event(0, 1), event(1, 1), event(2, 1)]);
    assert_eq!(store.events(person(2)).unwrap(), [other]);
    assert_eq!(store.events(person(3)).unwrap(), []);
}

/// The record was restored from a backup, or deleted, and gives its numbers again.
#[test]
fn i11_e36_another_event_under_the_same_number_is_kept_beside_the_first() {
    let (_directory, store) = store();
    store.record(&[event(0, 1), event(1, 1)]).unwrap();
    store.record(&[event(1, 2), event(2, 2)]).unwrap();
    let mut anew = event(0, 3);
    anew.history = HistoryId::from_u128(2);
    store.record(&[event(1, 1), anew]).unwrap();
    let kept = [event(0, 1), event(1, 1), event(1, 2), event(2, 2), anew];
    assert_eq!(store.events(person(1)).unwrap(), kept);
}

fn refusal(cause: Cause, at: Option<u64>) -> RefusalEvent {
    let refusal = Refusal::because(RefusalCode::AuthenticationRequired, cause);
    let mut event = RefusalEvent::new(Some(person(1)), "unlock_with_pin", refusal);
    event.at = at.map(Timestamp::from_unix_millis);
    event.note = Some(Note::new("app 3.1").unwrap());
    event
}

#[test]
fn e33_refusals_are_kept_in_order_with_their_cause() {
    let (_directory, store) = store();
    let refused = [
        refusal(Cause::TokenUnknown, Some(20)),
        refusal(Cause::BegunBeforeRevokeAll, Some(10)),
        refusal(Cause::BegunBeforeRevokeAll, Some(10)),
        refusal(Cause::AsCoded, None),
    ];
    for refusal in &refused {
        store.refused(refusal).unwrap();
    }
    let kept = store.refusals(person(1)).unwrap();
    let seen: Vec<_> =
        kept.iter().map(|kept| (kept.person, kept.command.as_str(), kept.refusal, kept.at)).collect();
    let expected: Vec<_> = refused.iter().map(|it| (it.person, it.command, it.refusal, it.at)).collect();
    assert_eq!(seen, expected);
    assert!(kept.iter().all(|kept| kept.note.is_some_and(|note| note.as_str() == "app 3.1")));
    assert!(store.refusals(person(2)).unwrap().is_empty());
    assert!(store.refusals(None).unwrap().is_empty());
    // Of an authentication that was begun for nobody in particular (D34).
    let mut of_nobody = refused[0];
    of_nobody.person = None;
    store.refused(&of_nobody).unwrap();
    assert_eq!(store.refusals(None).unwrap().iter().map(|kept| kept.person).collect::<Vec<_>>(), [None]);
}

#[test]
fn old_refusals_can_be_removed_and_events_stay() {
    let (_directory, store) = store();
    store.record(&[event(0, 1)]).unwrap();
    for at in [Some(9), Some(10), Some(11), None] {
        store.refused(&refusal(Cause::AsCoded, at)).unwrap();
    }
    assert_eq!(store.remove_refusals_before(Timestamp::from_unix_millis(10)).unwrap(), 1);
    let left: Vec<_> = store.refusals(person(1)).unwrap().into_iter().map(|kept| kept.at).collect();
    assert_eq!(left, [Some(10), Some(11), None].map(|at: Option<u64>| at.map(Timestamp::from_unix_millis)));
    assert_eq!(store.events(person(1)).unwrap().len(), 1);
}

#[test]
fn an_entry_changed_by_hand_is_an_error() {
    let (_directory, store) = store();
    store.record(&[event(0, 1)]).unwrap();
    let by_hand = Connection::open(store.path()).unwrap();
    by_hand.execute("UPDATE events SET event = '{}'", []).unwrap();
    assert!(matches!(store.events(person(1)), Err(SqliteError::UnreadableEntry(_))));
    store.record(&[event(0, 1), event(1, 1)]).unwrap();
    store.refused(&refusal(Cause::AsCoded, None)).unwrap();
    by_hand
        .execute("UPDATE refusals SET refusal = replace(refusal, 'AsCoded', 'AsNobodyKnows')", [])
        .unwrap();
    assert!(matches!(store.refusals(person(1)), Err(SqliteError::UnreadableEntry(_))));
}

/// The tables are for other tools too: this is what the documentation says of them.
#[test]
fn events_can_be_queried_as_json() {
    let (_directory, store) = store();
    store.record(&[event(0, 1), event(1, 1)]).unwrap();
    let other_tool = Connection::open(store.path()).unwrap();
    let found: (i64, String) = other_tool
        .query_row(
            "SELECT count(*), max(event ->> '$.at') FROM events
             WHERE person = ?1 AND event ->> '$.change' = 'PinCreated'",
            [Key::person(person(1)).as_str()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(found, (2, "1970-01-01T00:00:00.007Z".into()));
}

#[test]
fn refusals_can_be_queried_as_json() {
    let (_directory, store) = store();
    store.refused(&refusal(Cause::TokenUnknown, Some(20))).unwrap();
    store.refused(&refusal(Cause::AsCoded, None)).unwrap();
    let other_tool = Connection::open(store.path()).unwrap();
    let mut statement = other_tool
        .prepare(
            "SELECT refusal ->> '$.command', refusal ->> '$.refusal.code', refusal ->> '$.refusal.cause'
             FROM refusals WHERE person = ?1 ORDER BY number",
        )
        .unwrap();
    let found: Vec<[String; 3]> = statement
        .query_map([Key::person(person(1)).as_str()], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let expected = |cause| ["unlock_with_pin", "AuthenticationRequired", cause].map(str::to_owned);
    assert_eq!(found, ["TokenUnknown", "AsCoded"].map(expected));
}
