//! At most five comparisons for one budget (R13, I12, D24, D25).
//!
//! Two bounds. **By the trail:** the failures of a device go 1, 2, 3, 4, exhausted, and start anew only with the
//! right PIN or a new one. **By the hasher:** a guess stays charged until it gets a verdict or is overtaken, and no
//! guess is void within a run; so of one credential at most five are compared while no PIN is accepted and no open
//! app is locked, verdicts or not. Each credential is known by its salt.

use std::collections::{BTreeMap, HashMap};

use pinlatch::id::DeviceId;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::Change;

use super::Found;
use crate::attack::FIRST_HOST;
use crate::call::{Answer, Asked, Call, CallId, Entry, Micros};
use crate::seam::Trail;

const BUDGET: usize = 5;

pub(super) fn check(calls: &[&Call], trail: &Trail, found: &mut Found) -> Vec<String> {
    let mut breaches = Vec::new();
    verdicts(trail, &mut breaches);
    let mut credentials: HashMap<[u8; 16], Credential<'_>> = HashMap::new();
    for call in calls {
        hashed_as_often_as_answered(call, &mut breaches);
        for (at, salt) in &call.hashed {
            let credential = credentials.entry(*salt).or_default();
            match call.asked {
                Asked::Unlock(device, _) => {
                    found.compared += usize::from(call.id.host != FIRST_HOST);
                    credential.compared.push((call, *at));
                    credential.device = Some(device);
                }
                _ => credential.created += 1,
            }
        }
    }
    let resets = resets(calls, trail);
    for credential in credentials.values() {
        if credential.created > 1 {
            breaches.push("one salt for two credentials".to_owned());
        }
        let resets = credential.device.and_then(|device| resets.get(&device));
        let most = most_in_a_row(&credential.compared, resets.map_or(&[][..], Vec::as_slice));
        found.most_in_a_row = found.most_in_a_row.max(most);
        if most > BUDGET {
            let device = credential.device;
            breaches.push(format!("{most} PINs of the device of {device:?} compared for one budget"));
        }
    }
    breaches
}

/// One PIN.
#[derive(Default)]
struct Credential<'c> {
    created: usize,
    device: Option<CallId>,
    compared: Vec<(&'c Call, Micros)>,
}

/// A guess is compared once, and what is answered "wrong" or opens was.
fn hashed_as_often_as_answered(call: &Call, breaches: &mut Vec<String>) {
    let Asked::Unlock(_, entry) = call.asked else { return };
    let must = match (entry, call.answer) {
        (Entry::Right, Answer::Refused(RefusalCode::IncorrectPin)) => {
            return breaches.push(format!("{}: the right PIN was answered wrong", call.id));
        }
        (Entry::Wrong, Answer::Done(_)) => {
            return breaches.push(format!("{}: a wrong PIN opened", call.id));
        }
        (_, Answer::Done(_) | Answer::Refused(RefusalCode::IncorrectPin)) => 1..=1,
        (_, Answer::Refused(RefusalCode::GuessesInFlight)) => 0..=0,
        _ => 0..=1,
    };
    if !must.contains(&call.hashed.len()) {
        let times = call.hashed.len();
        breaches.push(format!("{}, answered {:?}, was compared {times} times", call.id, call.answer));
    }
}

/// The failures of each device, as the trail has them.
fn verdicts(trail: &Trail, breaches: &mut Vec<String>) {
    let mut events: Vec<_> = trail.events.iter().collect();
    events.sort_by_key(|event| event.sequence);
    events.dedup_by_key(|event| event.id);
    let mut failures: HashMap<DeviceId, u8> = HashMap::new();
    for event in events {
        let Some(device) = event.device else { continue };
        let before = failures.get(&device).copied();
        let after = match event.change {
            Change::PinCreated => Some(0),
            Change::UnlockedByPin if before.is_some() => Some(0),
            Change::PinRejected { failures } if before == failures.checked_sub(1) && failures < 5 => {
                Some(failures)
            }
            Change::PinExhausted if before == Some(4) => None,
            Change::UnlockedByPin | Change::PinRejected { .. } | Change::PinExhausted => {
                let what = event.change;
                breaches.push(format!("event {}: {what:?} after {before:?} failures", event.sequence));
                None
            }
            Change::Authenticated { .. } | Change::LoggedOut(_) | Change::RevokedAll => None,
            _ => before,
        };
        match after {
            Some(so_many) => drop(failures.insert(device, so_many)),
            None => drop(failures.remove(&device)),
        }
    }
}

/// For each device what makes room for more guesses: an accepted PIN, a lock of the open app; each from its call
/// until it surely has happened.
fn resets(calls: &[&Call], trail: &Trail) -> BTreeMap<CallId, Vec<(Micros, Micros)>> {
    let mut events: Vec<_> = trail.events.iter().collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.sequence));
    let by_id: HashMap<CallId, &Call> = calls.iter().map(|call| (call.id, *call)).collect();
    let (mut resets, mut happened_by) = (BTreeMap::<_, Vec<_>>::new(), Micros::MAX);
    // From the last event to the first: what has a later event beside it had happened when that one was answered.
    for event in events {
        let call = event.note.as_ref().and_then(CallId::from_note).and_then(|id| by_id.get(&id));
        let Some(call) = call else { continue };
        if call.answer != Answer::Unknown {
            happened_by = happened_by.min(call.returned.unwrap_or(Micros::MAX));
        }
        if matches!(event.change, Change::UnlockedByPin | Change::Locked(_))
            && let Some(device) = call.asked.device()
        {
            resets.entry(device).or_default().push((call.called, happened_by));
        }
    }
    resets
}

/// The most guesses that began and were compared in a span that no reset touches.
fn most_in_a_row(compared: &[(&Call, Micros)], resets: &[(Micros, Micros)]) -> usize {
    let mut resets = resets.to_vec();
    resets.sort_unstable();
    resets.push((Micros::MAX, Micros::MAX));
    let (mut from, mut most) = (0, 0);
    for (called, happened_by) in resets {
        let inside = compared.iter().filter(|(call, at)| call.called > from && *at < called);
        most = most.max(inside.count());
        from = from.max(happened_by);
    }
    most
}
