//! Chapters 1 to 3: one person, one phone.

use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{Action, Function};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Modality, SessionState};

use crate::stage::{Stage, Surprise};
use crate::town::{AINO, Phone, request};

pub(crate) fn first_pin(stage: &Stage, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "An employee without a user account signs in and makes a PIN",
        "Aino works for Kuura, with the services Salaries and Travel. She is no user.",
    );
    stage.step("opens the app for the first time", Ok(()), phone, SessionState::LoggedOut)?;
    let done = phone.authenticate(BankCredentials, None);
    stage.step("authenticates at her bank", done, phone, SessionState::PinPending)?;
    stage.refused("tries to lock, with no PIN yet", phone.lock(), phone.name, RefusalCode::PinRequired)?;
    for (what, pins, code) in [
        ("enters 123456 twice: anybody's guess", ["123456"; 2], RefusalCode::PinTooWeak),
        ("enters 241280 twice: her birth date", ["241280"; 2], RefusalCode::PinTooWeak),
        ("enters 284917, then 284971", ["284917", "284971"], RefusalCode::PinMismatch),
    ] {
        let [first, second] = pins;
        stage.refused(what, phone.create_pin(first, second), phone.name, code)?;
    }
    stage.step("still has to make a PIN", Ok(()), phone, SessionState::PinPending)?;
    let done = phone.create_pin("284917", "284917");
    stage.step("enters 284917 twice, and is in", done, phone, SessionState::Authenticated)?;
    let payslip = request(Action::Read, Function::SalaryInformation, AINO);
    let rule = phone.ask(&payslip)?.rule().map(|rule| rule.to_string());
    stage.fact("reads her payslip", rule.as_deref(), phone.name, Some("D10 ImplicitOwnData"), "her own data")
}

pub(crate) fn lock_and_open(stage: &Stage, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "Lock, and three ways back in",
        "Lock ends the session and keeps PIN, finger and face. No bank is asked.",
    );
    let fingerprint = phone.enable(Modality::Fingerprint);
    stage.step("allows her fingerprint", fingerprint, phone, SessionState::Authenticated)?;
    stage.step("allows her face", phone.enable(Modality::Face), phone, SessionState::Authenticated)?;
    stage.step("Lock", phone.lock(), phone, SessionState::Locked)?;
    let dead = phone.check();
    stage.refused("the session she had is dead", dead, phone.name, RefusalCode::SessionRequired)?;
    stage.step("PIN 284917", phone.unlock("284917"), phone, SessionState::Authenticated)?;
    stage.step("Lock", phone.lock(), phone, SessionState::Locked)?;
    let opened = phone.unlock_by(Modality::Fingerprint);
    stage.step("lays a finger on it", opened, phone, SessionState::Authenticated)?;
    stage.step("Lock", phone.lock(), phone, SessionState::Locked)?;
    let opened = phone.unlock_by(Modality::Face);
    stage.step("looks at it", opened, phone, SessionState::Authenticated)
}

const INCORRECT: [&str; 2] = ["Incorrect PIN code", "Väärä PIN-koodi"];
const EXHAUSTED: [&str; 2] = [
    "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.",
    "Väärä PIN-koodi. Syötit väärän PIN-koodin liian monta kertaa. Tunnistaudu uudelleen.",
];

pub(crate) fn forgotten_pin(stage: &Stage, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "Forgot your PIN code?",
        "Each guess is charged in the record before it is compared. The fifth wrong one wipes.",
    );
    stage.step("Lock", phone.lock(), phone, SessionState::Locked)?;
    let guess = phone.unlock("611804");
    stage.reads("wrong PIN, the 1st", guess, phone.name, RefusalCode::IncorrectPin, INCORRECT)?;
    for what in ["wrong PIN, the 2nd", "wrong PIN, the 3rd", "wrong PIN, the 4th"] {
        stage.refused(what, phone.unlock("611804"), phone.name, RefusalCode::IncorrectPin)?;
    }
    let guess = phone.unlock("611804");
    stage.reads("wrong PIN, the 5th", guess, phone.name, RefusalCode::PinExhausted, EXHAUSTED)?;
    let right = phone.unlock("284917");
    stage.refused("the right PIN comes too late", right, phone.name, RefusalCode::PinExhausted)?;
    let face = phone.unlock_by(Modality::Face);
    stage.refused("and so does her face", face, phone.name, RefusalCode::PinExhausted)?;
    stage.step("the wipe came before the \"OK\"", Ok(()), phone, SessionState::PinExhausted)?;
    stage.step("OK", phone.acknowledge(), phone, SessionState::LoggedOut)?;
    let done = phone.authenticate(BankCredentials, None);
    stage.step("authenticates anew, uninvited", done, phone, SessionState::PinPending)?;
    let done = phone.create_pin("530648", "530648");
    stage.step("makes a new PIN: 530648", done, phone, SessionState::Authenticated)
}
