//! PostgreSQL, treated badly.
#![allow(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

mod by_hand;
mod conformance;
#[path = "../shared/mod.rs"]
mod shared;
