//! A device of the stored account, version 1, as it lies in the record: borrowed and not yet made into
//! anything. Frozen, like the account around it.

#![allow(clippy::inline_always, reason = "kept in registers, a record is read in half the time")]

use super::day::{read_day, write_day};
use super::enrolment_v1::{Hash, Id, RowEnrolment, read_in_flight, write_enrolment, write_in_flight};
use super::event_v1::{read_modality, write_modality};
use super::wire::{Reader, Writer};
use crate::account::{Device, DeviceLabel, LastOpened};
use crate::id::{DeviceId, Generation};
use crate::pin::InFlight;
use crate::secret::Digest;
use crate::session::{
    AnySession, Authenticated, Begun, Locked, LoggedOut, OpenedBy, PinExhausted, PinPending, RevokedAll,
    Session,
};
use crate::time::{Moment, Seen, Timestamp};

pub(super) struct Row<'a> {
    id: &'a Id,
    label: &'a [u8],
    created: Timestamp,
    last_used: Moment,
    last_opened: Option<LastOpened>,
    token: &'a Hash,
    generation: u64,
    state: RowState<'a>,
}

/// In which state the device's session is.
enum RowState<'a> {
    LoggedOut,
    PinPending {
        begun: Begun,
        claims: InFlight,
    },
    Authenticated {
        begun: Begun,
        enrolment: RowEnrolment<'a>,
        token: &'a Hash,
        opened: Seen,
        opened_by: OpenedBy,
        last_use: Seen,
    },
    Locked {
        begun: Begun,
        enrolment: RowEnrolment<'a>,
    },
    PinExhausted,
    RevokedAll,
}

/// The numbers of the states.
const LOGGED_OUT: u8 = 0;
const PIN_PENDING: u8 = 1;
const AUTHENTICATED: u8 = 2;
const LOCKED: u8 = 3;
const PIN_EXHAUSTED: u8 = 4;
const REVOKED_ALL: u8 = 5;

impl<'a> Row<'a> {
    #[inline(always)]
    pub(super) fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some(Self {
            id: from.array()?,
            label: from.text()?,
            created: from.time()?,
            last_used: from.moment()?,
            last_opened: from.option(read_last_opened)?,
            token: from.array()?,
            generation: from.number()?,
            state: RowState::read(from)?,
        })
    }

    /// The device, unless its label is none.
    #[inline(always)]
    pub(super) fn restore(self) -> Option<Device> {
        let id = DeviceId::from_bytes(*self.id);
        Some(Device {
            id,
            label: DeviceLabel::restore(self.label)?,
            created: self.created,
            last_used: self.last_used,
            last_opened: self.last_opened,
            token: Digest::from_bytes(*self.token),
            session: self.state.restore(id, Generation::from_number(self.generation)),
        })
    }
}

impl<'a> RowState<'a> {
    #[inline(always)]
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some(match from.byte()? {
            LOGGED_OUT => Self::LoggedOut,
            PIN_PENDING => Self::PinPending { begun: read_begun(from)?, claims: read_in_flight(from)? },
            AUTHENTICATED => Self::Authenticated {
                begun: read_begun(from)?,
                enrolment: RowEnrolment::read(from)?,
                token: from.array()?,
                opened: read_seen(from)?,
                opened_by: read_opened_by(from)?,
                last_use: read_seen(from)?,
            },
            LOCKED => Self::Locked { begun: read_begun(from)?, enrolment: RowEnrolment::read(from)? },
            PIN_EXHAUSTED => Self::PinExhausted,
            REVOKED_ALL => Self::RevokedAll,
            _ => return None,
        })
    }

    /// A ledger of attempts that is out of range reads as exhausted, never as a fresh budget (E32).
    #[inline(always)]
    fn restore(self, id: DeviceId, generation: Generation) -> AnySession {
        let exhausted = || Session::restore(id, generation, PinExhausted).into();
        match self {
            Self::LoggedOut => Session::restore(id, generation, LoggedOut).into(),
            Self::PinPending { begun, claims } => {
                Session::restore(id, generation, PinPending { begun, claims }).into()
            }
            Self::Authenticated { begun, enrolment, token, opened, opened_by, last_use } => {
                let Some(enrolment) = enrolment.restore() else { return exhausted() };
                let token = Digest::from_bytes(*token);
                let state = Authenticated { begun, enrolment, token, opened, opened_by, last_use };
                Session::restore(id, generation, state).into()
            }
            Self::Locked { begun, enrolment } => {
                let Some(enrolment) = enrolment.restore() else { return exhausted() };
                let state = Locked { begun, enrolment };
                Session::restore(id, generation, state).into()
            }
            Self::PinExhausted => exhausted(),
            Self::RevokedAll => Session::restore(id, generation, RevokedAll).into(),
        }
    }
}

pub(super) fn write_device(out: &mut Writer<'_>, device: &Device) {
    let Device { id, label, created, last_used, last_opened, token, session } = device;
    out.bytes(id.as_bytes());
    out.text(label.as_str());
    out.time(*created);
    out.moment(*last_used);
    out.option(*last_opened, |out, opened| {
        out.time(opened.at);
        write_opened_by(out, opened.by);
    });
    out.bytes(token.as_bytes());
    out.number(session.generation().number());
    write_session(out, session);
}

fn write_session(out: &mut Writer<'_>, session: &AnySession) {
    match session {
        AnySession::LoggedOut(_) => out.byte(LOGGED_OUT),
        AnySession::PinPending(session) => {
            let PinPending { begun, claims } = session.state();
            out.byte(PIN_PENDING);
            write_begun(out, begun);
            write_in_flight(out, claims);
        }
        AnySession::Authenticated(session) => {
            let Authenticated { begun, enrolment, token, opened, opened_by, last_use } = session.state();
            out.byte(AUTHENTICATED);
            write_begun(out, begun);
            write_enrolment(out, enrolment);
            out.bytes(token.as_bytes());
            write_seen(out, opened);
            write_opened_by(out, *opened_by);
            write_seen(out, last_use);
        }
        AnySession::Locked(session) => {
            let Locked { begun, enrolment } = session.state();
            out.byte(LOCKED);
            write_begun(out, begun);
            write_enrolment(out, enrolment);
        }
        AnySession::PinExhausted(_) => out.byte(PIN_EXHAUSTED),
        AnySession::RevokedAll(_) => out.byte(REVOKED_ALL),
    }
}

fn read_last_opened(from: &mut Reader<'_>) -> Option<LastOpened> {
    Some(LastOpened { at: from.time()?, by: read_opened_by(from)? })
}

fn write_begun(out: &mut Writer<'_>, begun: &Begun) {
    out.moment(begun.at);
    write_day(out, begun.on);
}

fn read_begun(from: &mut Reader<'_>) -> Option<Begun> {
    Some(Begun { at: from.moment()?, on: read_day(from)? })
}

fn write_seen(out: &mut Writer<'_>, seen: &Seen) {
    out.moment(seen.at);
    out.time(seen.reading);
}

fn read_seen(from: &mut Reader<'_>) -> Option<Seen> {
    Some(Seen { at: from.moment()?, reading: from.time()? })
}

/// By PIN, or by which biometric.
fn write_opened_by(out: &mut Writer<'_>, by: OpenedBy) {
    let biometric = match by {
        OpenedBy::Pin => None,
        OpenedBy::Biometric(modality) => Some(modality),
    };
    out.option(biometric, write_modality);
}

fn read_opened_by(from: &mut Reader<'_>) -> Option<OpenedBy> {
    Some(from.option(read_modality)?.map_or(OpenedBy::Pin, OpenedBy::Biometric))
}
