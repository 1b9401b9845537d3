//! The audit trail: each transition once, refusals in order.

use pinlatch::account::{Event, Note, RefusalEvent};
use pinlatch::host::{Expect, Journal, Key, Store};
use pinlatch::id::{DeviceId, EventId, HistoryId, WriteId};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::session::Change;
use pinlatch::time::Timestamp;
use pinlatch_stores::postgres::PostgresError;
use pinlatch_testkit::person;

use crate::by_hand::{by_hand, key, number, open, options, plain, run, url};
use crate::shared;

/// An event of person 1, written with the write of this number.
pub(crate) fn event(sequence: u64, write: u128) -> Event {
    let id = EventId { write: WriteId::from_u128(write), index: u32::try_from(sequence).unwrap() };
    let mut event = Event::new(id, person(1), HistoryId::from_u128(1), sequence, Change::PinCreated);
    event.at = Some(Timestamp::from_unix_millis(7));
    event.device = Some(DeviceId::from_u128(5));
    event
}

fn refusal(cause: Cause, at: Option<u64>) -> RefusalEvent {
    let refusal = Refusal::because(RefusalCode::AuthenticationRequired, cause);
    let mut event = RefusalEvent::new(Some(person(1)), "unlock_with_pin", refusal);
    event.at = at.map(Timestamp::from_unix_millis);
    event.note = Some(Note::new("app 3.1 \u{1f511}").unwrap());
    event
}

#[test]
fn i11_an_event_handed_over_twice_is_there_once_and_another_under_the_same_number_beside_it() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "events_once").await;
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.record(&[event(1, 1), event(2, 1), event(2, 1)]).await.unwrap();
        store.record(&[]).await.unwrap();
        let mut other = event(0, 9);
        other.person = person(2);
        store.record(&[other]).await.unwrap();
        assert_eq!(store.events(person(1)).await.unwrap(), [event(0, 1), event(1, 1), event(2, 1)]);
        assert_eq!(store.events(person(2)).await.unwrap(), [other]);
        assert_eq!(store.events(person(3)).await.unwrap(), []);

        // The record was restored from a backup and gives its numbers again.
        store.record(&[event(1, 2), event(2, 2)]).await.unwrap();
        let mut anew = event(0, 3);
        anew.history = HistoryId::from_u128(2);
        store.record(&[event(1, 1), anew]).await.unwrap();
        let kept = [event(0, 1), event(1, 1), event(2, 1), event(1, 2), event(2, 2), anew];
        assert_eq!(store.events(person(1)).await.unwrap(), kept);
    });
}

#[test]
fn i11_events_of_a_swap_are_in_their_order_and_a_store_without_them_keeps_none() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "events_in_order").await;
        assert!(store.takes_events());
        let many: Vec<_> = (0..300).rev().map(|sequence| event(sequence, 1)).collect();
        let _applied = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &many).await.unwrap();
        assert_eq!(store.events(person(1)).await.unwrap(), many);
        let without = options("events_in_order").without_events().open(&url(server.address())).await.unwrap();
        assert!(!without.takes_events());
    });
}

#[test]
fn e33_refusals_are_kept_in_order_with_their_cause() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "refusals").await;
        let refused = [
            refusal(Cause::TokenUnknown, Some(20)),
            refusal(Cause::BegunBeforeRevokeAll, Some(10)),
            refusal(Cause::BegunBeforeRevokeAll, Some(10)),
            refusal(Cause::AsCoded, None),
        ];
        for refusal in &refused {
            store.refused(refusal).await.unwrap();
        }
        let kept = store.refusals(person(1)).await.unwrap();
        let seen: Vec<_> =
            kept.iter().map(|kept| (kept.person, kept.command.as_str(), kept.refusal, kept.at)).collect();
        let expected: Vec<_> = refused.iter().map(|it| (it.person, it.command, it.refusal, it.at)).collect();
        assert_eq!(seen, expected);
        assert!(kept.iter().all(|kept| kept.note == refused[0].note));
        assert!(store.refusals(person(2)).await.unwrap().is_empty());
        assert!(store.refusals(None).await.unwrap().is_empty());
        // Of an authentication that was begun for nobody in particular (D34).
        let mut of_nobody = refused[0];
        of_nobody.person = None;
        store.refused(&of_nobody).await.unwrap();
        let kept = store.refusals(None).await.unwrap();
        assert_eq!(kept.iter().map(|kept| kept.person).collect::<Vec<_>>(), [None]);
    });
}

#[test]
fn old_refusals_can_be_removed_however_many_and_events_stay() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "old_refusals").await;
        store.record(&[event(0, 1)]).await.unwrap();
        for at in [Some(9), Some(10), Some(11), None] {
            store.refused(&refusal(Cause::AsCoded, at)).await.unwrap();
        }
        let many =
            "insert into old_refusals.refusals (at, refusal) select 5, '{}' from generate_series(1, 25000)";
        run(address, many).await;
        let removed = store.remove_refusals_before(Timestamp::from_unix_millis(10)).await.unwrap();
        assert_eq!(removed, 25_001);
        let left: Vec<_> = store.refusals(person(1)).await.unwrap().into_iter().map(|kept| kept.at).collect();
        let expected: [Option<u64>; 3] = [Some(10), Some(11), None];
        assert_eq!(left, expected.map(|at| at.map(Timestamp::from_unix_millis)));
        assert_eq!(store.events(person(1)).await.unwrap().len(), 1);
    });
}

/// As the documentation says it: rows that the backup has, and rows that it does not; and then the hosts go
/// on.
#[test]
fn exported_events_go_back_into_a_restored_trail_in_their_order() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "back").await;
        let kept: Vec<_> = (0..4).map(|sequence| event(sequence, 1)).collect();
        store.record(&kept).await.unwrap();
        run(address, "create table back.exported as select * from back.events").await;
        // What the restored backup has, and the sequence as it was then.
        let restored =
            "delete from back.events where number > 2; alter table back.events alter number restart 3";
        run(address, restored).await;
        let back = "insert into back.events (id, person, event) select id, person, event from back.exported
            order by number on conflict (id) do nothing";
        run(address, back).await;
        store.record(&[event(4, 1)]).await.unwrap();
        let all: Vec<_> = (0..5).map(|sequence| event(sequence, 1)).collect();
        assert_eq!(store.events(person(1)).await.unwrap(), all);
    });
}

#[test]
fn an_entry_changed_by_hand_is_an_error() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "changed").await;
        store.record(&[event(0, 1)]).await.unwrap();
        run(address, "update changed.events set event = '{}'").await;
        let unreadable = store.events(person(1)).await;
        assert!(matches!(unreadable, Err(PostgresError::UnreadableEntry(_))), "{unreadable:?}");
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.refused(&refusal(Cause::AsCoded, None)).await.unwrap();
        let unknown =
            "update changed.refusals set refusal = replace(refusal::text, 'AsCoded', 'AsNobodyKnows')::json";
        run(address, unknown).await;
        let unreadable = store.refusals(person(1)).await;
        assert!(matches!(unreadable, Err(PostgresError::UnreadableEntry(_))), "{unreadable:?}");
    });
}

/// The tables are for other tools too: this is what the documentation says of them.
#[test]
fn the_trail_can_be_queried_as_json() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "queried").await;
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.refused(&refusal(Cause::TokenUnknown, Some(20))).await.unwrap();
        let other_tool = by_hand(address).await;
        let events = "select count(*), max(event ->> 'at') from queried.events
            where person = $1 and event ->> 'change' = 'PinCreated'";
        let row = other_tool.query_one(events, &[&Key::person(person(1)).as_str()]).await.unwrap();
        assert_eq!((row.get(0), row.get(1)), (2_i64, "1970-01-01T00:00:00.007Z"));
        let refusals = "select count(*) from queried.refusals where refusal ->> 'command' = 'unlock_with_pin'
            and refusal -> 'refusal' ->> 'cause' = 'TokenUnknown' and at = 20";
        assert_eq!(number(address, refusals).await, 1);
    });
}
