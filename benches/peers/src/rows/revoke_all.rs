//! Log out from all devices: ours is one write, tower-sessions deletes one session after the other.
//!
//! tower-sessions has no list of an account's sessions; the host has to keep one. Here it is ready.
//! Its deleting is silent, where ours also tells the journal what happened to every device, and
//! bars the account until the person is re-invited. The floor raises a generation in a map.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Mutex;

use pinlatch::account::{Account, Wanted};
use pinlatch::host::{Host, Key};
use pinlatch_testkit::UNMODIFIED;
use tower_sessions::session::Id;
use tower_sessions::{MemoryStore as TheirStore, SessionStore};

use crate::by_hand::Line;
use crate::fixture::{Fixture, person_id, session_token};
use crate::harness::{Batch, Contestant, Settings, Side, measured};
use crate::host::{Server, server};
use crate::row::{Group, Row};

use super::session::layers::{record, runtime};

/// How many accounts are revoked in turn; each is put back before the clock starts.
const ACCOUNTS: u64 = 64;
/// About how many sessions of the peer's are put back at a time.
const PREPARED: u64 = 4_096;

/// By number of devices: the decision alone, and the command; then more sessions than a record
/// carries devices; then other accounts beside.
pub fn rows(settings: Settings) -> Vec<Row> {
    let counts: &[u64] = if settings.quick { &[1, 3] } else { &[1, 3, 16, 64] };
    let more: &[u64] = match (settings.quick, settings.large) {
        (true, _) => &[100],
        (_, false) => &[100, 10_000],
        (_, true) => &[100, 10_000, 1_000_000],
    };
    let mut rows: Vec<Row> = counts.iter().map(|devices| pure(settings, *devices)).collect();
    for devices in counts {
        let work = format!("revoke-all, {devices} device(s): gate and store in memory");
        rows.push(command(settings, Group::RevokeAll(*devices), &work, *devices, *devices));
    }
    for sessions in more {
        let work = format!("revoke-all, 64 devices, theirs {sessions} sessions");
        rows.push(command(settings, Group::ManySessions, &work, 64, *sessions));
    }
    rows.push(crowded(settings));
    rows
}

/// The pure function and the new record's bytes.
fn pure(settings: Settings, devices: u64) -> Row {
    let fixture = Fixture::new();
    let context = fixture.context();
    let (token, id) = (session_token(1, 0), person_id(1));
    let stored = fixture.account(1, devices).encode().expect("small enough");
    let fresh = || Account::decode(&stored, id).expect("whole");
    let ours = Contestant::consuming(Side::Ours, "pinlatch", fresh, |mut account| {
        account.log_out_everywhere(&token, &context).expect("open");
        account.encode().expect("small enough")
    });
    let work = format!("revoke-all, {devices} device(s): decision and record");
    Row::measure(settings, Group::Decision, work, vec![ours])
}

/// The whole command, against deleting so many sessions.
fn command(settings: Settings, group: Group, work: &str, devices: u64, sessions: u64) -> Row {
    let accounts = stored(devices, 0);
    let writes = accounts.writes_of_one();
    let generations = (0..ACCOUNTS).map(|number| (person_id(number), Line::default()));
    let generations = Mutex::new(generations.collect::<HashMap<_, _>>());
    let mut number = 0;
    let by_hand = Contestant::repeating(Side::Floor, "a generation in a map", move || {
        number = (number + 1) % ACCOUNTS;
        let mut generations = generations.lock().expect("not poisoned");
        let line = generations.get_mut(&person_id(black_box(number))).expect("there");
        line.generation = line.generation.wrapping_add(1);
    });
    let contestants = vec![accounts.revoking(Side::Ours, "pinlatch"), by_hand, deleting(sessions)];
    let mut row = Row::measure(settings, group, work, contestants);
    row.judge("exactly 1 write".into(), format!("{writes}"), writes == 1);
    row
}

/// The same command with other accounts in the store, and without.
fn crowded(settings: Settings) -> Row {
    let others = if settings.quick { 1_000 } else { 100_000 };
    let (crowd, alone) = (stored(1, others), stored(1, 0));
    let name = "pinlatch, no other account";
    let contestants = vec![crowd.revoking(Side::Ours, "pinlatch"), alone.revoking(Side::Peer, name)];
    let work = format!("revoke-all, 1 device, {others} other accounts in the store");
    let mut row = Row::measure(settings, Group::Decision, work, contestants);
    // A fuller map is deeper and its memory colder; what must not be is work for other accounts.
    let value = row.ours().times(row.named(name));
    row.judge("≤ 2 × the time without them".into(), format!("{value:.2} ×"), value <= 2.0);
    row
}

/// Accounts in a store in memory, behind a gate.
struct Accounts<H: Host> {
    server: Server<H>,
    records: Vec<(Key, Vec<u8>)>,
}

/// The accounts that are revoked in turn, with so many devices each, and so many others.
fn stored(devices: u64, others: u64) -> Accounts<impl Host> {
    let fixture = Fixture::new();
    let record = |number: u64, devices| {
        let bytes = fixture.account(number, devices).encode().expect("small enough");
        (Key::account(person_id(number)), bytes)
    };
    let records = (0..ACCOUNTS).map(|number| record(number, devices)).collect();
    let accounts = Accounts { server: server(), records };
    accounts.put_back();
    for number in ACCOUNTS..ACCOUNTS + others {
        let (key, bytes) = record(number, 1);
        accounts.server.store.overwrite(&key, &bytes);
    }
    accounts
}

impl<H: Host> Accounts<H> {
    fn put_back(&self) {
        self.records.iter().for_each(|(key, bytes)| self.server.store.overwrite(key, bytes));
    }

    fn revoking(&self, side: Side, name: &str) -> Contestant<'_> {
        let tokens: Vec<_> = (0..ACCOUNTS).map(|number| session_token(number, 0)).collect();
        Contestant::batches(side, name, move |count| {
            let mut total = Batch::default();
            let mut left = count;
            while left > 0 {
                let chunk = left.min(ACCOUNTS);
                left -= chunk;
                self.put_back();
                total.add(measured(|| {
                    for token in &tokens[..chunk as usize] {
                        self.server.gate.blocking().log_out_everywhere(token, &UNMODIFIED).expect("open");
                    }
                }));
            }
            total
        })
    }

    /// How many writes one revoke-all makes; and afterwards the session is really dead.
    fn writes_of_one(&self) -> u64 {
        let token = session_token(0, 0);
        let gate = self.server.gate.blocking();
        let check = || gate.check(&token, Wanted::session(), &UNMODIFIED);
        assert!(check().is_ok(), "live before");
        let (_, before) = self.server.store.operations();
        gate.log_out_everywhere(&token, &UNMODIFIED).expect("open");
        let (_, after) = self.server.store.operations();
        assert!(check().is_err(), "dead after");
        after - before
    }
}

/// So many sessions of one account, deleted one by one from the peer's store. Several accounts are
/// filled before the clock starts, so that entering the runtime does not count.
fn deleting(sessions: u64) -> Contestant<'static> {
    let runtime = runtime();
    let store = TheirStore::default();
    let accounts = (PREPARED / sessions).clamp(1, ACCOUNTS);
    let id = |number: u64| Id(person_id(number).as_u128() as i128);
    let ids: Vec<Id> = (0..accounts * sessions).map(id).collect();
    Contestant::batches(Side::Peer, "tower-sessions, one delete a session", move |count| {
        let mut total = Batch::default();
        let mut left = count;
        while left > 0 {
            let chunk = left.min(accounts);
            left -= chunk;
            let ids = &ids[..(chunk * sessions) as usize];
            runtime.block_on(async {
                for id in ids {
                    store.save(&record(*id, 1)).await.expect("saved");
                }
            });
            total.add(measured(|| {
                runtime.block_on(async {
                    for id in ids {
                        store.delete(id).await.expect("deleted");
                    }
                });
            }));
        }
        total
    })
}
