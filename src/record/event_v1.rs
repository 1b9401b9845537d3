//! Version 1 of the stored audit event. **Frozen**, like the account around it.

use super::numbered::numbered;
use super::wire::{Reader, Writer};
use crate::account::{AccountChange, Event, EventKind, RevokedBy};
use crate::id::{CompanyId, DeviceId, Generation, PersonId};
use crate::people::AuthenticationMethod;
use crate::session::{Change, LockCause, LogOutCause, Modality};
use crate::time::{Span, Timestamp};

numbered!(AuthenticationMethod, write_method, read_method {
    BankCredentials = 0,
    MobileCertificate = 1,
    IdentityProviderAccount = 2,
});
numbered!(Modality, write_modality, read_modality { Face = 0, Fingerprint = 1 });
numbered!(LogOutCause, write_log_out, read_log_out {
    Asked = 0,
    FromAnotherDevice = 1,
    PinWindowPassed = 2,
    LifetimePassed = 3,
    DeviceModified = 4,
    NoLongerEligible = 5,
    MadeRoom = 6,
});

/// The numbers of what an event is about.
const DEVICE: u8 = 0;
const ACCOUNT: u8 = 1;

/// Without the person, who is the account's.
pub(super) fn write_event(out: &mut Writer<'_>, event: &Event) {
    out.number(event.sequence);
    out.number(event.at.as_unix_millis());
    match event.kind {
        EventKind::Device(device, change) => {
            out.byte(DEVICE);
            out.bytes(device.as_bytes());
            write_change(out, change);
        }
        EventKind::Account(change) => {
            out.byte(ACCOUNT);
            write_account_change(out, change);
        }
    }
}

pub(super) fn read_event(from: &mut Reader<'_>, person: PersonId) -> Option<Event> {
    let sequence = from.number()?;
    let at = Timestamp::from_unix_millis(from.number()?);
    let kind = match from.byte()? {
        DEVICE => EventKind::Device(DeviceId::from_bytes(*from.array()?), read_change(from)?),
        ACCOUNT => EventKind::Account(read_account_change(from)?),
        _ => return None,
    };
    Some(Event { person, sequence, at, kind })
}

/// The numbers of what happens to an account.
const INVITED: u8 = 0;
const INVITATION_WITHDRAWN: u8 = 1;
const REVOKED_BY_PERSON: u8 = 2;
const REVOKED_BY_ADMINISTRATOR: u8 = 3;
const CLOCK_JUMP_BOUNDED: u8 = 4;

fn write_account_change(out: &mut Writer<'_>, change: AccountChange) {
    match change {
        AccountChange::Invited { by, company, self_issued, replaced } => {
            out.byte(INVITED);
            write_administrator(out, by, company);
            out.flag(self_issued);
            out.flag(replaced);
        }
        AccountChange::InvitationWithdrawn { by, company } => {
            out.byte(INVITATION_WITHDRAWN);
            write_administrator(out, by, company);
        }
        AccountChange::RevokedAll { by, generation, voided_invitation } => {
            match by {
                RevokedBy::Person(device) => {
                    out.byte(REVOKED_BY_PERSON);
                    out.bytes(device.as_bytes());
                }
                RevokedBy::Administrator { by, company } => {
                    out.byte(REVOKED_BY_ADMINISTRATOR);
                    write_administrator(out, by, company);
                }
            }
            out.number(generation.number());
            out.flag(voided_invitation);
        }
        AccountChange::ClockJumpBounded { disbelieved } => {
            out.byte(CLOCK_JUMP_BOUNDED);
            out.number(disbelieved.as_millis());
        }
    }
}

fn read_account_change(from: &mut Reader<'_>) -> Option<AccountChange> {
    let revoked = |by, from: &mut Reader<'_>| {
        let generation = Generation::from_number(from.number()?);
        Some(AccountChange::RevokedAll { by, generation, voided_invitation: from.flag()? })
    };
    match from.byte()? {
        INVITED => {
            let (by, company) = read_administrator(from)?;
            let (self_issued, replaced) = (from.flag()?, from.flag()?);
            Some(AccountChange::Invited { by, company, self_issued, replaced })
        }
        INVITATION_WITHDRAWN => {
            let (by, company) = read_administrator(from)?;
            Some(AccountChange::InvitationWithdrawn { by, company })
        }
        REVOKED_BY_PERSON => {
            let device = DeviceId::from_bytes(*from.array()?);
            revoked(RevokedBy::Person(device), from)
        }
        REVOKED_BY_ADMINISTRATOR => {
            let (by, company) = read_administrator(from)?;
            revoked(RevokedBy::Administrator { by, company }, from)
        }
        CLOCK_JUMP_BOUNDED => {
            Some(AccountChange::ClockJumpBounded { disbelieved: Span::millis(from.number()?) })
        }
        _ => None,
    }
}

fn write_administrator(out: &mut Writer<'_>, by: PersonId, company: CompanyId) {
    out.bytes(by.as_bytes());
    out.bytes(company.as_bytes());
}

fn read_administrator(from: &mut Reader<'_>) -> Option<(PersonId, CompanyId)> {
    Some((PersonId::from_bytes(*from.array()?), CompanyId::from_bytes(*from.array()?)))
}

/// The numbers of what happens to a device session.
const AUTHENTICATED: u8 = 0;
const PIN_CREATED: u8 = 1;
const LOCKED_ASKED: u8 = 2;
const LOCKED_IDLE: u8 = 3;
const UNLOCKED_BY_PIN: u8 = 4;
const UNLOCKED_BY_BIOMETRIC: u8 = 5;
const PIN_REJECTED: u8 = 6;
const PIN_EXHAUSTED: u8 = 7;
const ACKNOWLEDGED: u8 = 8;
const PIN_CHANGED: u8 = 9;
const BIOMETRIC_ENABLED: u8 = 10;
const BIOMETRIC_DISABLED: u8 = 11;
const BIOMETRIC_BASELINE_CHANGED: u8 = 12;
const LOGGED_OUT: u8 = 13;
const REVOKED_ALL: u8 = 14;

fn write_change(out: &mut Writer<'_>, change: Change) {
    let mut with_modality = |number, modality| {
        out.byte(number);
        write_modality(out, modality);
    };
    match change {
        Change::UnlockedByBiometric(modality) => with_modality(UNLOCKED_BY_BIOMETRIC, modality),
        Change::BiometricEnabled(modality) => with_modality(BIOMETRIC_ENABLED, modality),
        Change::BiometricDisabled(modality) => with_modality(BIOMETRIC_DISABLED, modality),
        Change::BiometricBaselineChanged(modality) => with_modality(BIOMETRIC_BASELINE_CHANGED, modality),
        Change::Authenticated { method, by_invitation } => {
            out.byte(AUTHENTICATED);
            write_method(out, method);
            out.flag(by_invitation);
        }
        Change::PinRejected { failures } => {
            out.byte(PIN_REJECTED);
            out.byte(failures);
        }
        Change::LoggedOut(cause) => {
            out.byte(LOGGED_OUT);
            write_log_out(out, cause);
        }
        Change::PinCreated => out.byte(PIN_CREATED),
        Change::Locked(LockCause::Asked) => out.byte(LOCKED_ASKED),
        Change::Locked(LockCause::Idle) => out.byte(LOCKED_IDLE),
        Change::UnlockedByPin => out.byte(UNLOCKED_BY_PIN),
        Change::PinExhausted => out.byte(PIN_EXHAUSTED),
        Change::Acknowledged => out.byte(ACKNOWLEDGED),
        Change::PinChanged => out.byte(PIN_CHANGED),
        Change::RevokedAll => out.byte(REVOKED_ALL),
    }
}

fn read_change(from: &mut Reader<'_>) -> Option<Change> {
    Some(match from.byte()? {
        AUTHENTICATED => Change::Authenticated { method: read_method(from)?, by_invitation: from.flag()? },
        PIN_CREATED => Change::PinCreated,
        LOCKED_ASKED => Change::Locked(LockCause::Asked),
        LOCKED_IDLE => Change::Locked(LockCause::Idle),
        UNLOCKED_BY_PIN => Change::UnlockedByPin,
        UNLOCKED_BY_BIOMETRIC => Change::UnlockedByBiometric(read_modality(from)?),
        PIN_REJECTED => Change::PinRejected { failures: from.byte()? },
        PIN_EXHAUSTED => Change::PinExhausted,
        ACKNOWLEDGED => Change::Acknowledged,
        PIN_CHANGED => Change::PinChanged,
        BIOMETRIC_ENABLED => Change::BiometricEnabled(read_modality(from)?),
        BIOMETRIC_DISABLED => Change::BiometricDisabled(read_modality(from)?),
        BIOMETRIC_BASELINE_CHANGED => Change::BiometricBaselineChanged(read_modality(from)?),
        LOGGED_OUT => Change::LoggedOut(read_log_out(from)?),
        REVOKED_ALL => Change::RevokedAll,
        _ => return None,
    })
}
