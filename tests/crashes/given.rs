//! The states in which a use case is begun, each prepared once and then put into many worlds.

use pinlatch::account::{AuthenticationStart, BeginFor, Event, Wanted};
use pinlatch::host::{BlockingJournal, Key};
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::people::Person;
use pinlatch::pin::PersonalWords;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::faults::{Fault, poll_times};
use pinlatch_testkit::{ACME, InBrowser, PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use crate::credentials::{device_of, digits, entries, session_of};
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
    /// Two PINs to be were claimed, and crashes left them so.
    PendingWithClaims,
    Erased,
    /// Events wait in the record, because the journal was down.
    OpenWithEventsWaiting,
}

pub(crate) const ALL: [Given; 16] = [
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
    Given::PendingWithClaims,
    Given::Erased,
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
    /// Begun for whom the invitation names, if there is one, and for nobody otherwise.
    pub(crate) start: AuthenticationStart,
    /// Begun for whom the device names, where it names somebody.
    pub(crate) named: AuthenticationStart,
    pub(crate) invitation: Option<InvitationToken>,
    /// How many guesses the PIN of the phone may still get at once; 0 where it has none.
    pub(crate) guesses_left: usize,
    /// How many were answered "wrong".
    pub(crate) failures: usize,
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
        let gate = world.gate.blocking();
        let invite = || gate.invite(&actor.session(), actor.company, person).unwrap().token;
        let invited = matches!(self, Self::ForeignInvited | Self::RevokedAndReinvited | Self::OpenAndInvited);
        let invitation = invited.then(invite);
        let account = world.account(person);
        let delivered = world.journal.events(person);
        let waiting = account.as_ref().map(|account| account.outbox().to_vec()).unwrap_or_default();
        let new = waiting.into_iter().filter(|event| event.sequence >= delivered.len() as u64);
        let events = delivered.iter().copied().chain(new).collect();
        let enrolment = account.as_ref().and_then(|account| account.device(phone.id?)?.session().enrolment());
        let attempts = enrolment.map(|enrolment| enrolment.attempts());
        let device = device_of(&phone);
        let begin = |whom| gate.begin_authentication(whom, &UNMODIFIED).unwrap().start;
        Ready {
            start: begin(invitation.as_ref().map_or(BeginFor::Nobody, BeginFor::Invitation)),
            named: begin(BeginFor::Device(&device)),
            device,
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
            failures: attempts.map_or(0, |attempts| usize::from(attempts.failures())),
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
                // Other draws than the world's, whose seed is 1: what is known is not drawn again (E39).
                for seed in [41, 42] {
                    crash_after_the_charge(world, phone, seed);
                }
            }
            Self::PendingWithClaims => {
                Self::Pending.bring_about(world, phone);
                // Other draws than the world's, whose seed is 1: what is known is not drawn again (E39).
                for seed in [41, 42] {
                    crash_after_the_claim(world, phone, seed);
                }
            }
            Self::Erased => world.gate.blocking().erase(phone.owner).unwrap(),
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

/// Creates a PIN, and crashes when it is claimed.
fn crash_after_the_claim(world: &World, phone: &Phone<'_>, seed: u64) {
    let (gate, _) = gate_with(world, &Wrong::Store(vec![Fault::Honest, Fault::CrashAfter]), seed);
    let (token, entries, words) = (device_of(phone), entries(PIN), PersonalWords::none());
    let creating = gate.create_pin(&token, &entries, &words, &UNMODIFIED);
    assert!(poll_times(creating, 10).is_none());
}

impl Ready {
    /// The invitation, or one that nobody issued.
    pub(crate) fn presented(&self) -> InvitationToken {
        let issued = self.invitation.as_ref();
        issued.map_or_else(
            || InvitationToken::from_secret(self.person, &mut [1; 32]),
            |issued| InvitationToken::parse(issued.expose()).unwrap(),
        )
    }

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
        let known = |device| gate.device_view(device, &UNMODIFIED).unwrap().state != SessionState::LoggedOut;
        [live(&self.session), live(&self.other_session), known(&self.device), known(&self.other_device)]
    }
}
