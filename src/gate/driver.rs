//! What every use case is made of: the command, what the directory knows, and the run to an answer.

use alloc::boxed::Box;

use futures_util::future::join;

use super::builder::Gate;
use super::command::Command;
use super::error::GateError;
use super::versioned_account::VersionedAccount;
use super::writing::{Settled, Start, Writing};
use crate::account::{Account, Context, Facts, Note, RefusalEvent};
use crate::host::{Clock, Directory, Host, Journal, Key, Loaded, Store, swap_until_written};
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

/// Why a command was not done, and the account in which it was refused, for who goes on from there.
pub(super) struct Stopped {
    pub(super) error: GateError,
    pub(super) account: Option<Box<Account>>,
}

impl Stopped {
    pub(super) fn refused(refusal: Refusal, held: VersionedAccount) -> Self {
        Self { error: refusal.into(), account: Some(Box::new(held.account)) }
    }
}

impl From<GateError> for Stopped {
    fn from(error: GateError) -> Self {
        Self { error, account: None }
    }
}

impl From<Stopped> for GateError {
    fn from(stopped: Stopped) -> Self {
        stopped.error
    }
}

impl<H: Host> Gate<H> {
    /// Asks the directory about the person of the command.
    pub(super) async fn know(&self, command: Command) -> Result<PersonFacts, GateError> {
        self.know_other(command, command.person).await
    }

    /// Asks the directory about another person who has a part in the command.
    pub(super) async fn know_other(&self, command: Command, id: PersonId) -> Result<PersonFacts, GateError> {
        match self.ask(id).await {
            Ok(known) => Ok(known),
            Err(error) => Err(self.reported(command, error).await),
        }
    }

    /// Asks the directory, and tells the journal nothing of a failure.
    pub(super) async fn ask(&self, id: PersonId) -> Result<PersonFacts, GateError> {
        let directory = self.host.directory();
        let person = directory.person(id).await.map_err(GateError::directory)?;
        let dates = match &person {
            Some(person) => directory.dates(person),
            // Nobody is eligible on any day.
            None => LocalDates::everywhere(CalendarDate::MIN),
        };
        Ok(PersonFacts { person, owner: None, dates })
    }

    /// Asks the directory about the person of the command, and about the owner of the data that are asked
    /// for, if that is somebody else (R22); both at once.
    pub(super) async fn know_for(&self, command: Command, owner: PersonId) -> Result<PersonFacts, GateError> {
        if owner == command.person {
            return self.know(command).await;
        }
        let (known, owner) = join(self.ask(command.person), self.ask(owner)).await;
        match known.and_then(|known| Ok(PersonFacts { owner: owner?.person, ..known })) {
            Ok(known) => Ok(known),
            Err(error) => Err(self.reported(command, error).await),
        }
    }

    /// Asks the directory about the person of the command, and meanwhile loads the record where nothing is held:
    /// one turn of waiting for both.
    pub(super) async fn know_from(
        &self,
        command: Command,
        start: Start,
    ) -> Result<(PersonFacts, Start), GateError> {
        if !matches!(start, Start::Load) {
            return Ok((self.know(command).await?, start));
        }
        let (known, loaded) = self.beside_loading(command, self.know(command)).await?;
        Ok((known, Start::Loaded(loaded)))
    }

    /// Asks of others what a command needs to know, and loads its record meanwhile.
    pub(super) async fn beside_loading<T>(
        &self,
        command: Command,
        asking: impl Future<Output = Result<T, GateError>> + Send,
    ) -> Result<(T, Option<Loaded>), GateError> {
        let key = Key::account(command.person);
        let (known, loaded) = join(asking, self.host.store().load(&key)).await;
        let known = known?;
        match loaded.map_err(GateError::store) {
            Ok(loaded) => Ok((known, loaded)),
            Err(error) => Err(self.reported(command, error).await),
        }
    }

    /// Runs a command to its answer, and hands a refusal to the journal.
    pub(super) async fn run<T: Send>(
        &self,
        command: Command,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    ) -> Result<T, GateError> {
        Ok(self.run_from(command, Start::Load, decide).await?)
    }

    /// The same from another start, for a caller that wants to see the account after a refusal.
    pub(super) async fn run_from<T: Send>(
        &self,
        command: Command,
        start: Start,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    ) -> Result<T, Stopped> {
        let settled = self.settle(command, start, decide).await;
        self.answered(command, settled).await.map(|(answer, _)| answer)
    }

    /// Runs the first of the two writes of a command, and hands a refusal to the journal. Events are handed over
    /// [`beside`](Self::beside) the work that follows.
    pub(super) async fn run_first<T: Send>(
        &self,
        command: Command,
        start: Start,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    ) -> Result<(T, VersionedAccount), Stopped> {
        let settled = self.settle_with(command, start, decide, Result::is_err).await;
        self.answered(command, settled).await
    }

    /// As [`run`](Self::run); a damaged record is left as it is and answered like this. For what only
    /// lowers privilege, or asks what is left of it: of a damaged record nothing is (E32).
    pub(super) async fn run_unless_damaged<T: Send>(
        &self,
        command: Command,
        damaged: T,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    ) -> Result<T, GateError> {
        Ok(self.run_from_unless_damaged(command, Start::Load, damaged, decide).await?)
    }

    /// The same from another start.
    pub(super) async fn run_from_unless_damaged<T: Send>(
        &self,
        command: Command,
        start: Start,
        damaged: T,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    ) -> Result<T, Stopped> {
        match self.settle(command, start, decide).await {
            Err(GateError::Record(error)) if error.is_damage() => Ok(damaged),
            settled => self.answered(command, settled).await.map(|(answer, _)| answer),
        }
    }

    /// The answer to a command that was decided; a refusal goes to the journal.
    async fn answered<T>(
        &self,
        command: Command,
        settled: Result<(Result<T, Refusal>, VersionedAccount), GateError>,
    ) -> Result<(T, VersionedAccount), Stopped> {
        let stopped = match settled {
            Ok((Ok(answer), held)) => return Ok((answer, held)),
            Ok((Err(refusal), held)) => Stopped::refused(refusal, held),
            Err(error) => error.into(),
        };
        self.report(command, stopped.error.refusal()).await;
        Err(stopped)
    }

    /// Looks at a record as it is, and writes nothing, whatever is found.
    pub(super) async fn look<T: Send>(
        &self,
        command: Command,
        look: impl FnOnce(&mut Account, &Context<'_>) -> T + Send,
    ) -> Result<T, GateError> {
        let loaded = self.host.store().load(&Key::account(command.person)).await;
        self.look_at(command, loaded.map_err(GateError::store)?, look)
    }

    /// The same at a record that is loaded.
    pub(super) fn look_at<T>(
        &self,
        command: Command,
        loaded: Option<Loaded>,
        look: impl FnOnce(&mut Account, &Context<'_>) -> T,
    ) -> Result<T, GateError> {
        let mut account = self.held(command, loaded)?.account;
        Ok(look(&mut account, &self.context(command)))
    }

    /// Decides and writes until it is written, or nothing is left to write, and then hands over. A
    /// refusal may come with a write too: a window that passed, a device that was wiped.
    pub(super) async fn settle<T: Send>(
        &self,
        command: Command,
        start: Start,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
    ) -> Result<(Result<T, Refusal>, VersionedAccount), GateError> {
        self.settle_with(command, start, decide, |_| true).await
    }

    async fn settle_with<T: Send>(
        &self,
        command: Command,
        start: Start,
        decide: impl FnMut(&mut Account, &Context<'_>) -> Result<T, Refusal> + Send,
        is_last: impl FnOnce(&Result<T, Refusal>) -> bool + Send,
    ) -> Result<(Result<T, Refusal>, VersionedAccount), GateError> {
        let mut writing = Writing::new(self, command, start, decide)?;
        let key = Key::account(command.person);
        let settled = swap_until_written(self.host.store(), &key, &mut writing).await?;
        let Settled { answer, mut held, is_written } = settled;
        if is_written && is_last(&answer) {
            self.hand_over_written(&mut held).await;
        }
        Ok((answer, held))
    }

    /// Hands the refusal in an error to the journal, and gives the error back.
    pub(super) async fn reported(&self, command: Command, error: GateError) -> GateError {
        self.report(command, error.refusal()).await;
        error
    }

    /// Hands a refusal to the journal. If it is not taken, the caller still gets the refusal.
    pub(super) async fn report(&self, command: Command, refusal: Refusal) {
        self.report_of(Some(command.person), command.name, refusal, command.request.note).await;
    }

    /// The same of a command that may be aimed at nobody in particular.
    pub(super) async fn report_of(
        &self,
        person: Option<PersonId>,
        command: &'static str,
        refusal: Refusal,
        note: Option<Note>,
    ) {
        let event = RefusalEvent { person, command, refusal, at: self.host.clock().now(), note };
        let _lost_if_not_taken = self.host.journal().refused(&event).await;
    }
}
