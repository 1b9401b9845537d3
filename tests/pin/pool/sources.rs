//! The sources themselves, so that these tests can hold a slot and look into its memory, which the
//! crate gives to nobody.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "parts of the crate, as they are")]

#[path = "../../../src/pin/hasher.rs"]
pub(crate) mod hasher;
#[path = "../../../src/pin/pool.rs"]
mod pool;
#[path = "../../../src/pin/working_memory.rs"]
mod working_memory;

pub(crate) use looking_in::Pool;

/// What only a module beside the pool may do.
mod looking_in {
    use std::num::NonZeroUsize;

    use super::hasher::HasherError;
    use super::pool::{PooledArgon2id, Slot};

    #[derive(Clone)]
    pub(crate) struct Pool(pub(crate) PooledArgon2id);

    /// A slot that is taken.
    pub(crate) struct Taken<'a>(Slot<'a>);

    impl Pool {
        pub(crate) fn with_slots(slots: usize) -> Self {
            Self(PooledArgon2id::new(NonZeroUsize::new(slots).unwrap()))
        }

        pub(crate) fn take(&self, blocks: usize) -> Result<Taken<'_>, HasherError> {
            self.0.slot(blocks).map(Taken)
        }
    }

    impl Taken<'_> {
        /// Where the memory is, how many blocks there are, and whether every byte is zero.
        pub(crate) fn look(&mut self) -> (usize, usize, bool) {
            let mut lent = self.0.lend();
            let blocks = lent.as_mut();
            let zero = blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0));
            (blocks.as_ptr().addr(), blocks.len(), zero)
        }

        /// Writes on every word, then does this before the loan ends.
        pub(crate) fn soil<T>(&mut self, then: impl FnOnce() -> T) -> T {
            let mut lent = self.0.lend();
            lent.as_mut().iter_mut().for_each(|block| block.as_mut().fill(u64::MAX));
            assert!(lent.as_mut().iter().all(|block| block.as_ref().iter().all(|word| *word == u64::MAX)));
            then()
        }
    }
}
