//! The check from stored bytes: decode the record of 1 to 64 devices, then check one of them.
//!
//! The peers are codecs for a record of one's own with sixteen fields, of which seven are a
//! device's. It is much less than ours keeps: no PIN credential, no ledger of attempts, no outbox,
//! no write ids; and postcard and JSON notice damage only by chance, where ours has a checksum.

use std::hint::black_box;

use pinlatch::account::{Account, Wanted};
use pinlatch::secret::SessionToken;
use serde::{Deserialize, Serialize};

use crate::by_hand::{AUTHENTICATED, Line, Now};
use crate::fixture::{Fixture, employee, person_id, session_token};
use crate::harness::{Contestant, Settings, Side};
use crate::row::{Group, Row};

use super::session::read_salary;

/// A record of one's own: nine fields, and seven for each device.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    version: u8,
    person: u128,
    generation: u32,
    revoked: bool,
    admitted: bool,
    invitation: Option<u64>,
    high_water: u64,
    next_sequence: u64,
    devices: Vec<Device>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Device {
    id: u128,
    label: String,
    created: u64,
    begun: u64,
    last_use: u64,
    state: u32,
    digest: [u32; 8],
}

/// Bytes of a device in the layout by hand: a label of 16 bytes, id, three times, state, digest.
const DEVICE_BYTES: usize = 16 + 16 + 24 + 4 + 32;
/// Bytes before the devices.
const HEADER_BYTES: usize = 48;
const BEGUN: u64 = 1_000;

/// One row for each number of devices.
pub fn rows(settings: Settings) -> Vec<Row> {
    let counts: &[u64] = if settings.quick { &[1, 3] } else { &[1, 3, 16, 64] };
    counts.iter().map(|devices| row(settings, *devices)).collect()
}

fn row(settings: Settings, devices: u64) -> Row {
    let fixture = Fixture::new();
    let person = employee(1);
    let (facts, context) = (fixture.facts(&person), fixture.context());
    let request = read_salary(1);
    let token = session_token(1, devices - 1); // The last one is found last.
    let text = token.expose();
    let stored = fixture.account(1, devices).encode().expect("small enough");
    let (ours_bytes, id) = (stored.len(), person_id(1));
    let ours = Contestant::repeating(Side::Ours, "pinlatch", || {
        let token = SessionToken::parse(black_box(text)).expect("a token");
        let mut account = Account::decode(black_box(&stored), id).expect("whole");
        account.check(&token, Wanted::function(&request), &facts, &context).expect("a live session")
    });

    let record = record(devices);
    let now = Now::shortly_after(BEGUN);
    let now = &now;
    let (laid_out, postcard, json) = (
        lay_out(&record),
        postcard::to_allocvec(&record).expect("postcard"),
        serde_json::to_vec(&record).expect("JSON"),
    );
    let [size_by_hand, size_postcard, size_json] =
        [&laid_out, &postcard, &json].map(|bytes| bytes.len() as f64);
    let by_hand = Contestant::repeating(Side::Floor, "by hand, in place", || {
        assert!(check_in_place(black_box(&laid_out), black_box(text), now).expect("whole"));
    });
    let postcard = Contestant::repeating(Side::Peer, "postcard, own record", || {
        let record: Record = postcard::from_bytes(black_box(&postcard)).expect("whole");
        assert!(check(&record, black_box(text), now));
    });
    let json = Contestant::repeating(Side::Peer, "serde_json, own record", || {
        let record: Record = serde_json::from_slice(black_box(&json)).expect("whole");
        assert!(check(&record, black_box(text), now));
    });
    let contestants = vec![
        ours.holding(ours_bytes as f64),
        by_hand.holding(size_by_hand),
        postcard.holding(size_postcard),
        json.holding(size_json),
    ];
    let work = format!("session check from bytes, {devices} device(s)");
    let mut row = Row::measure(settings, Group::Bytes(devices), work, contestants);
    if devices <= 3 {
        row.at_most_nanoseconds(600.0);
    }
    row
}

fn record(devices: u64) -> Record {
    let device = |number| {
        let line = Line::open(1, session_token(1, number).expose(), BEGUN);
        Device {
            id: u128::from(number) << 64 | 1,
            label: "Anna's phone".into(),
            created: BEGUN,
            begun: line.begun,
            last_use: line.last_use,
            state: AUTHENTICATED,
            digest: line.digest,
        }
    };
    Record {
        version: 1,
        person: person_id(1).as_u128(),
        generation: 7,
        revoked: false,
        admitted: true,
        invitation: None,
        high_water: BEGUN,
        next_sequence: 12,
        devices: (0..devices).map(device).collect(),
    }
}

/// The same policy as the floor's, on a record of one's own.
fn check(record: &Record, token: &str, now: &Now) -> bool {
    let Some(digest) = crate::by_hand::digest(token) else { return false };
    let found = record.devices.iter().map(|device| Line {
        person: 1,
        digest: device.digest,
        begun: device.begun,
        last_use: device.last_use,
        generation: record.generation,
        state: device.state,
    });
    // Every device is compared, as ours does.
    !record.revoked && found.fold(false, |open, line| open | line.admits(&digest, now))
}

/// Fixed places for everything.
fn lay_out(record: &Record) -> Vec<u8> {
    let mut bytes = vec![record.version, u8::from(record.revoked), u8::from(record.admitted), 0];
    bytes.extend(record.generation.to_le_bytes());
    bytes.extend(record.person.to_le_bytes());
    bytes.extend(record.high_water.to_le_bytes());
    bytes.extend(record.next_sequence.to_le_bytes());
    bytes.extend(record.invitation.unwrap_or(0).to_le_bytes());
    assert_eq!(bytes.len(), HEADER_BYTES);
    for device in &record.devices {
        let mut label = [0; 16];
        label[..device.label.len()].copy_from_slice(device.label.as_bytes());
        bytes.extend(device.id.to_le_bytes());
        bytes.extend(label);
        for time in [device.created, device.begun, device.last_use] {
            bytes.extend(time.to_le_bytes());
        }
        bytes.extend(device.state.to_le_bytes());
        bytes.extend(device.digest.iter().flat_map(|word| word.to_le_bytes()));
    }
    bytes
}

/// The check without decoding what is not asked for. `None` if the bytes are of no record.
fn check_in_place(bytes: &[u8], token: &str, now: &Now) -> Option<bool> {
    let digest = crate::by_hand::digest(token)?;
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
    let [version, revoked, ..] = *header;
    let (devices, left) = rest.as_chunks::<DEVICE_BYTES>();
    if version != 1 || revoked != 0 || !left.is_empty() {
        return None;
    }
    let generation = u32::from_le_bytes(*header[4..].first_chunk()?);
    let mut open = false;
    for device in devices {
        let time = |at: usize| Some(u64::from_le_bytes(*device[at..].first_chunk()?));
        let words = device[60..].as_chunks::<4>().0;
        let line = Line {
            person: 1,
            digest: std::array::from_fn(|index| u32::from_le_bytes(words[index])),
            begun: time(40)?,
            last_use: time(48)?,
            generation,
            state: u32::from_le_bytes(*device[56..].first_chunk()?),
        };
        open |= line.admits(&digest, now);
    }
    Some(open)
}
