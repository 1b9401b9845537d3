//! The PIN of a phone: created, entered, exhausted. Which digits may be one is in `tests/pin`.

mod create;
mod enter;
mod exhaust;
mod hashes;
mod unusable;

use std::borrow::Cow;

use pinlatch::refusal::{Language, Refusal, RefusalCode};
use pinlatch::secret::DeviceToken;
use pinlatch_testkit::{UNMODIFIED, WRONG_PIN, World, pin};

/// Enters a wrong PIN, and answers with what is shown.
fn shown(world: &World, token: &DeviceToken) -> (RefusalCode, &'static str, &'static str) {
    let answer = world.gate.blocking().unlock_with_pin(token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED);
    let refusal: Refusal = answer.map(|_| ()).unwrap_err().refusal();
    let (english, finnish) = (refusal.public(Language::English), refusal.public(Language::Finnish));
    assert_eq!((english.code, finnish.code), (refusal.code(), refusal.code()));
    let fixed = |text| match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => panic!("no data are in it: {text}"),
    };
    (refusal.code(), fixed(english.text), fixed(finnish.text))
}

const INCORRECT: (RefusalCode, &str, &str) =
    (RefusalCode::IncorrectPin, "Incorrect PIN code", "Väärä PIN-koodi");

const EXHAUSTED: (RefusalCode, &str, &str) = (
    RefusalCode::PinExhausted,
    "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.",
    "Väärä PIN-koodi. Syötit väärän PIN-koodin liian monta kertaa. Tunnistaudu uudelleen.",
);
