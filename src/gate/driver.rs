//! What every use case is made of: the command, what the directory knows, and the run to an answer.

use super::builder::Gate;
use super::command::{Command, Unreadable};
use super::error::GateError;
use super::writing::{VersionedAccount, Writing};
use crate::account::{Account, Context, Facts, RefusalEvent, RequestContext};
use crate::host::{Clock, Directory, Host, Journal, Key, swap_until_written};
use crate::id::PersonId;
use crate::people::{CalendarDate, LocalDates, Person};
use crate::refusal::Refusal;

/// The directory's answer about one person, and perhaps about another whose data are asked for.
pub(super) struct PersonFacts {
    person: Option<Person>,
    owner: Option<Person>,
    dates: LocalDates,
}

impl PersonFacts {
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts { person: self.person.as_ref(), owner: self.owner.as_ref(), dates: &self.dates }
    }
}

impl<H: Host> Gate<H> {
    pub(super) fn command(&self, person: PersonId, name: &'static str) -> Command {
        let now = self.host.clock().now();
        Command { person, name, now, unreadable: Unreadable::Fails, raises: false }
    }

    pub(super) fn raising_command(&self, person: PersonId, name: &'static str) -> Command {
        Command { raises: true, ..self.command(person, name) }
    }

    /// The circumstances of a command that came with this request.
    pub(super) const fn context(&self, command: Command, request: &RequestContext) -> Context<'_> {
        Context { now: command.now, policy: &self.policy, request: *request }
    }

    /// The circumstances of a command that does not look at its request.
    pub(super) fn bare_context(&self, command: Command) -> Context<'_> {
        self.context(command, &RequestContext::default())
    }

    /// Asks the directory about the person of the command.
    pub(super) async fn know(&self, command: Command) -> Result<PersonFacts, GateError> {
        self.know_other(command, command.person).await
    }

    /// Asks the directory about another person who has a part in the command.
    pub(super) async fn know_other(&self, command: Command, id: PersonId) -> Result<PersonFacts, GateError> {
        let directory = self.host.directory();
        let person = match directory.person(id).await.map_err(GateError::directory) {
            Ok(person) => person,
            Err(error) => return Err(self.reported(command, error).await),
        };
        let dates = match &person {
            Some(person) => directory.dates(person),
            // Nobody is eligible on any day.
            None => LocalDates::everywhere(CalendarDate::MIN),
        };
        Ok(PersonFacts { person, owner: None, dates })
    }

    /// Asks the directory about the person of the command, and about the owner of the data that are asked
    /// for, if that is somebody else (R22).
    pub(super) async fn know_for(&self, command: Command, owner: PersonId) -> Result<PersonFacts, GateError> {
        let mut known = self.know(command).await?;
        if owner != command.person {
            known.owner = self.know_other(command, owner).await?.person;
        }
        Ok(known)
    }

    /// Runs a command to its answer, and hands a refusal to the journal.
    pub(super) async fn run<T: Send>(
        &self,
        command: Command,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
    ) -> Result<T, GateError> {
        self.run_from(command, None, decide).await.map(|(answer, _)| answer)
    }

    /// As [`run`](Self::run), from an account that is held already, and giving it back.
    pub(super) async fn run_from<T: Send>(
        &self,
        command: Command,
        held: Option<VersionedAccount>,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
    ) -> Result<(T, VersionedAccount), GateError> {
        let result = match self.settle(command, held, decide).await {
            Ok((Ok(answer), held)) => Ok((answer, held)),
            Ok((Err(refusal), _)) => Err(GateError::Refused(refusal)),
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            self.report(command, error.refusal()).await;
        }
        result
    }

    /// Decides and writes until it is written, or nothing is left to write. A refusal may come with
    /// a write too: a window that passed, a device that was wiped.
    pub(super) async fn settle<T: Send>(
        &self,
        command: Command,
        held: Option<VersionedAccount>,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
    ) -> Result<(Result<T, Refusal>, VersionedAccount), GateError> {
        let mut writing = Writing::new(self, command, held, decide);
        swap_until_written(self.host.store(), &Key::account(command.person), &mut writing).await
    }

    /// Hands the refusal in an error to the journal, and gives the error back.
    pub(super) async fn reported(&self, command: Command, error: GateError) -> GateError {
        self.report(command, error.refusal()).await;
        error
    }

    /// Hands a refusal to the journal. If it is not taken, the caller still gets the refusal.
    pub(super) async fn report(&self, command: Command, refusal: Refusal) {
        let event = RefusalEvent { person: command.person, command: command.name, refusal, at: command.now };
        let _lost_if_not_taken = self.host.journal().refused(&event).await;
    }
}
