//! The memory that Argon2 fills: whoever borrows it leaves it wiped.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use argon2::Block;
use zeroize::Zeroize;

/// Argon2's blocks of 1 KiB, all zero whenever nobody borrows them.
///
/// They are secret. The passes can be undone block by block, from the last one back to the first,
/// and that is `BLAKE2b` of the PIN, salt and pepper (RFC 9106 §3.2): whoever finds them with the
/// salt and the pepper tries all PINs of six digits in seconds, not hours. The `argon2` crate wipes
/// none of the memory that it allocates by itself (its feature `zeroize` covers the digests alone),
/// so it is lent this. What it leaves on the stack, some KiB, is out of our reach.
#[derive(Default)]
pub(super) struct WorkingMemory(Vec<Block>);

impl WorkingMemory {
    /// How many blocks are held; as many KiB.
    pub(super) fn blocks(&self) -> usize {
        self.0.len()
    }

    /// Holds at least so many blocks. What is too small is freed before the larger one is taken, so
    /// that both are never held at once; if there is no larger one, nothing is held.
    pub(super) fn grow_to(&mut self, blocks: usize) -> Result<(), TryReserveError> {
        if self.blocks() >= blocks {
            return Ok(());
        }
        self.0 = Vec::new();
        self.0.try_reserve_exact(blocks)?;
        self.0.resize(blocks, Block::new());
        Ok(())
    }

    /// Lends the first so many blocks; fewer if fewer are held, which `argon2` refuses.
    pub(super) fn lend(&mut self, blocks: usize) -> Lent<'_> {
        Lent(self.0.get_mut(..blocks).unwrap_or_default())
    }
}

/// Blocks on loan. They are wiped when the loan ends: after a hash, an error or a panic.
pub(super) struct Lent<'a>(&'a mut [Block]);

impl AsMut<[Block]> for Lent<'_> {
    fn as_mut(&mut self) -> &mut [Block] {
        self.0
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // `Block::zeroize` is compiled inside `argon2`, so it is fast in debug builds too, if that
        // crate is optimised. Wiping the words as a slice is as fast in release, slower in debug.
        for block in &mut *self.0 {
            block.zeroize();
        }
    }
}
