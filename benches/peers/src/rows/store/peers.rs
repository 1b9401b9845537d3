//! What one would keep sessions in instead: a sharded map of one's own, moka, tower-sessions.
//!
//! The map and moka hold a record of an own making, and the floor's check follows. The store of
//! tower-sessions is asked as its layer asks it, on a runtime of each thread's own.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use moka::sync::Cache;
use serde::Deserialize;
use tower_sessions::session::Id;
use tower_sessions::{MemoryStore, SessionStore};

use crate::by_hand::{Line, Now};
use crate::fixture::{person_id, session_token};

use super::super::session::layers::{SIGNED_IN, SignedIn, now, record, runtime};
use super::Sessions;

const SHARDS: u128 = 64;
const BEGUN: u64 = 1_000;

/// A session as one would write it down: what the check needs and what a page "my devices" shows.
#[derive(Clone)]
struct Session {
    line: Line,
    label: String,
}

fn session(account: u64) -> Session {
    let line = Line::open(account, session_token(account, 0).expose(), BEGUN);
    Session { line, label: "Anna's phone".into() }
}

/// Sixty-four maps, each behind a lock.
pub(super) struct Sharded {
    shards: Vec<RwLock<HashMap<u128, Session>>>,
    now: Now,
}

impl Sharded {
    pub(super) fn filled(accounts: u64) -> Self {
        let shards: Vec<_> = (0..SHARDS).map(|_| RwLock::new(HashMap::new())).collect();
        for account in 0..accounts {
            let id = person_id(account).as_u128();
            let mut shard = shards[(id % SHARDS) as usize].write().expect("not poisoned");
            shard.insert(id, session(account));
        }
        Self { shards, now: Now::shortly_after(BEGUN) }
    }
}

impl Sessions for Sharded {
    fn check(&self, token: &str, account: u64) -> bool {
        let id = person_id(account).as_u128();
        let shard = self.shards[(id % SHARDS) as usize].read().expect("not poisoned");
        shard
            .get(&id)
            .is_some_and(|session| !session.label.is_empty() && session.line.check(token, &self.now))
    }
}

/// moka with room for everybody; values behind an `Arc`, as its documentation advises.
pub(super) struct Moka {
    cache: Cache<u128, Arc<Session>>,
    now: Now,
}

impl Moka {
    pub(super) fn filled(accounts: u64) -> Self {
        let cache = Cache::new(2 * accounts);
        for account in 0..accounts {
            cache.insert(person_id(account).as_u128(), Arc::new(session(account)));
        }
        cache.run_pending_tasks();
        Self { cache, now: Now::shortly_after(BEGUN) }
    }
}

impl Sessions for Moka {
    fn check(&self, token: &str, account: u64) -> bool {
        let found = self.cache.get(&person_id(account).as_u128());
        found.is_some_and(|session| session.line.check(token, &self.now))
    }
}

/// tower-sessions' store in memory.
pub(super) struct TowerSessions(MemoryStore);

impl TowerSessions {
    pub(super) fn filled(accounts: u64) -> Self {
        let store = MemoryStore::default();
        runtime().block_on(async {
            for account in 0..accounts {
                store.save(&record(id(account), account)).await.expect("saved");
            }
        });
        Self(store)
    }
}

fn id(account: u64) -> Id {
    Id(person_id(account).as_u128() as i128)
}

impl TowerSessions {
    async fn load(&self, token: &str) -> bool {
        let Ok(id) = token.parse::<Id>() else { return false };
        let loaded = self.0.load(&id).await.expect("asked");
        let signed_in = loaded.map(|record| SignedIn::deserialize(&record.data[SIGNED_IN]).expect("whole"));
        signed_in.is_some_and(|signed_in| signed_in.admits(&now()))
    }
}

impl Sessions for TowerSessions {
    fn check(&self, token: &str, _: u64) -> bool {
        runtime().block_on(self.load(token))
    }

    fn check_all(&self, asked: &[(u64, String)]) {
        runtime().block_on(async {
            for (_, token) in asked {
                assert!(self.load(token).await);
            }
        });
    }

    fn token(&self, account: u64) -> String {
        id(account).to_string()
    }
}
