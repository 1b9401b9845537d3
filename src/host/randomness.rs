//! The host's random source.

use rand::TryCryptoRng;

/// The random source failed. Nothing was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random source failed: nothing was issued")]
pub struct RandomnessError;

/// Fills bytes from a cryptographically secure source.
///
/// Any closure that makes a `TryCryptoRng` of the `rand` crates is one: `|| rand::rngs::SysRng`.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`. Dangerous: bytes that can be predicted or repeat, since tokens and attempt
    /// ids are made of them.
    ///
    /// # Errors
    /// [`RandomnessError`] if the source failed.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError>;
}

impl<F, R> Randomness for F
where
    F: Fn() -> R + Send + Sync,
    R: TryCryptoRng,
{
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        self().try_fill_bytes(bytes).map_err(|_| RandomnessError)
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
