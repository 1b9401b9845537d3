//! The answer that a client gets is the one of the command's own step, or there is none.

use pinlatch::account::WRITES_REMEMBERED;
use pinlatch::gate::GateError;
use pinlatch::refusal::RefusalCode as Code;

use crate::commands::{Command, SignIn};
use crate::errand::{Due, Errand, Got, phone_of};
use crate::gates::Bug;
use crate::log::Job;
use crate::reference::Answer;
use crate::town::{Checked, Town};

impl Town {
    pub(crate) fn answered(&mut self, job: Job, answer: Result<Got, GateError>) -> Checked {
        self.tell(|| format!("    #{job} is answered {answer:?}"));
        if let Err(error) = &answer {
            self.shown.push_str(&format!("{error:?} {error}\n"));
        }
        let errand = &self.errands[job];
        match &answer {
            Err(GateError::Store(_) | GateError::Contended | GateError::Unanswered) => {
                // Before or after: the store knows, and the next write will tell.
                self.tally.unanswered += 1;
                return Ok(());
            }
            Err(GateError::Hasher(_)) if errand.hasher_failed => return Ok(()),
            Err(GateError::Refused(_)) | Ok(_) => {}
            Err(error) => return Err(format!("{:?}: {error}", errand.command)),
        }
        if errand.hasher_failed {
            return Err(format!("{:?}: {answer:?} without a hash", errand.command));
        }
        let unseen = self.commons.bug == Bug::UnknownReadAsAppliedUnseen;
        let due = match self.due_for(job) {
            Err(_) if unseen => return Ok(()),
            due => due?,
        };
        let fits = self.fits(&answer, &due);
        if !fits && unseen {
            return Ok(());
        }
        if !fits && self.errands[job].buried_under >= WRITES_REMEMBERED {
            self.tally.answers_open += 1;
            return Ok(());
        }
        let command = self.errands[job].command;
        if !fits {
            return Err(format!("{command:?}: came to {answer:?}, should to {:?}", due.outcome));
        }
        self.tally.answers_checked += 1;
        self.handed_over(job)?;
        match (answer, due) {
            (Ok(got), Due { outcome: Ok(answer), begun, .. }) => self.receive(command, got, answer, begun),
            _ => Ok(()),
        }
    }

    /// I11: who has an answer can rely on the trail, unless the journal is down.
    fn handed_over(&self, job: Job) -> Checked {
        let Errand { person, events, buried_under, .. } = self.errands[job];
        if buried_under >= WRITES_REMEMBERED || self.errands[job].at_write.is_none() {
            // Decided anew, and found done already, or overtaken: with the next change.
            return Ok(());
        }
        let journal = &self.commons.journal.kept;
        let taken = || journal.events(self.real.people[person]).len() as u64;
        if events > 0 && self.model.journal && taken() < events {
            return Err(format!("I11: answered, and the journal has not yet {events} events"));
        }
        Ok(())
    }

    /// What the command did, if it wrote; otherwise what it saw at its latest read; otherwise, if
    /// it asked the store for nothing, what it is refused for anyway.
    fn due_for(&self, job: Job) -> Result<Due, String> {
        let errand = &self.errands[job];
        if let Some(written) = &errand.at_write {
            return Ok(written.clone());
        }
        let due = errand.at_read.clone().unwrap_or_else(|| self.due(job));
        if due.writes && errand.buried_under < WRITES_REMEMBERED {
            return Err(format!("{:?}: answered, and not written; due {:?}", errand.command, due.outcome));
        }
        Ok(due)
    }

    fn fits(&self, answer: &Result<Got, GateError>, due: &Due) -> bool {
        let (got, expected) = match (answer, &due.outcome) {
            (Err(error), Err(code)) => return error.code() == *code && *code != Code::Unavailable,
            (Ok(got), Ok(expected)) => (got, expected),
            _ => return false,
        };
        match (got, expected) {
            (Got::Done, Answer::Done)
            | (Got::Session(_), Answer::Session(_))
            | (Got::Invitation(_), Answer::Invitation(_)) => true,
            (Got::Offer(offer), Answer::Start(_, methods)) => offer.methods == *methods,
            (Got::SignedIn(signed_in), Answer::SignedIn { device, .. }) => {
                self.real.number(signed_in.device) == *device
            }
            (Got::State(got), Answer::State(expected)) => got == expected,
            (Got::Granted(got), Answer::Granted { device }) => self.real.number(*got) == *device,
            (Got::Functions(got), Answer::Functions(expected)) => got == expected,
            (Got::Devices(got), Answer::Devices(expected)) => {
                let lines = got.iter().map(|line| (self.real.number(line.id), line.state, line.this_device));
                lines.eq(expected.iter().copied())
            }
            _ => false,
        }
    }

    /// The client keeps what it got.
    fn receive(&mut self, command: Command, got: Got, answer: Answer, begun: Option<u64>) -> Checked {
        match (got, answer) {
            (Got::Offer(offer), Answer::Start(..)) => {
                let Command::Begin { person } = command else { return Err("an offer of what?".into()) };
                self.model.starts.push((person, begun.ok_or("begun when?")?));
                self.starts.push(offer.start);
            }
            (Got::SignedIn(signed_in), Answer::SignedIn { token, .. }) => {
                self.issued(signed_in.token.expose())?;
                self.real.device_tokens[token] = signed_in.token;
                self.unknown_devices.remove(&token);
                let person = self.model.device_tokens[token];
                if let Command::Authenticate(SignIn { phone, .. }) = command {
                    let hand = &mut self.model.phones[phone];
                    (hand.owner, hand.token, hand.session) = (person, token, person);
                }
            }
            (Got::Session(secret), Answer::Session(session)) => {
                self.issued(secret.expose())?;
                self.real.session_tokens[session] = secret;
                self.unknown_sessions.remove(&session);
                if let Some(phone) = phone_of(command) {
                    self.model.phones[phone].session = session;
                }
            }
            (Got::Invitation(id), Answer::Invitation(number)) => {
                self.unknown_invitations.remove(&number);
                let same = self.real.invitations[number] == id;
                return if same { Ok(()) } else { Err("an invitation that is not in the record".into()) };
            }
            _ => {}
        }
        Ok(())
    }

    /// I06: no token comes twice.
    fn issued(&mut self, text: &str) -> Checked {
        if self.issued.insert(text.to_owned()) { Ok(()) } else { Err("I06: a token came twice".into()) }
    }
}
