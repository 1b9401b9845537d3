//! Version 1 of the stored account as a stranger would write it down, to damage records with.

use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch_testkit::World;
use serde::{Deserialize, Serialize};

type Id = [u8; 16];
type Hash = [u8; 32];

/// Everything up to the device table; what follows is carried along as it is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) person: Id,
    pub(crate) generation: u64,
    pub(crate) revoked_all: bool,
    pub(crate) admitted: bool,
    pub(crate) invitation: Option<(Id, Id, u64)>,
    pub(crate) devices: Vec<Row>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) label: String,
    pub(crate) created: u64,
    pub(crate) last_used: u64,
    pub(crate) last_unlock: Option<u64>,
    pub(crate) token: Hash,
    pub(crate) generation: u64,
    pub(crate) session: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum State {
    LoggedOut,
    PinPending { authenticated_at: u64 },
    Authenticated { authenticated_at: u64, enrolment: Enrolled, token: Hash, last_use: u64 },
    Locked { authenticated_at: u64, enrolment: Enrolled },
    PinExhausted,
    RevokedAll,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Enrolled {
    pub(crate) credential: Verifier,
    pub(crate) failures: u8,
    pub(crate) in_flight: Vec<Id>,
    pub(crate) face: Option<Hash>,
    pub(crate) fingerprint: Option<Hash>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Verifier {
    pub(crate) id: Id,
    pub(crate) length: u8,
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) pepper: Option<u32>,
    pub(crate) salt: Id,
    pub(crate) hash: Hash,
}

impl State {
    pub(crate) fn enrolled(&mut self) -> &mut Enrolled {
        match self {
            Self::Authenticated { enrolment, .. } | Self::Locked { enrolment, .. } => enrolment,
            other => panic!("nothing is enrolled: {other:?}"),
        }
    }
}

/// Magic, version, length and checksum.
pub(crate) const HEADER_BYTES: usize = 14;

/// The device table and what stands before it, and the bytes that follow.
pub(crate) fn read(bytes: &[u8]) -> (Head, &[u8]) {
    postcard::take_from_bytes(&bytes[HEADER_BYTES..]).unwrap()
}

/// An envelope with a fitting length and checksum around a body.
pub(crate) fn sealed(magic: &[u8; 4], version: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    let description = [magic.as_slice(), &version.to_le_bytes(), &length.to_le_bytes()].concat();
    let checksum = crc32fast::hash(&[&description, body].concat());
    [&description, checksum.to_le_bytes().as_slice(), body].concat()
}

/// Changes a stored record past every check, with its checksum put right.
pub(crate) fn edit(world: &World, person: PersonId, change: impl FnOnce(&mut Head)) {
    let key = Key::account(person);
    let bytes = world.store.bytes(&key).unwrap();
    let (mut head, rest) = read(&bytes);
    change(&mut head);
    let body = [postcard::to_allocvec(&head).unwrap().as_slice(), rest].concat();
    world.store.overwrite(&key, Some(sealed(b"PLAC", 1, &body)));
}
