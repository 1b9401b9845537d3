//! What must hold of a run, checked from what was written down. Each check gives the breaches that it found, in
//! words; none means that all is well.

mod dead;
mod guesses;
pub mod linear;
mod trail;

use pinlatch::id::PersonId;

use crate::call::{Call, CallId};
use crate::seam::Trail;

/// What was found of one person.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What must not be.
    pub violations: Vec<String>,
    /// How many PINs were compared in the storm.
    pub compared: usize,
    /// The most that were compared of one credential without anything between that makes room for more.
    pub most_in_a_row: usize,
    /// Calls that were decided anew after they had taken effect, since their reply was lost and others wrote.
    pub decided_anew: usize,
    /// Histories of devices that were put into an order.
    pub lives: usize,
    /// The calls in them.
    pub ordered: usize,
}

/// Checks one person's calls, in the order in which they began, against the person's trail.
#[must_use]
pub fn of_person(person: PersonId, calls: &[&Call], trail: &Trail) -> Found {
    let mut found = Found::default();
    let mut breaches = trail::check(calls, trail, &mut found);
    breaches.extend(guesses::check(calls, trail, &mut found));
    breaches.extend(dead::check(calls));
    breaches.extend(linear::check(calls, trail, &mut found));
    found.violations = breaches.into_iter().map(|breach| format!("{person}: {breach}")).collect();
    found
}

/// The call of this name.
fn call<'c>(calls: &[&'c Call], id: CallId) -> Option<&'c Call> {
    calls.iter().find(|call| call.id == id).copied()
}
