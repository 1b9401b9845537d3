//! Magic, version, length, checksum.

use alloc::vec::Vec;

/// The largest record there is, in bytes: 64 devices with the longest labels, and every event that
/// can wait for a journal that takes nothing, come to less.
pub const MAX_RECORD_BYTES: usize = 192 * 1024;

const VERSION: u16 = 1;
const HEADER_BYTES: usize = 14;

/// Why bytes are no record that can be used. All of them read as "authenticate again" (E32), and
/// none of them as a fresh account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The bytes do not begin like a record of this kind. Look for a mix-up of keys or tables.
    #[error("not a record of this kind: look for a mix-up of keys or tables")]
    NotARecord,
    /// The bytes end before the record does. Look for a column or value that is too short.
    #[error("the record is cut off: look for a column or value that is too short")]
    Truncated,
    /// More than [`MAX_RECORD_BYTES`].
    #[error("the record is larger than any record can be")]
    TooLarge,
    /// The checksum does not fit, or the content contradicts itself. Restore it from a backup.
    #[error("the record is damaged: restore it from a backup")]
    Corrupted,
    /// Written by a newer version of this crate. Update this host; do not overwrite the record.
    #[error("the record has version {found}, newer than this crate knows: update this host")]
    NewerVersion {
        /// The version found.
        found: u16,
    },
    /// The record of somebody else. Look for keys that were cut, folded or shared.
    #[error("the record belongs to another account: look for keys that were cut, folded or shared")]
    AnotherAccount,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Account,
    Person,
}

impl Kind {
    const fn magic(self) -> &'static [u8; 4] {
        match self {
            Self::Account => b"PLAC",
            Self::Person => b"PLPE",
        }
    }
}

fn checksum(version: [u8; 2], body: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&version);
    crc.update(body);
    crc.finalize()
}

/// The record with the body that `write` appends.
pub(super) fn seal(kind: Kind, write: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, RecordError> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&[0; HEADER_BYTES]);
    write(&mut bytes);
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(RecordError::TooLarge);
    }
    if let Some((header, body)) = bytes.split_first_chunk_mut() {
        *header = header_of(kind, body)?;
    }
    Ok(bytes)
}

fn header_of(kind: Kind, body: &[u8]) -> Result<[u8; HEADER_BYTES], RecordError> {
    let length = u32::try_from(body.len()).map_err(|_| RecordError::TooLarge)?.to_le_bytes();
    let version = VERSION.to_le_bytes();
    let crc = checksum(version, body).to_le_bytes();
    let [m0, m1, m2, m3] = *kind.magic();
    let ([v0, v1], [l0, l1, l2, l3], [c0, c1, c2, c3]) = (version, length, crc);
    Ok([m0, m1, m2, m3, v0, v1, l0, l1, l2, l3, c0, c1, c2, c3])
}

/// The body of a record whose envelope is whole.
pub(super) fn open(kind: Kind, bytes: &[u8]) -> Result<&[u8], RecordError> {
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(RecordError::TooLarge);
    }
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(RecordError::Truncated)?;
    if magic != kind.magic() {
        return Err(RecordError::NotARecord);
    }
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(RecordError::Truncated)?;
    match u16::from_le_bytes(*version) {
        VERSION => {}
        0 => return Err(RecordError::Corrupted),
        found => return Err(RecordError::NewerVersion { found }),
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(RecordError::Truncated)?;
    let (crc, body) = rest.split_first_chunk::<4>().ok_or(RecordError::Truncated)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| RecordError::TooLarge)?;
    if body.len() < length {
        return Err(RecordError::Truncated);
    }
    if body.len() > length || checksum(*version, body) != u32::from_le_bytes(*crc) {
        return Err(RecordError::Corrupted);
    }
    Ok(body)
}
