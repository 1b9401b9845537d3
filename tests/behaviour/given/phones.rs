//! Phones in the states in which they can be found, and what is done with one.

use pinlatch::account::RequestContext;
use pinlatch::id::PersonId;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::{PIN, Phone, World};

use super::credentials::{entries, same_device, same_session};
use super::outcomes::code;

/// Both biometrics that a phone can have enabled.
pub(crate) const BOTH: [Modality; 2] = [Modality::Face, Modality::Fingerprint];

/// A signed-in phone with face and fingerprint enabled, open.
pub(crate) fn open_phone_with_biometrics(world: &World, owner: PersonId) -> Phone<'_> {
    let phone = world.open_phone(owner).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.enable(Modality::Fingerprint).unwrap();
    phone
}

/// A signed-in phone with face and fingerprint enabled, locked.
pub(crate) fn locked_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let phone = open_phone_with_biometrics(world, owner);
    phone.lock().unwrap();
    phone
}

/// The phone of a new employee, locked, with a PIN and no biometric.
pub(crate) fn locked_with_pin_only(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    phone
}

/// A phone that has authenticated and waits for its PIN.
pub(crate) fn pending_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let mut phone = world.phone(owner);
    phone.sign_in().unwrap();
    phone
}

/// A phone on which a wrong PIN was entered five times.
pub(crate) fn exhausted_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let mut phone = locked_phone(world, owner);
    assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
    phone
}

/// A phone whose owner has logged out from all devices.
pub(crate) fn revoked_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let phone = world.open_phone(owner).unwrap();
    phone.log_out_everywhere().unwrap();
    phone
}

/// A phone for each state in which a device can be found; it keeps the tokens it had.
pub(crate) fn phone_in(world: &World, state: SessionState) -> Phone<'_> {
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    match state {
        SessionState::Authenticated => {}
        SessionState::Locked => phone.lock().unwrap(),
        SessionState::LoggedOut => phone.log_out().unwrap(),
        SessionState::PinPending => {
            phone.log_out().unwrap();
            phone.sign_in().unwrap();
        }
        SessionState::PinExhausted => {
            phone.lock().unwrap();
            assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
        }
        SessionState::RevokedAll => phone.log_out_everywhere().unwrap(),
    }
    assert_eq!(phone.state(), state);
    phone
}

/// The same phone, talking to another gate over the same store.
pub(crate) fn moved_to<'w>(world: &'w World, phone: &Phone<'_>) -> Phone<'w> {
    let mut moved = world.phone(phone.owner);
    moved.token = Some(same_device(phone));
    moved.session = phone.session.is_some().then(|| same_session(phone));
    moved.id = phone.id;
    moved
}

/// Creates [`PIN`] on a phone whose owner is known by this word.
pub(crate) fn create_pin_known_by(world: &World, phone: &Phone<'_>, word: &str) -> Result<(), RefusalCode> {
    let words = PersonalWords::none().with(word).unwrap();
    let token = phone.token.as_ref().unwrap();
    code(world.gate.blocking().create_pin(
        token,
        &entries(PIN),
        &words,
        &RequestContext::new(phone.integrity),
    ))
    .map(|_| ())
}
