//! Version 1 of the stored account. It is frozen: fields are neither added,
//! removed nor reordered; a change is a version 2 beside it. Each part is written and read side by side,
//! field by field.

use alloc::vec::Vec;
use core::mem;

use super::envelope::RecordError;
use super::event_v1::{WaitingEvent, write_event};
use super::row_v1::{Row, write_device};
use super::wire::{Reader, Writer};
use crate::account::{
    Account, DEVICE_LIMIT_MAX, Device, Invitation, RememberedWrite, STARTS_REMEMBERED, Standing, StartBegun,
    Starts, Stored, UsedStart, WRITES_REMEMBERED,
};
use crate::id::{DeviceId, Generation, HistoryId, PersonId, RequestId, StartId, WriteId};
use crate::secret::Digest;
use crate::time::Timeline;

/// Bytes that an account, and each device of it, usually takes; room to write without growing.
const USUAL_BYTES: usize = 360;

pub(super) fn write_account(account: &Account, bytes: &mut Vec<u8>) {
    let Stored {
        person,
        generation,
        standing,
        admitted,
        signed_in,
        invitation,
        devices,
        ended: _, // from version 2 on
        timeline: Timeline { elapsed, base, floor },
        starts: Starts { used, forgotten },
        next_sequence,
        outbox,
        writes,
        history,
    } = account.stored();
    bytes.reserve(USUAL_BYTES.saturating_mul(devices.len().saturating_add(1)));
    let mut out = Writer(bytes);
    out.bytes(person.as_bytes());
    out.number(generation.number());
    out.flag(*standing == Standing::RevokedAll);
    out.flag(*admitted);
    out.flag(*signed_in);
    out.option(invitation.as_ref(), write_invitation);
    out.length(devices.len());
    for device in devices {
        write_device(&mut out, device);
    }
    out.moment(*elapsed);
    out.time(*base);
    out.time(*floor);
    out.length(used.len());
    for start in used {
        write_start(&mut out, start);
    }
    out.option(*forgotten, Writer::moment);
    out.number(*next_sequence);
    out.length(outbox.len());
    for event in outbox {
        write_event(&mut out, event);
    }
    out.length(writes.len());
    for RememberedWrite { id, checksum } in writes {
        out.bytes(id.as_bytes());
        out.bytes(&checksum.to_le_bytes());
    }
    out.option(*history, |out, history| out.bytes(history.as_bytes()));
}

pub(super) fn read_account(bytes: &[u8]) -> Result<Account, RecordError> {
    let mut reader = Reader::new(bytes);
    let stored = read_fields(&mut reader).filter(|_| reader.rest().is_empty());
    stored.map(Account::restore).ok_or(RecordError::Corrupted)
}

/// The fields of version 1, if they fit each other. What a newer version has besides may follow.
pub(super) fn read_fields(from: &mut Reader<'_>) -> Option<Stored> {
    read_all(from).filter(is_consistent)
}

fn read_all(from: &mut Reader<'_>) -> Option<Stored> {
    let person = PersonId::from_bytes(*from.array()?);
    let generation = Generation::from_number(from.number()?);
    let standing = if from.flag()? { Standing::RevokedAll } else { Standing::Good };
    let admitted = from.flag()?;
    let signed_in = from.flag()?;
    let invitation = from.option(read_invitation)?;
    let devices = from.list(usize::from(DEVICE_LIMIT_MAX), |from| Row::read(from)?.restore())?;
    let timeline = Timeline { elapsed: from.moment()?, base: from.time()?, floor: from.time()? };
    let used = from.list(STARTS_REMEMBERED, read_start)?;
    let starts = Starts { used, forgotten: from.option(Reader::moment)? };
    let next_sequence = from.number()?;
    let waiting = from.list(from.rest().len(), WaitingEvent::read)?;
    let writes = from.list(WRITES_REMEMBERED, read_write)?;
    let history = from.option(Reader::array)?.copied().map(HistoryId::from_bytes);
    // Nothing waits in a record that was never written.
    let outbox = waiting.into_iter().map(|event| Some(event.of(person, history?))).collect::<Option<_>>()?;
    Some(Stored {
        person,
        generation,
        standing,
        admitted,
        signed_in,
        invitation,
        devices,
        ended: Vec::new(),
        timeline,
        starts,
        next_sequence,
        outbox,
        writes,
        history,
    })
}

/// Whether the parts fit each other: no session newer than the account, no event from the future,
/// no two devices alike.
fn is_consistent(stored: &Stored) -> bool {
    stored.devices.iter().all(|device| device.session.generation() <= stored.generation)
        && stored.outbox.iter().all(|event| event.sequence < stored.next_sequence)
        && !has_twins(&stored.devices)
}

fn has_twins(devices: &[Device]) -> bool {
    let ids = devices.iter().map(|device| device.id.as_bytes().as_slice());
    let tokens = devices.iter().map(|device| device.token.as_bytes().as_slice());
    repeats(&ids) || repeats(&tokens)
}

/// Whether one of these identifiers or digests is there twice. They are drawn at random, so that
/// most have a first byte of their own and are compared with nothing.
fn repeats<'a>(names: &(impl Iterator<Item = &'a [u8]> + Clone)) -> bool {
    let mut is_first_byte = [false; 256];
    names.clone().zip(0..).any(|(name, before)| {
        let first = name.first().copied().map_or(0, usize::from);
        let Some(is_seen) = is_first_byte.get_mut(first) else { return true };
        mem::replace(is_seen, true) && names.clone().take(before).any(|other| other == name)
    })
}

fn read_write(from: &mut Reader<'_>) -> Option<RememberedWrite> {
    let id = WriteId::from_bytes(*from.array()?);
    Some(RememberedWrite { id, checksum: u32::from_le_bytes(*from.array()?) })
}

/// How a start was begun.
const BEGUN_NAMED: u8 = 0;
const BEGUN_FOR_NOBODY: u8 = 1;

fn write_start(out: &mut Writer<'_>, start: &UsedStart) {
    let UsedStart { id, device, request, begun } = start;
    out.bytes(id.as_bytes());
    out.bytes(device.as_bytes());
    out.option(*request, |out, request| out.bytes(request.as_bytes()));
    match begun {
        StartBegun::Named(at) => {
            out.byte(BEGUN_NAMED);
            out.moment(*at);
        }
        StartBegun::ForNobody(reading) => {
            out.byte(BEGUN_FOR_NOBODY);
            out.time(*reading);
        }
    }
}

fn read_start(from: &mut Reader<'_>) -> Option<UsedStart> {
    Some(UsedStart {
        id: StartId::from_bytes(*from.array()?),
        device: DeviceId::from_bytes(*from.array()?),
        request: from.option(Reader::array)?.copied().map(RequestId::from_bytes),
        begun: match from.byte()? {
            BEGUN_NAMED => StartBegun::Named(from.moment()?),
            BEGUN_FOR_NOBODY => StartBegun::ForNobody(from.time()?),
            _ => return None,
        },
    })
}

fn write_invitation(out: &mut Writer<'_>, invitation: &Invitation) {
    let Invitation { digest, by, until, expires } = invitation;
    out.bytes(digest.as_bytes());
    out.bytes(by.as_bytes());
    out.moment(*until);
    out.time(*expires);
}

fn read_invitation(from: &mut Reader<'_>) -> Option<Invitation> {
    Some(Invitation {
        digest: Digest::from_bytes(*from.array()?),
        by: PersonId::from_bytes(*from.array()?),
        until: from.moment()?,
        expires: from.time()?,
    })
}
