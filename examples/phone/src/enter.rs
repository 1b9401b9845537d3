//! The touches that lead to questions.

use pinlatch::gate::FailedAuthentication;
use pinlatch::people::Function;
use pinlatch::pin::PersonalWords;
use pinlatch::secret::InvitationToken;
use pinlatch::session::Modality;

use crate::home::Home;
use crate::office;
use crate::prompt::{Answer, Line, Stop, choose, hidden};
use crate::town::{self, RESIDENTS};
use crate::words::{self, Word};

#[derive(Clone, Copy, Debug)]
enum Setting {
    Biometric(Modality),
    ChangePin,
    Devices,
    Language,
}

impl Home<'_> {
    pub(crate) fn authenticate(&mut self) -> Answer<()> {
        let gate = self.office.gate();
        let invitation = self.invitation()?;
        let offer = match self.phone().begin_authentication(gate, invitation.as_ref()) {
            Ok(offer) => offer,
            Err(error) => {
                self.refused(&error);
                return Ok(());
            }
        };
        let methods = offer.methods.iter();
        let methods = methods.map(|method| Line::new(self.word(words::method(*method)), *method)).collect();
        let method = choose(self.word(Word::WhichMethod), methods)?;
        let outcomes = vec![
            Line::new("It is you: the proof is good", None),
            Line::new("The proof is refused", Some(FailedAuthentication::Failed)),
            Line::new("You cancel", Some(FailedAuthentication::Cancelled)),
        ];
        let who = words::method(method).text(pinlatch::refusal::Language::English);
        let outcome = match choose(&format!("({who}: how does it end?)"), outcomes) {
            Err(Stop::Back) => Some(FailedAuthentication::Cancelled),
            outcome => outcome?,
        };
        if let Some(how) = outcome {
            let refusal = gate.authentication_failed(&offer.start, how, &self.phone().request());
            self.refused(&refusal.into());
            return Ok(());
        }
        let done = self.phone().authenticate(gate, &offer, method, invitation.as_ref());
        self.tell(done, None);
        Ok(())
    }

    /// Which of the received invitations is presented.
    fn invitation(&self) -> Answer<Option<InvitationToken>> {
        let messages = self.phones.messages(self.phones.in_hand().holder);
        if messages.is_empty() {
            return Ok(None);
        }
        let line =
            |sent| office::local(sent).map_or_else(String::new, |at| at.strftime("%d.%m. %T").to_string());
        let received = messages.iter().map(|message| {
            let text = format!("{} {}", self.word(Word::InvitationOf), line(message.sent));
            Line::new(text, Some(message.invitation.as_str()))
        });
        let none = Line::new(self.word(Word::NoInvitation), None);
        let chosen = choose(self.word(Word::WhichInvitation), received.chain([none]).collect())?;
        Ok(chosen.map(InvitationToken::parse).transpose()?)
    }

    pub(crate) fn create_pin(&mut self) -> Answer<()> {
        let first = hidden(self.word(Word::EnterNewPin))?;
        let second = hidden(self.word(Word::EnterAgain))?;
        let (gate, words) = (self.office.gate(), self.personal_words()?);
        let done = self.phone().create_pin(gate, [&first, &second], &words);
        self.tell(done, None);
        Ok(())
    }

    pub(crate) fn unlock(&mut self) -> Answer<()> {
        let entry = hidden(self.word(Word::EnterPin))?;
        let gate = self.office.gate();
        let done = self.phone().unlock(gate, &entry);
        self.tell(done, None);
        Ok(())
    }

    pub(crate) fn unlock_by(&mut self, modality: Modality) -> Answer<()> {
        let outcomes = vec![
            Line::new("The phone recognises it", true),
            Line::new("The phone does not recognise it", false),
        ];
        let recognised = choose("(what does the phone say?)", outcomes)?;
        let gate = self.office.gate();
        let done = self.phone().unlock_by(gate, modality, recognised);
        self.tell(done, None);
        Ok(())
    }

    /// Reads one's own, or tries to read another's.
    pub(crate) fn read(&mut self, function: Function) -> Answer<()> {
        let me = self.phone().person();
        let others = RESIDENTS.iter().filter(|resident| resident.id != me);
        let others = others
            .map(|resident| Line::new(format!("{} {}", self.word(Word::DataOf), resident.name), resident.id));
        let own = Line::new(self.word(Word::OwnData), me);
        let owner = choose(self.word(words::function(function)), [own].into_iter().chain(others).collect())?;
        let gate = self.office.gate();
        match self.phone().read(gate, function, owner) {
            Ok(grant) => {
                let pay = town::resident(owner).map_or("", |resident| resident.pay);
                let text = match function {
                    Function::SalaryInformation => format!("{} {pay}", self.word(Word::Salary)),
                    Function::WorkingHours => self.word(Word::Hours).to_owned(),
                    _ => self.word(Word::Trip).to_owned(),
                };
                self.say(text, grant.rule().map(|rule| format!("  allowed by {rule}")));
            }
            Err(refused) => self.refused(&refused),
        }
        Ok(())
    }

    pub(crate) fn log_out_everywhere(&mut self) -> Answer<()> {
        let answers = vec![Line::new(self.word(Word::No), false), Line::new(self.word(Word::Yes), true)];
        if choose(self.word(Word::SureEverywhere), answers)? {
            let gate = self.office.gate();
            let done = self.phone().log_out_everywhere(gate);
            self.tell(done, None);
        }
        Ok(())
    }

    pub(crate) fn settings(&mut self) -> Answer<()> {
        let gate = self.office.gate();
        let biometrics = [Modality::Face, Modality::Fingerprint].map(|modality| {
            let enabled = self.phones.in_hand().is_enabled(gate, modality).unwrap_or_default();
            Line::new(self.word(words::switch(modality, enabled)), Setting::Biometric(modality))
        });
        let others = [
            (Word::ChangePin, Setting::ChangePin),
            (Word::Devices, Setting::Devices),
            (Word::OtherLanguage, Setting::Language),
        ];
        let others = others.map(|(word, setting)| Line::new(self.word(word), setting));
        let setting = choose(self.word(Word::Settings), biometrics.into_iter().chain(others).collect())?;
        match setting {
            Setting::ChangePin => return self.change_pin(),
            Setting::Devices => return self.devices(),
            Setting::Language => self.phone().finnish = !self.phone().finnish,
            Setting::Biometric(modality) => {
                let done = self.phone().switch(gate, modality);
                let now = if matches!(done, Ok(true)) { Word::Enabled } else { Word::Disabled };
                self.tell(done.map(drop), Some(now));
            }
        }
        Ok(())
    }

    fn change_pin(&mut self) -> Answer<()> {
        let current = hidden(self.word(Word::EnterCurrentPin))?;
        let first = hidden(self.word(Word::EnterNewPin))?;
        let second = hidden(self.word(Word::EnterAgain))?;
        let (gate, words) = (self.office.gate(), self.personal_words()?);
        let done = self.phone().change_pin(gate, &current, [&first, &second], &words);
        self.tell(done, Some(Word::PinChanged));
        Ok(())
    }

    fn devices(&mut self) -> Answer<()> {
        let gate = self.office.gate();
        let devices = match self.phone().devices(gate) {
            Ok(devices) => devices,
            Err(refused) => {
                self.refused(&refused);
                return Ok(());
            }
        };
        let lines = devices.iter().map(|device| {
            let state = self.word(words::state(device.state));
            let this = if device.this_device {
                format!(" ({})", self.word(Word::ThisDevice))
            } else {
                String::new()
            };
            Line::new(format!("{}{this}: {state}", device.label.as_str()), device.id)
        });
        let device = choose(self.word(Word::WhichDevice), lines.collect())?;
        let done = self.phone().log_out_device(gate, device);
        self.tell(done, Some(Word::DeviceLoggedOut));
        Ok(())
    }

    fn personal_words(&mut self) -> Answer<PersonalWords> {
        let resident = town::resident(self.phone().person());
        Ok(resident.map_or(Ok(PersonalWords::none()), town::Resident::personal_words)?)
    }
}
