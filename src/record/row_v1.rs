//! A device of the stored account, version 1, as it lies in the record: borrowed and not yet made into
//! anything. Frozen from the first release on, like the account around it.

#![allow(clippy::inline_always, reason = "kept in registers, a record is read in half the time")]

use super::wire::{Reader, Writer};
use crate::account::{Device, DeviceLabel};
use crate::id::{AttemptId, CredentialId, DeviceId, Generation};
use crate::pin::{Attempts, Credential, CredentialFields, PepperId};
use crate::secret::Digest;
use crate::session::{
    AnySession, Authenticated, Baseline, Biometrics, Enrolment, Locked, LoggedOut, PinExhausted, PinPending,
    RevokedAll, Session,
};
use crate::time::Timestamp;

type Id = [u8; 16];
type Hash = [u8; 32];

pub(super) struct Row<'a> {
    id: &'a Id,
    label: &'a [u8],
    created: Timestamp,
    last_used: Timestamp,
    last_unlock: Option<Timestamp>,
    token: &'a Hash,
    generation: u64,
    state: RowState<'a>,
}

/// In which state the device's session is.
enum RowState<'a> {
    LoggedOut,
    PinPending { begun: Timestamp },
    Authenticated { begun: Timestamp, enrolment: RowEnrolment<'a>, token: &'a Hash, last_use: Timestamp },
    Locked { begun: Timestamp, enrolment: RowEnrolment<'a> },
    PinExhausted,
    RevokedAll,
}

struct RowEnrolment<'a> {
    credential: RowCredential<'a>,
    failures: u8,
    in_flight: &'a [Id],
    face: Option<&'a Hash>,
    fingerprint: Option<&'a Hash>,
}

struct RowCredential<'a> {
    id: &'a Id,
    length: u8,
    memory_kib: u32,
    passes: u32,
    pepper: Option<u32>,
    salt: &'a Id,
    hash: &'a Hash,
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
            last_used: from.time()?,
            last_unlock: from.option(Reader::time)?,
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
            last_unlock: self.last_unlock,
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
            PIN_PENDING => Self::PinPending { begun: from.time()? },
            AUTHENTICATED => Self::Authenticated {
                begun: from.time()?,
                enrolment: RowEnrolment::read(from)?,
                token: from.array()?,
                last_use: from.time()?,
            },
            LOCKED => Self::Locked { begun: from.time()?, enrolment: RowEnrolment::read(from)? },
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
            Self::PinPending { begun } => Session::restore(id, generation, PinPending { begun }).into(),
            Self::Authenticated { begun, enrolment, token, last_use } => {
                let Some(attempts) = enrolment.attempts() else { return exhausted() };
                let state = Authenticated {
                    begun,
                    enrolment: enrolment.restore(attempts),
                    token: Digest::from_bytes(*token),
                    last_use,
                };
                Session::restore(id, generation, state).into()
            }
            Self::Locked { begun, enrolment } => {
                let Some(attempts) = enrolment.attempts() else { return exhausted() };
                let state = Locked { begun, enrolment: enrolment.restore(attempts) };
                Session::restore(id, generation, state).into()
            }
            Self::PinExhausted => exhausted(),
            Self::RevokedAll => Session::restore(id, generation, RevokedAll).into(),
        }
    }
}

impl<'a> RowEnrolment<'a> {
    #[inline(always)]
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some(Self {
            credential: RowCredential {
                id: from.array()?,
                length: from.byte()?,
                memory_kib: from.number_32()?,
                passes: from.number_32()?,
                pepper: from.option(Reader::number_32)?,
                salt: from.array()?,
                hash: from.array()?,
            },
            failures: from.byte()?,
            in_flight: from.ids(usize::MAX)?,
            face: from.option(Reader::array)?,
            fingerprint: from.option(Reader::array)?,
        })
    }

    /// The ledger of attempts; `None` if it is out of range.
    fn attempts(&self) -> Option<Attempts> {
        let in_flight = self.in_flight.iter().map(|id| AttemptId::from_bytes(*id)).collect();
        Attempts::restore(self.failures, in_flight)
    }

    #[inline(always)]
    fn restore(self, attempts: Attempts) -> Enrolment {
        let RowCredential { id, length, memory_kib, passes, pepper, salt, hash } = self.credential;
        let (id, pepper) = (CredentialId::from_bytes(*id), pepper.map(PepperId::from_number));
        let (salt, hash) = (*salt, *hash);
        let fields = CredentialFields { id, length, memory_kib, passes, pepper, salt, hash };
        let baseline =
            |digest: Option<&Hash>| digest.map(|bytes| Baseline::restore(Digest::from_bytes(*bytes)));
        let biometrics = Biometrics { face: baseline(self.face), fingerprint: baseline(self.fingerprint) };
        Enrolment { credential: Credential::restore(fields), attempts, biometrics }
    }
}

pub(super) fn write_device(out: &mut Writer<'_>, device: &Device) {
    let Device { id, label, created, last_used, last_unlock, token, session } = device;
    out.bytes(id.as_bytes());
    out.text(label.as_str());
    out.time(*created);
    out.time(*last_used);
    out.option(*last_unlock, Writer::time);
    out.bytes(token.as_bytes());
    out.number(session.generation().number());
    write_session(out, session);
}

fn write_session(out: &mut Writer<'_>, session: &AnySession) {
    match session {
        AnySession::LoggedOut(_) => out.byte(LOGGED_OUT),
        AnySession::PinPending(session) => {
            out.byte(PIN_PENDING);
            out.time(session.state().begun);
        }
        AnySession::Authenticated(session) => {
            let Authenticated { begun, enrolment, token, last_use } = session.state();
            out.byte(AUTHENTICATED);
            out.time(*begun);
            write_enrolment(out, enrolment);
            out.bytes(token.as_bytes());
            out.time(*last_use);
        }
        AnySession::Locked(session) => {
            let Locked { begun, enrolment } = session.state();
            out.byte(LOCKED);
            out.time(*begun);
            write_enrolment(out, enrolment);
        }
        AnySession::PinExhausted(_) => out.byte(PIN_EXHAUSTED),
        AnySession::RevokedAll(_) => out.byte(REVOKED_ALL),
    }
}

fn write_enrolment(out: &mut Writer<'_>, enrolment: &Enrolment) {
    let Enrolment { credential, attempts, biometrics } = enrolment;
    write_credential(out, credential.fields());
    out.byte(attempts.failures());
    out.length(attempts.in_flight().len());
    for attempt in attempts.in_flight() {
        out.bytes(attempt.as_bytes());
    }
    for baseline in [&biometrics.face, &biometrics.fingerprint] {
        out.option(baseline.as_ref(), |out, baseline| out.bytes(baseline.digest().as_bytes()));
    }
}

fn write_credential(out: &mut Writer<'_>, fields: &CredentialFields) {
    let CredentialFields { id, length, memory_kib, passes, pepper, salt, hash } = fields;
    out.bytes(id.as_bytes());
    out.byte(*length);
    out.number(u64::from(*memory_kib));
    out.number(u64::from(*passes));
    out.option(*pepper, |out, pepper| out.number(u64::from(pepper.number())));
    out.bytes(salt);
    out.bytes(hash);
}
