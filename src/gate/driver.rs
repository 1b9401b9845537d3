//! Load, decide, swap, hand over: the one loop that every use case runs through.

use super::builder::Gate;
use super::error::GateError;
use crate::account::{Account, DeviceIntegrity, Facts, Moment, Raising, RefusalEvent};
use crate::host::{Clock, Directory, Expect, Journal, Key, Loaded, Offload, Randomness, Store, Swap};
use crate::id::{PersonId, WriteId};
use crate::people::{CalendarDate, LocalDates, Person};
use crate::record::RecordError;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::time::Timestamp;

/// How often a command is decided anew before it gives up. An attempt sees a conflict only when
/// another write succeeded, so a handful is usual; a store that never applies ends here.
pub(super) const TRIES: usize = 64;

/// An account together with the version that the next swap expects.
pub(super) struct Held {
    pub(super) account: Account,
    pub(super) expect: Expect,
}

/// The directory's answer about one person.
pub(super) struct Known {
    person: Option<Person>,
    dates: LocalDates,
}

impl Known {
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts { person: self.person.as_ref(), dates: &self.dates }
    }

    pub(super) const fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }

    pub(super) const fn dates(&self) -> &LocalDates {
        &self.dates
    }
}

/// What a command does about a record that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Fails and leaves it alone.
    Fails,
    /// Is refused where it is damaged, until an administrator re-invites: whether the account was
    /// barred can no longer be told (E32). Strong authentication.
    NeedsInvitation,
    /// Replaces a damaged one by a barred account (E32). An administrator's re-invitation.
    IsReplaced,
}

/// One command: whose account, how it is called in the audit trail, and when it began.
#[derive(Clone, Copy)]
pub(super) struct Command {
    pub(super) person: PersonId,
    pub(super) name: &'static str,
    pub(super) now: Option<Timestamp>,
    pub(super) unreadable: Unreadable,
}

impl<S: Store, C: Clock, D: Directory, J: Journal, O: Offload, R: Randomness> Gate<S, C, D, J, O, R> {
    pub(super) fn command(&self, person: PersonId, name: &'static str) -> Command {
        Command { person, name, now: self.host.clock.now(), unreadable: Unreadable::Fails }
    }

    pub(super) const fn moment(&self, command: Command) -> Moment<'_> {
        Moment { now: command.now, policy: &self.policy }
    }

    pub(super) const fn raising<'a>(
        &'a self,
        command: Command,
        integrity: DeviceIntegrity,
        facts: Facts<'a>,
    ) -> Raising<'a> {
        Raising { moment: self.moment(command), integrity, facts }
    }

    pub(super) fn draw<const N: usize>(&self) -> Result<[u8; N], GateError> {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Asks the directory about the person of the command.
    pub(super) async fn know(&self, command: Command) -> Result<Known, GateError> {
        self.know_other(command, command.person).await
    }

    /// Asks the directory about another person who has a part in the command.
    pub(super) async fn know_other(&self, command: Command, id: PersonId) -> Result<Known, GateError> {
        let person = match self.host.directory.person(id).await.map_err(GateError::directory) {
            Ok(person) => person,
            Err(error) => return Err(self.reported(command, error).await),
        };
        let dates = match &person {
            Some(person) => self.host.directory.dates(person),
            // Nobody is eligible on any day.
            None => LocalDates::everywhere(CalendarDate::MIN),
        };
        Ok(Known { person, dates })
    }

    /// Runs a command to its answer, and hands a refusal to the journal.
    pub(super) async fn run<T>(
        &self,
        command: Command,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal>,
    ) -> Result<T, GateError> {
        self.run_from(command, None, decide).await.map(|(answer, _)| answer)
    }

    /// As [`run`](Self::run), from an account that is held already, and giving it back.
    pub(super) async fn run_from<T>(
        &self,
        command: Command,
        held: Option<Held>,
        decide: impl FnMut(&mut Account) -> Result<T, Refusal>,
    ) -> Result<(T, Held), GateError> {
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
    pub(super) async fn settle<T>(
        &self,
        command: Command,
        mut held: Option<Held>,
        mut decide: impl FnMut(&mut Account) -> Result<T, Refusal>,
    ) -> Result<(Result<T, Refusal>, Held), GateError> {
        let write = WriteId::from_bytes(self.draw()?);
        let mut decided = None;
        for _ in 0..TRIES {
            let Held { mut account, expect } = match held.take() {
                Some(held) => held,
                None => self.load(command).await?,
            };
            if let Some(answer) = decided.take().filter(|_| account.has_written(write)) {
                // The reply was lost, or the store retried: this very write is in the record.
                self.hand_over(&mut account, usize::MAX).await;
                return Ok((answer, Held { account, expect }));
            }
            let mut waiting = account.outbox().len();
            if waiting >= self.policy.outbox_limit() {
                // Nothing is raised while the outbox is full: see whether the journal is back.
                self.hand_over(&mut account, waiting).await;
                waiting = account.outbox().len();
            }
            let answer = decide(&mut account);
            if !account.is_changed() {
                return Ok((answer, Held { account, expect }));
            }
            // Only what was written before: what this command adds is not true yet.
            self.hand_over(&mut account, waiting).await;
            account.stamp(write);
            match self.swap(command, expect, &account).await? {
                Swap::Applied(version) => {
                    self.hand_over(&mut account, usize::MAX).await;
                    return Ok((answer, Held { account, expect: Expect::At(version) }));
                }
                Swap::Conflict | Swap::Unknown => decided = Some(answer),
            }
        }
        Err(GateError::Contended)
    }

    pub(super) async fn load(&self, command: Command) -> Result<Held, GateError> {
        Self::held(command, self.load_bytes(command).await?)
    }

    pub(super) async fn load_bytes(&self, command: Command) -> Result<Option<Loaded>, GateError> {
        self.host.store.load(&Key::account(command.person)).await.map_err(GateError::store)
    }

    /// The account in what was loaded.
    pub(super) fn held(command: Command, loaded: Option<Loaded>) -> Result<Held, GateError> {
        let Some(Loaded { bytes, version }) = loaded else {
            return Ok(Held { account: Account::new(command.person), expect: Expect::Absent });
        };
        let expect = Expect::At(version);
        match Account::decode(&bytes, command.person) {
            Ok(account) => Ok(Held { account, expect }),
            Err(error @ (RecordError::Corrupted | RecordError::Truncated)) => {
                match (command.unreadable, command.now) {
                    (Unreadable::NeedsInvitation, _) => Err(GateError::Refused(Refusal::because(
                        RefusalCode::ReinvitationRequired,
                        Cause::RecordUnreadable,
                    ))),
                    (Unreadable::IsReplaced, Some(now)) => {
                        Ok(Held { account: Account::replacing_unreadable(command.person, now), expect })
                    }
                    (Unreadable::IsReplaced, None) => Err(RefusalCode::ClockUnavailable.into()),
                    (Unreadable::Fails, _) => Err(error.into()),
                }
            }
            // Somebody else's, or a newer version's: never overwritten.
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn swap(
        &self,
        command: Command,
        expect: Expect,
        account: &Account,
    ) -> Result<Swap, GateError> {
        let bytes = account.encode()?;
        let key = Key::account(command.person);
        self.host.store.compare_and_swap(&key, expect, bytes).await.map_err(GateError::store)
    }

    /// Hands the oldest `count` waiting events to the journal. What it does not take stays in the
    /// record; what it takes leaves the record with the next write.
    pub(super) async fn hand_over(&self, account: &mut Account, count: usize) {
        let waiting = account.outbox().get(..count).unwrap_or(account.outbox());
        let Some(last) = waiting.last().map(|event| event.sequence) else {
            return;
        };
        if self.host.journal.record(waiting).await.is_ok() {
            account.delivered_through(last);
        }
    }

    /// Hands the refusal in an error to the journal, and gives the error back.
    pub(super) async fn reported(&self, command: Command, error: GateError) -> GateError {
        self.report(command, error.refusal()).await;
        error
    }

    /// Hands a refusal to the journal. If it is not taken, the caller still gets the refusal.
    pub(super) async fn report(&self, command: Command, refusal: Refusal) {
        let event = RefusalEvent { person: command.person, command: command.name, refusal, at: command.now };
        let _lost_if_not_taken = self.host.journal.refused(&event).await;
    }
}
