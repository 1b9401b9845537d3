//! The edge cases E01 to E33, the invariants I01 to I13, and the attempt protocol under threads,
//! crashes, lost replies and dropped futures.

mod attempts;
mod dropped;
mod e_eligibility;
mod e_entering;
mod e_facts;
mod e_leaving;
mod e_pin;
mod e_record;
mod e_refusals;
mod e_time;
mod given;

mod i_invariants;
mod i_secrets;
mod interleavings;
mod journal;
mod lost_replies;
mod record_bytes;
mod session_check;
mod shaky;
mod use_cases;
