//! What a device has enrolled, in the stored account, version 1: credential, ledger of attempts,
//! biometrics. Frozen, like the row around it.
#![allow(clippy::inline_always, reason = "kept in registers, a record is read in half the time")]

use alloc::vec::Vec;

use super::wire::{Reader, Writer};
use crate::id::{AttemptId, CredentialId, RequestId};
use crate::pin::{
    ANSWERED_LIMIT, ATTEMPT_LIMIT, Answered, Attempts, Charged, Credential, CredentialFields, InFlight,
    PepperId,
};
use crate::secret::Digest;
use crate::session::{Baseline, Biometrics, Enrolment};

pub(super) type Id = [u8; 16];
pub(super) type Hash = [u8; 32];

/// As it lies in the record: borrowed and not yet made into anything.
pub(super) struct RowEnrolment<'a> {
    credential: RowCredential<'a>,
    ledger: Option<Attempts>,
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

impl<'a> RowEnrolment<'a> {
    #[inline(always)]
    pub(super) fn read(from: &mut Reader<'a>) -> Option<Self> {
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
            ledger: read_attempts(from)?,
            face: from.option(Reader::array)?,
            fingerprint: from.option(Reader::array)?,
        })
    }

    /// The enrolment; `None` if the ledger of attempts is out of range.
    #[inline(always)]
    pub(super) fn restore(self) -> Option<Enrolment> {
        let RowCredential { id, length, memory_kib, passes, pepper, salt, hash } = self.credential;
        let (id, pepper) = (CredentialId::from_bytes(*id), pepper.map(PepperId::from_number));
        let (salt, hash) = (*salt, *hash);
        let fields = CredentialFields { id, length, memory_kib, passes, pepper, salt, hash };
        let baseline =
            |digest: Option<&Hash>| digest.map(|bytes| Baseline::restore(Digest::from_bytes(*bytes)));
        let biometrics = Biometrics { face: baseline(self.face), fingerprint: baseline(self.fingerprint) };
        Some(Enrolment { credential: Credential::restore(fields), attempts: self.ledger?, biometrics })
    }
}

/// The ledger; the inner `None` if it is out of range.
#[allow(clippy::option_option, reason = "the outer one is for bytes of another shape")]
fn read_attempts(from: &mut Reader<'_>) -> Option<Option<Attempts>> {
    let failures = from.byte()?;
    let charges = from.list(from.rest().len(), read_charged)?;
    let void = from.byte()?;
    let answered = from.list(ANSWERED_LIMIT, read_answered)?;
    let changed_by = from.option(Reader::array)?.copied().map(RequestId::from_bytes);
    let ledger = InFlight::restore(charges).map(|in_flight| Attempts {
        failures,
        in_flight,
        void,
        answered,
        changed_by,
    });
    Some(ledger.filter(Attempts::is_in_range))
}

fn read_charged(from: &mut Reader<'_>) -> Option<Charged> {
    Some(Charged {
        attempt: AttemptId::from_bytes(*from.array()?),
        request: from.option(Reader::array)?.copied().map(RequestId::from_bytes),
        at: from.moment()?,
        overtaken: from.flag()?,
    })
}

fn read_answered(from: &mut Reader<'_>) -> Option<Answered> {
    Some(Answered { request: RequestId::from_bytes(*from.array()?), at: from.moment()? })
}

/// The claims of a PIN to be, five at most.
pub(super) fn read_in_flight(from: &mut Reader<'_>) -> Option<InFlight> {
    let charges: Vec<Charged> = from.list(usize::from(ATTEMPT_LIMIT), read_charged)?;
    InFlight::restore(charges)
}

pub(super) fn write_in_flight(out: &mut Writer<'_>, in_flight: &InFlight) {
    out.length(in_flight.charges().len());
    for Charged { attempt, request, at, overtaken } in in_flight.charges() {
        out.bytes(attempt.as_bytes());
        out.option(*request, |out, request| out.bytes(request.as_bytes()));
        out.moment(*at);
        out.flag(*overtaken);
    }
}

pub(super) fn write_enrolment(out: &mut Writer<'_>, enrolment: &Enrolment) {
    let Enrolment { credential, attempts, biometrics } = enrolment;
    write_credential(out, credential.fields());
    write_attempts(out, attempts);
    for baseline in [&biometrics.face, &biometrics.fingerprint] {
        out.option(baseline.as_ref(), |out, baseline| out.bytes(baseline.digest().as_bytes()));
    }
}

fn write_attempts(out: &mut Writer<'_>, attempts: &Attempts) {
    let Attempts { failures, in_flight, void, answered, changed_by } = attempts;
    out.byte(*failures);
    write_in_flight(out, in_flight);
    out.byte(*void);
    out.length(answered.len());
    for Answered { request, at } in answered {
        out.bytes(request.as_bytes());
        out.moment(*at);
    }
    out.option(*changed_by, |out, request| out.bytes(request.as_bytes()));
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
