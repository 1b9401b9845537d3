//! Which version is accepted: what goes wrong with comparing.

use super::bug::Bug;
use pinlatch::host::Expect;

const THIRTY_TWO_BITS: u64 = 0xffff_ffff;

/// Whether a write that expects this may go on where that version was found.
pub(super) fn fit(bug: Option<Bug>, expect: Expect, found: Option<u64>) -> bool {
    let at = match expect {
        Expect::Absent => None,
        Expect::At(version) => Some(version.number()),
    };
    match (bug, at, found) {
        (Some(Bug::NoVersionCheck), Some(_), Some(_))
        | (Some(Bug::UpdateCreates), Some(_), None)
        | (Some(Bug::CreateOverwrites), None, Some(_))
        | (Some(Bug::ZeroMeansAbsent), Some(0), None) => true,
        (Some(Bug::NewerIsAccepted), Some(at), Some(found)) => at >= found,
        (Some(Bug::OlderIsAccepted), Some(at), Some(found)) => at <= found,
        (Some(Bug::ComparesThirtyTwoBits), Some(at), Some(found)) => {
            at & THIRTY_TWO_BITS == found & THIRTY_TWO_BITS
        }
        _ => at == found,
    }
}

/// What the counter's next value turns into on its way to the column.
pub(super) fn as_kept(bug: Option<Bug>, counted: u64) -> u64 {
    match bug {
        Some(Bug::WrapsAtEightBits) => counted & 0xff,
        Some(Bug::WrapsAtSixteenBits) => counted & 0xffff,
        Some(Bug::WrapsAtThirtyTwoBits) => counted & THIRTY_TWO_BITS,
        // A double has 53 bits: beyond them only even numbers are left.
        Some(Bug::FloatingPoint) if counted >> 53 != 0 => counted & !1,
        _ => counted,
    }
}

/// FNV-1a.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
