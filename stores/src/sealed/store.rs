//! The store: what is written is sealed, what is loaded is opened.

use pinlatch::account::Event;
use pinlatch::host::{BlockingStore, Expect, Key, Loaded, Randomness, Store, Swap};

use super::error::SealedError;
use super::{Opened, Sealed};

impl<S: Store, R: Randomness> Store for Sealed<S, R> {
    type Error = SealedError<S::Error>;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
        let found = self.store.load(key).await.map_err(SealedError::Store)?;
        self.loaded(key, found)
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error> {
        let sealed = self.seal(key, &bytes)?;
        self.store.compare_and_swap(key, expect, sealed, events).await.map_err(SealedError::Store)
    }

    fn takes_events(&self) -> bool {
        self.store.takes_events()
    }
}

impl<S: BlockingStore, R: Randomness> BlockingStore for Sealed<S, R> {
    type Error = SealedError<S::Error>;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
        let found = self.store.load(key).map_err(SealedError::Store)?;
        self.loaded(key, found)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error> {
        let sealed = self.seal(key, &bytes)?;
        self.store.compare_and_swap(key, expect, sealed, events).map_err(SealedError::Store)
    }

    fn takes_events(&self) -> bool {
        self.store.takes_events()
    }
}

impl<S, R> Sealed<S, R> {
    fn loaded<E>(&self, key: &Key, found: Option<Loaded>) -> Result<Option<Loaded>, SealedError<E>> {
        let Some(Loaded { bytes, version }) = found else { return Ok(None) };
        let bytes = match self.open(key, bytes)? {
            Opened::Record(record) => record,
            Opened::Damaged => Vec::new(), // no record: surely damaged, whatever somebody wrote there
        };
        Ok(Some(Loaded { bytes, version }))
    }
}
