//! The audit trail: each transition once, refusals in order.

use mysql_async::prelude::Queryable;
use pinlatch::account::{Event, Note, RefusalEvent};
use pinlatch::host::{Expect, Journal, Key, Store, Swap};
use pinlatch::id::{DeviceId, EventId, HistoryId, WriteId};
use pinlatch::record::MAX_RECORD_BYTES;
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::session::Change;
use pinlatch::time::Timestamp;
use pinlatch_stores::mariadb::{MariaDbError, MariaDbStore};
use pinlatch_testkit::person;

use crate::servers::{by_hand, common, database, hand};
use crate::shared;

/// Runs a test on a store of its own.
fn on_a_store(test: impl AsyncFnOnce(MariaDbStore, String)) {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        test(MariaDbStore::open(&url).await.unwrap(), url).await;
    });
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
    on_a_store(async |store, _| {
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.record(&[event(1, 1), event(2, 1)]).await.unwrap();
        store.record(&[]).await.unwrap();
        let mut other = event(0, 9);
        other.person = person(2);
        store.record(&[other]).await.unwrap();
        assert_eq!(store.events(person(1)).await.unwrap(), [event(0, 1), event(1, 1), event(2, 1)]);
        assert_eq!(store.events(person(2)).await.unwrap(), [other]);
        assert_eq!(store.events(person(3)).await.unwrap(), []);
    });
}

/// The record was restored from a backup, or deleted, and gives its numbers again.
#[test]
fn i11_e36_another_event_under_the_same_number_is_kept_beside_the_first() {
    on_a_store(async |store, _| {
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.record(&[event(1, 2), event(2, 2)]).await.unwrap();
        let mut anew = event(0, 3);
        anew.history = HistoryId::from_u128(2);
        store.record(&[event(1, 1), anew]).await.unwrap();
        let kept = [event(0, 1), event(1, 1), event(1, 2), event(2, 2), anew];
        assert_eq!(store.events(person(1)).await.unwrap(), kept);
    });
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
    on_a_store(async |store, _| {
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
        assert!(kept.iter().all(|kept| kept.note.is_some_and(|note| note.as_str() == "app 3.1")));
        assert!(store.refusals(person(2)).await.unwrap().is_empty());
        assert!(store.refusals(None).await.unwrap().is_empty());
        // Of an authentication that was begun for nobody in particular (D34).
        let mut of_nobody = refused[0];
        of_nobody.person = None;
        store.refused(&of_nobody).await.unwrap();
        assert_eq!(
            store.refusals(None).await.unwrap().iter().map(|kept| kept.person).collect::<Vec<_>>(),
            [None]
        );
    });
}

#[test]
fn old_refusals_can_be_removed_and_events_stay() {
    on_a_store(async |store, _| {
        store.record(&[event(0, 1)]).await.unwrap();
        for at in [Some(9), Some(10), Some(11), None] {
            store.refused(&refusal(Cause::AsCoded, at)).await.unwrap();
        }
        assert_eq!(store.remove_refusals_before(Timestamp::from_unix_millis(10)).await.unwrap(), 1);
        let left: Vec<_> = store.refusals(person(1)).await.unwrap().into_iter().map(|kept| kept.at).collect();
        assert_eq!(
            left,
            [Some(10), Some(11), None].map(|at: Option<u64>| at.map(Timestamp::from_unix_millis))
        );
        assert_eq!(store.events(person(1)).await.unwrap().len(), 1);
    });
}

/// More than are read or removed at once.
#[test]
fn long_lists_come_whole_and_in_order() {
    on_a_store(async |store, url| {
        let rows: Vec<_> = (1..=20_001).map(|number| format!("('p-{number:032x}', 1, '')")).collect();
        by_hand(&url, &format!("INSERT INTO pinlatch_records VALUES {}", rows.join(", "))).await;
        let people = store.people().await.unwrap();
        assert!(people.iter().copied().eq((1..=20_001).map(person)), "{} people", people.len());

        let events: Vec<_> = (0..2_001).map(|sequence| event(sequence, 1)).collect();
        for part in events.chunks(500) {
            store.record(part).await.unwrap();
        }
        assert!(store.events(person(1)).await.unwrap() == events);

        let rows: Vec<_> = (1..=2_001).map(|at| format!("({at}, '')")).collect();
        by_hand(&url, &format!("INSERT INTO pinlatch_refusals (at, refusal) VALUES {}", rows.join(", ")))
            .await;
        assert_eq!(store.remove_refusals_before(Timestamp::from_unix_millis(2_001)).await.unwrap(), 2_000);
        assert_eq!(by_hand(&url, "DELETE FROM pinlatch_refusals").await, 1);
    });
}

#[test]
fn an_entry_changed_by_hand_is_an_error() {
    on_a_store(async |store, url| {
        store.record(&[event(0, 1)]).await.unwrap();
        by_hand(&url, "UPDATE pinlatch_events SET event = '{}'").await;
        assert!(matches!(store.events(person(1)).await, Err(MariaDbError::Unreadable(_))));
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.refused(&refusal(Cause::AsCoded, None)).await.unwrap();
        by_hand(&url, "UPDATE pinlatch_refusals SET refusal = REPLACE(refusal, 'AsCoded', 'AsNobodyKnows')")
            .await;
        assert!(matches!(store.refusals(person(1)).await, Err(MariaDbError::Unreadable(_))));
    });
}

/// The tables are for other tools too: this is what the documentation says of them.
#[test]
fn the_trail_can_be_queried_as_json() {
    on_a_store(async |store, url| {
        store.record(&[event(0, 1), event(1, 1)]).await.unwrap();
        store.refused(&refusal(Cause::TokenUnknown, Some(20))).await.unwrap();
        let mut tool = hand(&url).await;
        let select = "SELECT JSON_VALUE(event, '$.at'), JSON_VALUE(event, '$.change') FROM pinlatch_events \
                      WHERE person = '{person}' ORDER BY number";
        let select = select.replace("{person}", Key::person(person(1)).as_str());
        let found: Vec<(String, String)> = tool.query(select).await.unwrap();
        assert_eq!(found, vec![("1970-01-01T00:00:00.007Z".to_owned(), "PinCreated".to_owned()); 2]);
        let select = "SELECT JSON_VALUE(refusal, '$.command'), JSON_VALUE(refusal, '$.refusal.cause') \
                      FROM pinlatch_refusals";
        let found: Vec<(String, String)> = tool.query(select).await.unwrap();
        assert_eq!(found, [("unlock_with_pin".to_owned(), "TokenUnknown".to_owned())]);
    });
}

/// The server takes 1 MiB at once, which is the least that opening accepts.
#[test]
fn the_largest_record_goes_with_as_many_events_as_ever_wait() {
    on_a_store(async |store, url| {
        by_hand(&url, "SET GLOBAL max_allowed_packet = 1048576").await;
        let small = MariaDbStore::open(&url).await.unwrap();
        let events: Vec<_> = (0..80)
            .map(|number| {
                let mut event = event(number, 1);
                event.note = Some(Note::new(&"n".repeat(64)).unwrap());
                event
            })
            .collect();
        let (key, bytes) = (Key::account(person(1)), vec![0xa5; MAX_RECORD_BYTES]);
        let made = small.compare_and_swap(&key, Expect::Absent, bytes.clone(), &events).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, bytes);
        assert!(store.events(person(1)).await.unwrap() == events);
        let too_many: Vec<_> = events.iter().cycle().take(2_000).copied().collect();
        let refused = small.record(&too_many).await;
        assert!(matches!(refused, Err(MariaDbError::TooLarge { .. })), "{refused:?}");
        by_hand(&url, "SET GLOBAL max_allowed_packet = 16777216").await;
    });
}

/// Of many writers the events of the one that was applied are there, and of no other.
#[test]
fn i11_only_the_events_of_the_write_that_won_are_there() {
    on_a_store(async |store, _| {
        let key = Key::account(person(1));
        let mut expect = Expect::Absent;
        let mut won = Vec::new();
        for round in 0..10 {
            let mut writers = tokio::task::JoinSet::new();
            for writer in 0..8_u64 {
                let store = store.clone();
                let event = event(round, u128::from(round * 8 + writer + 1));
                writers.spawn(async move {
                    (event, store.compare_and_swap(&key, expect, vec![1], &[event]).await.unwrap())
                });
            }
            for (event, answer) in writers.join_all().await {
                if let Swap::Applied(version) = answer {
                    expect = Expect::At(version);
                    won.push(event);
                }
            }
            assert_eq!(won.len(), usize::try_from(round + 1).unwrap(), "of a round one is applied");
        }
        assert_eq!(store.events(person(1)).await.unwrap(), won);
    });
}
