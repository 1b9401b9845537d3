//! A hasher for tests: fast, worthless as protection, and it counts.

use std::sync::Arc;

use parking_lot::Mutex;

use pinlatch::pin::{HashInput, HasherError, PinHasher};
use sha2::{Digest, Sha256};

/// One SHA-256 instead of Argon2id. Clones share the count.
#[derive(Clone, Debug, Default)]
pub struct QuickHasher {
    hashed: Arc<Mutex<u64>>,
    failing: Arc<Mutex<bool>>,
}

impl QuickHasher {
    /// A hasher that has hashed nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How often it was called: once for each PIN created, once for each guess compared, once more
    /// for a hash renewed or a PIN changed.
    #[must_use]
    pub fn count(&self) -> u64 {
        *self.hashed.lock()
    }

    /// From now on fails, or works again.
    pub fn set_failing(&self, failing: bool) {
        *self.failing.lock() = failing;
    }
}

impl PinHasher for QuickHasher {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        if *self.failing.lock() {
            return Err(HasherError::Failed);
        }
        let mut hashed = self.hashed.lock();
        *hashed = hashed.saturating_add(1);
        let cost = [input.params.memory_kib().to_le_bytes(), input.params.passes().to_le_bytes()].concat();
        let (pepper, present) = (input.pepper.unwrap_or_default(), [u8::from(input.pepper.is_some())]);
        let mut hash = Sha256::new();
        for part in [b"quick", &cost[..], &present, pepper, input.salt, input.message] {
            hash.update(part);
        }
        *out = hash.finalize().into();
        Ok(())
    }
}
