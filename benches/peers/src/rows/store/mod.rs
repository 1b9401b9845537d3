//! The full check through a store in memory, of accounts asked for in random order.
//!
//! Ours is the whole gate: directory, load, decode, check. The floor is one cache line a session in
//! a table, and the same hash and policy. Tokens come in as text; the texts of a batch are written
//! before the clock starts, as they would lie in the request that was just read.

mod peers;
mod table;

use pinlatch::account::Wanted;
use pinlatch::host::{BlockingStore, Expect, Host, Key, Swap};
use pinlatch::secret::SessionToken;
use pinlatch_testkit::UNMODIFIED;

use crate::allocations::Counts;
use crate::fixture::{Fixture, Numbers, mix, person_id, session_token};
use crate::harness::{Batch, Contestant, Settings, Side, on_threads};
use crate::host::{Server, server};
use crate::row::{Group, Row};

use super::session::read_salary;

/// A store full of sessions, one for each account.
trait Sessions: Sync {
    /// Whether the session of that token may go on.
    fn check(&self, token: &str, account: u64) -> bool;

    /// Checks many, each of which may.
    fn check_all(&self, asked: &[(u64, String)]) {
        for (account, token) in asked {
            assert!(self.check(token, *account));
        }
    }

    /// The token of an account, as it comes in.
    fn token(&self, account: u64) -> String {
        session_token(account, 0).expose().to_owned()
    }
}

/// The most accounts with which the large peers are still measured: some 1.4 kB for each session
/// of tower-sessions alone.
const MOST_FOR_ALL: u64 = 1_000_000;

/// Two rows, one and two threads, for each number of accounts.
pub fn rows(settings: Settings) -> Vec<Row> {
    let mut sizes = vec![1_000, 10_000];
    if !settings.quick {
        sizes.extend([100_000, 1_000_000]);
    }
    if settings.large {
        sizes.push(10_000_000);
    }
    sizes.into_iter().flat_map(|accounts| rows_of(settings, accounts)).collect()
}

/// A store under its name, and how many bytes it holds for each account.
struct Filled {
    side: Side,
    name: String,
    sessions: Box<dyn Sessions>,
    bytes: f64,
}

impl Filled {
    fn with<S: Sessions + 'static>(
        side: Side,
        name: &str,
        accounts: u64,
        fill: impl FnOnce(u64) -> S,
    ) -> Self {
        let before = Counts::now();
        let sessions: Box<dyn Sessions> = Box::new(fill(accounts));
        let bytes = Counts::now().since(before).resident as f64 / accounts as f64;
        for account in [0, accounts / 2, accounts - 1] {
            assert!(sessions.check(&sessions.token(account), account), "{name} lets its own token in");
        }
        let strange = sessions.token(accounts + 1);
        assert!(!sessions.check(&strange, accounts + 1), "{name} refuses a token of nobody");
        Self { side, name: name.into(), sessions, bytes }
    }
}

fn rows_of(settings: Settings, accounts: u64) -> Vec<Row> {
    eprintln!("  filling stores with {accounts} accounts");
    let mut stores = vec![
        Filled::with(Side::Ours, "pinlatch", accounts, ours),
        Filled::with(Side::Floor, "one cache line a session", accounts, table::Table::filled),
        Filled::with(Side::Peer, "sharded hash map", accounts, peers::Sharded::filled),
    ];
    if accounts <= MOST_FOR_ALL {
        stores.push(Filled::with(Side::Peer, "moka", accounts, peers::Moka::filled));
        let theirs = peers::TowerSessions::filled;
        stores.push(Filled::with(Side::Peer, "tower-sessions, store load", accounts, theirs));
    }
    let contest = |threads: usize| {
        let contestants = stores.iter().map(|store| contestant(store, accounts, threads)).collect::<Vec<_>>();
        let work = format!("full check, {accounts} accounts, {threads} thread(s)");
        Row::measure(settings, Group::Store(accounts, threads as u64), work, contestants)
    };
    let (mut one, mut two) = (contest(1), contest(2));
    if accounts >= MOST_FOR_ALL {
        one.at_most_floors(2.0);
        let gain = one.ours().nanoseconds() / two.ours().nanoseconds();
        two.judge("2 threads ≥ 1.8 × one".into(), format!("{gain:.2} ×"), gain >= 1.8);
        let ours = stores[0].bytes;
        one.judge("≤ 400 bytes an account".into(), format!("{ours:.0}"), ours <= 400.0);
    }
    vec![one, two]
}

/// Batches on so many threads, each with accounts of its own choice.
fn contestant(store: &Filled, accounts: u64, threads: usize) -> Contestant<'_> {
    let mut numbers = Numbers(mix(accounts));
    let sessions = &*store.sessions;
    let contestant = Contestant::batches(store.side, &store.name, move |count| {
        let share = count.div_ceil(threads as u64);
        let mut asked: Vec<Vec<(u64, String)>> = Vec::new();
        for _ in 0..threads {
            let mut one = || {
                let account = numbers.below(accounts);
                (account, sessions.token(account))
            };
            asked.push((0..share).map(|_| one()).collect());
        }
        let batch = on_threads(threads, |thread| sessions.check_all(&asked[thread]));
        // Rounded up: scaled back to the count that was asked for.
        let scale = count as f64 / (share * threads as u64) as f64;
        Batch { elapsed: batch.elapsed.mul_f64(scale), allocated: batch.allocated }
    });
    if threads == 1 { contestant.holding(store.bytes) } else { contestant }
}

/// The gate, and the store behind it.
struct Ours<H: Host>(Server<H>);

fn ours(accounts: u64) -> Ours<impl Host> {
    let (server, fixture) = (server(), Fixture::new());
    for number in 0..accounts {
        let bytes = fixture.account(number, 1).encode().expect("small enough");
        let key = Key::account(person_id(number));
        let Ok(swapped) = server.store.compare_and_swap(&key, Expect::Absent, bytes, &[]);
        assert!(matches!(swapped, Swap::Applied(_)), "a new key");
    }
    Ours(server)
}

impl<H: Host> Sessions for Ours<H> {
    fn check(&self, token: &str, account: u64) -> bool {
        let request = read_salary(account);
        let Ok(token) = SessionToken::parse(token) else { return false };
        let gate = self.0.gate.blocking();
        gate.check(&token, Wanted::function(&request), &UNMODIFIED).is_ok()
    }
}
