//! A shelf of deliberately broken stores. **For testing the kit; never use one for anything else.**
//!
//! Each [`BrokenStore`] is the same small database in memory with one [`Bug`], most of them bugs
//! that real session stores had. The [conformance kit](super::conformance) has to find every one of
//! them step by step, without a race to be lost; the kit's own tests print which check finds which.
//!
//! ```
//! use pinlatch_testkit::conformance::{at_once, run_deterministic};
//! use pinlatch_testkit::shelf::{Bug, Shelf};
//!
//! let report = run_deterministic(&Shelf::with(Bug::ErrorReadsAsAbsent), at_once);
//! assert_eq!(report.failed().collect::<Vec<_>>(), ["a_store_that_is_down_says_so"]);
//! let report = run_deterministic(&Shelf::sound(), at_once);
//! assert_eq!(report.failed().count(), 0);
//! ```
//!
//! To test a check of your own, run it against the stores of [`Bug::ALL`].

mod bug;
mod engine;
mod fixture;
mod names;
mod store;
mod values;
mod versions;

pub use bug::Bug;
pub use fixture::Shelf;
pub use store::BrokenStore;
