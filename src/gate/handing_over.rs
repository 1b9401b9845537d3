//! Waiting events, handed to the journal or written with the record.

use alloc::vec::Vec;

use super::builder::Gate;
use crate::account::{Account, Event};
use crate::host::{Host, Journal, Store};

impl<H: Host> Gate<H> {
    /// Hands the oldest `count` waiting events to the journal, and answers how many of them it did not
    /// take: those stay in the record. What it takes leaves the record with the next write. A store that
    /// takes events gets them with that write instead.
    pub(super) async fn hand_over(&self, account: &mut Account, count: usize) -> usize {
        let waiting = account.outbox().get(..count).unwrap_or(account.outbox());
        let Some(last) = waiting.last().map(|event| event.sequence) else {
            return 0;
        };
        let count = waiting.len();
        if self.host.store().takes_events() || self.host.journal().record(waiting).await.is_err() {
            return count;
        }
        account.delivered_through(last);
        0
    }

    /// The events that wait in the account, if the store writes them beside it; it leaves them in the
    /// account and answers none otherwise.
    pub(super) fn events_for_the_store(&self, account: &mut Account) -> Vec<Event> {
        if self.host.store().takes_events() { account.take_outbox() } else { Vec::new() }
    }
}
