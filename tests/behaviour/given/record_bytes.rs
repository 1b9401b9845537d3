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
    pub(crate) signed_in: bool,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) devices: Vec<Row>,
}

/// A point on the account's timeline, in milliseconds.
type Moment = u128;

/// A point on the account's timeline, and what the clock read then.
type Seen = (Moment, u64);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) digest: Hash,
    pub(crate) by: Id,
    pub(crate) until: Moment,
    pub(crate) expires: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) label: String,
    pub(crate) created: u64,
    pub(crate) last_used: Moment,
    pub(crate) last_opened: Option<(u64, OpenedBy)>,
    pub(crate) token: Hash,
    pub(crate) generation: u64,
    pub(crate) session: State,
}

/// The number of a biometric; none is the PIN.
type OpenedBy = Option<u8>;

/// When the strong authentication was, and on which date.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) at: Moment,
    pub(crate) on: (i16, u8, u8),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum State {
    LoggedOut,
    PinPending {
        begun: Begun,
        claims: Vec<Charged>,
    },
    Authenticated {
        begun: Begun,
        enrolment: Enrolled,
        token: Hash,
        opened: Seen,
        opened_by: OpenedBy,
        last_use: Seen,
    },
    Locked {
        begun: Begun,
        enrolment: Enrolled,
    },
    PinExhausted,
    RevokedAll,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Enrolled {
    pub(crate) credential: Verifier,
    pub(crate) failures: u8,
    pub(crate) in_flight: Vec<Charged>,
    pub(crate) void: u8,
    /// The requests answered "wrong" last, and when.
    pub(crate) answered: Vec<(Id, Moment)>,
    pub(crate) changed_by: Option<Id>,
    pub(crate) face: Option<Hash>,
    pub(crate) fingerprint: Option<Hash>,
}

/// A guess, or the claim of a new PIN.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Charged {
    pub(crate) attempt: Id,
    pub(crate) request: Option<Id>,
    pub(crate) at: Moment,
    pub(crate) overtaken: bool,
}

impl Charged {
    /// A guess charged when the account began, with this attempt's id.
    pub(crate) const fn of(attempt: Id) -> Self {
        Self { attempt, request: None, at: 0, overtaken: false }
    }
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

/// How many guesses and claims of new PINs are charged in a record.
pub(crate) fn charged(bytes: &[u8]) -> usize {
    let of = |row: &Row| match &row.session {
        State::PinPending { claims, .. } => claims.len(),
        State::Authenticated { enrolment, .. } | State::Locked { enrolment, .. } => enrolment.in_flight.len(),
        State::LoggedOut | State::PinExhausted | State::RevokedAll => 0,
    };
    read(bytes).0.devices.iter().map(of).sum()
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
