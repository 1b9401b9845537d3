//! The phone in the hand: what its screen shows, and what a touch does.

use std::error::Error;

use pinlatch::account::DeviceView;
use pinlatch::gate::GateError;
use pinlatch::people::Functions;
use pinlatch::refusal::{NextStep, RefusalCode};
use pinlatch::session::SessionState;

use crate::key_store::KeyStore;
use crate::menu::{self, Touch};
use crate::office::{self, Office};
use crate::phone::Phone;
use crate::prompt::{self, Answer, Stop};
use crate::screen::{self, Screen};
use crate::town;
use crate::words::{self, Word};

/// The program: the server, the phones, and what the last touch led to.
pub(crate) struct Home<'o> {
    pub(crate) office: &'o Office,
    pub(crate) phones: KeyStore,
    /// On the phone.
    message: Option<String>,
    /// Below it.
    aside: Option<String>,
}

impl<'o> Home<'o> {
    pub(crate) const fn new(office: &'o Office, phones: KeyStore) -> Self {
        Self { office, phones, message: None, aside: None }
    }

    /// Until somebody quits. Closing the app locks it (D01).
    pub(crate) fn run(mut self) -> Result<(), Box<dyn Error>> {
        let stop = self.use_phone();
        let mut left_open = false;
        for phone in self.phones.all_mut() {
            let view = phone.look(self.office.gate())?;
            if view.is_some_and(|view| view.state == SessionState::Authenticated) {
                phone.lock(self.office.gate())?;
                left_open = true;
            }
        }
        self.phones.save()?;
        screen::clear()?;
        if let Stop::Failed(error) = stop {
            return Err(error);
        }
        let closed = if left_open { "closed, and locked by that" } else { "closed" };
        println!("The app is {closed}. Everything is as you left it.");
        Ok(())
    }

    fn use_phone(&mut self) -> Stop {
        loop {
            let touch = match self.show() {
                Ok(touch) => touch,
                Err(stop) => return stop,
            };
            (self.message, self.aside) = (None, None);
            match self.touch(touch) {
                Ok(()) | Err(Stop::Back) => {}
                Err(stop) => return stop,
            }
            if let Err(error) = self.phones.save() {
                return Stop::Failed(error);
            }
        }
    }

    /// Draws the phone and waits for a touch.
    fn show(&mut self) -> Answer<Touch> {
        let (view, functions) = self.view()?;
        let rows = self.draw(view.as_ref())?;
        let phone = self.phones.in_hand();
        let question = Word::WhatNow.text(phone.language());
        prompt::choose_below(rows, question, menu::offered(phone, view.as_ref(), &functions))
    }

    fn view(&mut self) -> Answer<(Option<DeviceView>, Functions)> {
        let gate = self.office.gate();
        let phone = self.phones.in_hand_mut();
        let view = phone.look(gate)?;
        if view.is_none_or(|view| view.next != NextStep::UseApp) {
            return Ok((view, Functions::EMPTY));
        }
        match phone.functions(gate) {
            Ok(functions) => Ok((view, functions)),
            Err(refused) => {
                // The session may have ended by it.
                let view = phone.look(gate)?;
                self.refused(&refused);
                Ok((view, Functions::EMPTY))
            }
        }
    }

    /// The screen is chosen by the next step, as the server names it.
    fn draw(&self, view: Option<&DeviceView>) -> std::io::Result<usize> {
        let phone = self.phones.in_hand();
        let language = phone.language();
        let state = view.map_or(SessionState::LoggedOut, |view| view.state);
        let body = match view.map(|view| view.next) {
            Some(NextStep::CreatePin) => Word::ToCreatePin.text(language),
            Some(NextStep::UseApp) => Word::ToChoose.text(language),
            Some(NextStep::EnterPin) => Word::ToUnlock.text(language),
            // Shown until it is acknowledged, whatever else happens (D06).
            Some(NextStep::Acknowledge) => RefusalCode::PinExhausted.message(language),
            Some(NextStep::AskForInvitation) => RefusalCode::ReinvitationRequired.message(language),
            Some(NextStep::PresentInvitation) => Word::ToPresentInvitation.text(language),
            _ => Word::ToAuthenticate.text(language),
        };
        let holder = format!("{}{}", town::name(phone.holder), if phone.rooted { ", rooted" } else { "" });
        let app = format!("{}  {}", Word::App.text(language), self.account(state));
        let message = self.message.as_deref();
        let screen = Screen::default()
            .bar(&format!("{}  {}", office::clock(), phone.label), &format!("held by {holder}"))
            .bar(&app, words::state(state).text(language))
            .text("");
        let screen = match phone.ended {
            Some(why) if view.is_none() => screen.text(why.message(language)),
            _ => screen,
        };
        let screen = if message == Some(body) { screen } else { screen.text(body) };
        screen.message(message).aside(self.aside.as_deref()).draw()
    }

    /// Whose app it is, while somebody is signed in.
    fn account(&self, state: SessionState) -> &'static str {
        match state {
            SessionState::LoggedOut => "",
            _ => town::name(self.phones.in_hand().person()),
        }
    }

    fn touch(&mut self, touch: Touch) -> Answer<()> {
        let gate = self.office.gate();
        match touch {
            Touch::Authenticate => return self.authenticate(),
            Touch::CreatePin => return self.create_pin(),
            Touch::UnlockWithPin => return self.unlock(),
            Touch::UnlockWith(modality) => return self.unlock_by(modality),
            Touch::Open(function) => return self.read(function),
            Touch::LogOutEverywhere => return self.log_out_everywhere(),
            Touch::Settings => return self.settings(),
            Touch::Around => return self.look_up(),
            Touch::Quit => return Err(Stop::Quit),
            Touch::Acknowledge => {
                let done = self.phones.in_hand().acknowledge(gate);
                self.tell(done, None);
            }
            Touch::Lock => {
                let done = self.phones.in_hand_mut().lock(gate);
                self.tell(done, None);
            }
            Touch::LogOut => {
                let done = self.phones.in_hand().log_out(gate);
                self.tell(done, None);
            }
        }
        Ok(())
    }

    /// Shows what came of a touch: the refusal, or what was done.
    pub(crate) fn tell(&mut self, done: Result<(), GateError>, success: Option<Word>) {
        match done {
            Ok(()) => self.message = success.map(|word| word.text(self.language()).to_owned()),
            Err(refused) => self.refused(&refused),
        }
    }

    pub(crate) fn say(&mut self, message: String, aside: Option<String>) {
        (self.message, self.aside) = (Some(message), aside);
    }

    /// The person reads the public text; the audit view stands below the phone.
    pub(crate) fn refused(&mut self, error: &GateError) {
        let refusal = error.refusal();
        self.message = Some(refusal.public(self.language()).text.into_owned());
        self.aside = Some(aside(error));
    }

    pub(crate) fn language(&self) -> pinlatch::refusal::Language {
        self.phones.in_hand().language()
    }

    pub(crate) fn word(&self, word: Word) -> &'static str {
        word.text(self.language())
    }

    pub(crate) fn phone(&mut self) -> &mut Phone {
        self.phones.in_hand_mut()
    }
}

/// What the audit trail says, which the person does not see; or what failed.
pub(crate) fn aside(error: &GateError) -> String {
    match error {
        GateError::Refused(refusal) => format!("  audit trail: {}", refusal.audit()),
        failed => format!("  log: {failed}"),
    }
}
