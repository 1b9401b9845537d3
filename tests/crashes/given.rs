//! The states in which a use case is begun, each prepared once and then put into many worlds.

use pinlatch::account::{AuthenticationStart, Event, Wanted};
use pinlatch::host::{BlockingJournal, Key};
use pinlatch::id::{DeviceId, InvitationId, PersonId};
use pinlatch::people::Person;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::faults::{Fault, poll_times};
use pinlatch_testkit::{ACME, InBrowser, PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use crate::credentials::{device_of, digits, session_of};
use crate::parts::{Wrong, gate_with};

/// In which state the person's phone is. Where the person has signed in at all, there is a second
/// phone, which is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    NeverSignedIn,
    ForeignInvited,
    Pending,
    Open,
    Locked,
    LockedAfter(usize),
    /// Two failures, and two guesses that a crash left in flight.
    LockedWithGuessesInFlight,
    Exhausted,
    LoggedOut,
    Revoked,
    RevokedAndReinvited,
    OpenAndInvited,
    /// Events wait in the record, because the journal was down.
    OpenWithEventsWaiting,
}

pub(crate) const ALL: [Given; 14] = [
    Given::NeverSignedIn,
    Given::ForeignInvited,
    Given::Pending,
    Given::Open,
    Given::Locked,
    Given::LockedAfter(2),
    Given::LockedAfter(4),
    Given::LockedWithGuessesInFlight,
    Given::Exhausted,
    Given::LoggedOut,
    Given::Revoked,
    Given::RevokedAndReinvited,
    Given::OpenAndInvited,
    Given::OpenWithEventsWaiting,
];

/// What a use case acts on.
pub(crate) struct Ready {
    pub(crate) person: PersonId,
    pub(crate) device: DeviceToken,
    pub(crate) session: SessionToken,
    pub(crate) other: DeviceId,
    other_device: DeviceToken,
    other_session: SessionToken,
    pub(crate) actor: InBrowser,
    pub(crate) start: AuthenticationStart,
    pub(crate) invitation: Option<InvitationId>,
    /// How many guesses the PIN of the phone may still get; 0 where it has none.
    pub(crate) guesses_left: usize,
    pub(crate) guesses_in_flight: usize,
    /// Everything that has happened so far, in the journal or in the record.
    pub(crate) events: Vec<Event>,
    delivered: Vec<Event>,
    record: Option<Vec<u8>>,
    people: Vec<Person>,
}

impl Given {
    pub(crate) fn ready(self) -> Ready {
        let world = World::new();
        let actor = world.administrator(ACME);
        let person = if self == Self::ForeignInvited { world.foreign_employee() } else { world.employee() };
        let (mut phone, mut other) = (world.phone(person), world.phone(person));
        if !matches!(self, Self::NeverSignedIn | Self::ForeignInvited) {
            (phone, other) = (world.open_phone(person).unwrap(), world.open_phone(person).unwrap());
            phone.enable(Modality::Face).unwrap();
        }
        self.bring_about(&world, &mut phone);
        let invite = || world.gate.blocking().invite(&actor.session(), actor.company, person).unwrap().id();
        let invited = matches!(self, Self::ForeignInvited | Self::RevokedAndReinvited | Self::OpenAndInvited);
        let invitation = invited.then(invite);
        let account = world.account(person);
        let delivered = world.journal.events(person);
        let waiting = account.as_ref().map(|account| account.outbox().to_vec()).unwrap_or_default();
        let new = waiting.into_iter().filter(|event| event.sequence >= delivered.len() as u64);
        let events = delivered.iter().copied().chain(new).collect();
        let enrolment = account.as_ref().and_then(|account| account.device(phone.id?)?.session().enrolment());
        let attempts = enrolment.map(|enrolment| enrolment.attempts());
        Ready {
            start: world.gate.blocking().begin_authentication(person).unwrap().start,
            device: device_of(&phone),
            session: session_of(&phone),
            other: other.id.unwrap_or(DeviceId::from_u128(7)),
            other_device: device_of(&other),
            other_session: session_of(&other),
            record: world.store.bytes(&Key::account(person)),
            people: [person, actor.person].map(|id| world.directory.get(id).unwrap()).into(),
            person,
            actor,
            invitation,
            guesses_left: attempts.map_or(0, |attempts| 5 - usize::from(attempts.charged())),
            guesses_in_flight: attempts.map_or(0, |attempts| attempts.in_flight().len()),
            delivered,
            events,
        }
    }

    fn bring_about(self, world: &World, phone: &mut Phone<'_>) {
        match self {
            Self::NeverSignedIn | Self::ForeignInvited | Self::Open | Self::OpenAndInvited => {}
            Self::Pending => {
                phone.log_out().unwrap();
                phone.sign_in().unwrap();
            }
            Self::Locked => phone.lock().unwrap(),
            Self::LockedAfter(failures) => {
                phone.lock().unwrap();
                assert!(phone.mistype(failures).is_err());
            }
            Self::LockedWithGuessesInFlight => {
                Self::LockedAfter(2).bring_about(world, phone);
                for seed in [0, 1] {
                    crash_after_the_charge(world, phone, seed);
                }
            }
            Self::Exhausted => Self::LockedAfter(5).bring_about(world, phone),
            Self::LoggedOut => phone.log_out().unwrap(),
            Self::Revoked | Self::RevokedAndReinvited => phone.log_out_everywhere().unwrap(),
            Self::OpenWithEventsWaiting => {
                world.journal.set_down(true);
                phone.lock().unwrap();
                phone.unlock(PIN).unwrap();
                world.journal.set_down(false);
            }
        }
    }
}

/// Enters a wrong PIN, and crashes when the guess is charged.
fn crash_after_the_charge(world: &World, phone: &Phone<'_>, seed: u64) {
    let (gate, _) = gate_with(world, &Wrong::Store(vec![Fault::Honest, Fault::CrashAfter]), seed);
    let (token, wrong) = (device_of(phone), digits(WRONG_PIN));
    let unlocking = gate.unlock_with_pin(&token, &wrong, &UNMODIFIED);
    assert!(poll_times(unlocking, 10).is_none());
}

impl Ready {
    /// A fresh world in this state.
    pub(crate) fn world(&self) -> World {
        let world = World::builder().seed(7).build();
        for person in &self.people {
            world.knows(person.clone());
        }
        if let Some(record) = &self.record {
            world.store.overwrite(&Key::account(self.person), Some(record.clone()));
        }
        world.journal.record(&self.delivered).unwrap();
        world
    }

    /// Which of the tokens are alive: the sessions, then the devices.
    pub(crate) fn alive(&self, world: &World) -> [bool; 4] {
        let gate = world.gate.blocking();
        let live = |session| gate.check(session, Wanted::session(), &UNMODIFIED).is_ok();
        let known = |device| gate.status(device).unwrap() != SessionState::LoggedOut;
        [live(&self.session), live(&self.other_session), known(&self.device), known(&self.other_device)]
    }
}
