//! Version 1 of the stored person: the facts, and the trail of what was changed about them. Frozen: a change is a version 2 beside it.

use alloc::vec::Vec;

use super::day::{read_day, write_day};
use super::envelope::RecordError;
use super::numbered::numbered;
use super::person_v1::{
    read_person, read_profile, read_role, read_validity, write_person, write_profile, write_role,
    write_validity,
};
use super::wire::{Reader, Writer};
use crate::access::users_and_roles::{EmploymentChoice, PeopleChange, PeopleEvent};
use crate::access::{PeopleEntry, PersonRecord, WRITES_REMEMBERED};
use crate::id::{CompanyId, EventId, HistoryId, PersonId, WriteId};
use crate::people::{ChargeableService, Person, Role, Services};

numbered!(ChargeableService, write_service, read_service { Travel = 0, Salaries = 1 });

pub(super) fn write_record(record: &PersonRecord, bytes: &mut Vec<u8>) {
    let mut out = Writer(bytes);
    write_person(&mut out, record.person());
    write_trail(&mut out, record);
}

pub(super) fn read_record(bytes: &[u8]) -> Result<PersonRecord, RecordError> {
    let mut reader = Reader::new(bytes);
    let person = read_person(&mut reader);
    let record = person.and_then(|person| read_trail(&mut reader, person));
    record.filter(|_| reader.rest().is_empty()).ok_or(RecordError::Corrupted)
}

fn write_trail(out: &mut Writer<'_>, record: &PersonRecord) {
    out.option(record.history, |out, write| out.bytes(write.as_bytes()));
    out.number(record.next_sequence);
    out.length(record.writes.len());
    for write in &record.writes {
        out.bytes(write.as_bytes());
    }
    out.length(record.waiting.len());
    for entry in &record.waiting {
        write_entry(out, entry);
    }
}

fn read_trail(from: &mut Reader<'_>, person: Person) -> Option<PersonRecord> {
    let history = from.option(Reader::array)?.copied().map(HistoryId::from_bytes);
    let next_sequence = from.number()?;
    let writes = from.list(WRITES_REMEMBERED, read_write)?;
    let id = person.id();
    let waiting = from.list(from.rest().len(), |from| read_entry(from, id))?;
    // Numbers are given once: what waits was numbered before the next one.
    let is_numbered = waiting.is_sorted_by(|earlier, later| earlier.sequence < later.sequence)
        && waiting.last().is_none_or(|last| last.sequence < next_sequence);
    is_numbered.then_some(PersonRecord { person, history, next_sequence, writes, waiting })
}

fn read_write(from: &mut Reader<'_>) -> Option<WriteId> {
    Some(WriteId::from_bytes(*from.array()?))
}

/// Without the person, who is the record's.
fn write_entry(out: &mut Writer<'_>, entry: &PeopleEntry) {
    out.bytes(entry.id.write.as_bytes());
    out.number(entry.id.index.into());
    out.bytes(entry.history.as_bytes());
    out.number(entry.sequence);
    out.option(entry.at, Writer::time);
    out.option(entry.event.by, |out, by| out.bytes(by.as_bytes()));
    out.bytes(entry.event.company.as_bytes());
    write_day(out, entry.event.on);
    write_change(out, &entry.event.change);
}

fn read_entry(from: &mut Reader<'_>, person: PersonId) -> Option<PeopleEntry> {
    let id = EventId { write: read_write(from)?, index: from.number_32()? };
    let history = HistoryId::from_bytes(*from.array()?);
    let (sequence, at) = (from.number()?, from.option(Reader::time)?);
    let by = from.option(Reader::array)?.copied().map(PersonId::from_bytes);
    let company = CompanyId::from_bytes(*from.array()?);
    let (on, change) = (read_day(from)?, read_change(from)?);
    let event = PeopleEvent { by, company, person, on, change };
    Some(PeopleEntry { id, history, sequence, at, event })
}

/// The numbers of the changes.
const USER_ESTABLISHED: u8 = 0;
const USER_ACCESS_ENDED: u8 = 1;
const PROFILE_SET: u8 = 2;
const ROLE_GRANTED: u8 = 3;
const ROLE_REVOKED: u8 = 4;
const HIRED: u8 = 5;
const SERVICE_OPENED: u8 = 6;
const SERVICE_CLOSED: u8 = 7;
const EMPLOYMENT_ENDED: u8 = 8;
const FIRST_ADMINISTRATOR: u8 = 9;

fn write_change(out: &mut Writer<'_>, change: &PeopleChange) {
    use PeopleChange as C;
    match change {
        C::UserEstablished(validity) => {
            out.byte(USER_ESTABLISHED);
            write_validity(out, *validity);
        }
        C::UserAccessEnded(day) => {
            out.byte(USER_ACCESS_ENDED);
            write_day(out, *day);
        }
        C::ProfileSet(profile) => {
            out.byte(PROFILE_SET);
            write_profile(out, profile);
        }
        C::RoleGranted(role) => numbered_role(out, ROLE_GRANTED, *role),
        C::RoleRevoked(role) => numbered_role(out, ROLE_REVOKED, *role),
        C::Hired(validity, services) => {
            out.byte(HIRED);
            write_validity(out, *validity);
            for service in ChargeableService::ALL {
                out.flag(services.contains(*service));
            }
        }
        C::ServiceOpened(service, choice) => {
            out.byte(SERVICE_OPENED);
            write_service(out, *service);
            write_choice(out, *choice);
        }
        C::ServiceClosed(service, choice) => {
            out.byte(SERVICE_CLOSED);
            write_service(out, *service);
            write_choice(out, *choice);
        }
        C::EmploymentEnded(day, choice) => {
            out.byte(EMPLOYMENT_ENDED);
            write_day(out, *day);
            write_choice(out, *choice);
        }
        C::FirstAdministratorEstablished(role) => numbered_role(out, FIRST_ADMINISTRATOR, *role),
    }
}

fn numbered_role(out: &mut Writer<'_>, number: u8, role: Role) {
    out.byte(number);
    write_role(out, role);
}

fn read_change(from: &mut Reader<'_>) -> Option<PeopleChange> {
    use PeopleChange as C;
    Some(match from.byte()? {
        USER_ESTABLISHED => C::UserEstablished(read_validity(from)?),
        USER_ACCESS_ENDED => C::UserAccessEnded(read_day(from)?),
        PROFILE_SET => C::ProfileSet(read_profile(from)?),
        ROLE_GRANTED => C::RoleGranted(read_role(from)?),
        ROLE_REVOKED => C::RoleRevoked(read_role(from)?),
        HIRED => {
            let validity = read_validity(from)?;
            let mut services = Services::EMPTY;
            for service in ChargeableService::ALL {
                if from.flag()? {
                    services = services.with(*service);
                }
            }
            C::Hired(validity, services)
        }
        SERVICE_OPENED => C::ServiceOpened(read_service(from)?, read_choice(from)?),
        SERVICE_CLOSED => C::ServiceClosed(read_service(from)?, read_choice(from)?),
        EMPLOYMENT_ENDED => C::EmploymentEnded(read_day(from)?, read_choice(from)?),
        FIRST_ADMINISTRATOR => C::FirstAdministratorEstablished(read_role(from)?),
        _ => return None,
    })
}

/// Every one, or the one that begins on a day.
fn write_choice(out: &mut Writer<'_>, choice: EmploymentChoice) {
    let day = match choice {
        EmploymentChoice::Every => None,
        EmploymentChoice::BeginningOn(day) => Some(day),
    };
    out.option(day, write_day);
}

fn read_choice(from: &mut Reader<'_>) -> Option<EmploymentChoice> {
    Some(from.option(read_day)?.map_or(EmploymentChoice::Every, EmploymentChoice::BeginningOn))
}
