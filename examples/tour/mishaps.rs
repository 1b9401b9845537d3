//! Chapters 4 to 6, and 11: what goes wrong without anybody's fault, and what the host may ask besides.

use pinlatch::host::Clock;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{Action, Function};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::{days, minutes};

use crate::stage::{Stage, Surprise};
use crate::town::{AINO, Phone, Town, request};

pub(crate) fn lost_reply(stage: &Stage, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "A reply that got lost",
        "The server has opened the app; the phone never learnt the session token.",
    );
    let lost = phone.lose_session().ok_or(RefusalCode::SessionRequired).map_err(Surprise::unforeseen)?;
    let open = SessionState::Authenticated;
    stage.step("has no session, and is open all the same", Ok(()), phone, open)?;
    stage.step("the same PIN again", phone.unlock("530648"), phone, open)?;
    stage.step("is in", phone.check().map(drop), phone, open)?;
    let late = phone.check_of(&lost);
    stage.refused("the token that got lost is dead", late, phone.name, RefusalCode::SessionRequired)
}

pub(crate) fn all_at_once(stage: &Stage, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "Eight times the right PIN, at once",
        "A double tap, and a proxy that tries again. Nobody is told of too many wrong PINs.",
    );
    stage.step("Lock", phone.lock(), phone, SessionState::Locked)?;
    let answers = phone.unlock_at_once("530648", 8)?;
    let opened = answers.iter().filter(|answer| answer.is_ok()).count();
    stage.fact("right PIN, eight requests", opened >= 1, phone.name, true, &format!("{opened} opened"))?;
    let waits = [Err(RefusalCode::GuessesInFlight), Err(RefusalCode::GuessOvertaken)];
    let others = answers.iter().filter(|answer| answer.is_err() && !waits.contains(answer)).count();
    stage.fact("the rest are to try again", others, phone.name, 0, "none was called wrong")?;
    stage.step("right PIN once more", phone.unlock("530648"), phone, SessionState::Authenticated)
}

pub(crate) fn step_up(stage: &Stage, town: &Town, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "Enter your PIN to continue",
        "For what is worth it, a host asks for the PIN within five minutes. A finger is not enough.",
    );
    let hours = request(Action::Edit, Function::WorkingHours, AINO);
    let asked = |phone: &Phone<'_>| phone.ask_by_pin(&hours, minutes(5)).map(drop);
    let (open, code) = (SessionState::Authenticated, RefusalCode::StepUpRequired);
    stage.step("allows her fingerprint", phone.enable(Modality::Fingerprint), phone, open)?;
    stage.step("Lock", phone.lock(), phone, SessionState::Locked)?;
    let opened = phone.unlock_by(Modality::Fingerprint);
    stage.step("lays a finger on it", opened, phone, open)?;
    let texts = ["Enter your PIN code to continue.", "Jatka syöttämällä PIN-koodisi."];
    stage.reads("sends in her hours", asked(phone), phone.name, code, texts)?;
    stage.step("PIN, with the app open", phone.unlock("530648"), phone, open)?;
    stage.step("sends in her hours", asked(phone), phone, open)?;
    town.clock().advance(minutes(5));
    stage.refused("five minutes later", asked(phone), phone.name, code)
}

pub(crate) fn wrong_clock(stage: &Stage, town: &Town, phone: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "A clock that is wrong for a minute",
        "The server reads a date 200 days ahead, then the right one. Windows pass all the same.",
    );
    let right = town.clock().now().ok_or(RefusalCode::ClockUnavailable).map_err(Surprise::unforeseen)?;
    town.clock().set(Some(right.plus(days(200))));
    stage.step("PIN, on the wrong clock", phone.unlock("417086"), phone, SessionState::Authenticated)?;
    town.clock().set(Some(right));
    let code = RefusalCode::SessionRequired;
    stage.refused("nobody can tell how long it was open", phone.check(), phone.name, code)?;
    stage.step("so it is locked", Ok(()), phone, SessionState::Locked)?;
    stage.step("PIN", phone.unlock("417086"), phone, SessionState::Authenticated)?;
    // What is begun for nobody in particular has to be clear of the set-back by two minutes.
    town.clock().advance(minutes(2));
    let mut new = town.phone(AINO, "Aino's third");
    let done = new.authenticate(BankCredentials, None);
    stage.step("authenticates, and is called away", done, &new, SessionState::PinPending)?;
    town.clock().advance(minutes(15));
    stage.step("15 minutes are 15 minutes again", Ok(()), &new, SessionState::LoggedOut)?;
    Ok(())
}
