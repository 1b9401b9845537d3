//! Redis: what the store promises, on private servers that are killed, cut off and set up wrongly.

#[path = "../shared/mod.rs"]
mod shared;

mod at_once;
mod conformance;
mod failover;
mod faults;
mod listing;
mod losing;
mod opening;
mod support;
mod turns;
