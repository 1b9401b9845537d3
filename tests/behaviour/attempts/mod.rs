//! The attempt protocol: a guess is charged before it is compared, whatever threads, stores, hashers
//! and clients do.

mod dropped;
mod failing_hasher;
mod interleavings;
mod lost_replies;
mod overtaken;
mod shaky;
mod threads;
mod use_cases;

use pinlatch::session::Change;

fn count(trail: &[Change], wanted: Change) -> usize {
    trail.iter().filter(|change| **change == wanted).count()
}
