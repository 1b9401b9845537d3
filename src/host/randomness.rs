//! The host's random source.

use core::fmt;

use rand::TryCryptoRng;

/// The random source failed. Nothing was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random source failed: nothing was issued")]
pub struct RandomnessError;

/// Fills bytes from a cryptographically secure source. [`FromRng`] makes one of any generator of the
/// `rand` crates.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`. Dangerous: bytes that can be predicted or repeat, since tokens and attempt
    /// ids are made of them.
    ///
    /// # Errors
    /// [`RandomnessError`] if the source failed.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError>;
}

/// A generator of the `rand` crates as a random source, from a closure that makes one:
/// `FromRng(|| rand::rngs::SysRng)`, or `FromRng(rand::rng)`.
#[derive(Clone, Copy)]
pub struct FromRng<F>(pub F);

impl<F> fmt::Debug for FromRng<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromRng")
    }
}

impl<F, R> Randomness for FromRng<F>
where
    F: Fn() -> R + Send + Sync,
    R: TryCryptoRng,
{
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        (self.0)().try_fill_bytes(bytes).map_err(|_| RandomnessError)
    }
}

/// The operating system's random source, asked anew for each draw: some 0.4 µs, five times for an
/// attempt to unlock. A cryptographic generator in the process, such as `rand::rng`, takes a tenth.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

#[cfg(feature = "std")]
impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        use rand::TryRng;
        rand::rngs::SysRng.try_fill_bytes(bytes).map_err(|_| RandomnessError)
    }
}
