//! Version 1 of the stored audit event. **Frozen**, like the account around it.

use serde::{Deserialize, Serialize};

use super::twin::twin;
use crate::account::{AccountChange, Event, EventKind, RevokedBy};
use crate::id::{CompanyId, DeviceId, Generation, PersonId};
use crate::people::AuthenticationMethod;
use crate::session::{Change, LockCause, LogOutCause, Modality};
use crate::time::{Span, Timestamp};

type Id = [u8; 16];

#[derive(Serialize, Deserialize)]
pub(super) struct StoredEvent {
    sequence: u64,
    at: u64,
    kind: StoredKind,
}

#[derive(Serialize, Deserialize)]
enum StoredKind {
    Device(Id, StoredChange),
    Account(StoredAccountChange),
}

#[derive(Serialize, Deserialize)]
enum StoredAccountChange {
    Invited { by: Id, company: Id, self_issued: bool, replaced: bool },
    InvitationWithdrawn { by: Id, company: Id },
    RevokedByPerson { device: Id, generation: u64, voided_invitation: bool },
    RevokedByAdministrator { by: Id, company: Id, generation: u64, voided_invitation: bool },
    ClockJumpBounded { disbelieved_millis: u64 },
}

#[derive(Serialize, Deserialize)]
enum StoredChange {
    Authenticated { method: StoredMethod, by_invitation: bool },
    PinCreated,
    LockedAsked,
    LockedIdle,
    UnlockedByPin,
    UnlockedByBiometric(StoredModality),
    PinRejected { failures: u8 },
    PinExhausted,
    Acknowledged,
    PinChanged,
    BiometricEnabled(StoredModality),
    BiometricDisabled(StoredModality),
    BiometricBaselineChanged(StoredModality),
    LoggedOut(StoredLogOut),
    RevokedAll,
}

twin!(StoredMethod = AuthenticationMethod { BankCredentials, MobileCertificate, IdentityProviderAccount });
twin!(StoredModality = Modality { Face, Fingerprint });
twin!(
    StoredLogOut = LogOutCause {
        Asked,
        FromAnotherDevice,
        PinWindowPassed,
        LifetimePassed,
        DeviceModified,
        NoLongerEligible,
        MadeRoom,
    }
);

impl From<&Event> for StoredEvent {
    fn from(event: &Event) -> Self {
        let kind = match event.kind {
            EventKind::Device(device, change) => StoredKind::Device(*device.as_bytes(), change.into()),
            EventKind::Account(change) => StoredKind::Account(change.into()),
        };
        Self { sequence: event.sequence, at: event.at.as_unix_millis(), kind }
    }
}

impl StoredEvent {
    pub(super) fn restore(self, person: PersonId) -> Event {
        let kind = match self.kind {
            StoredKind::Device(device, change) => {
                EventKind::Device(DeviceId::from_bytes(device), change.into())
            }
            StoredKind::Account(change) => EventKind::Account(change.into()),
        };
        Event { person, sequence: self.sequence, at: Timestamp::from_unix_millis(self.at), kind }
    }
}

impl From<AccountChange> for StoredAccountChange {
    fn from(change: AccountChange) -> Self {
        match change {
            AccountChange::Invited { by, company, self_issued, replaced } => {
                Self::Invited { by: *by.as_bytes(), company: *company.as_bytes(), self_issued, replaced }
            }
            AccountChange::InvitationWithdrawn { by, company } => {
                Self::InvitationWithdrawn { by: *by.as_bytes(), company: *company.as_bytes() }
            }
            AccountChange::RevokedAll { by, generation, voided_invitation } => {
                let generation = generation.number();
                match by {
                    RevokedBy::Person(device) => {
                        Self::RevokedByPerson { device: *device.as_bytes(), generation, voided_invitation }
                    }
                    RevokedBy::Administrator { by, company } => {
                        let (by, company) = (*by.as_bytes(), *company.as_bytes());
                        Self::RevokedByAdministrator { by, company, generation, voided_invitation }
                    }
                }
            }
            AccountChange::ClockJumpBounded { disbelieved } => {
                Self::ClockJumpBounded { disbelieved_millis: disbelieved.as_millis() }
            }
        }
    }
}

impl From<StoredAccountChange> for AccountChange {
    fn from(stored: StoredAccountChange) -> Self {
        use StoredAccountChange as Stored;
        let person = PersonId::from_bytes;
        let company = CompanyId::from_bytes;
        let revoked = |by, generation, voided_invitation| Self::RevokedAll {
            by,
            generation: Generation::from_number(generation),
            voided_invitation,
        };
        match stored {
            Stored::Invited { by, company: at, self_issued, replaced } => {
                Self::Invited { by: person(by), company: company(at), self_issued, replaced }
            }
            Stored::InvitationWithdrawn { by, company: at } => {
                Self::InvitationWithdrawn { by: person(by), company: company(at) }
            }
            Stored::RevokedByPerson { device, generation, voided_invitation } => {
                revoked(RevokedBy::Person(DeviceId::from_bytes(device)), generation, voided_invitation)
            }
            Stored::RevokedByAdministrator { by, company: at, generation, voided_invitation } => {
                let by = RevokedBy::Administrator { by: person(by), company: company(at) };
                revoked(by, generation, voided_invitation)
            }
            Stored::ClockJumpBounded { disbelieved_millis } => {
                Self::ClockJumpBounded { disbelieved: Span::millis(disbelieved_millis) }
            }
        }
    }
}

impl From<Change> for StoredChange {
    fn from(change: Change) -> Self {
        match change {
            Change::Authenticated { method, by_invitation } => {
                Self::Authenticated { method: method.into(), by_invitation }
            }
            Change::PinCreated => Self::PinCreated,
            Change::Locked(LockCause::Asked) => Self::LockedAsked,
            Change::Locked(LockCause::Idle) => Self::LockedIdle,
            Change::UnlockedByPin => Self::UnlockedByPin,
            Change::UnlockedByBiometric(modality) => Self::UnlockedByBiometric(modality.into()),
            Change::PinRejected { failures } => Self::PinRejected { failures },
            Change::PinExhausted => Self::PinExhausted,
            Change::Acknowledged => Self::Acknowledged,
            Change::PinChanged => Self::PinChanged,
            Change::BiometricEnabled(modality) => Self::BiometricEnabled(modality.into()),
            Change::BiometricDisabled(modality) => Self::BiometricDisabled(modality.into()),
            Change::BiometricBaselineChanged(modality) => Self::BiometricBaselineChanged(modality.into()),
            Change::LoggedOut(cause) => Self::LoggedOut(cause.into()),
            Change::RevokedAll => Self::RevokedAll,
        }
    }
}

impl From<StoredChange> for Change {
    fn from(stored: StoredChange) -> Self {
        match stored {
            StoredChange::Authenticated { method, by_invitation } => {
                Self::Authenticated { method: method.into(), by_invitation }
            }
            StoredChange::PinCreated => Self::PinCreated,
            StoredChange::LockedAsked => Self::Locked(LockCause::Asked),
            StoredChange::LockedIdle => Self::Locked(LockCause::Idle),
            StoredChange::UnlockedByPin => Self::UnlockedByPin,
            StoredChange::UnlockedByBiometric(modality) => Self::UnlockedByBiometric(modality.into()),
            StoredChange::PinRejected { failures } => Self::PinRejected { failures },
            StoredChange::PinExhausted => Self::PinExhausted,
            StoredChange::Acknowledged => Self::Acknowledged,
            StoredChange::PinChanged => Self::PinChanged,
            StoredChange::BiometricEnabled(modality) => Self::BiometricEnabled(modality.into()),
            StoredChange::BiometricDisabled(modality) => Self::BiometricDisabled(modality.into()),
            StoredChange::BiometricBaselineChanged(modality) => {
                Self::BiometricBaselineChanged(modality.into())
            }
            StoredChange::LoggedOut(cause) => Self::LoggedOut(cause.into()),
            StoredChange::RevokedAll => Self::RevokedAll,
        }
    }
}
