//! A session looked up by the digest of its token.

use subtle::{ConditionallySelectable, ConstantTimeEq};

use crate::secret::Digest;

/// The one whose digest is `wanted`. Every one is compared, in constant time.
pub(super) fn find<T>(among: &[T], wanted: Digest, stored: impl Fn(&T) -> Option<&Digest>) -> Option<&T> {
    let mut found = u64::MAX;
    for (index, one) in (0_u64..).zip(among) {
        if let Some(digest) = stored(one) {
            found.conditional_assign(&index, digest.ct_eq(&wanted));
        }
    }
    among.get(usize::try_from(found).ok()?)
}
