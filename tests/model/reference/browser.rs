//! What happens in the browser, and around everything.

use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::Change;

use super::{Answer, Happened, Invited, Model, State};
use crate::commands::{Acting, Command};
use crate::people::Company;

type Outcome = Result<Answer, Code>;

impl Model {
    pub(super) fn obey_browser(&mut self, command: Command) -> Outcome {
        match command {
            Command::AskBrowser { person } => {
                self.command.aimed_at = person;
                if !self.people[person].may_use_browser(self.today) {
                    return Err(Code::NotAUser);
                }
            }
            Command::Invite { by, person } => return self.invite(by, person),
            Command::Withdraw { by, person } => self.withdraw(by, person)?,
            Command::RevokeAll { by, person } => self.revoke_all(by, person)?,
            Command::Page { by, person, change } => {
                self.command.aimed_at = by.person;
                self.administers(by)?;
                let oneself = by.person == person;
                let administered = self.people[person].administered(oneself, by.company, change, self.today);
                // A refusal of the page is the host's to report.
                self.command.counted = administered.is_err();
                administered?;
            }
            Command::TryDeadTokens => {
                for session in self.dead_sessions() {
                    self.command.refusals.push((self.session_tokens[session], Code::SessionRequired));
                }
            }
            other => self.turn(other),
        }
        Ok(Answer::Done)
    }

    fn turn(&mut self, command: Command) {
        match command {
            Command::TurnIntegrity { phone, integrity } => self.phones[phone].integrity = integrity,
            Command::NewFaces { phone } => self.phones[phone].faces += 1,
            Command::PassDays(days) => self.today = self.today.plus(days),
            Command::SetClock(now) => {
                self.now = now;
                self.noon = now.unwrap_or(self.noon);
            }
            Command::SetJournal { up } => self.journal = up,
            Command::SetHasher { up } => self.hasher = up,
            Command::SetKnown { person, known } => self.people[person].known = known,
            Command::Restart => self.hasher = true,
            other => panic!("nobody's command: {other:?}"),
        }
    }

    pub(crate) fn dead_sessions(&self) -> Vec<usize> {
        let is_dead = |session: &usize| self.device_in_session(*session).1.is_none();
        (0..self.session_tokens.len()).filter(is_dead).collect()
    }

    /// R36, D14: with the role in that company, today.
    pub(crate) fn administers(&self, by: Acting) -> Result<(), Code> {
        let may = self.people[by.person].administers(by.company, self.today, self.rules.law);
        if may { Ok(()) } else { Err(Code::NotAuthorised) }
    }

    /// D31: a relation in effect to raise; to lower, over who is nowhere, the one that ended last.
    fn administers_person(&mut self, by: Acting, person: usize, raises: bool) -> Result<(), Code> {
        self.command.aimed_at = person;
        self.administers(by)?;
        let (human, today, law) = (&self.people[person], self.today, self.rules.law);
        let reaches = if raises {
            human.is_reached_to_raise(by.company, today, law)
        } else {
            human.is_reached_to_lower(by.company, today, law)
        };
        if reaches { Ok(()) } else { Err(Code::NotAuthorised) }
    }

    /// R34, D15, D20, E15.
    fn invite(&mut self, by: Acting, person: usize) -> Outcome {
        self.administers_person(by, person, true)?;
        self.room_in_trail(person)?;
        let at = self.moment(person).ok_or(Code::ClockUnavailable)?;
        self.invitations.push(person);
        let number = self.invitations.len() - 1;
        let expires = at + self.rules.invitation_lifetime;
        let replaced = self.accounts[person].invitation.replace(Invited { number, expires }).is_some();
        let self_issued = by.person == person;
        let (by, company): (usize, Company) = (by.person, by.company);
        self.note(person, Happened::Invited { by, company, self_issued, replaced });
        Ok(Answer::Invitation(number))
    }

    fn withdraw(&mut self, by: Acting, person: usize) -> Result<(), Code> {
        self.administers_person(by, person, false)?;
        let at = self.moment_or_latest(person);
        let open = self.accounts[person].invitation.ok_or(Code::NoInvitation)?;
        if at >= open.expires {
            self.note_expiry(person, open.expires);
            return Err(Code::NoInvitation);
        }
        self.accounts[person].invitation = None;
        self.note(person, Happened::Withdrawn { by: by.person, company: by.company });
        Ok(())
    }

    /// D17, E13.
    fn revoke_all(&mut self, by: Acting, person: usize) -> Result<(), Code> {
        self.administers_person(by, person, false)?;
        let account = &self.accounts[person];
        let voided = account.invitation.is_some();
        if account.revoked && !voided {
            return Ok(());
        }
        let generation = account.generation + 1;
        let (by, company) = (by.person, by.company);
        self.revoke(person, Happened::RevokedByAdministrator { by, company, generation, voided });
        Ok(())
    }

    /// R31, D16, D20.
    pub(super) fn revoke(&mut self, person: usize, what: Happened) {
        let account = &mut self.accounts[person];
        account.invitation = None;
        account.generation += 1;
        account.revoked = true;
        self.note(person, what);
        for place in 0..self.accounts[person].devices.len() {
            if self.accounts[person].devices[place].state != State::Revoked {
                self.device(person, place).state = State::Revoked;
                self.change(person, place, Change::RevokedAll);
            }
        }
    }
}
