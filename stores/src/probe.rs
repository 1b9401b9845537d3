//! A deliberately stale write, tried before a store is given out: engines and proxies that ignore a
//! precondition exist, and every promise of the crate stands on it.

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
    /// A first write was not answered as applied, several times.
    #[error("it did not answer whether a write was applied")]
    DoesNotAnswer,
}

/// Why a probe did not pass.
#[derive(Debug)]
pub(crate) enum Failed<E> {
    /// The store could not be asked.
    Store(E),
    /// It was asked, and did what it must not do.
    Found(Untrustworthy),
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

/// Writes a record twice, then once more expecting the first version, then expecting none: both must conflict.
pub(crate) async fn stale_write<S: Store>(store: &S, key: &Key) -> Result<(), Failed<S::Error>> {
    let write = async |expect, bytes: &[u8]| {
        store.compare_and_swap(key, expect, bytes.to_vec(), &[]).await.map_err(Failed::Store)
    };
    let Swap::Applied(first) = write(Expect::Absent, b"first").await? else {
        return Err(Untrustworthy::DoesNotAnswer.into());
    };
    let Swap::Applied(second) = write(Expect::At(first), b"second").await? else {
        return Err(Untrustworthy::DoesNotAnswer.into());
    };
    if write(Expect::At(first), b"stale").await? != Swap::Conflict {
        return Err(Untrustworthy::AcceptsStaleWrites.into());
    }
    if write(Expect::Absent, b"new").await? != Swap::Conflict {
        return Err(Untrustworthy::Overwrites.into());
    }
    let found = store.load(key).await.map_err(Failed::Store)?;
    match found {
        Some(found) if found.bytes == b"second" && found.version == second => Ok(()),
        _ => Err(Untrustworthy::Forgets.into()),
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test may")]
mod tests {
    use pinlatch::host::Blocking;
    use pinlatch_testkit::MemoryStore;
    use pinlatch_testkit::conformance::Fixture;
    use pinlatch_testkit::shelf::{Bug, Shelf};

    use super::*;

    async fn probed<S: Store>(store: &S) -> Option<Untrustworthy> {
        match stale_write(store, &key(7)).await {
            Ok(()) => None,
            Err(Failed::Found(found)) => Some(found),
            Err(Failed::Store(error)) => panic!("{error}"),
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
}
