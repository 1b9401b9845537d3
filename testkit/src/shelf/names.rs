//! Under which name a record is kept: what goes wrong with keys.

use super::bug::Bug;
use pinlatch::host::Key;

/// The name that a write uses.
pub(super) fn written(bug: Option<Bug>, key: &Key) -> String {
    match bug {
        Some(Bug::KeysFolded) => key.as_str().to_ascii_uppercase(),
        _ => read(bug, key),
    }
}

/// The name that a load uses.
pub(super) fn read(bug: Option<Bug>, key: &Key) -> String {
    let text = key.as_str();
    let kept = match bug {
        Some(Bug::KeysTruncated) => text.get(..32),
        Some(Bug::PrefixShared) => text.get(..18),
        Some(Bug::KindIgnored) => text.get(2..),
        _ => None,
    };
    kept.unwrap_or(text).into()
}
