//! No event lost or doubled: each id once, the numbers of a history without a gap, and calls and events fit (I11).

use std::collections::{BTreeMap, HashMap, HashSet};

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, WRITES_REMEMBERED};
use pinlatch::id::{EventId, HistoryId};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::Change;

use super::Found;
use crate::call::{Answer, Asked, Call, CallId, Entry};
use crate::seam::Trail;

pub(super) fn check(calls: &[&Call], trail: &Trail, found: &mut Found) -> Vec<String> {
    let mut breaches = Vec::new();
    let event = |event: &Event| (event.id, event.history, event.sequence);
    numbered("event", &trail.events, event, &mut breaches);
    let change = |change: &PeopleEntry| (change.id, change.history, change.sequence);
    numbered("change", &trail.changes, change, &mut breaches);
    let caused = caused(&trail.events);
    for call in calls {
        let events = caused.get(&call.id).copied().unwrap_or_default();
        let expected = expected(call);
        let may_be_decided_anew = || others_wrote(call, calls, &caused) >= WRITES_REMEMBERED;
        if events > *expected.end() && may_be_decided_anew() {
            found.decided_anew += 1;
        } else if !expected.contains(&events) {
            breaches
                .push(format!("{}, {:?}, answered {:?}: {events} events", call.id, call.asked, call.answer));
        }
    }
    let known: HashSet<CallId> = calls.iter().map(|call| call.id).collect();
    for unknown in caused.keys().filter(|id| !known.contains(id)) {
        breaches.push(format!("{unknown} has an event and was never made"));
    }
    let changes: HashSet<EventId> = trail.changes.iter().map(|change| change.id).collect();
    profiles(calls, changes.len(), &mut breaches);
    breaches
}

/// Each id with one content, and in each life of the record the numbers 0, 1, 2, … A journal may be handed one entry
/// more than once.
fn numbered<T: PartialEq>(
    what: &str,
    entries: &[T],
    place: impl Fn(&T) -> (EventId, HistoryId, u64),
    breaches: &mut Vec<String>,
) {
    let (mut known, mut numbers) = (HashMap::new(), BTreeMap::<_, Vec<u64>>::new());
    for entry in entries {
        let (id, history, number) = place(entry);
        match known.insert(id, entry) {
            None => numbers.entry(*history.as_bytes()).or_default().push(number),
            Some(before) if before != entry => {
                breaches.push(format!("{what} {number}: one id, two contents"))
            }
            Some(_) => {}
        }
    }
    if numbers.len() > 1 {
        breaches.push(format!("{} lives of one record", numbers.len()));
    }
    for mut numbers in numbers.into_values() {
        numbers.sort_unstable();
        let gap = (0..).zip(&numbers).find(|(expected, number)| expected != *number);
        if let Some((expected, number)) = gap {
            breaches.push(format!("{what} {expected} is missing or doubled: {number} stands in its place"));
        }
    }
}

/// How many writes of others there may have been while this call was under way. A record remembers its last four
/// writes: a call whose reply was lost before four others is decided anew, and may then be done twice, or be
/// answered with a refusal though it was done.
fn others_wrote(call: &Call, calls: &[&Call], caused: &HashMap<CallId, usize>) -> usize {
    let others = calls.iter().filter(|other| {
        let overlaps = call.returned.is_none_or(|returned| other.called <= returned)
            && other.returned.is_none_or(|returned| call.called <= returned);
        other.id != call.id && overlaps
    });
    // Charges and claims have no event.
    others.map(|other| caused.get(&other.id).copied().unwrap_or_default() + other.hashed.len()).sum()
}

/// How many events each call caused that are what was asked for; what else it brought about, as the end of a session
/// before, does not count.
pub(super) fn caused(events: &[Event]) -> HashMap<CallId, usize> {
    let (mut caused, mut ids) = (HashMap::new(), HashSet::new());
    for event in events.iter().filter(|event| ids.insert(event.id)) {
        if let Some(call) = event.note.as_ref().and_then(CallId::from_note)
            && is_main(&event.change)
        {
            *caused.entry(call).or_default() += 1;
        }
    }
    caused
}

const fn is_main(change: &Change) -> bool {
    use pinlatch::session::{LockCause, LogOutCause};
    matches!(
        change,
        Change::Authenticated { .. }
            | Change::PinCreated
            | Change::Locked(LockCause::Asked)
            | Change::UnlockedByPin
            | Change::PinRejected { .. }
            | Change::PinExhausted
            | Change::Acknowledged
            | Change::LoggedOut(LogOutCause::Asked)
            | Change::LoggedOutEverywhere { .. }
            | Change::Invited { .. }
    )
}

/// How many events a call may have caused.
fn expected(call: &Call) -> std::ops::RangeInclusive<usize> {
    match (call.asked, call.answer) {
        (Asked::Check { .. } | Asked::SetProfile, _) => 0..=0,
        (_, Answer::Unknown) => 0..=1,
        // Done already, perhaps.
        (Asked::Lock(_) | Asked::LogOut(_) | Asked::RevokeAll, Answer::Done(_)) => 0..=1,
        (_, Answer::Done(_)) => 1..=1,
        (Asked::Unlock(_, Entry::Wrong), Answer::Refused(RefusalCode::IncorrectPin)) => 1..=1,
        // The fifth, or one after it.
        (Asked::Unlock(_, Entry::Wrong), Answer::Refused(RefusalCode::PinExhausted)) => 0..=1,
        (_, Answer::Refused(_)) => 0..=0,
    }
}

/// As many changes of the profile as were done; of those without an answer each may have been.
fn profiles(calls: &[&Call], changes: usize, breaches: &mut Vec<String>) {
    let so_many = |wanted: fn(&Answer) -> bool| {
        calls.iter().filter(|call| call.asked == Asked::SetProfile && wanted(&call.answer)).count()
    };
    let done = so_many(Answer::is_done);
    let unknown = so_many(|answer| *answer == Answer::Unknown);
    if !(done..=done + unknown).contains(&changes) {
        breaches
            .push(format!("{done} profiles set, {unknown} unanswered, and {changes} changes in the trail"));
    }
}
