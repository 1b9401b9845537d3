//! People: what is known of them, what an administrator changes about them, and who is one.

mod administrators;
mod at_the_gate;
mod bounds;
mod calendar;
mod caught_up;
#[cfg(feature = "serde")]
mod read_back;
mod through_the_gate;
mod users_and_roles;
