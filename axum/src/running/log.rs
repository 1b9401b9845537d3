//! What is logged: what failed, with the chain of its sources. Refusals are for the journal.

use std::error::Error;

use pinlatch::gate::GateError;

/// Logs an error of the gate that is no refusal.
pub(crate) fn log_failure(command: &'static str, error: &GateError) {
    if !matches!(error, GateError::Refused(_)) {
        log_error(command, error);
    }
}

pub(crate) fn log_error(command: &'static str, error: &(dyn Error + 'static)) {
    let below = std::iter::successors(error.source(), |error| (*error).source());
    let chain = below.fold(error.to_string(), |line, error| format!("{line}: {error}"));
    tracing::error!(target: "pinlatch", command, error = chain, "a part of the host failed");
}
