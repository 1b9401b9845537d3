//! What is kept of a device session that ended. It opens nothing: the digest of its dead token, when, and why.

use super::super::words::Ended;
use crate::secret::Digest;

/// How many of the device sessions that ended last an account remembers, from
/// [`StoredVersion::V2`](crate::record::StoredVersion::V2) on. Each takes some 40 bytes of the record. The device of an
/// older one is told that it is logged out, without a reason.
pub const ENDED_REMEMBERED: usize = 4;

/// A device session that ended.
#[derive(Debug)]
pub(crate) struct EndedSession {
    pub(crate) token: Digest,
    pub(crate) ended: Ended,
}
