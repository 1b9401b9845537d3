//! The text of a token, and the digest under which it is stored: each bit of them counts.

use data_encoding::BASE64URL_NOPAD;
use pinlatch::account::Wanted;
use pinlatch::id::PersonId;
use pinlatch::refusal::Refusal;
use pinlatch::secret::{DeviceToken, Digest, SessionToken, TokenError};
use pinlatch_testkit::{PIN, UNMODIFIED, pin};

const KEY: core::ops::Range<usize> = 8..30;
const SECRET: core::ops::Range<usize> = 31..74;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn text_of(person: PersonId) -> String {
    SessionToken::from_secret(person, &mut [7; 32]).expose().to_owned()
}

fn person_in(text: &str) -> Result<PersonId, TokenError> {
    SessionToken::parse(text).map(|token| token.person())
}

#[test]
fn a_token_names_its_person_to_the_bit() {
    let mixed = 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210;
    for number in (0..128).map(|bit| 1 << bit).chain([0, u128::MAX, mixed]) {
        let person = PersonId::from_u128(number);
        assert_eq!(person_in(&text_of(person)), Ok(person), "{number:x}");
    }
}

/// Every byte in every place of the account key is judged as the general decoder judges it.
#[test]
fn an_account_key_is_strict_base64url() {
    let text = text_of(PersonId::from_u128(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210));
    for at in KEY {
        for byte in 0..0x80 {
            let mut other = text.clone().into_bytes();
            other[at] = byte;
            let expected = BASE64URL_NOPAD.decode(&other[KEY]).map_err(|_| TokenError::MalformedSession);
            let expected = expected.map(|key| PersonId::from_bytes(key.try_into().unwrap()));
            assert_eq!(expected.is_ok(), ALPHABET.contains(&byte) && (at != 29 || b"AQgw".contains(&byte)));
            assert_eq!(person_in(core::str::from_utf8(&other).unwrap()), expected, "{byte:#x} at {at}");
        }
    }
    let (before, behind) = (&text[..8], &text[10..]);
    assert_eq!(person_in(&format!("{before}é{behind}")), Err(TokenError::MalformedSession));
}

/// Every byte in every place of the secret, as a general decoder judges it: one text for one secret, and nothing
/// in it that a log or a header could take for something else.
#[test]
fn e33_a_tokens_secret_is_strict_base64url() {
    let text = text_of(PersonId::from_u128(1));
    assert_eq!(text.len(), SECRET.end);
    for at in SECRET {
        for byte in 0..0x80 {
            let mut other = text.clone().into_bytes();
            other[at] = byte;
            let is_secret = BASE64URL_NOPAD.decode(&other[SECRET]).is_ok();
            let other = core::str::from_utf8(&other).unwrap();
            assert_eq!(SessionToken::parse(other).is_ok(), is_secret, "{byte:#x} at {at}");
            assert_eq!(
                DeviceToken::parse(&other.replacen(&text[..8], DeviceToken::PREFIX, 1)).is_ok(),
                is_secret
            );
        }
    }
    let (before, behind) = (&text[..SECRET.start], &text[SECRET.start + 2..]);
    assert_eq!(person_in(&format!("{before}é{behind}")), Err(TokenError::MalformedSession));
}

#[test]
fn a_token_of_another_prefix_or_without_its_dot_is_none() {
    let text = text_of(PersonId::from_u128(1));
    assert!(person_in(&text).is_ok() && DeviceToken::parse(&text).is_err());
    for at in (0..8).chain([30]) {
        let mut other = text.clone().into_bytes();
        other[at] = b'x';
        assert_eq!(
            person_in(core::str::from_utf8(&other).unwrap()),
            Err(TokenError::MalformedSession),
            "at {at}"
        );
    }
}

#[test]
fn e33_a_text_that_is_no_token_is_answered_like_an_unknown_token_of_its_kind() {
    let world = pinlatch_testkit::World::new();
    let (gate, anna) = (world.gate.blocking(), world.employee());
    let _phone = world.open_phone(anna).unwrap();
    let answer = |refusal: Refusal| (refusal.code(), refusal.kind(), refusal.next_step());
    let unknown = SessionToken::from_secret(anna, &mut [7; 32]);
    let unknown = gate.check(&unknown, Wanted::session(), &UNMODIFIED).unwrap_err().refusal();
    assert_eq!(answer(SessionToken::parse("cut off").unwrap_err().into()), answer(unknown));
    let unknown = DeviceToken::from_secret(anna, &mut [7; 32]);
    let unknown = gate.unlock_with_pin(&unknown, &pin(PIN).unwrap(), &UNMODIFIED).unwrap_err().refusal();
    assert_eq!(answer(DeviceToken::parse("cut off").unwrap_err().into()), answer(unknown));
}

#[test]
fn the_secret_of_a_token_is_wiped_where_it_was_drawn() {
    let mut secret = [7; 32];
    let _token = SessionToken::from_secret(PersonId::from_u128(1), &mut secret);
    assert_eq!(secret, [0; 32]);
}

#[test]
fn digests_that_differ_in_any_bit_differ() {
    let bytes = [0x5a; 32];
    let digest = Digest::from_bytes(bytes);
    assert!(digest == Digest::from_bytes(bytes));
    for bit in 0..256 {
        let mut other = bytes;
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(digest != Digest::from_bytes(other), "bit {bit}");
    }
}
