//! No dead token is accepted: what begins after the answer that ended a session, or a device, is refused (I06).

use pinlatch::refusal::RefusalCode;

use crate::call::{Answer, Asked, Call, CallId, Entry};

pub(super) fn check(calls: &[&Call]) -> Vec<String> {
    let mut breaches = Vec::new();
    for call in calls {
        let Some((device, opened_by)) = accepted(call) else { continue };
        let Some(opened) = super::call(calls, opened_by).and_then(|opened| opened.returned) else {
            breaches.push(format!("{} was accepted with a token that nobody was given", call.id));
            continue;
        };
        let of_session = matches!(call.asked, Asked::Check { .. });
        let ended = calls.iter().find(|end| {
            end.called > opened
                && end.returned.is_some_and(|returned| returned < call.called)
                && (ends_device(end, device) || of_session && ends_session(end, device))
        });
        if let Some(end) = ended {
            let (id, asked, by) = (call.id, call.asked, end.asked);
            breaches.push(format!("{id}, {asked:?}, was accepted after {}, {by:?}, was answered", end.id));
        }
    }
    breaches
}

/// Which token was accepted: of which device, and which call gave it. A verdict on a PIN accepts the device's.
fn accepted(call: &Call) -> Option<(CallId, CallId)> {
    let is_wrong = call.answer.is_refused(RefusalCode::IncorrectPin);
    match call.asked {
        Asked::Check { device, session } if call.answer.is_done() => Some((device, session)),
        Asked::Unlock(device, _) if call.answer.is_done() || is_wrong => Some((device, device)),
        Asked::CreatePin(device) if call.answer.is_done() => Some((device, device)),
        _ => None,
    }
}

/// Whether after this answer the device's token is dead, or at least no PIN is left.
fn ends_device(end: &Call, device: CallId) -> bool {
    match end.asked {
        Asked::RevokeAll => end.answer.is_done(),
        Asked::LogOut(of) | Asked::SignIn(Some(of)) => of == device && end.answer.is_done(),
        Asked::Unlock(of, _) => of == device && end.answer.is_refused(RefusalCode::PinExhausted),
        _ => false,
    }
}

/// Whether after this answer the sessions from before are dead.
fn ends_session(end: &Call, device: CallId) -> bool {
    matches!(end.answer, Answer::Done(_))
        && match end.asked {
            Asked::Lock(of) | Asked::Unlock(of, Entry::Right) => of == device,
            _ => false,
        }
}
