//! The floor: a table of cache lines, one for each session, found by the person's id.

use std::sync::Mutex;

use crate::by_hand::{Line, Now};
use crate::fixture::{mix, session_token};

use super::Sessions;

/// How many parts have a lock of their own.
const SHARDS: usize = 64;
const BEGUN: u64 = 1_000;

/// A part with its lock: open addressing, at most half full.
#[repr(align(128))]
struct Shard(Mutex<Box<[Line]>>);

/// The table.
pub(super) struct Table {
    shards: Vec<Shard>,
    mask: u64,
    now: Now,
}

impl Table {
    pub(super) fn filled(accounts: u64) -> Self {
        // Half full on average; a shard that drew more than its share must not fill up.
        let each = (16 + 2 * accounts.div_ceil(SHARDS as u64)).next_power_of_two();
        let empty = || vec![Line::default(); each as usize].into_boxed_slice();
        let shards = (0..SHARDS).map(|_| Shard(Mutex::new(empty()))).collect();
        let table = Self { shards, mask: each - 1, now: Now::shortly_after(BEGUN) };
        for account in 0..accounts {
            let line = Line::open(key(account), session_token(account, 0).expose(), BEGUN);
            let (shard, mut at) = table.place(line.person);
            let mut lines = shard.0.lock().expect("not poisoned");
            while lines[at].person != 0 {
                at = (at + 1) & table.mask as usize;
            }
            lines[at] = line;
        }
        table
    }

    fn place(&self, key: u64) -> (&Shard, usize) {
        (&self.shards[key as usize % SHARDS], ((key >> 16) & self.mask) as usize)
    }
}

/// Half of a person's id, which is random enough; never zero.
fn key(account: u64) -> u64 {
    mix(account) | 1 << 63
}

impl Sessions for Table {
    fn check(&self, token: &str, account: u64) -> bool {
        let key = key(account);
        let (shard, mut at) = self.place(key);
        let line = {
            let lines = shard.0.lock().expect("not poisoned");
            loop {
                match lines[at].person {
                    0 => return false,
                    person if person == key => break lines[at],
                    _ => at = (at + 1) & self.mask as usize,
                }
            }
        };
        line.check(token, &self.now)
    }
}
