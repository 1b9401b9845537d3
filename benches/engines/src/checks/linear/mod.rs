//! Linearizability: the calls of one device can be put into an order that fits their times, in which each answer is
//! the one that a single device would have given. Checked by the algorithm of Wing and Gong with Lowe's memo
//! (`todc-utils`); the sequential device is in [`model`].
//!
//! A call without an answer may have taken effect at any time after it began, or not at all. A history is bounded
//! by cutting it off, which is sound: every beginning of a linearizable history is linearizable, where calls under
//! way at the cut have no answer yet.

pub mod model;

use std::collections::{BTreeMap, HashMap};

use pinlatch::session::{Change, LogOutCause};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::Action::{Call as Begins, Response as Ends};
use todc_utils::linearizability::history::History;

use super::Found;
use super::trail::caused;
use crate::call::{Answer, Asked, Call, CallId, Micros};
use crate::seam::Trail;
use model::{Device, Step};

/// So many calls of one device are put into an order.
const CALLS: usize = 40;

/// So many of them without an answer: each doubles the number of orders.
const UNANSWERED: usize = 6;

pub(super) fn check(calls: &[&Call], trail: &Trail, found: &mut Found) -> Vec<String> {
    let mut breaches = Vec::new();
    for (device, life) in lives(calls, trail) {
        let life = cut(life);
        found.lives += 1;
        found.ordered += life.len();
        if !is_linearizable(&life) {
            breaches.push(format!("no order of the calls of the device of {device} explains their answers"));
        }
    }
    breaches
}

/// One call of a device, with its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When it began.
    pub called: Micros,
    /// When it came back; never, if it has no answer.
    pub returned: Option<Micros>,
    /// What was asked, and answered.
    pub step: Step,
}

/// Whether there is an order of these calls of a device, from its sign-in on, that explains their answers.
#[must_use]
pub fn is_linearizable(life: &[Timed]) -> bool {
    if life.is_empty() {
        return true;
    }
    // What came back in the microsecond in which another began overlapped it, as far as anybody can tell.
    let mut actions: Vec<_> = life
        .iter()
        .enumerate()
        .flat_map(|(number, timed)| {
            let returned = timed.returned.unwrap_or(Micros::MAX);
            [(timed.called, false, number, Begins(timed.step)), (returned, true, number, Ends(timed.step))]
        })
        .collect();
    actions.sort_by_key(|(at, is_end, number, _)| (*at, *is_end, *number));
    let actions = actions.into_iter().map(|(_, _, number, action)| (number, action)).collect();
    WGLChecker::<Device>::is_linearizable(History::from_actions(actions))
}

/// The calls of each device. A device is named by the sign-in that gave its token, and what ends all devices of the
/// person, or makes room among them, is a call of each.
fn lives(calls: &[&Call], trail: &Trail) -> BTreeMap<CallId, Vec<Timed>> {
    let is_device = |call: &&&Call| matches!(call.asked, Asked::SignIn(_)) && call.answer.is_done();
    let devices: BTreeMap<CallId, &Call> =
        calls.iter().filter(is_device).map(|call| (call.id, *call)).collect();
    let mut lives: BTreeMap<_, Vec<Timed>> = devices.keys().map(|device| (*device, Vec::new())).collect();
    let (evicted, caused) = (evicted(trail), caused(&trail.events));
    for call in calls {
        let Some(step) = Step::of(call) else { continue };
        let of: Vec<CallId> = match call.asked {
            Asked::RevokeAll => devices.keys().copied().collect(),
            Asked::SignIn(known) => {
                let made_room =
                    evicted.iter().filter(|(by, device)| *by == call.id && Some(*device) != known);
                known.into_iter().chain(made_room.map(|(_, device)| *device)).collect()
            }
            _ => call.asked.device().into_iter().collect(),
        };
        let events = caused.get(&call.id).copied().unwrap_or_default();
        for device in of {
            let (Some(life), Some(signed_in)) = (lives.get_mut(&device), devices.get(&device)) else {
                continue;
            };
            let returned = call.returned.filter(|_| call.answer != Answer::Unknown);
            let timed = Timed { called: call.called, returned, step };
            if returned.is_some_and(|returned| returned < signed_in.called) {
                continue;
            }
            // What was under way during the sign-in may have come before it.
            let is_after = signed_in.returned.is_some_and(|returned| returned < call.called);
            life.extend(if is_after { Some(timed) } else { timed.unanswered() });
            // Done twice, or refused though it was done: the other time is a call that nobody had an answer to.
            life.extend(timed.unanswered().filter(|_| events > step.events()));
        }
    }
    lives
}

/// Which sign-ins ended which devices of the person, each named by its own sign-in.
fn evicted(trail: &Trail) -> Vec<(CallId, CallId)> {
    let mut events: Vec<_> = trail.events.iter().collect();
    events.sort_by_key(|event| event.sequence);
    let (mut signed_in, mut evicted) = (HashMap::new(), Vec::new());
    for event in events {
        let Some(call) = event.note.as_ref().and_then(CallId::from_note) else { continue };
        match event.change {
            Change::Authenticated { .. } => drop(signed_in.insert(event.device, call)),
            Change::LoggedOut(LogOutCause::MadeRoom | LogOutCause::Reauthenticated) => {
                evicted.extend(signed_in.get(&event.device).map(|device| (call, *device)));
            }
            _ => {}
        }
    }
    evicted
}

/// The beginning of a history that is short enough to be put into an order.
fn cut(mut life: Vec<Timed>) -> Vec<Timed> {
    life.sort_by_key(|timed| timed.called);
    let mut unanswered = 0;
    let too_long = life.iter().enumerate().find(|(number, timed)| {
        unanswered += usize::from(timed.returned.is_none());
        *number >= CALLS || unanswered > UNANSWERED
    });
    let Some((end, first_left_out)) = too_long else { return life };
    let cut = first_left_out.called;
    life.truncate(end);
    life.into_iter()
        .filter_map(|timed| if timed.returned < Some(cut) { Some(timed) } else { timed.unanswered() })
        .collect()
}

impl Timed {
    /// The same before its answer; `None` if it changes nothing then.
    fn unanswered(self) -> Option<Self> {
        let step = self.step.unanswered()?;
        Some(Self { returned: None, step, ..self })
    }
}
