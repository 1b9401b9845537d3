//! What happens in the browser, and around everything.

use pinlatch::account::EndReason;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause};

use super::app::Outcome;
use super::{Answer, Happened, Invited, Model, State};
use crate::commands::{Acting, Command};

impl Model {
    pub(super) fn obey_browser(&mut self, command: Command) -> Outcome {
        match command {
            Command::AskBrowser { person } => {
                self.command.aimed_at = Some(person);
                self.ask_directory()?;
                if !self.people[person].may_use_browser(self.today) {
                    return Err(Code::NotAUser);
                }
            }
            Command::Invite { by, person } => return self.invite(by, person),
            Command::Withdraw { by, person } => self.withdraw(by, person)?,
            Command::RevokeAll { by, person } => self.revoke_all(by, person)?,
            Command::LogOutDeviceOf { by, person, device } => self.log_out_device_of(by, person, device)?,
            Command::Overview { by, person } => return self.overview(by, person),
            Command::Page { by, person, change } => {
                self.command.aimed_at = Some(by.person);
                self.ask_directory()?;
                self.administers(by)?;
                let oneself = by.person == person;
                let administered = self.people[person].administered(oneself, by.company, change, self.today);
                // A refusal of the page is the host's to report.
                self.command.counted = administered.is_err();
                administered?;
            }
            Command::TryDeadTokens => self.try_dead_tokens()?,
            other => return self.obey_host(other),
        }
        Ok(Answer::Done)
    }

    /// What the host does of itself.
    fn obey_host(&mut self, command: Command) -> Outcome {
        match command {
            Command::Reassess { person } => {
                self.command.aimed_at = Some(person);
                self.ask_directory()?;
                self.arrive(person);
                self.end_absent(person);
            }
            Command::Erase { person } => self.erase(person)?,
            other => self.turn(other),
        }
        Ok(Answer::Done)
    }

    fn turn(&mut self, command: Command) {
        match command {
            Command::TurnIntegrity { phone, integrity } => self.phones[phone].integrity = integrity,
            Command::NewFaces { phone } => self.phones[phone].faces += 1,
            Command::PassDays(days) => {
                self.today = self.today.plus(days);
            }
            Command::PassTime(millis) => {
                self.noon += millis;
                self.now = Some(self.noon);
            }
            Command::MistakeClock(now) => self.now = now,
            Command::SetJournal { up } => self.journal = up,
            Command::SetHasher { up } => self.hasher = up,
            Command::SetDirectory { up } => self.directory = up,
            Command::SetKnown { person, known } => self.people[person].known = known,
            Command::Restart => self.hasher = true,
            other => panic!("nobody's command: {other:?}"),
        }
    }

    fn try_dead_tokens(&mut self) -> Result<(), Code> {
        for session in self.dead_sessions() {
            let person = self.session_tokens[session];
            self.command.aimed_at = Some(person);
            self.ask_directory()?;
            self.arrive(person);
            self.command.refusals.push((person, Code::SessionRequired));
        }
        Ok(())
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
        self.command.aimed_at = Some(person);
        self.ask_directory()?;
        self.administers(by)?;
        if raises {
            self.hand_over_if_full(person);
        }
        self.arrive(person);
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
        let (read, lifetime) = (self.clock()?, self.rules.invitation_lifetime);
        self.invitations.push(person);
        let number = self.invitations.len() - 1;
        let (until, expires) = (self.passed(person) + lifetime, read + lifetime);
        let (by, company) = (by.person, by.company);
        let invited = Invited { number, by, until, expires };
        let replaced = self.accounts[person].invitation.replace(invited).is_some();
        let self_issued = by == person;
        self.note(person, Happened::Invited { by, company, self_issued, replaced });
        Ok(Answer::Invitation(number))
    }

    fn withdraw(&mut self, by: Acting, person: usize) -> Result<(), Code> {
        self.administers_person(by, person, false)?;
        let open = self.accounts[person].invitation.ok_or(Code::NoInvitation)?;
        if self.passed(person) >= open.until {
            self.drop_invitation(person);
            return Err(Code::NoInvitation);
        }
        self.accounts[person].invitation = None;
        self.note(person, Happened::Withdrawn { by: by.person, company: by.company });
        Ok(())
    }

    /// D17, E13.
    fn revoke_all(&mut self, by: Acting, person: usize) -> Result<(), Code> {
        self.administers_person(by, person, false)?;
        let voided = self.has_open_invitation(person);
        let account = &self.accounts[person];
        if account.revoked && !voided {
            return Ok(());
        }
        let generation = account.generation + 1;
        let (by, company) = (by.person, by.company);
        self.revoke(person, Happened::RevokedByAdministrator { by, company, generation, voided });
        Ok(())
    }

    pub(super) fn has_open_invitation(&self, person: usize) -> bool {
        self.accounts[person].invitation.is_some_and(|open| self.passed(person) < open.until)
    }

    /// R31, D16, D20.
    pub(super) fn revoke(&mut self, person: usize, what: Happened) {
        let is_unknown = self.reading().is_none();
        let account = &mut self.accounts[person];
        account.invitation = None;
        account.generation += 1;
        account.revoked = true;
        account.time.floor = account.time.base;
        account.time.floor_waits = is_unknown;
        self.note(person, what);
        for place in 0..self.accounts[person].devices.len() {
            if self.accounts[person].devices[place].state != State::Revoked {
                self.device(person, place).state = State::Revoked;
                self.change(person, place, Change::RevokedAll);
            }
        }
    }

    fn log_out_device_of(&mut self, by: Acting, person: usize, device: usize) -> Result<(), Code> {
        self.administers_person(by, person, false)?;
        let place = self.place_of(person, device).ok_or(Code::UnknownDevice)?;
        if self.accounts[person].devices[place].state == State::Revoked {
            self.log_out_row(person, place, LogOutCause::Asked);
            return Ok(());
        }
        self.note(person, Happened::DeviceOut { device, by: by.person, company: by.company });
        self.leaves(person, place, EndReason::ByAdministrator, true);
        Ok(())
    }

    /// Nothing is written.
    fn overview(&mut self, by: Acting, person: usize) -> Outcome {
        let before = self.accounts.clone();
        let reached = self.administers_person(by, person, false);
        self.let_all_windows_pass(person);
        let account = &self.accounts[person];
        let open = account.invitation.filter(|open| account.time.passed < open.until);
        let invitation = open.map(|open| (open.by, open.expires));
        let answer =
            Answer::Overview { barred: account.revoked, invitation, devices: self.lines(person, None) };
        self.accounts = before;
        self.command.events.clear();
        self.command.written.fill(false);
        reached.map(|()| answer)
    }

    /// D30: the bar, the time, the starts and the numbers stay.
    fn erase(&mut self, person: usize) -> Result<(), Code> {
        self.command.aimed_at = Some(person);
        if self.accounts[person].waiting > 0 && !self.journal {
            return Err(Code::AuditTrailFull);
        }
        // Handed over.
        self.accounts[person].set_back_waiting = None;
        self.arrive(person);
        let account = &self.accounts[person];
        if account.devices.is_empty() && account.invitation.is_none() && account.ended.is_empty() {
            // Nothing to erase; what was begun before would undo it all the same.
            if account.exists {
                self.void_what_was_begun(person);
                self.write(person);
            }
            return Ok(());
        }
        while let Some(device) = self.accounts[person].devices.first() {
            if device.state == State::Revoked {
                self.accounts[person].devices.remove(0);
            } else {
                self.log_out(person, 0, LogOutCause::Erased);
            }
        }
        let account = &mut self.accounts[person];
        account.invitation = None;
        account.ended.clear();
        self.void_what_was_begun(person);
        self.note(person, Happened::Erased);
        Ok(())
    }

    /// D34: for whomever it was begun, and whenever before now.
    fn void_what_was_begun(&mut self, person: usize) {
        let is_unknown = self.reading().is_none();
        let account = &mut self.accounts[person];
        account.time.floor = account.time.base;
        account.time.floor_waits = is_unknown;
        self.void_named_starts(person);
    }

    /// Begun on a host that is ahead, too; and without a clock once more, when it is known how late it was.
    pub(super) fn void_named_starts(&mut self, person: usize) {
        let (account, skew) = (&mut self.accounts[person], self.rules.skew);
        account.forgotten = Some((account.time.passed + skew).max(account.next_start()));
    }
}
