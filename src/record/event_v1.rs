//! Version 1 of the stored audit event. Frozen, like the account around it.

use core::time::Duration;

use super::numbered::numbered;
use super::wire::{Reader, Writer};
use crate::account::{Event, Note};
use crate::id::{CompanyId, DeviceId, EventId, Generation, HistoryId, PersonId, WriteId};
use crate::people::AuthenticationMethod;
use crate::session::{Change, LockCause, LogOutCause, Modality, RevokedBy};
use crate::time::{Timestamp, whole_millis};

numbered!(AuthenticationMethod, write_method, read_method {
    BankCredentials = 0,
    MobileCertificate = 1,
    IdentityProviderAccount = 2,
});
numbered!(Modality, write_modality, read_modality { Face = 0, Fingerprint = 1 });
/// The numbers of the causes of a log-out.
const OUT_ASKED: u8 = 0;
const OUT_FROM_ANOTHER_DEVICE: u8 = 1;
const OUT_PIN_WINDOW_PASSED: u8 = 2;
const OUT_LIFETIME_PASSED: u8 = 3;
const OUT_DEVICE_MODIFIED: u8 = 4;
const OUT_NO_LONGER_ELIGIBLE: u8 = 5;
const OUT_MADE_ROOM: u8 = 6;
const OUT_REAUTHENTICATED: u8 = 7;
const OUT_ERASED: u8 = 8;
const OUT_BY_ADMINISTRATOR: u8 = 9;

fn write_log_out(out: &mut Writer<'_>, cause: LogOutCause) {
    out.byte(match cause {
        LogOutCause::Asked => OUT_ASKED,
        LogOutCause::FromAnotherDevice => OUT_FROM_ANOTHER_DEVICE,
        LogOutCause::PinWindowPassed => OUT_PIN_WINDOW_PASSED,
        LogOutCause::LifetimePassed => OUT_LIFETIME_PASSED,
        LogOutCause::DeviceModified => OUT_DEVICE_MODIFIED,
        LogOutCause::NoLongerEligible => OUT_NO_LONGER_ELIGIBLE,
        LogOutCause::MadeRoom => OUT_MADE_ROOM,
        LogOutCause::Reauthenticated => OUT_REAUTHENTICATED,
        LogOutCause::Erased => OUT_ERASED,
        LogOutCause::ByAdministrator { by, company } => {
            out.byte(OUT_BY_ADMINISTRATOR);
            return write_administrator(out, by, company);
        }
    });
}

fn read_log_out(from: &mut Reader<'_>) -> Option<LogOutCause> {
    Some(match from.byte()? {
        OUT_ASKED => LogOutCause::Asked,
        OUT_FROM_ANOTHER_DEVICE => LogOutCause::FromAnotherDevice,
        OUT_PIN_WINDOW_PASSED => LogOutCause::PinWindowPassed,
        OUT_LIFETIME_PASSED => LogOutCause::LifetimePassed,
        OUT_DEVICE_MODIFIED => LogOutCause::DeviceModified,
        OUT_NO_LONGER_ELIGIBLE => LogOutCause::NoLongerEligible,
        OUT_MADE_ROOM => LogOutCause::MadeRoom,
        OUT_REAUTHENTICATED => LogOutCause::Reauthenticated,
        OUT_ERASED => LogOutCause::Erased,
        OUT_BY_ADMINISTRATOR => {
            let (by, company) = read_administrator(from)?;
            LogOutCause::ByAdministrator { by, company }
        }
        _ => return None,
    })
}

/// Without the person and the history, which are the account's.
pub(super) fn write_event(out: &mut Writer<'_>, event: &Event) {
    out.bytes(event.id.write.as_bytes());
    out.number(event.id.index.into());
    out.number(event.sequence);
    out.option(event.at, Writer::time);
    out.option(event.device, |out, device| out.bytes(device.as_bytes()));
    write_change(out, event.change);
    out.option(event.note, |out, note| out.text(note.as_str()));
}

/// An event as it stands in the record of an account.
pub(super) struct WaitingEvent {
    id: EventId,
    sequence: u64,
    at: Option<Timestamp>,
    device: Option<DeviceId>,
    change: Change,
    note: Option<Note>,
}

impl WaitingEvent {
    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let id = EventId { write: WriteId::from_bytes(*from.array()?), index: from.number_32()? };
        let sequence = from.number()?;
        let at = from.option(Reader::time)?;
        let device = from.option(Reader::array)?.copied().map(DeviceId::from_bytes);
        let change = read_change(from)?;
        let note = from.option(read_note)?;
        (device.is_none() == change.is_of_the_account()).then_some(Self {
            id,
            sequence,
            at,
            device,
            change,
            note,
        })
    }

    /// The event, of this account and this life of its record.
    pub(super) const fn of(self, person: PersonId, history: HistoryId) -> Event {
        let Self { id, sequence, at, device, change, note } = self;
        Event { id, person, history, sequence, at, device, change, note }
    }
}

fn read_note(from: &mut Reader<'_>) -> Option<Note> {
    Note::new(core::str::from_utf8(from.text()?).ok()?).ok()
}

/// The numbers of what happens.
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
const INVITED: u8 = 15;
const INVITATION_WITHDRAWN: u8 = 16;
const LOGGED_OUT_EVERYWHERE_BY_PERSON: u8 = 17;
const LOGGED_OUT_EVERYWHERE_BY_ADMINISTRATOR: u8 = 18;
const CLOCK_SET_BACK: u8 = 19;
const LOCKED_CLOCK_SET_BACK: u8 = 20;
const DEVICE_RENAMED: u8 = 21;
const ERASED: u8 = 22;

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
        Change::Locked(LockCause::ClockSetBack) => out.byte(LOCKED_CLOCK_SET_BACK),
        Change::UnlockedByPin => out.byte(UNLOCKED_BY_PIN),
        Change::PinExhausted => out.byte(PIN_EXHAUSTED),
        Change::Acknowledged => out.byte(ACKNOWLEDGED),
        Change::PinChanged => out.byte(PIN_CHANGED),
        Change::RevokedAll => out.byte(REVOKED_ALL),
        Change::DeviceRenamed => out.byte(DEVICE_RENAMED),
        Change::Erased => out.byte(ERASED),
        Change::Invited { by, company, self_issued, replaced } => {
            out.byte(INVITED);
            write_administrator(out, by, company);
            out.flag(self_issued);
            out.flag(replaced);
        }
        Change::InvitationWithdrawn { by, company } => {
            out.byte(INVITATION_WITHDRAWN);
            write_administrator(out, by, company);
        }
        Change::LoggedOutEverywhere { by, generation, voided_invitation } => {
            write_revoked_by(out, by);
            out.number(generation.number());
            out.flag(voided_invitation);
        }
        Change::ClockSetBack { times, largest } => {
            out.byte(CLOCK_SET_BACK);
            out.number(u64::from(times));
            out.number(whole_millis(largest));
        }
    }
}

fn write_revoked_by(out: &mut Writer<'_>, by: RevokedBy) {
    match by {
        RevokedBy::Person(device) => {
            out.byte(LOGGED_OUT_EVERYWHERE_BY_PERSON);
            out.bytes(device.as_bytes());
        }
        RevokedBy::Administrator { by, company } => {
            out.byte(LOGGED_OUT_EVERYWHERE_BY_ADMINISTRATOR);
            write_administrator(out, by, company);
        }
    }
}

fn read_change(from: &mut Reader<'_>) -> Option<Change> {
    Some(match from.byte()? {
        AUTHENTICATED => Change::Authenticated { method: read_method(from)?, by_invitation: from.flag()? },
        PIN_CREATED => Change::PinCreated,
        LOCKED_ASKED => Change::Locked(LockCause::Asked),
        LOCKED_IDLE => Change::Locked(LockCause::Idle),
        LOCKED_CLOCK_SET_BACK => Change::Locked(LockCause::ClockSetBack),
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
        DEVICE_RENAMED => Change::DeviceRenamed,
        ERASED => Change::Erased,
        INVITED => {
            let (by, company) = read_administrator(from)?;
            let (self_issued, replaced) = (from.flag()?, from.flag()?);
            Change::Invited { by, company, self_issued, replaced }
        }
        INVITATION_WITHDRAWN => {
            let (by, company) = read_administrator(from)?;
            Change::InvitationWithdrawn { by, company }
        }
        LOGGED_OUT_EVERYWHERE_BY_PERSON => {
            read_revocation(RevokedBy::Person(DeviceId::from_bytes(*from.array()?)), from)?
        }
        LOGGED_OUT_EVERYWHERE_BY_ADMINISTRATOR => {
            let (by, company) = read_administrator(from)?;
            read_revocation(RevokedBy::Administrator { by, company }, from)?
        }
        CLOCK_SET_BACK => {
            let times = from.number_32()?;
            Change::ClockSetBack { times, largest: Duration::from_millis(from.number()?) }
        }
        _ => return None,
    })
}

fn read_revocation(by: RevokedBy, from: &mut Reader<'_>) -> Option<Change> {
    let generation = Generation::from_number(from.number()?);
    Some(Change::LoggedOutEverywhere { by, generation, voided_invitation: from.flag()? })
}

fn write_administrator(out: &mut Writer<'_>, by: PersonId, company: CompanyId) {
    out.bytes(by.as_bytes());
    out.bytes(company.as_bytes());
}

fn read_administrator(from: &mut Reader<'_>) -> Option<(PersonId, CompanyId)> {
    Some((PersonId::from_bytes(*from.array()?), CompanyId::from_bytes(*from.array()?)))
}
