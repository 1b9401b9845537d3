//! Waiting events, handed to the journal or written with the record.
//!
//! The write comes first, the hand-over after it (E36). By then every other request sees what was done,
//! so a journal that hangs, or a caller that hangs up, takes nothing of it back.

use alloc::vec::Vec;
use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;

use super::builder::Gate;
use super::versioned_account::VersionedAccount;
use crate::account::{Account, Event};
use crate::host::{Expect, Host, Journal, Key, Store, Swap};
use crate::id::EventId;

/// How many events that the journal has may wait in a record for the next write to take them out. Each
/// is some 80 bytes of every load and goes to the journal once more; a write of its own for each event
/// would cost more.
const CLEARED_BY_THE_NEXT_WRITE: usize = 8;

impl<H: Host> Gate<H> {
    /// Hands the waiting events to the journal. If it takes them, they leave the account in memory, and
    /// the record with the next write; the answer is the last of them. A store that takes events gets
    /// them with that write instead.
    pub(super) async fn hand_over(&self, account: &mut Account) -> Option<EventId> {
        let last = account.outbox().last()?.id;
        if self.host.store().takes_events() || self.host.journal().record(account.outbox()).await.is_err() {
            return None;
        }
        account.delivered_through(last);
        Some(last)
    }

    /// Hands over after the last write of a command. What the journal took leaves the record with the
    /// next command's write, or, before it becomes many, with a write of its own. Whether that one lands
    /// makes no difference to anybody: the events are handed over once more if it does not.
    pub(super) async fn hand_over_written(&self, held: &mut VersionedAccount) {
        let waiting = held.account.outbox().len();
        let is_taken = self.hand_over(&mut held.account).await.is_some();
        if !is_taken || waiting <= CLEARED_BY_THE_NEXT_WRITE {
            return;
        }
        let Ok(bytes) = held.account.encode_as(self.writes) else { return };
        let key = Key::account(held.account.person());
        if let Ok(Swap::Applied(version)) =
            self.host.store().compare_and_swap(&key, held.expect, bytes, &[]).await
        {
            held.expect = Expect::At(version);
        }
    }

    /// Does the work between two writes of a command, and meanwhile hands over what waits, so that it
    /// leaves the record with the second write. The work is not kept waiting: a journal that has not
    /// answered by its end is asked again after the second write.
    pub(super) async fn beside<T>(&self, account: &mut Account, work: impl Future<Output = T> + Send) -> T {
        let Some(last) = account.outbox().last().map(|event| event.id) else { return work.await };
        if self.host.store().takes_events() {
            return work.await;
        }
        let (answer, is_taken) = {
            let mut record = pin!(self.host.journal().record(account.outbox()));
            let mut work = pin!(work);
            let mut taken = None;
            let answer = poll_fn(|context| {
                if taken.is_none()
                    && let Poll::Ready(answer) = record.as_mut().poll(context)
                {
                    taken = Some(answer.is_ok());
                }
                work.as_mut().poll(context)
            })
            .await;
            (answer, taken == Some(true))
        };
        if is_taken {
            account.delivered_through(last);
        }
        answer
    }

    /// The events that wait in the account, if the store writes them beside it; it leaves them in the
    /// account and answers none otherwise.
    pub(super) fn events_for_the_store(&self, account: &mut Account) -> Vec<Event> {
        if self.host.store().takes_events() { account.take_outbox() } else { Vec::new() }
    }
}
