//! Faster Argon2id for [`pinlatch`], each implementation behind a feature of its own.
//!
//! | feature | default | type | what it is |
//! |---|---|---|---|
//! | `simd` | yes | [`SimdArgon2id`] | Argon2id by the crate `argon2-rust`, with the vector instructions that the processor has |
//!
//! It is the same function at the same cost for whoever guesses: stored hashes stay valid, in both directions. It
//! saves the host's processor time, and nothing else: take it if unlocks are what your machines are busy with.
//! Whatever time it saves may be spent on a higher [`HashParams`](pinlatch::pin::HashParams).
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
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, reason = "a test that unwraps wrongly fails, as it should")
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "simd")]
mod simd;

#[cfg(feature = "simd")]
pub use simd::SimdArgon2id;
