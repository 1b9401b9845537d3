//! What the phone's screen offers in each state.

use pinlatch::people::{Function, Functions};
use pinlatch::session::{Modality, SessionState};

use crate::phone::Phone;
use crate::prompt::Line;
use crate::words::{self, Word};

/// A touch of the screen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Touch {
    Authenticate,
    CreatePin,
    UnlockWithPin,
    UnlockWith(Modality),
    Acknowledge,
    Open(Function),
    Lock,
    LogOut,
    LogOutEverywhere,
    Settings,
    /// What is not on the phone's screen.
    Around,
    Quit,
}

/// The lines of the menu, those of the app first.
pub(crate) fn offered(phone: &Phone, state: SessionState, functions: &Functions) -> Vec<Line<Touch>> {
    let language = phone.language();
    let line = |word: Word, touch| Line::new(word.text(language), touch);
    let log_out = || line(Word::LogOut, Touch::LogOut);
    let mut lines = match state {
        SessionState::LoggedOut | SessionState::RevokedAll => {
            vec![line(Word::Authenticate, Touch::Authenticate)]
        }
        SessionState::PinPending => vec![line(Word::CreatePin, Touch::CreatePin), log_out()],
        SessionState::Locked => {
            let enabled = [Modality::Face, Modality::Fingerprint].into_iter();
            let enabled = enabled.filter(|modality| phone.offers(*modality));
            let by_biometric =
                enabled.map(|modality| line(words::unlock_with(modality), Touch::UnlockWith(modality)));
            let by_pin = line(Word::UnlockWithPin, Touch::UnlockWithPin);
            by_biometric.chain([by_pin, log_out()]).collect()
        }
        SessionState::PinExhausted => vec![line(Word::Ok, Touch::Acknowledge)],
        SessionState::Authenticated => functions
            .iter()
            .map(|function| line(words::function(function), Touch::Open(function)))
            .chain([
                line(Word::Lock, Touch::Lock),
                log_out(),
                line(Word::LogOutEverywhere, Touch::LogOutEverywhere),
                line(Word::Settings, Touch::Settings),
            ])
            .collect(),
    };
    lines.push(Line::new("(look up from the phone)", Touch::Around));
    lines.push(Line::new("(quit)", Touch::Quit));
    lines
}
