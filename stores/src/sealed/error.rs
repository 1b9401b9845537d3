//! What can go wrong with a sealed store.

use pinlatch::host::RandomnessError;

use super::keys::SealingKeyId;

/// Why a record could not be loaded or written. From a compare-and-swap every one of them means that nothing was
/// written.
///
/// What is wrong with the host's configuration is an error, and answered `Unavailable`: it costs nobody anything. What
/// is wrong with one record is no error: it [reads as damaged](super#what-a-load-answers).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealedError<E> {
    /// The store beneath could not be asked.
    #[error("the store failed")]
    Store(#[source] E),
    /// The record names a key that the ring does not have. Add it as an older key.
    #[error("the record is sealed under key {n}, which is not in the ring: add it as an older key", n = .0.number())]
    UnknownKey(SealingKeyId),
    /// The record was sealed with another key than the one that the ring has under this number. Look at the secret
    /// that this host was given, and which host was given another.
    #[error("the record is sealed under another key of number {n}: look for the right secret", n = .0.number())]
    AnotherKey(SealingKeyId),
    /// The record is whole and was never sealed: it is from before, or forged. If it is from before,
    /// [accept](super::Sealed::accepting_unsealed) such records while they move over.
    #[error("the record is not sealed: accept such records while they move over, or find out who wrote it")]
    Unsealed,
    /// The record was sealed by a newer version of this crate. Update this host.
    #[error("the record is sealed in version {found}, newer than this crate knows: update this host")]
    NewerVersion {
        /// The version found.
        found: u16,
    },
    /// The random source failed, so that there is no nonce. Nothing was written.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The record is longer than 4 GiB.
    #[error("the record is too large to be sealed")]
    TooLarge,
}
