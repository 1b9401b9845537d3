//! Moving records under the current key without waiting for their owners.

use pinlatch::host::{BlockingStore, Expect, Key, Loaded, Randomness, Store, Swap};

use super::error::SealedError;
use super::{Opened, Sealed, key_in_use};

/// What became of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resealed {
    /// It is under the current key now.
    Moved,
    /// It was under the current key, or there is no record.
    UpToDate,
    /// It is damaged, and was left as it is: no key opens it, so none has to be kept for it.
    Damaged,
    /// Somebody else wrote at the same moment, or the reply was lost. Ask again.
    TryAgain,
}

/// What is to be done with one record.
enum Plan {
    Write { expect: Expect, sealed: Vec<u8> },
    Nothing(Resealed),
}

impl<S: Store, R: Randomness> Sealed<S, R> {
    /// Seals the record under this key anew, if it is under an older key, or not sealed and that is
    /// [accepted](Self::accepting_unsealed). What it says stays as it is.
    ///
    /// # Errors
    /// [`SealedError`]. Nothing was written.
    pub async fn reseal(&self, key: &Key) -> Result<Resealed, SealedError<S::Error>> {
        let found = self.store.load(key).await.map_err(SealedError::Store)?;
        match self.plan(key, found)? {
            Plan::Nothing(done) => Ok(done),
            Plan::Write { expect, sealed } => {
                let swapped = self.store.compare_and_swap(key, expect, sealed, &[]).await;
                swapped.map(outcome).map_err(SealedError::Store)
            }
        }
    }
}

impl<S: BlockingStore, R: Randomness> Sealed<S, R> {
    /// [`reseal`](Self::reseal) without async.
    ///
    /// # Errors
    /// The same.
    pub fn reseal_now(&self, key: &Key) -> Result<Resealed, SealedError<S::Error>> {
        let found = self.store.load(key).map_err(SealedError::Store)?;
        match self.plan(key, found)? {
            Plan::Nothing(done) => Ok(done),
            Plan::Write { expect, sealed } => {
                let swapped = self.store.compare_and_swap(key, expect, sealed, &[]);
                swapped.map(outcome).map_err(SealedError::Store)
            }
        }
    }
}

impl<S, R: Randomness> Sealed<S, R> {
    fn plan<E>(&self, key: &Key, found: Option<Loaded>) -> Result<Plan, SealedError<E>> {
        let Some(Loaded { bytes, version }) = found else { return Ok(Plan::Nothing(Resealed::UpToDate)) };
        let was_under = key_in_use(&bytes);
        match self.open(key, bytes)? {
            Opened::Damaged => Ok(Plan::Nothing(Resealed::Damaged)),
            Opened::Record(_) if was_under == Some(self.keys.current()) => {
                Ok(Plan::Nothing(Resealed::UpToDate))
            }
            Opened::Record(record) => {
                Ok(Plan::Write { expect: Expect::At(version), sealed: self.seal(key, &record)? })
            }
        }
    }
}

const fn outcome(swapped: Swap) -> Resealed {
    match swapped {
        Swap::Applied(_) => Resealed::Moved,
        Swap::Conflict | Swap::Unknown => Resealed::TryAgain,
    }
}
