//! Bytes that look random and are the same in every run.

use std::sync::Arc;

use parking_lot::Mutex;

use pinlatch::host::{Randomness, RandomnessError};
use sha2::{Digest, Sha256};

/// SHA-256 of a seed and a counter. Clones share the counter, so no two draws are equal.
#[derive(Clone, Debug)]
pub struct SeededRandomness {
    seed: u64,
    drawn: Arc<Mutex<u64>>,
}

impl SeededRandomness {
    /// The source of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: Arc::new(Mutex::new(0)) }
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let mut drawn = self.drawn.lock();
        for chunk in bytes.chunks_mut(32) {
            let block =
                Sha256::digest([b"test".as_slice(), &self.seed.to_le_bytes(), &drawn.to_le_bytes()].concat());
            chunk.iter_mut().zip(block).for_each(|(byte, random)| *byte = random);
            *drawn = drawn.wrapping_add(1);
        }
        Ok(())
    }
}
