//! The numbers: see the table of the module above.

use pinlatch::gate::GateError;
use pinlatch::refusal::RefusalCode;

/// How a command ended, as far as it is counted.
pub(crate) fn ended<T>(command: &'static str, result: &Result<T, GateError>) {
    let code = result.as_ref().err().map(GateError::code);
    match (command, code) {
        ("authenticate", None) => metrics::counter!("pinlatch_sign_ins_total").increment(1),
        ("unlock_with_pin", code) => unlocked("pin", code),
        ("unlock_with_biometric", code) => unlocked("biometric", code),
        ("log_out_everywhere", None) => revoked("person"),
        ("revoke_all", None) => revoked("administrator"),
        _ => {}
    }
    let is_entry = matches!(command, "unlock_with_pin" | "change_pin");
    if is_entry && code == Some(RefusalCode::PinExhausted) {
        metrics::counter!("pinlatch_exhaustions_total").increment(1);
    }
}

pub(crate) fn refused(code: &str) {
    metrics::counter!("pinlatch_refusals_total", "code" => code.to_owned()).increment(1);
}

fn unlocked(by: &'static str, code: Option<RefusalCode>) {
    let outcome = code.map_or("opened", RefusalCode::as_str);
    metrics::counter!("pinlatch_unlocks_total", "by" => by, "outcome" => outcome).increment(1);
}

fn revoked(by: &'static str) {
    metrics::counter!("pinlatch_revocations_total", "by" => by).increment(1);
}
