//! The answer that a client gets is the one of the command's own step, or there is none.

use pinlatch::account::WRITES_REMEMBERED;
use pinlatch::gate::GateError;
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::secret::{DeviceToken, SessionToken};

use crate::commands::{Command, SignIn};
use crate::errand::{Due, Errand, Got, phone_of};
use crate::gates::Bug;
use crate::log::Job;
use crate::real::view;
use crate::reference::{Answer, Start};
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
            Err(GateError::Directory(_)) if errand.directory_failed() => {
                self.tally.unanswered += 1;
                return Ok(());
            }
            Err(GateError::Refused(refusal))
                if refusal.cause() == Cause::DrawRepeated && errand.is_unlucky =>
            {
                // E39: nothing changed, and nothing was proved.
                self.tally.draws_refused += 1;
                return Ok(());
            }
            Err(GateError::Refused(_)) | Ok(_) => {}
            Err(error) => return Err(format!("{:?}: {error}", errand.command)),
        }
        if errand.hasher_failed {
            return Err(format!("{:?}: {answer:?} without a hash", errand.command));
        }
        let is_full = errand.base.as_ref().is_some_and(|base| base.waiting >= self.model.rules.outbox);
        if is_full && answer.as_ref().is_err_and(|error| error.code() == RefusalCode::AuditTrailFull) {
            // A command asks the journal once, and does not see that it came back meanwhile (E36).
            self.tally.answers_open += 1;
            return Ok(());
        }
        let unseen = self.commons.bug == Bug::UnknownReadAsAppliedUnseen;
        let mut due = match self.due_for(job) {
            Err(_) if unseen => return Ok(()),
            due => due?,
        };
        let mut fits = self.fits(&answer, &due);
        if !fits && self.errands[job].at_write.is_none() {
            // A journal that kept it waiting: decided later than it was read.
            due = self.due(job);
            fits = !due.writes && self.fits(&answer, &due);
        }
        if !fits && let Some(read) = self.errands[job].at_read.clone().filter(|read| !read.writes) {
            // Answered from what it had read, and then a write that it had sent before arrived late.
            fits = self.fits(&answer, &read);
            if fits {
                self.tally.answers_open += 1;
                return Ok(());
            }
        }
        if !fits && unseen {
            return Ok(());
        }
        let is_buried = self.errands[job].buried_under >= WRITES_REMEMBERED;
        if !fits && (is_buried || self.errands[job].was_buried) {
            self.tally.answers_open += 1;
            return Ok(());
        }
        let command = self.errands[job].command;
        self.heard = match (&answer, &due.outcome) {
            (Err(error), _) => Some(Err(error.refusal())),
            (Ok(_), Ok(answer)) => Some(Ok(answer.clone())),
            (Ok(_), Err(_)) => None,
        };
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
        let Errand { person, last_event, buried_under, landed_late, .. } = self.errands[job];
        if buried_under >= WRITES_REMEMBERED || landed_late || self.errands[job].at_write.is_none() {
            // Decided anew, and found done already, or overtaken: with the next change.
            return Ok(());
        }
        // It may have hung when it was asked, and answer again since.
        let took = self.commons.log.lock().unwrap().journal_took.get(&job).is_none_or(|took| took.last);
        let is_due = took && self.model.journal && !self.was_stuck;
        let Some(event) = last_event.filter(|_| is_due) else { return Ok(()) };
        let taken = self.commons.journal.kept.events(self.real.people[person]);
        if taken.iter().all(|taken| taken.id != event) {
            return Err(format!("I11: answered, and the journal has not yet {event:?}"));
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
        let waited = self.commons.log.lock().unwrap().journal_took.contains_key(&job);
        if due.writes && waited {
            // Decided later than it was read: the journal was asked in between.
            let later = self.due(job);
            if !later.writes {
                return Ok(later);
            }
        }
        if due.writes && errand.buried_under < WRITES_REMEMBERED {
            return Err(format!("{:?}: answered, and not written; due {:?}", errand.command, due.outcome));
        }
        Ok(due)
    }

    fn fits(&self, answer: &Result<Got, GateError>, due: &Due) -> bool {
        let (got, expected) = match (answer, &due.outcome) {
            (Err(GateError::Refused(refusal)), Err(code)) => return refusal.code() == *code,
            (Ok(got), Ok(expected)) => (got, expected),
            _ => return false,
        };
        match (got, expected) {
            (Got::Done, Answer::Done)
            | (Got::Session(_), Answer::Session(_))
            | (Got::Invitation(_), Answer::Invitation(_)) => true,
            (Got::Offer(offer), Answer::Start(methods)) => offer.methods == *methods,
            (Got::SignedIn(signed_in), Answer::SignedIn { device, .. }) => {
                self.real.number(signed_in.device) == *device
            }
            (Got::View(got), Answer::View(expected)) => view(got) == *expected,
            (Got::Overview(got), expected @ Answer::Overview { .. }) => self.real.overview(got) == *expected,
            (Got::Granted(got), Answer::Granted { device }) => self.real.number(*got) == *device,
            (Got::Functions(got), Answer::Functions(expected)) => got == expected,
            (Got::Devices(got), Answer::Devices(expected)) => {
                got.iter().map(|line| self.real.line(line)).eq(expected.iter().cloned())
            }
            _ => false,
        }
    }

    /// The client keeps what it got.
    fn receive(&mut self, command: Command, got: Got, answer: Answer, begun: Option<Start>) -> Checked {
        match (got, answer) {
            // Begun under an id that another start has; who sees that begins anew.
            (Got::Offer(offer), _)
                if self.was_stuck && self.starts.iter().any(|start| start.id() == offer.start.id()) => {}
            (Got::Offer(offer), Answer::Start(..)) => {
                self.model.starts.push(begun.ok_or("begun when?")?);
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
            (Got::Invitation(issued), Answer::Invitation(number)) => {
                self.issued(issued.token.expose())?;
                self.unknown_invitations.remove(&number);
                self.real.invitations[number] = issued.token;
            }
            _ => {}
        }
        Ok(())
    }

    /// I06: no token comes twice, unless a broken random source gave what no record remembers.
    fn issued(&mut self, text: &str) -> Checked {
        if self.issued.insert(text.to_owned()) {
            return Ok(());
        }
        if !self.was_stuck {
            return Err("I06: a token came twice".into());
        }
        // Whoever had it has a live one now. The model knows them by number: the old one is nobody's from here.
        let real = &mut self.real;
        for number in self.model.people.len()..real.device_tokens.len() {
            if real.device_tokens[number].expose() == text {
                let nobodys = real.device_tokens[self.model.device_tokens[number]].expose();
                real.device_tokens[number] = DeviceToken::parse(nobodys).expect("a token");
            }
        }
        for number in self.model.people.len()..real.session_tokens.len() {
            if real.session_tokens[number].expose() == text {
                let nobodys = real.session_tokens[self.model.session_tokens[number]].expose();
                real.session_tokens[number] = SessionToken::parse(nobodys).expect("a token");
            }
        }
        Ok(())
    }
}
