//! Waiting events, handed to the journal or written with the record.

use alloc::vec::Vec;

use super::builder::Gate;
use crate::account::{Account, Event};
use crate::host::{Host, Journal, Store};

impl<H: Host> Gate<H> {
    /// Hands the oldest `count` waiting events to the journal. What it does not take stays in the
    /// record; what it takes leaves the record with the next write.
    pub(super) async fn hand_over(&self, account: &mut Account, count: usize) {
        let waiting = account.outbox().get(..count).unwrap_or(account.outbox());
        let Some(last) = waiting.last().map(|event| event.sequence) else {
            return;
        };
        if self.host.journal().record(waiting).await.is_ok() {
            account.delivered_through(last);
        }
    }

    /// The events that the store writes with the record; none, if it does not take any.
    pub(super) fn with_the_record(&self, account: &mut Account) -> Vec<Event> {
        if self.host.store().takes_events() { account.take_outbox() } else { Vec::new() }
    }
}
