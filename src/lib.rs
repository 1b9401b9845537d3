//! The session and PIN state machine behind an app's *Lock*, *Log out* and *Log out from all
//! devices*.
//!
//! **What the host does, because this crate will not:** it verifies the proofs of banks, mobile
//! operators and identity providers, lets the device match faces and fingerprints, attests
//! devices, keeps browser sessions, sends invitations, limits requests per address, and moves
//! bytes. It hands in the outcome as typed evidence, the facts about people, and the time; it gets
//! back a decision, the next record to store, and the audit events. This crate reads no clock,
//! opens no file, talks to no network and starts no thread.
//!
//! Start from two types: [`gate::Gate`], one method a use case, and [`host::Store`], two operations
//! that your database has to offer.
//!
//! # An unlock, step by step
//!
//! ```
//! use pinlatch::account::{DeviceIntegrity, RequestContext};
//! use pinlatch::pin::Pin;
//! use pinlatch::refusal::Language;
//! use pinlatch_testkit::{PIN, World};
//!
//! // 1. A host: store, clock, directory, journal. Here everything is in memory (`pinlatch-testkit`).
//! let world = World::new();
//! let gate = world.gate.blocking();
//!
//! // 2. A person signed in by strong authentication, created a PIN, and locked the app.
//! let anna = world.employee();
//! let phone = world.open_phone(anna).unwrap();
//! let token = phone.token.as_ref().unwrap();
//! let request = RequestContext::new(DeviceIntegrity::Unmodified);
//! gate.lock(token, &request).unwrap();
//!
//! // 3. A wrong PIN is charged to the record before it is compared. The refusal says what to show.
//! let wrong = Pin::parse("111222").unwrap();
//! let refused = gate.unlock_with_pin(token, &wrong, &request).unwrap_err();
//! assert_eq!(refused.refusal().public(Language::English).text, "Incorrect PIN code");
//!
//! // 4. The right one opens, with a new session token for the requests that follow.
//! let right = Pin::parse(PIN).unwrap();
//! let session = gate.unlock_with_pin(token, &right, &request).unwrap();
//! assert!(session.expose().starts_with("pinlats_"));
//! ```
//!
//! # Where to find what
//!
//! | layer | module | what lives there |
//! |---|---|---|
//! | 0 | [`time`], [`id`], [`name`], [`secret`], [`refusal`] | numbers, names, tokens, the vocabulary of "no" |
//! | 1 | [`people`] | employments, services, user accesses, roles, profiles |
//! | 2 | [`access`] | who may sign in where, who may do what, users and roles |
//! | 3 | [`pin`] | PINs, their credentials, and the life of a guess |
//! | 4 | [`session`] | six states as types, and the table of transitions |
//! | 5 | [`account`] | one record per person; one pure function per command |
//! | 6 | [`record`] | the stored form, in its versions |
//! | 7 | [`host`] | the traits that a host plugs in |
//! | 8 | [`gate`] | load, decide, write, hand over |
//!
//! Each file imports only from layers above its own. The rules themselves are in [`rules`], each
//! with the place where it is kept; the tests carry their numbers. The manual is [`guide`]: for hosts, for apps and
//! for operators.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `std` | yes | [`host::SystemClock`](crate::host), `SystemRandomness` and `pin::PooledArgon2id` |
//! | `serde` | no | `Serialize` and `Deserialize` for people, rights, policies, ids and events; `Serialize` for what is answered |
//! | `uuid` | no | `From` and `Into` between each kind of id and `uuid::Uuid` |
//!
//! In human-readable formats ids, days and instants are text, the same as `Display` writes and `FromStr`
//! reads: `67e55044-10b1-426f-9247-bb680e5fe0c8`, `2026-11-22`, `2026-11-22T09:30:00.000Z`. A span is a number
//! of milliseconds under a name that says so, a set the list of its members, a choice its name. No token, PIN,
//! pepper or digest is written, nor a refusal's cause along with the refusal. What is read
//! is what a constructor would give, or an error. A field that is not known is an error too, except in
//! what comes back from a journal: there it widens nothing (E40).
//!
//! Without `std` the crate needs `alloc`, and builds for `thumbv7em-none-eabi` and
//! `wasm32-unknown-unknown`.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr
)]
#![warn(clippy::pedantic)]
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::similar_names,
    reason = "a type's size is no reason to change how it is passed; charge and change are the field's own words"
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod access;
pub mod account;
pub mod gate;
pub mod guide;
pub mod host;
pub mod id;
pub mod name;
mod note;
pub mod people;
pub mod pin;
pub mod record;
pub mod refusal;
pub mod secret;
pub mod session;
pub mod time;

#[doc = include_str!("rules.md")]
pub mod rules {}

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
pub mod readme {}
