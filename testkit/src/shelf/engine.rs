//! A small database in memory, sound but for one bug: rows that remember what they were before,
//! what a crash leaves of them, and when they were used.

use std::collections::BTreeMap;

use super::super::spans::{days, hours, millis};
use super::bug::Bug;
use super::values;
use super::versions;
use pinlatch::account::Event;
use pinlatch::time::Timestamp;

const ROOM: usize = 256;

/// Bytes and their version.
#[derive(Clone)]
pub(super) struct Cell {
    pub(super) bytes: Vec<u8>,
    pub(super) version: u64,
}

struct Row {
    now: Cell,
    /// One write ago.
    before: Option<Cell>,
    /// After a crash.
    durable: Option<Cell>,
    written_at: Timestamp,
    used: u64,
}

/// What goes wrong with the next swap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    RequestLost,
    ReplyLost,
    StopsHalfWay,
}

/// All handles' records.
pub(super) struct Engine {
    bug: Option<Bug>,
    rows: BTreeMap<String, Row>,
    last_version: u64,
    uses: u64,
    clock: Timestamp,
    stands_still: bool,
    pub(super) down: bool,
    pub(super) fault: Option<Fault>,
    /// How long a gap between comparing and writing stays open for others.
    pub(super) gap_spins: u32,
    in_the_gap: u32,
    met_in_the_gap: u64,
    events: Vec<Event>,
}

impl Engine {
    pub(super) const fn new(bug: Option<Bug>) -> Self {
        Self {
            bug,
            rows: BTreeMap::new(),
            last_version: 0,
            uses: 0,
            // 2026-11-22T12:00:00Z
            clock: Timestamp::from_unix_seconds(1_795_348_800),
            stands_still: false,
            down: false,
            fault: None,
            gap_spins: 0,
            in_the_gap: 0,
            met_in_the_gap: 0,
            events: Vec::new(),
        }
    }

    /// Goes into the gap; whether somebody was in it.
    pub(super) fn enter_gap(&mut self) -> bool {
        let company = self.in_the_gap > 0;
        self.in_the_gap = self.in_the_gap.saturating_add(1);
        self.met_in_the_gap = self.met_in_the_gap.saturating_add(company.into());
        company
    }

    pub(super) const fn leave_gap(&mut self) {
        self.in_the_gap = self.in_the_gap.saturating_sub(1);
    }

    /// How often two have met in the gap.
    pub(super) const fn met_in_gap(&self) -> u64 {
        self.met_in_the_gap
    }

    /// What is under a name.
    pub(super) fn now(&mut self, name: &str) -> Option<Cell> {
        self.uses = self.uses.saturating_add(1);
        let row = self.rows.get_mut(name)?;
        row.used = self.uses;
        Some(row.now.clone())
    }

    /// What was under it one write ago.
    pub(super) fn before(&self, name: &str) -> Option<Cell> {
        self.rows.get(name)?.before.clone()
    }

    pub(super) fn version(&self, name: &str) -> Option<u64> {
        self.rows.get(name).map(|row| row.now.version)
    }

    pub(super) const fn last_version(&self) -> u64 {
        self.last_version
    }

    /// The version of the next write.
    pub(super) fn next_version(&mut self, name: &str, bytes: &[u8]) -> u64 {
        if !self.stands_still {
            self.clock = self.clock.plus(millis(1));
        }
        self.last_version = self.last_version.saturating_add(1);
        match self.bug {
            Some(Bug::RestartsAfterDelete) => self.version(name).unwrap_or(0).saturating_add(1),
            Some(Bug::HighestPlusOne) => {
                let highest = self.rows.values().map(|row| row.now.version).max();
                highest.unwrap_or(0).saturating_add(1)
            }
            Some(Bug::CoarseClock) => self.clock.as_unix_millis() / 1_000,
            Some(Bug::FineClock) => self.clock.as_unix_millis(),
            Some(Bug::HashOfBytes) => versions::hash(bytes),
            bug => versions::as_kept(bug, self.last_version),
        }
    }

    /// Whether versions come from the counter, so that it can be set.
    pub(super) const fn counts(&self) -> bool {
        !matches!(
            self.bug,
            Some(
                Bug::RestartsAfterDelete
                    | Bug::HighestPlusOne
                    | Bug::CoarseClock
                    | Bug::FineClock
                    | Bug::HashOfBytes
            )
        )
    }

    pub(super) fn set_next_version(&mut self, number: u64) {
        self.last_version = self.last_version.max(number.saturating_sub(1));
    }

    pub(super) fn put(&mut self, name: &str, bytes: Vec<u8>, version: u64) {
        self.uses = self.uses.saturating_add(1);
        let now = Cell { bytes, version };
        let before = self.rows.get(name).map(|row| row.now.clone());
        let durable = if self.bug == Some(Bug::LastWriteLost) { before.clone() } else { Some(now.clone()) };
        let row = Row { now, before, durable, written_at: self.clock, used: self.uses };
        self.rows.insert(name.into(), row);
        if self.bug == Some(Bug::Evicts) && self.rows.len() > ROOM {
            self.evict();
        }
    }

    /// The events of a write, whether or not it was applied.
    pub(super) fn take_events(&mut self, events: &[Event], is_applied: bool) {
        let takes = match self.bug {
            Some(Bug::EventsDropped) => false,
            Some(Bug::EventsOfRefusalKept) => true,
            _ => is_applied,
        };
        for event in events.iter().filter(|_| takes) {
            let is_known = self.events.iter().any(|known| known.id == event.id);
            if !is_known || self.bug == Some(Bug::EventsTwice) {
                self.events.push(*event);
            }
        }
    }

    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    fn evict(&mut self) {
        let oldest = self.rows.iter().min_by_key(|(_, row)| row.used).map(|(name, _)| name.clone());
        if let Some(name) = oldest {
            self.rows.remove(&name);
        }
    }

    /// What a refused write leaves behind, which is nothing in a sound store.
    pub(super) fn refuse(&mut self, name: &str, bytes: Vec<u8>) {
        match self.bug {
            Some(Bug::RefusalRaisesVersion) => {
                let raised = self.next_version(name, &bytes);
                self.change(name, |now| now.version = raised);
            }
            Some(Bug::RefusalIsKept) => self.change(name, |now| now.bytes = bytes),
            _ => {}
        }
    }

    /// What a write leaves behind that stopped half-way, which is nothing in a sound store.
    pub(super) fn stop_half_way(&mut self, name: &str, bytes: Vec<u8>) {
        let version = self.next_version(name, &bytes);
        match self.bug {
            Some(Bug::BytesBeforeVersion) => self.change(name, |now| now.bytes = bytes),
            Some(Bug::VersionBeforeBytes) => self.change(name, |now| now.version = version),
            Some(Bug::PartialWrite) => self.change(name, |now| {
                now.bytes = values::first_chunk(&bytes, &now.bytes);
                now.version = version;
            }),
            _ => {}
        }
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Cell)) {
        if let Some(row) = self.rows.get_mut(name) {
            change(&mut row.now);
            row.durable = Some(row.now.clone());
        }
    }

    pub(super) fn delete(&mut self, name: &str) -> bool {
        self.rows.remove(name).is_some()
    }

    pub(super) fn crash(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let survived = rows.into_iter().filter_map(|(name, row)| {
            let now = row.durable.clone()?;
            Some((name, Row { now, before: None, ..row }))
        });
        self.rows = survived.collect();
        self.fault = None;
        if self.bug == Some(Bug::RestartsAtReopen) {
            self.last_version = 0;
        }
    }

    /// The clock stands at `now`, and the clean-up has run.
    pub(super) fn set_clock(&mut self, now: Timestamp) {
        self.clock = now;
        self.stands_still = true;
        let lifetime = match self.bug {
            Some(Bug::Expires) => days(30),
            Some(Bug::CollectedEarly) => hours(1),
            _ => return,
        };
        self.rows.retain(|_, row| now.since(row.written_at) < lifetime);
    }
}
