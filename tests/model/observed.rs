//! What is stored, and what the journal got, seen from outside.

use std::collections::HashSet;

use pinlatch::account::{Account, Event, Standing};
use pinlatch::host::Key;
use pinlatch::id::{DeviceId, EventId, PersonId};
use pinlatch::session::{AnySession, Change, LogOutCause, Modality, RevokedBy, SessionState};

use crate::facts::a_company;
use crate::real::Real;
use crate::reference::{self, Expected, Happened, Model};

/// One account as it is stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    bytes: Option<Vec<u8>>,
    pub(crate) generation: u64,
    pub(crate) revoked: bool,
    pub(crate) invitation: Option<(PersonId, u64)>,
    pub(crate) devices: Vec<SeenDevice>,
    pub(crate) outbox: Vec<Event>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeenDevice {
    pub(crate) id: DeviceId,
    pub(crate) generation: u64,
    pub(crate) state: SessionState,
    pub(crate) keys: Option<SeenKeys>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeenKeys {
    pub(crate) failures: usize,
    pub(crate) in_flight: usize,
    pub(crate) void: usize,
    pub(crate) face: bool,
    pub(crate) finger: bool,
}

impl Seen {
    /// Looks again; answers whether the record is another one than before.
    pub(crate) fn look(&mut self, real: &Real, person: PersonId) -> Result<bool, String> {
        let bytes = real.world.store.bytes(&Key::account(person));
        if bytes == self.bytes {
            return Ok(false);
        }
        let stored = bytes.as_ref().ok_or("the record is gone")?;
        let account = Account::decode(stored, person).map_err(|error| format!("unreadable: {error}"))?;
        let invitation = account.invitation().map(|open| (open.by(), open.expires().as_unix_millis()));
        *self = Self {
            generation: account.generation().number(),
            revoked: account.standing() == Standing::RevokedAll,
            invitation,
            devices: account
                .device_sessions()
                .iter()
                .map(|device| device_of(device.id(), device.session()))
                .collect(),
            outbox: account.outbox().to_vec(),
            bytes,
        };
        Ok(true)
    }

    pub(crate) fn device(&self, id: DeviceId) -> Option<&SeenDevice> {
        self.devices.iter().find(|device| device.id == id)
    }

    /// A clock set back of which the record still has the event: how often, by how much.
    pub(crate) fn set_back_waiting(&self) -> Option<(u32, u64)> {
        self.outbox.iter().find_map(|event| match event.change {
            Change::ClockSetBack { times, largest } => {
                Some((times, u64::try_from(largest.as_millis()).expect("a span of time")))
            }
            _ => None,
        })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }

    /// The first difference from what the model says.
    pub(crate) fn differs(&self, model: &reference::Account, real: &Real) -> Option<String> {
        let told =
            |what: &str, seen: String, model: String| Some(format!("{what}: is {seen}, should be {model}"));
        if (self.generation, self.revoked) != (model.generation, model.revoked) {
            let should = format!("{} {}", model.generation, model.revoked);
            return told("generation, barred", format!("{} {}", self.generation, self.revoked), should);
        }
        let invitation = model.invitation.map(|open| (real.people[open.by], open.expires));
        if self.invitation != invitation {
            return told("invitation", format!("{:?}", self.invitation), format!("{invitation:?}"));
        }
        let mut pairs = self.devices.iter().zip(&model.devices);
        let same = |(seen, device): (&SeenDevice, &reference::Device)| {
            let keys = device.read_keys().map(|keys| SeenKeys {
                failures: keys.failures,
                in_flight: keys.in_flight.len(),
                void: keys.void,
                face: keys.face.is_some(),
                finger: keys.finger.is_some(),
            });
            real.number(seen.id) == device.name
                && seen.state == device.state_in_the_row()
                && seen.keys == keys
        };
        if self.devices.len() != model.devices.len() || !pairs.all(same) {
            return told("devices", format!("{:?}", self.devices), format!("{:?}", model.devices));
        }
        None
    }
}

fn device_of(id: DeviceId, session: &AnySession) -> SeenDevice {
    let keys = session.enrolment().map(|enrolment| SeenKeys {
        failures: enrolment.attempts().failures().into(),
        in_flight: enrolment.attempts().in_flight().len(),
        void: enrolment.attempts().void().into(),
        face: enrolment.biometrics().enabled(Modality::Face),
        finger: enrolment.biometrics().enabled(Modality::Fingerprint),
    });
    SeenDevice { id, generation: session.generation().number(), state: session.state(), keys }
}

/// I11: what the journal and the records together hold, counted.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// By their number, too: where the random source is broken an id may come again.
    events: Vec<HashSet<(EventId, u64)>>,
    refusals: Vec<usize>,
}

impl Trail {
    pub(crate) fn of(people: usize) -> Self {
        Self { events: vec![HashSet::new(); people], refusals: vec![0; people] }
    }

    /// After a command: exactly the expected events and refusals were added, numbered one after the other.
    /// A clock set back that still waited may be counted in a new event, and then the old number is missing.
    /// Answers with the new events.
    pub(crate) fn follow(
        &mut self,
        real: &Real,
        model: &Model,
        person: usize,
        seen: &Seen,
        expected: Option<&[(usize, Happened)]>,
    ) -> Result<Vec<Event>, String> {
        let known = &mut self.events[person];
        let handed_over = real.world.journal.events(real.people[person]);
        let is_new = |event: &&Event| !known.contains(&(event.id, event.sequence));
        let mut new: Vec<Event> = handed_over.iter().filter(is_new).copied().collect();
        let waiting = seen.outbox.iter().filter(is_new);
        let waiting: Vec<Event> = waiting.filter(|event| !handed_over.contains(event)).copied().collect();
        if model.journal && !waiting.is_empty() {
            return Err(format!("not handed over: {waiting:?}"));
        }
        new.extend(waiting);
        let numbered = new.iter().map(|event| event.sequence).eq((known.len() as u64..).take(new.len()));
        if !numbered {
            return Err(format!("the trail has gaps after {}: {new:?}", known.len()));
        }
        known.extend(new.iter().map(|event| (event.id, event.sequence)));
        if let Some(expected) = expected {
            let mut wanted: Vec<&Happened> =
                expected.iter().filter(|(whose, _)| *whose == person).map(|(_, what)| what).collect();
            for event in &new {
                let happened = translate(real, event);
                match wanted.iter().position(|wanted| **wanted == happened) {
                    Some(place) => drop(wanted.swap_remove(place)),
                    None => return Err(format!("unexpected event {happened:?}; expected {wanted:?}")),
                }
            }
            if !wanted.is_empty() {
                return Err(format!("missing events {wanted:?}"));
            }
        }
        Ok(new)
    }

    pub(crate) fn follow_refusals(
        &mut self,
        real: &Real,
        model: &Model,
        person: usize,
        expected: &Expected,
    ) -> Result<(), String> {
        let all = real.world.journal.refusals(real.people[person]);
        let new = all.get(self.refusals[person]..).unwrap_or_default().iter().map(|refusal| refusal.code());
        let wanted = expected.refusals.iter().filter(|(whose, _)| *whose == person && model.journal);
        if !new.clone().eq(wanted.clone().map(|(_, code)| *code)) {
            let (new, wanted): (Vec<_>, Vec<_>) = (new.collect(), wanted.collect());
            return Err(format!("refusals in the journal: {new:?}, should be {wanted:?}"));
        }
        self.refusals[person] = all.len();
        Ok(())
    }
}

fn translate(real: &Real, event: &Event) -> Happened {
    let whose = |id: PersonId| real.people.iter().position(|known| *known == id).unwrap_or(usize::MAX);
    let which = |id| (0..2).find(|number| a_company(*number) == id).unwrap_or(usize::MAX);
    if let Some(device) = event.device {
        if let Change::LoggedOut(LogOutCause::ByAdministrator { by, company }) = event.change {
            return Happened::DeviceOut {
                device: real.number(device),
                by: whose(by),
                company: which(company),
            };
        }
        return Happened::Device(real.number(device), event.change);
    }
    match event.change {
        Change::Invited { by, company, self_issued, replaced } => {
            Happened::Invited { by: whose(by), company: which(company), self_issued, replaced }
        }
        Change::InvitationWithdrawn { by, company } => {
            Happened::Withdrawn { by: whose(by), company: which(company) }
        }
        Change::LoggedOutEverywhere { by, generation, voided_invitation: voided } => {
            let generation = generation.number();
            match by {
                RevokedBy::Person(device) => {
                    Happened::RevokedByPerson { device: real.number(device), generation, voided }
                }
                RevokedBy::Administrator { by, company } => {
                    let (by, company) = (whose(by), which(company));
                    Happened::RevokedByAdministrator { by, company, generation, voided }
                }
                other => panic!("the model knows nothing of {other:?}"),
            }
        }
        Change::ClockSetBack { times, largest } => {
            Happened::SetBack { times, largest: u64::try_from(largest.as_millis()).expect("a span of time") }
        }
        Change::Erased => Happened::Erased,
        other => panic!("unknown event {other:?}"),
    }
}
