//! A deliberately stale write, tried before a store is given out: engines and proxies that ignore a
//! precondition exist, and every promise of the crate stands on it.

use std::time::{Duration, Instant};

use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch::id::PersonId;

/// What a store did that it must not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untrustworthy {
    /// A write that expected an older version was accepted.
    #[error("it accepted a write that expected an older version")]
    AcceptsStaleWrites,
    /// A write that expected no record was accepted although there was one.
    #[error("it accepted a write that expected no record, where there was one")]
    Overwrites,
    /// What was written and answered as applied was not read back.
    #[error("it did not give back what it had answered as written")]
    Forgets,
    /// A write that expected what had just been read was refused, each time.
    #[error("it refused writes that expected what it had just given back")]
    RefusesWrites,
}

/// Why a probe did not pass.
#[derive(Debug)]
pub(crate) enum Failed<E> {
    /// The store could not be asked.
    Store(E),
    /// It was asked, and did what it must not do.
    Found(Untrustworthy),
    /// Whether a write was applied was not answered, each time: nothing is known against it.
    Unanswered,
}

impl<E> From<Untrustworthy> for Failed<E> {
    fn from(found: Untrustworthy) -> Self {
        Self::Found(found)
    }
}

/// A key that is nobody's: the caller draws it anew for each probe, and removes its record afterwards.
pub(crate) fn key(drawn: u128) -> Key {
    Key::person(PersonId::from_bytes(drawn.to_be_bytes()))
}

/// How often it is tried until every write is answered: a reply that was cut is nothing against a store.
const TRIES: usize = 3;

/// Writes a record twice, then once more expecting the first version, then expecting none: both must conflict. Tried anew
/// while the patience lasts, so that a server that is silent keeps nobody waiting much longer than that.
pub(crate) async fn stale_write<S: Store>(
    store: &S,
    key: &Key,
    patience: Duration,
) -> Result<(), Failed<S::Error>> {
    let (start, mut is_answered) = (Instant::now(), true);
    for number in 0..TRIES {
        if number > 0 && start.elapsed() >= patience {
            break;
        }
        match tried(store, key).await {
            Err(Failed::Unanswered) => is_answered = false,
            Err(Failed::Found(Untrustworthy::RefusesWrites)) => {}
            tried => return tried,
        }
    }
    // What a write without an answer got in before is refused, too, and rightly.
    if is_answered { Err(Untrustworthy::RefusesWrites.into()) } else { Err(Failed::Unanswered) }
}

const SECOND: &[u8] = b"second";
const STALE: &[u8] = b"stale";
const NEW: &[u8] = b"new";

async fn tried<S: Store>(store: &S, key: &Key) -> Result<(), Failed<S::Error>> {
    let write = async |expect, bytes: &[u8]| {
        store.compare_and_swap(key, expect, bytes.to_vec(), &[]).await.map_err(Failed::Store)
    };
    let load = async || store.load(key).await.map_err(Failed::Store);
    let applied = |swap| match swap {
        Swap::Applied(version) => Ok(version),
        Swap::Conflict => Err(Failed::Found(Untrustworthy::RefusesWrites)),
        Swap::Unknown => Err(Failed::Unanswered),
    };
    let before = match load().await? {
        None => Expect::Absent,
        // Left by an attempt before this, without an answer: both had been refused by any honest store.
        Some(found) if found.bytes == STALE => return Err(Untrustworthy::AcceptsStaleWrites.into()),
        Some(found) if found.bytes == NEW => return Err(Untrustworthy::Overwrites.into()),
        Some(found) => Expect::At(found.version),
    };
    let first = applied(write(before, b"first").await?)?;
    let second = applied(write(Expect::At(first), SECOND).await?)?;
    let stale = write(Expect::At(first), STALE).await?;
    if let Swap::Applied(_) = stale {
        return Err(Untrustworthy::AcceptsStaleWrites.into());
    }
    let new = write(Expect::Absent, NEW).await?;
    if let Swap::Applied(_) = new {
        return Err(Untrustworthy::Overwrites.into());
    }
    match load().await? {
        Some(found) if found.bytes == STALE => Err(Untrustworthy::AcceptsStaleWrites.into()),
        Some(found) if found.bytes == NEW => Err(Untrustworthy::Overwrites.into()),
        _ if [stale, new].contains(&Swap::Unknown) => Err(Failed::Unanswered),
        Some(found) if found.bytes == SECOND && found.version == second => Ok(()),
        _ => Err(Untrustworthy::Forgets.into()),
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test may")]
mod tests {
    use std::iter;

    use pinlatch::host::Blocking;
    use pinlatch_testkit::MemoryStore;
    use pinlatch_testkit::conformance::Fixture;
    use pinlatch_testkit::faults::{Fault, FaultyStore, Rates};
    use pinlatch_testkit::shelf::{Bug, Shelf};

    use super::*;

    async fn probed<S: Store>(store: &S) -> Option<Untrustworthy> {
        match stale_write(store, &key(7), LONG).await {
            Ok(()) => None,
            Err(Failed::Found(found)) => Some(found),
            Err(Failed::Store(error)) => panic!("{error}"),
            Err(Failed::Unanswered) => panic!("not answered"),
        }
    }

    #[tokio::test]
    async fn a_strict_store_passes() {
        assert_eq!(probed(&Blocking(MemoryStore::new())).await, None);
    }

    #[tokio::test]
    async fn a_store_that_ignores_a_precondition_is_found_out() {
        for (bug, found) in [
            (Bug::NoVersionCheck, Untrustworthy::AcceptsStaleWrites),
            (Bug::CreateOverwrites, Untrustworthy::Overwrites),
        ] {
            assert_eq!(probed(&Shelf::with(bug).fresh().await).await, Some(found), "{bug:?}");
        }
    }
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_reply_that_is_cut_is_nothing_against_a_store() {
        for fault in [Fault::ReplyLost, Fault::RequestLost, Fault::Late(1), Fault::Late(3)] {
            for write in 1..=4 {
                let cut = || iter::repeat_n(Fault::Honest, write).chain([fault]);
                let store = FaultyStore::script(Blocking(MemoryStore::new()), cut());
                assert_eq!(probed(&store).await, None, "{fault:?} of write {write}");
                assert_eq!(store.injected().total(), 1, "{fault:?} of write {write}");
            }
        }
        let writes = iter::repeat_n([Fault::Honest, Fault::RequestLost], TRIES).flatten();
        let store = FaultyStore::script(Blocking(MemoryStore::new()), writes);
        assert!(matches!(stale_write(&store, &key(7), LONG).await, Err(Failed::Unanswered)));
    }

    /// Somebody before the store who sends again what was not answered, without what it expected.
    #[tokio::test]
    async fn what_got_in_without_an_answer_is_found_out() {
        for (bug, write, found) in [
            (Bug::NoVersionCheck, 3, Untrustworthy::AcceptsStaleWrites),
            (Bug::CreateOverwrites, 4, Untrustworthy::Overwrites),
        ] {
            let cut = iter::repeat_n(Fault::Honest, write).chain([Fault::ReplyLost]);
            let store = FaultyStore::script(Shelf::with(bug).fresh().await, cut);
            assert_eq!(probed(&store).await, Some(found), "{bug:?}");
        }
    }

    #[tokio::test]
    async fn a_store_that_is_silent_is_not_asked_for_longer_than_the_patience() {
        let silent = iter::repeat_n([Fault::Honest, Fault::RequestLost], TRIES).flatten();
        let store = FaultyStore::script(Blocking(MemoryStore::new()), silent);
        let tried = stale_write(&store, &key(7), Duration::ZERO).await;
        assert!(matches!(tried, Err(Failed::Unanswered)), "{tried:?}");
        assert_eq!(store.operations(), 2, "a load and a write of one attempt");
    }

    #[tokio::test]
    async fn whatever_a_network_does_an_honest_store_is_not_accused() {
        let rates =
            Rates { reply_lost: 1_500, request_lost: 1_000, late: 1_500, down: 100, ..Rates::default() };
        let mut passed = 0;
        for seed in 0..2_000 {
            let store = FaultyStore::seeded(Blocking(MemoryStore::new()), seed, rates);
            match stale_write(&store, &key(7), LONG).await {
                Err(Failed::Found(found)) => panic!("seed {seed}: {found}"),
                tried => passed += usize::from(tried.is_ok()),
            }
        }
        assert!(passed > 200, "{passed} of 2,000 passed");
    }

    #[tokio::test]
    async fn a_store_that_refuses_everything_is_found_out() {
        let store = FaultyStore::seeded(
            Blocking(MemoryStore::new()),
            1,
            Rates { conflict: 10_000, ..Rates::default() },
        );
        assert_eq!(probed(&store).await, Some(Untrustworthy::RefusesWrites));
    }
}
