//! What every use case is made of: the command, what the directory knows, and the run to an answer.

use super::builder::Gate;
use super::command::{Command, Unreadable};
use super::error::GateError;
use super::versioned_account::VersionedAccount;
use super::writing::{Settled, Writing};
use crate::account::{Account, Context, Facts, RefusalEvent, RequestContext};
use crate::host::{Clock, Directory, Host, Journal, Key, swap_until_written};
use crate::id::PersonId;
use crate::people::{CalendarDate, LocalDates, Person};
use crate::refusal::Refusal;

/// The directory's answer about one person.
pub(super) struct PersonFacts {
    person: Option<Person>,
    dates: LocalDates,
}

impl PersonFacts {
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts { person: self.person.as_ref(), dates: &self.dates }
    }
}

impl<H: Host> Gate<H> {
    pub(super) fn command(&self, person: PersonId, name: &'static str) -> Command {
        let now = self.host.clock().now();
        Command { person, name, now, note: None, unreadable: Unreadable::Fails, raises: false }
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
        Ok(PersonFacts { person, dates })
    }

    /// Runs a command to its answer, and hands a refusal to the journal.
    pub(super) async fn run<T: Send>(
        &self,
        command: Command,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
    ) -> Result<T, GateError> {
        let settled = self.settle(command, None, decide).await;
        self.answered(command, settled).await.map(|(answer, _)| answer)
    }

    /// Runs one of the two writes of a command, and hands a refusal to the journal: the first, if no
    /// account is held yet, and then events are handed over [`beside`](Self::beside) the work that
    /// follows; the second from the account that the first gave back.
    pub(super) async fn run_from<T: Send>(
        &self,
        command: Command,
        held: Option<VersionedAccount>,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
    ) -> Result<(T, VersionedAccount), GateError> {
        let is_first = held.is_none();
        let settled = self.settle_with(command, held, decide, |answer| !is_first || answer.is_err()).await;
        self.answered(command, settled).await
    }

    /// Decides and writes until it is written, or nothing is left to write, and then hands over. A
    /// refusal may come with a write too: a window that passed, a device that was wiped.
    pub(super) async fn settle<T: Send>(
        &self,
        command: Command,
        held: Option<VersionedAccount>,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
    ) -> Result<(Result<T, Refusal>, VersionedAccount), GateError> {
        self.settle_with(command, held, decide, |_| true).await
    }

    async fn settle_with<T: Send>(
        &self,
        command: Command,
        held: Option<VersionedAccount>,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal> + Send,
        is_last: impl FnOnce(&Result<T, Refusal>) -> bool + Send,
    ) -> Result<(Result<T, Refusal>, VersionedAccount), GateError> {
        let mut writing = Writing::new(self, command, held, decide);
        let key = Key::account(command.person);
        let settled = swap_until_written(self.host.store(), &key, &mut writing).await?;
        let Settled { answer, mut held, is_written } = settled;
        if is_written && is_last(&answer) {
            self.hand_over_written(&mut held).await;
        }
        Ok((answer, held))
    }

    /// The answer of a command, its refusal reported.
    async fn answered<T>(
        &self,
        command: Command,
        settled: Result<(Result<T, Refusal>, VersionedAccount), GateError>,
    ) -> Result<(T, VersionedAccount), GateError> {
        let error = match settled {
            Ok((Ok(answer), held)) => return Ok((answer, held)),
            Ok((Err(refusal), _)) => GateError::Refused(refusal),
            Err(error) => error,
        };
        Err(self.reported(command, error).await)
    }

    /// Hands the refusal in an error to the journal, and gives the error back.
    pub(super) async fn reported(&self, command: Command, error: GateError) -> GateError {
        self.report(command, error.refusal()).await;
        error
    }

    /// Hands a refusal to the journal. If it is not taken, the caller still gets the refusal.
    pub(super) async fn report(&self, command: Command, refusal: Refusal) {
        let Command { person, name, now, note, .. } = command;
        let event = RefusalEvent { person, command: name, refusal, at: now, note };
        let _lost_if_not_taken = self.host.journal().refused(&event).await;
    }
}
