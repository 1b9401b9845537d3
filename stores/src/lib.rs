//! Stores for [`pinlatch`], each engine behind a feature of its own.
//!
//! | feature | default | module | what it keeps |
//! |---|---|---|---|
//! | `mariadb` | no | [`mariadb`] | accounts, people and the audit trail in one database of MariaDB or MySQL |
//! | `sealed` | no | [`sealed`] | what any store keeps, sealed by a key of the host's |
//! | `redis` | no | [`redis`] | accounts and people in Redis or Valkey, with bounded loss |
//! | `sqlite` | yes | [`sqlite`] | accounts, people and the audit trail in one file on one host |
//! | feature | module | what it keeps |
//! |---|---|---|
//! | `postgres` | [`postgres`] | accounts, people and the audit trail in one schema of a PostgreSQL database |
//! | `redis` | [`redis`] | accounts and people in Redis or Valkey, with bounded loss |
//! | `sealed` | [`sealed`] | what any store keeps, sealed by a key of the host's |
//! | `sqlite` | [`sqlite`] | accounts, people and the audit trail in one file on one host |
//! | feature | default | module | what it keeps |
//! |---|---|---|---|
//! | `etcd` | no | [`etcd`] | accounts and people under a prefix of etcd |
//! | `nats` | no | [`nats`] | accounts and people in a key-value bucket of NATS JetStream |
//! | `redis` | no | [`redis`] | accounts and people in Redis or Valkey, with bounded loss |
//!
//! No feature is on by itself.
//! | `sealed` | no | [`sealed`] | what any store keeps, sealed by a key of the host's |
//! | `sqlite` | [`sqlite`] | accounts, people and the audit trail in one file on one host |
//! | `sqlite` | no | [`sqlite`] | accounts, people and the audit trail in one file on one host |
//! | feature | module | what it keeps |
//! |---|---|---|
//! | `etcd` | [`etcd`] | accounts and people under a prefix of etcd |
//! | `nats` | [`nats`] | accounts and people in a key-value bucket of NATS JetStream |
//! | `redis` | [`redis`] | accounts and people in Redis or Valkey, with bounded loss |
//! | `sealed` | [`sealed`] | what any store keeps, sealed by a key of the host's |
//! | `sqlite` | [`sqlite`] | accounts, people and the audit trail in one file on one host |
//!
//! No feature is on by itself.
//!
//! Every store passes the conformance kit of `pinlatch_testkit`. Nothing is left unproven, but that versions do not wrap
//! where the engine counts by itself (NATS, etcd).
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
#![allow(clippy::doc_markdown, reason = "SQLite and PostgreSQL are names, not code")]
#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, reason = "a test that indexes wrongly fails, as it should")
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// For what the tests inside share with those beside it.
#[cfg(all(test, feature = "postgres"))]
extern crate self as pinlatch_stores;

#[cfg(any(feature = "nats", feature = "etcd"))]
mod address;
#[cfg(feature = "any")]
pub mod any;
#[cfg(feature = "etcd")]
pub mod etcd;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(feature = "mariadb")]
pub mod mariadb;
#[cfg(feature = "on-runtime")]
pub mod on_runtime;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "nats", feature = "etcd"))]
mod patience;
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis", feature = "nats", feature = "etcd"))]
mod probe;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(any(feature = "any", feature = "json"))]
mod refusals;
#[cfg(feature = "sealed")]
pub mod sealed;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(any(feature = "nats", feature = "etcd"))]
pub use address::InvalidUrl;
#[cfg(any(
    feature = "postgres",
    feature = "mariadb",
    feature = "redis",
    feature = "nats",
    feature = "etcd"
))]
pub use probe::Untrustworthy;
#[cfg(any(feature = "any", feature = "json"))]
pub use refusals::JournalledRefusal;
