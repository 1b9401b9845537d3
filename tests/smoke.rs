//! smoke
#![allow(clippy::unwrap_used)]
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Modality, SessionState};
use pinlatch::testkit::*;

#[test]
fn whole_life() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let _ = phone.check().unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.check(), Err(RefusalCode::SessionRequired));
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    phone.unlock_by(Modality::Face).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.unlock_by(Modality::Fingerprint), Err(RefusalCode::BiometricUnavailable));
    for _ in 0..4 {
        assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::IncorrectPin));
    }
    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
    assert_eq!(phone.state(), SessionState::PinExhausted);
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::PinExhausted));
    phone.acknowledge().unwrap();
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    phone.change_pin(PIN, ANOTHER_PIN).unwrap();
    let mut other = world.open_phone(anna).unwrap();
    phone.log_out_everywhere().unwrap();
    assert_eq!(other.state(), SessionState::RevokedAll);
    assert_eq!(other.sign_in(), Err(RefusalCode::ReinvitationRequired));
    let invitation = world.invited(anna).unwrap();
    other.sign_in_with_invitation(&invitation).unwrap();
    other.create_pin(PIN).unwrap();
    println!("{:#?}", world.journal.events(anna));
    println!("{:?}", world.journal.refusals(anna));
    assert_eq!(world.journal.contradictions(), 0);
}
