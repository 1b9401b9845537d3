//! Version 1 of the stored account. **Frozen**: fields are neither added, removed nor reordered;
//! a change is a version 2 beside it. Each part is written and read side by side, field by field.

use alloc::vec::Vec;
use core::mem;

use super::envelope::RecordError;
use super::event_v1::{read_event, write_event};
use super::row_v1::{Row, write_device};
use super::wire::{Reader, Writer};
use crate::account::{Account, DEVICE_LIMIT_MAX, Device, Invitation, Standing};
use crate::id::{Generation, InvitationId, PersonId, WriteId};

/// Bytes that an account, and each device of it, usually takes; room to write without growing.
const USUAL_BYTES: usize = 224;

/// How many writes a record of this version may remember; this crate writes fewer.
pub(super) const WRITES_MAX: usize = 8;

pub(super) fn write_account(account: &Account, bytes: &mut Vec<u8>) {
    bytes.reserve(USUAL_BYTES.saturating_mul(account.devices.len().saturating_add(1)));
    let mut out = Writer(bytes);
    out.bytes(account.person.as_bytes());
    out.number(account.generation.number());
    out.flag(account.standing == Standing::RevokedAll);
    out.flag(account.admitted);
    out.option(account.invitation.as_ref(), write_invitation);
    out.length(account.devices.len());
    for device in &account.devices {
        write_device(&mut out, device);
    }
    out.number(account.high_water.as_unix_millis());
    out.number(account.next_sequence);
    out.length(account.outbox.len());
    for event in &account.outbox {
        write_event(&mut out, event);
    }
    out.length(account.writes.len());
    for write in &account.writes {
        out.bytes(write.as_bytes());
    }
}

pub(super) fn read_account(bytes: &[u8]) -> Result<Account, RecordError> {
    let mut reader = Reader::new(bytes);
    let account = read_fields(&mut reader).filter(|_| reader.rest().is_empty());
    account.filter(is_consistent).ok_or(RecordError::Corrupted)
}

/// What lies before the devices.
pub(super) struct Head {
    pub(super) person: PersonId,
    pub(super) generation: Generation,
    pub(super) standing: Standing,
    admitted: bool,
    invitation: Option<Invitation>,
}

impl Head {
    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            person: PersonId::from_bytes(*from.array()?),
            generation: Generation::from_number(from.number()?),
            standing: if from.flag()? { Standing::RevokedAll } else { Standing::Good },
            admitted: from.flag()?,
            invitation: from.option(read_invitation)?,
        })
    }
}

fn read_fields(from: &mut Reader<'_>) -> Option<Account> {
    let Head { person, generation, standing, admitted, invitation } = Head::read(from)?;
    let devices = from.list(usize::from(DEVICE_LIMIT_MAX), |from| Row::read(from)?.restore())?;
    let high_water = from.time()?;
    let next_sequence = from.number()?;
    let outbox = from.list(from.rest().len(), |from| read_event(from, person))?;
    let writes = from.ids(WRITES_MAX)?;
    Some(Account {
        person,
        generation,
        standing,
        admitted,
        invitation,
        devices,
        high_water,
        written_high_water: high_water,
        next_sequence,
        outbox,
        writes: writes.iter().map(|id| WriteId::from_bytes(*id)).collect(),
        changed: false,
    })
}

/// Whether the parts fit each other: no session newer than the account, no event from the future,
/// no two devices alike.
fn is_consistent(account: &Account) -> bool {
    account.devices.iter().all(|device| device.session.generation() <= account.generation)
        && account.outbox.iter().all(|event| event.sequence < account.next_sequence)
        && !has_twins(&account.devices)
}

fn has_twins(devices: &[Device]) -> bool {
    let ids = devices.iter().map(|device| device.id.as_bytes().as_slice());
    let tokens = devices.iter().map(|device| device.token.as_bytes().as_slice());
    repeats(&ids) || repeats(&tokens)
}

/// Whether one of these identifiers or digests is there twice. They are drawn at random, so that
/// most have a first byte of their own and are compared with nothing.
pub(super) fn repeats<'a>(names: &(impl Iterator<Item = &'a [u8]> + Clone)) -> bool {
    let mut is_first_byte = [false; 256];
    names.clone().zip(0..).any(|(name, before)| {
        let first = name.first().copied().map_or(0, usize::from);
        let Some(is_seen) = is_first_byte.get_mut(first) else { return true };
        mem::replace(is_seen, true) && names.clone().take(before).any(|other| other == name)
    })
}

fn write_invitation(out: &mut Writer<'_>, invitation: &Invitation) {
    let Invitation { id, by, expires } = invitation;
    out.bytes(id.as_bytes());
    out.bytes(by.as_bytes());
    out.time(*expires);
}

fn read_invitation(from: &mut Reader<'_>) -> Option<Invitation> {
    Some(Invitation {
        id: InvitationId::from_bytes(*from.array()?),
        by: PersonId::from_bytes(*from.array()?),
        expires: from.time()?,
    })
}
