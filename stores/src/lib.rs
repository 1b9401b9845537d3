//! Stores for [`pinlatch`], each engine behind a feature of its own.
//!
//! | feature | module | what it keeps |
//! |---|---|---|
//! | `sqlite` | [`sqlite`] | accounts, people and the audit trail in one file on one host |
//! | `postgres` | [`postgres`] | accounts, people and the audit trail in one schema of a PostgreSQL database |
//! | `mariadb` | [`mariadb`] | accounts, people and the audit trail in one database of MariaDB or MySQL |
//! | `etcd` | [`etcd`] | accounts and people under a prefix of etcd |
//! | `nats` | [`nats`] | accounts and people in a key-value bucket of NATS JetStream |
//! | `redis` | [`redis`] | accounts and people in Redis or Valkey, with bounded loss |
//! | `any` | [`any`] | beside the features of engines: one of them, chosen at run time by an address |
//! | `tls` | | encryption on the way to the servers, with rustls and `ring` |
//! | `on-runtime` | [`on_runtime`] | a server's store in a host without async |
//! | `sealed` | [`sealed`] | what any store keeps, sealed by a key of the host's |
//!
//! No feature is on by itself.
//!
//! Every store passes the conformance kit of `pinlatch_testkit`. Nothing is left unproven, but that versions do not wrap:
//! NATS and etcd count by themselves, PostgreSQL, MariaDB and Redis draw at random, and no test can wait for 64 bits of either.
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
// Pages name engines and features beside their own. Where all are built, as they are published, every link is checked.
#![cfg_attr(
    not(all(
        feature = "any",
        feature = "etcd",
        feature = "mariadb",
        feature = "nats",
        feature = "on-runtime",
        feature = "postgres",
        feature = "redis",
        feature = "sealed",
        feature = "sqlite",
        feature = "tls"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

// For what the tests inside share with those beside it.
#[cfg(all(test, any(feature = "postgres", feature = "mariadb", feature = "sqlite")))]
extern crate self as pinlatch_stores;

#[cfg(any(feature = "nats", feature = "etcd"))]
mod address;
#[cfg(feature = "any")]
pub mod any;
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis"))]
mod connections;
#[cfg(feature = "etcd")]
pub mod etcd;
#[cfg(all(test, any(feature = "postgres", feature = "mariadb")))]
#[expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may")]
#[path = "../tests/inside/live.rs"]
mod live;
#[cfg(feature = "mariadb")]
pub mod mariadb;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(feature = "on-runtime")]
pub mod on_runtime;
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis", feature = "nats", feature = "etcd"))]
mod patience;
#[cfg(any(feature = "postgres", feature = "mariadb"))]
mod places;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis", feature = "nats", feature = "etcd"))]
mod probe;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(any(feature = "any", feature = "json"))]
mod refusals;
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis", feature = "nats", feature = "etcd"))]
mod risk;
#[cfg(feature = "sealed")]
pub mod sealed;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(all(
    feature = "tls",
    any(feature = "postgres", feature = "mariadb", feature = "redis", feature = "nats", feature = "etcd")
))]
mod tls;

#[cfg(any(feature = "nats", feature = "etcd"))]
pub use address::InvalidUrl;
#[cfg(any(feature = "postgres", feature = "mariadb", feature = "redis"))]
pub use connections::Connections;
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
#[cfg(any(
    feature = "postgres",
    feature = "mariadb",
    feature = "redis",
    feature = "nats",
    feature = "etcd"
))]
pub use risk::{UnknownRisk, UnsafeSetting};
