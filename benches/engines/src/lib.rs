//! Attacks any store of pinlatch through the gate, checks what was answered against the rules, and measures.
//!
//! ```sh
//! cargo run --release -p pinlatch-engines -- attack sqlite --seconds 60
//! cargo run --release -p pinlatch-engines -- revoke sqlite
//! cargo run --release -p pinlatch-engines -- figures sqlite        # writes docs/engines/
//! ```
//!
//! How a run goes is said in [`attack`], what is checked afterwards in [`checks`]. A further engine is added in
//! [`seam`], and nowhere else.
#![allow(clippy::missing_errors_doc, reason = "a program in parts: every error ends it, and is printed")]

pub mod attack;
pub mod call;
pub mod checks;
pub mod figures;
pub mod host;
pub mod log;
pub mod revoke;
pub mod seam;
pub mod storm;

/// Why a run could not be made; printed, and the program ends.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;
