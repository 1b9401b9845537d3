//! PostgreSQL, treated badly.
#![allow(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

mod by_hand;
mod conformance;
mod crash;
mod gates;
mod hanging;
mod journal;
mod opening;
mod people;
mod pooler;
#[path = "../shared/mod.rs"]
mod shared;
mod standby;
mod turns;
mod unsafe_settings;
mod waiting;
