//! PINs, peppers and tokens, as a phone and its host have them. `tests/crashes` has this file, too.

use pinlatch::account::PinEntries;
use pinlatch::pin::{Pepper, PepperId, PepperRing, Pin};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch_testkit::Phone;

pub(crate) fn digits(text: &str) -> Pin {
    Pin::parse(text).unwrap()
}

/// The same digits, entered twice.
pub(crate) fn entries(text: &str) -> PinEntries {
    PinEntries { pin: digits(text), confirmation: digits(text) }
}

/// The peppers of the testkit's world.
pub(crate) fn peppers() -> PepperRing {
    PepperRing::new(PepperId::from_number(1), Pepper::new(&[0x5a; 32]).unwrap())
}

/// The same device token, read anew from its text.
pub(crate) fn same_device(phone: &Phone<'_>) -> DeviceToken {
    DeviceToken::parse(phone.token.as_ref().unwrap().expose()).unwrap()
}

/// The same session token, read anew from its text: to see later whether it is dead.
pub(crate) fn same_session(phone: &Phone<'_>) -> SessionToken {
    SessionToken::parse(phone.session.as_ref().unwrap().expose()).unwrap()
}

/// The device token of a phone, or one that no account knows.
pub(crate) fn device_of(phone: &Phone<'_>) -> DeviceToken {
    match &phone.token {
        Some(_) => same_device(phone),
        None => DeviceToken::from_secret(phone.owner, &mut [1; 32]),
    }
}

/// The session token of a phone, or one that no account knows.
pub(crate) fn session_of(phone: &Phone<'_>) -> SessionToken {
    match &phone.session {
        Some(_) => same_session(phone),
        None => SessionToken::from_secret(phone.owner, &mut [1; 32]),
    }
}
