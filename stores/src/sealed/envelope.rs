//! How a sealed record is laid out. The outer part is that of every record of pinlatch, under a magic of its own: a
//! host that does not open it sees a whole record that is not for it, and leaves it alone.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use pinlatch::host::Key;

use super::keys::{FINGERPRINT_BYTES, Fingerprint, NumberedKey, SealingKeyId};

const MAGIC: [u8; 4] = *b"PLSR";
const VERSION: u16 = 1;
/// Magic, version and length.
const DESCRIPTION_BYTES: usize = 10;
const CHECKSUM_BYTES: usize = 4;
const ID_BYTES: usize = 4;
/// Drawn anew for each write. With 192 bits two are the same after some 2^96 writes, that is never.
pub(super) const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// What stands before the ciphertext, behind the checksum.
const NAMES_BYTES: usize = ID_BYTES + FINGERPRINT_BYTES + NONCE_BYTES;

/// How many bytes longer a record is when it is sealed.
///
/// The largest that a store has to take is [`MAX_RECORD_BYTES`](pinlatch::record::MAX_RECORD_BYTES) and these: 196,674
/// bytes. So a column or value that ends at exactly 192 KiB is too short by a little.
pub const SEALING_BYTES: usize = DESCRIPTION_BYTES + CHECKSUM_BYTES + NAMES_BYTES + TAG_BYTES;

pub(super) type Nonce = [u8; NONCE_BYTES];

/// What the bytes of a store are, as far as it shows without a key.
pub(super) enum Seen<'a> {
    /// A sealed record that is whole: by its checksum, which finds accidents and no attacker.
    Sealed(Envelope<'a>),
    /// A whole sealed record of a version that is not known here.
    Newer { found: u16 },
    /// It begins as a sealed record, and is damaged.
    Damaged,
    /// It was never sealed.
    Unsealed,
}

pub(super) struct Envelope<'a> {
    pub(super) id: SealingKeyId,
    pub(super) fingerprint: &'a Fingerprint,
    nonce: &'a Nonce,
    ciphertext: &'a [u8],
}

impl Envelope<'_> {
    /// The record, if it was sealed with this key for this place; `None` if it was forged, moved or changed.
    pub(super) fn open(&self, with: &NumberedKey, key: &Key) -> Option<Vec<u8>> {
        let payload = Payload { msg: self.ciphertext, aad: &bound_to(key) };
        cipher(with).decrypt(self.nonce.into(), payload).ok()
    }
}

/// The record, sealed with this key for this place; `None` if it is too long for the cipher or for its header.
pub(super) fn seal(with: &NumberedKey, nonce: &Nonce, key: &Key, record: &[u8]) -> Option<Vec<u8>> {
    let payload = Payload { msg: record, aad: &bound_to(key) };
    let ciphertext = cipher(with).encrypt(nonce.into(), payload).ok()?;
    let id = with.id.number().to_le_bytes();
    let body = joined(&[&id, &with.fingerprint, nonce, &ciphertext]);
    let length = u32::try_from(body.len()).ok()?.to_le_bytes();
    let description = joined(&[&MAGIC, &VERSION.to_le_bytes(), &length]);
    Some(joined(&[&description, &checksum(&description, &body), &body]))
}

pub(super) fn look_at(bytes: &[u8]) -> Seen<'_> {
    let Some(rest) = bytes.strip_prefix(&MAGIC) else { return Seen::Unsealed };
    let Some((version, body)) = whole(bytes, rest) else { return Seen::Damaged };
    match version {
        VERSION => names(body).map_or(Seen::Damaged, Seen::Sealed),
        0 => Seen::Damaged, // nobody writes it
        found => Seen::Newer { found },
    }
}

/// Whether these bytes of a store are a sealed record, or what was left of one: for the scan that ends the move from
/// records that were not sealed.
#[must_use]
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Under which key these bytes of a store are sealed; `None` if they are not sealed, or damaged so that no key opens
/// them. A key that no record names any more can leave the ring. It needs no key to tell.
#[must_use]
pub fn key_in_use(bytes: &[u8]) -> Option<SealingKeyId> {
    let (_, body) = whole(bytes, bytes.strip_prefix(&MAGIC)?)?;
    body.split_first_chunk().map(|(id, _)| id_of(*id))
}

/// The version and the body, if the length and the checksum of the outer part are right.
fn whole<'a>(bytes: &'a [u8], rest: &'a [u8]) -> Option<(u16, &'a [u8])> {
    let description = bytes.get(..DESCRIPTION_BYTES)?;
    let (version, rest) = rest.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (crc, body) = rest.split_first_chunk::<CHECKSUM_BYTES>()?;
    let is_whole = usize::try_from(u32::from_le_bytes(*length)).is_ok_and(|length| length == body.len());
    (is_whole && checksum(description, body) == *crc).then_some((u16::from_le_bytes(*version), body))
}

fn names(body: &[u8]) -> Option<Envelope<'_>> {
    let (id, rest) = body.split_first_chunk()?;
    let (fingerprint, rest) = rest.split_first_chunk()?;
    let (nonce, ciphertext) = rest.split_first_chunk()?;
    Some(Envelope { id: id_of(*id), fingerprint, nonce, ciphertext })
}

const fn id_of(bytes: [u8; ID_BYTES]) -> SealingKeyId {
    SealingKeyId::from_number(u32::from_le_bytes(bytes))
}

/// The associated data: what this is, in which version, and under which key it is stored. All of fixed length, so
/// that no two places give the same.
fn bound_to(key: &Key) -> Vec<u8> {
    joined(&[&MAGIC, &VERSION.to_le_bytes(), key.as_str().as_bytes()])
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn cipher(with: &NumberedKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(with.key.expose().into())
}

/// As of every record: of all but the checksum itself.
fn checksum(description: &[u8], body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(description);
    crc.update(body);
    crc.finalize().to_le_bytes()
}
