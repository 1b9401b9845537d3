//! The gate: one method a use case, over the host's parts.
//!
//! Each method loads the account, lets a pure function of [`account`](crate::account) decide,
//! writes the result by compare-and-swap, and hands the events over. It knows no rule, only order
//! and retries:
//!
//! | what happens | what the gate does |
//! |---|---|
//! | `Applied` | hands the events to the journal and answers |
//! | `Conflict` or `Unknown` | loads again and looks for its own write; found: answers as decided; not found: decides anew |
//! | the record is damaged, newer, or somebody else's | as the table of [`record`](crate::record) says; never a fresh account |
//! | an error of the store | answers [`GateError::Store`]: nothing was written |
//! | a crash, a dropped future | nothing, or the whole write; a charged PIN attempt is void after the answer window, and costs nothing |
//! | the journal is down | the events wait in the record, for the next change or [`Gate::deliver_events`] |
//!
//! Store operations without contention: a command loads once and swaps at most once; a PIN attempt
//! loads once and swaps twice; a check loads once, and swaps only if a session ended by it, the clock was
//! found set back, or the last use is due to be noted: once in a tenth of the idle window, else once a day.
#![doc = include_str!("both_ways.md")]

mod administer;
mod audit_trail;
mod blocking;
mod builder;
mod command;
mod device_commands;
mod device_handle;
mod devices;
mod draw;
mod driver;
mod error;
mod handing_over;
mod may;
mod open_device;
mod people;
mod people_blocking;
mod pin;
mod sign_in;
mod upkeep;
mod use_session;
mod versioned_account;
mod writing;

pub use blocking::BlockingGate;
pub use builder::{BuildError, Gate, GateBuilder};
pub use device_handle::{AnyDevice, DeviceHandle, NotDone, OpenDevice};
pub use error::GateError;
pub use sign_in::{AuthenticationOffer, FailedAuthentication, SignedIn};
