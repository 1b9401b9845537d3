//! Version 1 of the stored account. **Frozen**: fields are neither added, removed nor reordered;
//! a change is a version 2 beside it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::envelope::RecordError;
use super::event_v1::StoredEvent;
use crate::account::{
    Account, DEVICE_LIMIT_MAX, Device, DeviceLabel, Invitation, Standing, WRITES_REMEMBERED,
};
use crate::id::{AttemptId, CredentialId, DeviceId, Generation, InvitationId, PersonId, WriteId};
use crate::pin::{Attempts, Credential, CredentialFields as Fields, PepperId};
use crate::secret::Digest;
use crate::session::{
    AnySession, Authenticated, Baseline, Biometrics, Enrolment, Locked, LoggedOut, PinExhausted, PinPending,
    RevokedAll, Session,
};
use crate::time::Timestamp;

type Id = [u8; 16];
type Hash = [u8; 32];

#[derive(Serialize, Deserialize)]
pub(super) struct StoredAccount {
    person: Id,
    generation: u64,
    revoked_all: bool,
    admitted: bool,
    invitation: Option<StoredInvitation>,
    devices: Vec<StoredDevice>,
    high_water: u64,
    next_sequence: u64,
    outbox: Vec<StoredEvent>,
    writes: Vec<Id>,
}

#[derive(Serialize, Deserialize)]
struct StoredInvitation {
    id: Id,
    by: Id,
    expires: u64,
}

#[derive(Serialize, Deserialize)]
struct StoredDevice {
    id: Id,
    label: String,
    created: u64,
    last_used: u64,
    last_unlock: Option<u64>,
    token: Hash,
    generation: u64,
    session: StoredSession,
}

#[derive(Serialize, Deserialize)]
enum StoredSession {
    LoggedOut,
    PinPending { begun: u64 },
    Authenticated { begun: u64, enrolment: StoredEnrolment, token: Hash, last_use: u64 },
    Locked { begun: u64, enrolment: StoredEnrolment },
    PinExhausted,
    RevokedAll,
}

#[derive(Serialize, Deserialize)]
struct StoredEnrolment {
    credential: StoredCredential,
    failures: u8,
    in_flight: Vec<Id>,
    face: Option<Hash>,
    fingerprint: Option<Hash>,
}

#[derive(Serialize, Deserialize)]
struct StoredCredential {
    id: Id,
    length: u8,
    memory_kib: u32,
    passes: u32,
    pepper: Option<u32>,
    salt: [u8; 16],
    hash: Hash,
}

impl From<&Account> for StoredAccount {
    fn from(account: &Account) -> Self {
        Self {
            person: *account.person.as_bytes(),
            generation: account.generation.number(),
            revoked_all: account.standing == Standing::RevokedAll,
            admitted: account.admitted,
            invitation: account.invitation.as_ref().map(StoredInvitation::from),
            devices: account.devices.iter().map(StoredDevice::from).collect(),
            high_water: account.high_water.as_unix_millis(),
            next_sequence: account.next_sequence,
            outbox: account.outbox.iter().map(StoredEvent::from).collect(),
            writes: account.writes.iter().map(|id| *id.as_bytes()).collect(),
        }
    }
}

impl StoredAccount {
    pub(super) fn restore(self) -> Result<Account, RecordError> {
        let person = PersonId::from_bytes(self.person);
        let generation = Generation::from_number(self.generation);
        if self.devices.len() > usize::from(DEVICE_LIMIT_MAX) || self.writes.len() > WRITES_REMEMBERED {
            return Err(RecordError::Corrupted);
        }
        let devices: Vec<Device> =
            self.devices.into_iter().map(StoredDevice::restore).collect::<Result<_, _>>()?;
        if devices.iter().any(|device| device.session.generation() > generation) || has_twins(&devices) {
            return Err(RecordError::Corrupted);
        }
        let outbox: Vec<_> = self.outbox.into_iter().map(|event| event.restore(person)).collect();
        if outbox.iter().any(|event| event.sequence >= self.next_sequence) {
            return Err(RecordError::Corrupted);
        }
        Ok(Account {
            person,
            generation,
            standing: if self.revoked_all { Standing::RevokedAll } else { Standing::Good },
            admitted: self.admitted,
            invitation: self.invitation.map(StoredInvitation::restore),
            devices,
            high_water: Timestamp::from_unix_millis(self.high_water),
            written_high_water: Timestamp::from_unix_millis(self.high_water),
            next_sequence: self.next_sequence,
            outbox,
            writes: self.writes.into_iter().map(WriteId::from_bytes).collect(),
            changed: false,
        })
    }
}

fn has_twins(devices: &[Device]) -> bool {
    let twin = |one: &Device, other: &Device| one.id == other.id || one.token == other.token;
    (1..).zip(devices).any(|(next, one)| devices.iter().skip(next).any(|other| twin(one, other)))
}

impl From<&Invitation> for StoredInvitation {
    fn from(invitation: &Invitation) -> Self {
        let Invitation { id, by, expires } = invitation;
        Self { id: *id.as_bytes(), by: *by.as_bytes(), expires: expires.as_unix_millis() }
    }
}

impl StoredInvitation {
    const fn restore(self) -> Invitation {
        Invitation {
            id: InvitationId::from_bytes(self.id),
            by: PersonId::from_bytes(self.by),
            expires: Timestamp::from_unix_millis(self.expires),
        }
    }
}

impl From<&Device> for StoredDevice {
    fn from(device: &Device) -> Self {
        Self {
            id: *device.id.as_bytes(),
            label: device.label.as_str().into(),
            created: device.created.as_unix_millis(),
            last_used: device.last_used.as_unix_millis(),
            last_unlock: device.last_unlock.map(Timestamp::as_unix_millis),
            token: *device.token.as_bytes(),
            generation: device.session.generation().number(),
            session: StoredSession::from(&device.session),
        }
    }
}

impl StoredDevice {
    fn restore(self) -> Result<Device, RecordError> {
        let id = DeviceId::from_bytes(self.id);
        Ok(Device {
            id,
            label: DeviceLabel::new(&self.label).map_err(|_| RecordError::Corrupted)?,
            created: Timestamp::from_unix_millis(self.created),
            last_used: Timestamp::from_unix_millis(self.last_used),
            last_unlock: self.last_unlock.map(Timestamp::from_unix_millis),
            token: Digest::from_bytes(self.token),
            session: self.session.restore(id, Generation::from_number(self.generation)),
        })
    }
}

impl From<&AnySession> for StoredSession {
    fn from(session: &AnySession) -> Self {
        match session {
            AnySession::LoggedOut(_) => Self::LoggedOut,
            AnySession::PinPending(session) => {
                Self::PinPending { begun: session.state().begun.as_unix_millis() }
            }
            AnySession::Authenticated(session) => {
                let Authenticated { begun, enrolment, token, last_use } = session.state();
                Self::Authenticated {
                    begun: begun.as_unix_millis(),
                    enrolment: enrolment.into(),
                    token: *token.as_bytes(),
                    last_use: last_use.as_unix_millis(),
                }
            }
            AnySession::Locked(session) => {
                let Locked { begun, enrolment } = session.state();
                let begun = begun.as_unix_millis();
                Self::Locked { begun, enrolment: enrolment.into() }
            }
            AnySession::PinExhausted(_) => Self::PinExhausted,
            AnySession::RevokedAll(_) => Self::RevokedAll,
        }
    }
}

impl StoredSession {
    fn restore(self, id: DeviceId, generation: Generation) -> AnySession {
        let exhausted = || Session::restore(id, generation, PinExhausted).into();
        match self {
            Self::LoggedOut => Session::restore(id, generation, LoggedOut).into(),
            Self::PinPending { begun } => {
                let begun = Timestamp::from_unix_millis(begun);
                Session::restore(id, generation, PinPending { begun }).into()
            }
            // A count out of range reads as exhausted, never as a fresh budget (E32).
            Self::Authenticated { begun, enrolment, token, last_use } => {
                let Some(enrolment) = enrolment.restore() else { return exhausted() };
                let state = Authenticated {
                    begun: Timestamp::from_unix_millis(begun),
                    enrolment,
                    token: Digest::from_bytes(token),
                    last_use: Timestamp::from_unix_millis(last_use),
                };
                Session::restore(id, generation, state).into()
            }
            Self::Locked { begun, enrolment } => {
                let Some(enrolment) = enrolment.restore() else { return exhausted() };
                let begun = Timestamp::from_unix_millis(begun);
                Session::restore(id, generation, Locked { begun, enrolment }).into()
            }
            Self::PinExhausted => exhausted(),
            Self::RevokedAll => Session::restore(id, generation, RevokedAll).into(),
        }
    }
}

impl From<&Enrolment> for StoredEnrolment {
    fn from(enrolment: &Enrolment) -> Self {
        let digest = |baseline: Option<Baseline>| baseline.map(|baseline| *baseline.digest().as_bytes());
        let fields = enrolment.credential.fields();
        let credential = StoredCredential {
            id: *fields.id.as_bytes(),
            length: fields.length,
            memory_kib: fields.memory_kib,
            passes: fields.passes,
            pepper: fields.pepper.map(PepperId::number),
            salt: fields.salt,
            hash: fields.hash,
        };
        Self {
            credential,
            failures: enrolment.attempts.failures(),
            in_flight: enrolment.attempts.in_flight().iter().map(|id| *id.as_bytes()).collect(),
            face: digest(enrolment.biometrics.face),
            fingerprint: digest(enrolment.biometrics.fingerprint),
        }
    }
}

impl StoredEnrolment {
    /// `None` if the ledger of attempts is out of range.
    fn restore(self) -> Option<Enrolment> {
        let baseline =
            |digest: Option<Hash>| digest.map(|bytes| Baseline::restore(Digest::from_bytes(bytes)));
        let StoredCredential { id, length, memory_kib, passes, pepper, salt, hash } = self.credential;
        let in_flight = self.in_flight.into_iter().map(AttemptId::from_bytes).collect();
        let id = CredentialId::from_bytes(id);
        let pepper = pepper.map(PepperId::from_number);
        Some(Enrolment {
            credential: Credential::restore(Fields { id, length, memory_kib, passes, pepper, salt, hash }),
            attempts: Attempts::restore(self.failures, in_flight)?,
            biometrics: Biometrics { face: baseline(self.face), fingerprint: baseline(self.fingerprint) },
        })
    }
}
