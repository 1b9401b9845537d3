//! Peppers: the keys of a ring and their numbers. One that is not supplied fails closed.

use pinlatch::pin::{Pepper, PepperError, PepperId, PepperRing, UnknownPepper};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};

fn key(byte: u8) -> Pepper {
    Pepper::new(&[byte; 32]).unwrap()
}

fn ring() -> PepperRing {
    PepperRing::new(PepperId::from_number(2), key(2)).with_older(PepperId::from_number(1), key(1)).unwrap()
}

#[test]
fn e32_a_ring_knows_its_keys_and_no_other() {
    let ring = ring();
    assert_eq!(ring.current(), Some(PepperId::from_number(2)));
    for number in [1, 2] {
        assert!(matches!(ring.find(Some(PepperId::from_number(number))), Ok(Some(_))));
    }
    let unknown = ring.find(Some(PepperId::from_number(3))).unwrap_err();
    assert_eq!(unknown, UnknownPepper::NotInRing(PepperId::from_number(3)));
    assert_eq!(unknown.refusal(), Refusal::because(RefusalCode::CredentialUnusable, Cause::PepperUnknown));
}

#[test]
fn e32_an_unpeppered_pin_is_unusable_under_a_pepper_unless_accepted() {
    assert_eq!(ring().find(None).unwrap_err(), UnknownPepper::Unpeppered);
    let accepting = ring().accepting_unpeppered();
    assert!(matches!(accepting.find(None), Ok(None)));
    assert_eq!(accepting.current(), Some(PepperId::from_number(2)));
}

#[test]
fn e32_a_ring_without_pepper_finds_no_key() {
    let none = PepperRing::without_pepper();
    assert_eq!(none.current(), None);
    assert!(matches!(none.find(None), Ok(None)));
    assert!(none.find(Some(PepperId::from_number(1))).is_err());
}

#[test]
fn a_number_is_given_once_and_no_pepper_stays_no_pepper() {
    for number in [1, 2] {
        let refused = ring().with_older(PepperId::from_number(number), key(9)).unwrap_err();
        assert_eq!(refused, PepperError::DuplicateId);
    }
    let refused = PepperRing::without_pepper().with_older(PepperId::from_number(1), key(1)).unwrap_err();
    assert_eq!(refused, PepperError::NoCurrentKey);
}

#[test]
fn adding_a_key_leaves_clones_alone() {
    let before = ring();
    let after = before.clone().with_older(PepperId::from_number(7), key(7)).unwrap();
    assert!(after.find(Some(PepperId::from_number(7))).is_ok());
    assert!(before.find(Some(PepperId::from_number(7))).is_err());
}

#[test]
fn a_key_has_16_to_64_bytes() {
    for bytes in [16, 64] {
        assert!(Pepper::new(&vec![7; bytes]).is_ok());
    }
    for bytes in [0, 15, 65] {
        assert_eq!(Pepper::new(&vec![7; bytes]).unwrap_err(), PepperError::WrongKeyLength);
    }
}

#[test]
fn i13_debug_shows_numbers_and_no_key() {
    assert_eq!(format!("{:?}", key(7)), "Pepper(redacted)");
    assert_eq!(format!("{:#?}", key(7)), "Pepper(redacted)");
    assert_eq!(
        format!("{:?}", ring()),
        "PepperRing { current: Some(PepperId(2)), older: [PepperId(1)], accepts_unpeppered: false }"
    );
    assert_eq!(
        format!("{:?}", PepperRing::without_pepper()),
        "PepperRing { current: None, older: [], accepts_unpeppered: true }"
    );
}
