//! What is kept of a record: what goes wrong with bytes.

use super::bug::Bug;

const SIXTY_FOUR_KIB: usize = 64 * 1024;

/// What is kept of `bytes`, written over `before`; `None` if they are dropped.
pub(super) fn kept(bug: Option<Bug>, mut bytes: Vec<u8>, before: Option<&[u8]>) -> Option<Vec<u8>> {
    match bug {
        Some(Bug::ValuesAsText) => bytes = String::from_utf8_lossy(&bytes).into_owned().into_bytes(),
        Some(Bug::ValuesTrimmed) => {
            let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' '));
            bytes.truncate(end.map_or(0, |end| end.saturating_add(1)));
        }
        Some(Bug::LargeValuesCut) => bytes.truncate(SIXTY_FOUR_KIB),
        Some(Bug::LargeValuesDropped) if bytes.len() > SIXTY_FOUR_KIB => return None,
        Some(Bug::TailKept) => bytes = over(bytes, before, usize::MAX),
        _ => {}
    }
    Some(bytes)
}

/// What a power failure leaves of a large write: its first chunk, over what was there.
pub(super) fn first_chunk(bytes: &[u8], before: &[u8]) -> Vec<u8> {
    over(bytes.into(), Some(before), SIXTY_FOUR_KIB)
}

/// At most `limit` of the bytes, and then whatever there was.
fn over(mut bytes: Vec<u8>, before: Option<&[u8]>, limit: usize) -> Vec<u8> {
    bytes.truncate(limit);
    let tail = before.and_then(|before| before.get(bytes.len()..)).unwrap_or_default();
    bytes.extend_from_slice(tail);
    bytes
}
