//! The audit trail of one person: transitions, refusals, and what administrators changed, as entries of one list.
//!
//! A stream says after each batch how far it is, by a [`Cursor`]: how many entries of each kind have been sent, and a
//! fingerprint of them. Whoever comes back with it gets what has been added, once; if the entries before it are no longer
//! those (old refusals were removed, or a restored backup tells another story), the list begins anew.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, Note};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::time::Timestamp;
use pinlatch_stores::JournalledRefusal;
use pinlatch_stores::any::{AnyError, AnyStore};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::record::{Names, named, short};
use crate::shown;
use crate::town::COMPANIES;

/// So many entries are sent to whoever comes for the first time: the newest.
const FIRST_BATCH: usize = 500;

/// What happened, as the page shows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(skip)]
    key: u64,
    #[serde(skip)]
    at: Option<Timestamp>,
    time: String,
    what: String,
    cause: String,
    device: String,
    address: String,
    is_refusal: bool,
}

/// What was added, to be sent at once.
#[derive(Debug, Serialize)]
pub(super) struct Batch {
    /// Whether what is shown already goes.
    anew: bool,
    /// So many are not sent, since they are older.
    earlier: usize,
    entries: Vec<Entry>,
}

/// How far a stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    sent: [usize; 3],
    fingerprint: u64,
}

/// What a stream has sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    keys: HashSet<u64>,
    has_begun: bool,
}

/// A person's entries by kind, each in the order in which they came.
#[derive(Debug)]
pub(super) struct Trail([Vec<Entry>; 3]);

impl Trail {
    pub(super) async fn load(store: &AnyStore, person: PersonId, names: &Names) -> Result<Self, AnyError> {
        let (events, refusals, changes) =
            (store.events(person).await?, store.refusals(person).await?, store.changes(person).await?);
        let events = events.iter().map(|event| Entry::of_event(event, names));
        let refusals = refusals.iter().map(Entry::of_refusal);
        let changes = changes.iter().map(|entry| Entry::of_change(entry, names));
        Ok(Self([keyed(b'e', events), keyed(b'r', refusals), keyed(b'c', changes)]))
    }

    fn cursor(&self) -> Cursor {
        let Self(kinds) = self;
        let sent = [0, 1, 2].map(|kind| kinds.get(kind).map_or(0, Vec::len));
        Cursor { sent, fingerprint: fingerprint(kinds.iter().flatten()) }
    }

    /// What a stream that has come back has sent before: nothing, if the entries are no longer those.
    pub(super) fn sent_before(&self, cursor: Cursor) -> Sent {
        let before = || self.0.iter().zip(cursor.sent).flat_map(|(entries, sent)| entries.iter().take(sent));
        let is_there = before().count() == cursor.sent.iter().sum::<usize>();
        if is_there && fingerprint(before()) == cursor.fingerprint {
            Sent { keys: before().map(|entry| entry.key).collect(), has_begun: true }
        } else {
            Sent::default()
        }
    }

    /// What `sent` lacks, and how far the stream is with it; nothing if it lacks nothing.
    pub(super) fn added(&self, sent: &mut Sent) -> Option<(Batch, Cursor)> {
        let mut entries: Vec<Entry> =
            self.0.iter().flatten().filter(|entry| !sent.keys.contains(&entry.key)).cloned().collect();
        // What was sent and is no longer there: the list begins anew.
        let all: usize = self.0.iter().map(Vec::len).sum();
        let anew = !sent.has_begun || sent.keys.len().saturating_add(entries.len()) != all;
        if anew {
            entries = self.0.iter().flatten().cloned().collect();
        } else if entries.is_empty() {
            return None;
        }
        *sent = Sent { keys: self.0.iter().flatten().map(|entry| entry.key).collect(), has_begun: true };
        // Stable: what happened in one millisecond stays in its order.
        entries.sort_by_key(|entry| entry.at);
        let earlier = if anew { entries.len().saturating_sub(FIRST_BATCH) } else { 0 };
        Some((Batch { anew, earlier, entries: entries.split_off(earlier) }, self.cursor()))
    }
}

/// Gives each entry a key of its own: of two that say the same, each has another.
fn keyed(kind: u8, entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let with_key = |entry: Entry| {
        let said = key(&[&[kind], &serde_json::to_vec(&entry).unwrap_or_default()]);
        let times = seen.entry(said).and_modify(|times| *times = times.saturating_add(1)).or_default();
        Entry { key: key(&[&said.to_be_bytes(), &times.to_be_bytes()]), ..entry }
    };
    entries.map(with_key).collect()
}

fn key(parts: &[&[u8]]) -> u64 {
    let digest = parts.iter().fold(Sha256::new(), sha2::Digest::chain_update).finalize();
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// The same for the same entries, in whatever order they came.
fn fingerprint<'e>(entries: impl Iterator<Item = &'e Entry>) -> u64 {
    entries.fold(0, |fingerprint, entry| fingerprint ^ entry.key)
}

impl Entry {
    fn new(
        at: Option<Timestamp>,
        (what, cause): (String, String),
        device: Option<DeviceId>,
        note: Option<Note>,
    ) -> Self {
        Self {
            key: 0,
            at,
            time: at.map_or_else(|| "no clock".to_owned(), shown::second),
            what,
            cause,
            device: device.map(short).unwrap_or_default(),
            address: note.as_ref().map(|note| note.as_str().to_owned()).unwrap_or_default(),
            is_refusal: false,
        }
    }

    fn of_event(event: &Event, names: &Names) -> Self {
        let said = said(serde_json::to_value(event.change).unwrap_or_default(), names);
        Self::new(event.at, said, event.device, event.note)
    }

    fn of_refusal(refused: &JournalledRefusal) -> Self {
        let what = format!("refused: {}", refused.command);
        Self {
            is_refusal: true,
            ..Self::new(refused.at, (what, refused.refusal.audit().to_string()), None, refused.note)
        }
    }

    fn of_change(entry: &PeopleEntry, names: &Names) -> Self {
        let (what, mut cause) = said(serde_json::to_value(&entry.event.change).unwrap_or_default(), names);
        if !cause.is_empty() {
            cause.push_str("; ");
        }
        let by = entry.event.by.map_or_else(|| "the host".to_owned(), |by| named(by, names));
        cause.push_str("by ");
        cause.push_str(&by);
        Self::new(entry.at, (what, cause), None, None)
    }
}

/// A change as it is serialized, in words: its name, and what it holds.
fn said(change: Value, names: &Names) -> (String, String) {
    match change {
        Value::Object(fields) if fields.len() == 1 => {
            let (name, held) = fields.into_iter().next().unwrap_or_default();
            (name, in_words(&held, names))
        }
        Value::String(name) => (name, String::new()),
        other => (other.to_string(), String::new()),
    }
}

fn in_words(value: &Value, names: &Names) -> String {
    match value {
        // A person, or another id: by its end.
        Value::String(text) => text.parse().map_or_else(|_| text.clone(), |id| named(id, names)),
        Value::Bool(so) => if *so { "yes" } else { "no" }.to_owned(),
        Value::Array(values) => {
            values.iter().map(|value| in_words(value, names)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let company = value.as_str().filter(|_| name == "company").and_then(company);
                let value = company.map_or_else(|| in_words(value, names), str::to_owned);
                format!("{} {value}", name.replace('_', " "))
            };
            fields.iter().map(field).collect::<Vec<_>>().join(", ")
        }
        Value::Null => "none".to_owned(),
        Value::Number(number) => number.to_string(),
    }
}

fn company(id: &str) -> Option<&'static str> {
    let id = id.parse().ok()?;
    COMPANIES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [events, refusals, changes] = self.sent;
        write!(f, "{events}.{refusals}.{changes}.{:016x}", self.fingerprint)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut count = || parts.next().and_then(|part| part.parse().ok()).ok_or(());
        let sent = [count()?, count()?, count()?];
        let fingerprint = parts.next().and_then(|part| u64::from_str_radix(part, 16).ok()).ok_or(())?;
        Ok(Self { sent, fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Entry, FIRST_BATCH, Sent, Timestamp, Trail, keyed};

    fn entry(at: u64, what: &str) -> Entry {
        let at = Some(Timestamp::from_unix_millis(at));
        Entry::new(at, (what.to_owned(), String::new()), None, None)
    }

    fn trail(events: &[(u64, &str)], refusals: &[(u64, &str)]) -> Trail {
        let of = |entries: &[(u64, &str)]| {
            entries.iter().map(|(at, what)| entry(*at, what)).collect::<Vec<_>>().into_iter()
        };
        Trail([keyed(b'e', of(events)), keyed(b'r', of(refusals)), Vec::new()])
    }

    fn whats(trail: &Trail, sent: &mut Sent) -> Option<(bool, Vec<String>)> {
        let (batch, _) = trail.added(sent)?;
        Some((batch.anew, batch.entries.into_iter().map(|entry| entry.what).collect()))
    }

    fn owned(whats: &[&str]) -> Vec<String> {
        whats.iter().map(|&what| what.to_owned()).collect()
    }

    #[test]
    fn entries_of_all_kinds_come_in_the_order_of_their_time() {
        let trail = trail(&[(1, "one"), (3, "three")], &[(2, "two"), (4, "four")]);
        let all = whats(&trail, &mut Sent::default());
        assert_eq!(all, Some((true, owned(&["one", "two", "three", "four"]))));
    }

    #[test]
    fn what_was_added_is_sent_once_though_two_entries_say_the_same() {
        let mut sent = Sent::default();
        assert_eq!(whats(&trail(&[(1, "one")], &[]), &mut sent), Some((true, owned(&["one"]))));
        assert_eq!(whats(&trail(&[(1, "one")], &[]), &mut sent), None);
        let more = trail(&[(1, "one"), (1, "one")], &[(1, "one")]);
        assert_eq!(whats(&more, &mut sent), Some((false, owned(&["one", "one"]))));
        assert_eq!(whats(&more, &mut sent), None);
    }

    #[test]
    fn a_list_that_has_lost_entries_begins_anew() {
        let mut sent = Sent::default();
        assert!(trail(&[(1, "one")], &[(2, "two")]).added(&mut sent).is_some());
        assert_eq!(whats(&trail(&[(1, "one")], &[]), &mut sent), Some((true, owned(&["one"]))));
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_and_no_other_trail_takes_it() {
        let before = trail(&[(1, "one")], &[(2, "two")]);
        let added = before.added(&mut Sent::default());
        assert!(added.is_some());
        let Some((_, cursor)) = added else { return };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let later = trail(&[(1, "one"), (3, "three")], &[(2, "two")]);
        assert_eq!(whats(&later, &mut later.sent_before(cursor)), Some((false, owned(&["three"]))));
        // A restored backup tells another story of the same length; old refusals are removed.
        for other in [trail(&[(1, "other")], &[(2, "two")]), trail(&[(1, "one"), (3, "three")], &[])] {
            assert!(whats(&other, &mut other.sent_before(cursor)).is_some_and(|(anew, _)| anew));
        }
    }

    #[test]
    fn what_is_no_cursor_is_none() {
        for text in ["", "1.2.3", "1.2.x.0", "nonsense", "-1.0.0.0", "1.2.3.zz"] {
            assert_eq!(text.parse::<Cursor>(), Err(()), "{text}");
        }
    }

    #[test]
    fn of_a_long_trail_the_newest_are_sent_and_the_others_counted() {
        let many: Vec<(u64, &str)> =
            (0..).zip(std::iter::repeat_n("entry", FIRST_BATCH.saturating_add(3))).collect();
        let long = trail(&many, &[]);
        let mut sent = Sent::default();
        let added = long.added(&mut sent);
        assert!(added.is_some());
        let Some((batch, _)) = added else { return };
        assert_eq!((batch.earlier, batch.entries.len()), (3, FIRST_BATCH));
        assert_eq!(batch.entries.first().and_then(|entry| entry.at), Some(Timestamp::from_unix_millis(3)));
        assert!(long.added(&mut sent).is_none(), "the older ones count as sent");
    }
}
