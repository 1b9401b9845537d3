//! The write comes first, the hand-over after it: a journal that is down, hangs or knows other events
//! under the same numbers keeps nothing back.

use std::collections::BTreeSet;
use std::sync::Arc;

use pinlatch::account::{Account, BeginFor, Event, Note, Policy, RefusalEvent, RequestContext, Standing};
use pinlatch::gate::{FailedAuthentication, Gate, GateError};
use pinlatch::host::{Blocking, BlockingJournal, Host, HostParts, Key, Offload, OffloadError};
use pinlatch::id::{HistoryId, PersonId};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Baseline, BiometricAssertion, Change, LockCause, Modality, SessionState};
use pinlatch_testkit::faults::{Fault, FaultyStore, HangingJournal, poll_times};
use pinlatch_testkit::{
    ACME, MemoryDirectory, MemoryStore, PIN, Phone, SeededRandomness, UNMODIFIED, Unavailable, WRONG_PIN,
    World, pin,
};

use crate::given::*;

/// Begins a command, waits for long, and hangs up.
fn hung_up(command: impl Future<Output = Result<(), pinlatch::gate::GateError>>) {
    let answer = poll_times(command, 1_000);
    assert!(answer.is_none(), "the journal never answers");
}

#[test]
fn e36_with_a_journal_that_hangs_another_request_sees_what_was_done() {
    let journal = HangingJournal::default();
    let world = World::new();
    let anna = world.employee();
    let (mut phone, tablet) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let gate = gate_with_journal(&world, &journal);

    hung_up(gate.lock(phone.token.as_ref().unwrap(), &UNMODIFIED));
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(answer_to(&world, &same_session(&phone)), Err(Code::SessionRequired));
    hung_up(async {
        let token = phone.token.as_ref().unwrap();
        gate.unlock_with_pin(token, &pin(PIN).unwrap(), &UNMODIFIED).await.map(drop)
    });
    assert_eq!(phone.state(), SessionState::Authenticated);
    assert_eq!(ledger(&world, &phone), Some((0, 0)), "the guess was settled");
    hung_up(gate.log_out(phone.token.as_ref().unwrap(), &UNMODIFIED));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    hung_up(gate.log_out_everywhere(tablet.session.as_ref().unwrap(), &UNMODIFIED));
    assert_eq!(tablet.state(), SessionState::RevokedAll);
    assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
    assert!(journal.asked() >= 4, "it was asked after each write");

    // An administrator's, and nothing of all this is lost once there is a journal again.
    let bo = world.employee();
    let other = world.open_phone(bo).unwrap();
    hung_up(gate.revoke_all(&world.administrator(ACME).session(), ACME, bo));
    assert_eq!(other.state(), SessionState::RevokedAll);
    assert_eq!(world.gate.blocking().deliver_events(anna).unwrap(), 0);
    let numbers: Vec<u64> = world.journal.events(anna).iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, (0..4 + 3 + 2).collect::<Vec<_>>(), "two opened; lock, unlock, log-out; all, tablet");
    phone.sign_in().unwrap_err();
}

/// Sees that what it is told of is written already.
struct Looking {
    store: Arc<MemoryStore>,
    inside: Arc<pinlatch_testkit::CollectingJournal>,
}

impl BlockingJournal for Looking {
    type Error = Unavailable;

    fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        let person = events[0].person;
        let account = Account::decode(&self.store.bytes(&Key::account(person)).unwrap(), person).unwrap();
        for event in events {
            let is_waiting = account.outbox().contains(event);
            assert!(is_waiting || self.inside.events(person).contains(event), "not written: {event:?}");
        }
        self.inside.record(events)
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        self.inside.refused(refusal)
    }
}

fn a_day_of(gate: &Gate<impl Host>, phone: &Phone<'_>) {
    let (gate, token, right) = (gate.blocking(), phone.token.as_ref().unwrap(), pin(PIN).unwrap());
    gate.lock(token, &UNMODIFIED).unwrap();
    let wrong = gate.unlock_with_pin(token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED);
    assert_eq!(wrong.unwrap_err().code(), Code::IncorrectPin);
    let session = gate.unlock_with_pin(token, &right, &UNMODIFIED).unwrap();
    gate.log_out_everywhere(&session, &UNMODIFIED).unwrap();
}

#[test]
fn e36_nothing_is_handed_over_before_it_is_written() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let (store, inside) = (Arc::clone(&world.store), Arc::clone(&world.journal));
    let gate = gate_with_journal(&world, Blocking(Looking { store, inside }));
    a_day_of(&gate, &phone);
    assert_eq!(world.journal.events(phone.owner).len(), 2 + 3 + 2);
}

#[test]
fn e36_until_the_limit_nothing_is_refused_then_raising_is_and_lowering_goes_on() {
    let world = World::new();
    assert_eq!(Policy::default().outbox_limit(), 64);
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.gate.blocking().deliver_events(phone.owner).unwrap();
    world.journal.set_down(true);
    for _ in 0..32 {
        phone.lock().unwrap();
        phone.unlock(PIN).unwrap();
    }
    assert_eq!(world.account(phone.owner).unwrap().outbox().len(), 64);
    let asked = world.journal.asked();
    assert_eq!(phone.enable(Modality::Face), Err(Code::AuditTrailFull));
    assert_eq!(world.journal.asked(), asked + 1, "not without trying");
    phone.lock().unwrap();
    assert_eq!(phone.unlock(PIN), Err(Code::AuditTrailFull));
    phone.log_out().unwrap();
    world.journal.set_down(false);
    phone.sign_in().unwrap();
    assert_eq!(world.journal.events(phone.owner).len(), 2 + 64 + 2 + 1);
}

/// An unlock by biometric and a lock write once each, so nothing clears the record but a write of its
/// own.
#[test]
fn e36_what_the_journal_has_leaves_the_record_before_it_is_much() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    let (_, before) = world.store.operations();
    for _ in 0..30 {
        phone.lock().unwrap();
        phone.unlock_by(Modality::Face).unwrap();
        assert!(world.account(phone.owner).unwrap().outbox().len() <= 8);
    }
    let clearing = world.store.operations().1 - before - 60;
    assert!((1..=60 / 8).contains(&clearing), "{clearing} swaps more than the commands need");
    assert_eq!(world.journal.events(phone.owner).len(), 3 + 60);
}

/// Whether the clearing write lands makes no difference to who asked.
#[test]
fn e36_a_clearing_write_that_is_lost_costs_nobody_anything() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    world.gate.blocking().deliver_events(phone.owner).unwrap();
    for _ in 0..4 {
        phone.lock().unwrap();
        phone.unlock_by(Modality::Face).unwrap();
    }
    assert_eq!(world.account(phone.owner).unwrap().outbox().len(), 8);
    let faults = [Fault::Honest, Fault::Honest, Fault::Down];
    let store = FaultyStore::script(Blocking(&*world.store), faults);
    gate_on_store(&world, &store).blocking().lock(phone.token.as_ref().unwrap(), &UNMODIFIED).unwrap();
    assert_eq!(store.injected().down, 1, "the third operation");
    phone.unlock(PIN).unwrap();
    assert_eq!(world.account(phone.owner).unwrap().outbox().len(), 1);
    assert_eq!(world.journal.contradictions(), 0);
}

fn ids(events: &[Event]) -> BTreeSet<pinlatch::id::EventId> {
    events.iter().map(|event| event.id).collect()
}

#[test]
fn i11_e36_a_record_from_a_backup_stops_nobody_and_no_event_is_swallowed() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let (anna, key) = (phone.owner, Key::account(phone.owner));
    let backup = world.store.bytes(&key);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    assert_eq!(world.journal.events(anna).len(), 4);
    world.store.overwrite(&key, backup);
    for _ in 0..40 {
        phone.lock().unwrap();
        phone.unlock(PIN).unwrap();
    }
    let events = world.journal.events(anna);
    assert_eq!((events.len(), ids(&events).len()), (4 + 80, 4 + 80));
    assert_eq!((world.journal.numbers_repeated(), world.journal.contradictions()), (2, 0));
    let histories: BTreeSet<HistoryId> = events.iter().map(|event| event.history).collect();
    assert_eq!(histories.len(), 1, "the same life of the record");
}

#[test]
fn i11_e36_a_deleted_record_begins_another_history_and_no_event_is_swallowed() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let (anna, key) = (phone.owner, Key::account(phone.owner));
    phone.lock().unwrap();
    let first = world.journal.events(anna);
    world.store.overwrite(&key, None);
    phone.token = None;
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    let events = world.journal.events(anna);
    assert_eq!(events[..3], first);
    let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, [0, 1, 2, 0, 1]);
    assert_ne!(events[0].history, events[3].history);
    assert_eq!((world.journal.numbers_repeated(), world.journal.contradictions()), (0, 0));
}

#[test]
fn i11_an_event_is_named_by_its_write_and_its_place_and_the_first_write_names_the_history() {
    let world = World::new();
    let anna = world.employee();
    let phones = [(); 3].map(|()| world.open_phone(anna).unwrap());
    phones[0].log_out_everywhere().unwrap();
    let events = world.journal.events(anna);
    assert_eq!(ids(&events).len(), events.len());
    let first = HistoryId::from_bytes(*events[0].id.write.as_bytes());
    assert!(events.iter().all(|event| event.history == first));
    let [.., one, two, three, four] = events.as_slice() else { panic!("a revocation of three") };
    assert!([two, three, four].iter().all(|event| event.id.write == one.id.write), "one write");
    assert_eq!([one, two, three, four].map(|event| event.id.index), [0, 1, 2, 3]);
    assert!(
        events[..events.len() - 4].iter().all(|event| event.id.index == 0 && event.id.write != one.id.write)
    );
}

fn notes(world: &World, person: PersonId) -> (Vec<Option<Note>>, Vec<Option<Note>>) {
    let events = world.journal.events(person).iter().map(|event| event.note).collect();
    (events, world.journal.refusal_events(person).iter().map(|event| event.note).collect())
}

#[test]
fn i11_a_requests_note_stands_in_every_event_and_refusal_that_it_causes() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let gate = world.gate.blocking();
    let (token, right, wrong) = (phone.token.as_ref().unwrap(), pin(PIN).unwrap(), pin(WRONG_PIN).unwrap());
    let noted = |text: &str| (Note::new(text).unwrap(), UNMODIFIED.with_note(Note::new(text).unwrap()));
    let ((a, with_a), (b, with_b), (c, with_c)) = (noted("front 3"), noted("front 4"), noted("trace 5f"));
    let nobody = BiometricAssertion { modality: Modality::Face, recognised: false, baseline: None };
    phone.lock().unwrap();
    gate.unlock_with_pin(token, &wrong, &with_a).unwrap_err();
    gate.unlock_with_biometric(token, &nobody, &with_b).unwrap_err();
    let modified = RequestContext::new(Modified).with_note(c);
    gate.unlock_with_pin(token, &right, &modified).unwrap_err();
    gate.unlock_with_pin(token, &right, &with_c).unwrap_err();
    let (events, refusals) = notes(&world, phone.owner);
    assert_eq!(events, [None, None, None, Some(a), Some(c)], "two to open, the lock, a rejection, E14");
    assert_eq!(refusals, [Some(b), Some(c), Some(c)]);
}

#[test]
fn i11_a_note_stands_beside_what_lowers_and_what_only_asks() {
    let world = World::new();
    let anna = world.employee();
    let (phone, tablet) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    let gate = world.gate.blocking();
    let (token, session) = (phone.token.as_ref().unwrap(), phone.session.as_ref().unwrap());
    let note = Note::new("front 3").unwrap();
    // What lowers is done whatever the device is found to be, and does nothing about that.
    let with_note = RequestContext::new(Modified).with_note(note);
    let (events, refusals) = notes(&world, anna);
    gate.enable_biometric(
        session,
        Modality::Face,
        Baseline::of(&phone.biometric_state),
        &UNMODIFIED.with_note(note),
    )
    .unwrap();
    gate.disable_biometric(session, Modality::Face, &with_note).unwrap();
    gate.log_out_device(session, tablet.id.unwrap(), &with_note).unwrap();
    gate.acknowledge(token, &with_note).unwrap_err();
    gate.lock(token, &with_note).unwrap();
    gate.log_out_everywhere(session, &with_note).unwrap_err();
    let offer = gate.begin_authentication(BeginFor::Device(token), &with_note).unwrap();
    let _refusal = gate.authentication_failed(&offer.start, FailedAuthentication::Cancelled, &with_note);
    gate.log_out(token, &with_note).unwrap();
    let (events_then, refusals_then) = notes(&world, anna);
    assert_eq!(events_then[events.len()..], [Some(note); 5], "face on and off, tablet out, lock, phone out");
    assert_eq!(refusals_then[refusals.len()..], [Some(note); 3], "nothing to acknowledge, locked, cancelled");

    let phone = world.open_phone(anna).unwrap();
    gate.log_out_everywhere(phone.session.as_ref().unwrap(), &with_note).unwrap();
    let (events, _) = notes(&world, anna);
    assert_eq!(events.last(), Some(&Some(note)));
}

/// Loses the work, and takes the directory away with it.
struct Collapsing(Arc<MemoryDirectory>);

impl Offload for Collapsing {
    async fn run<T, W>(&self, _: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        self.0.set_down(true);
        Err(OffloadError)
    }
}

#[test]
fn i11_a_guess_that_fails_in_two_parts_of_the_host_at_once_is_one_refusal() {
    let world = World::new();
    let phone = locked_with_pin_only(&world);
    let host = HostParts {
        store: Blocking(Arc::clone(&world.store)),
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Collapsing(Arc::clone(&world.directory)),
        randomness: SeededRandomness::new(8),
    };
    let gate = Gate::builder(host).peppers(peppers()).hasher(world.hasher.clone()).build().unwrap();
    let guess =
        gate.blocking().unlock_with_pin(phone.token.as_ref().unwrap(), &pin(PIN).unwrap(), &UNMODIFIED);
    assert!(matches!(guess, Err(GateError::Offload(_))), "what failed first is told");
    assert_eq!(world.journal.refusals(phone.owner).len(), 1);
}

#[test]
fn i11_a_browser_requests_note_stands_beside_the_accounts_events_and_its_refusals() {
    let world = World::new();
    let (anna, admin) = (world.employee(), world.administrator(ACME));
    let phone = world.open_phone(anna).unwrap();
    let gate = world.gate.blocking();
    let noted = |text: &str| (Note::new(text).unwrap(), admin.session().with_note(Note::new(text).unwrap()));
    let ((a, with_a), (b, with_b), (c, with_c)) = (noted("front 3"), noted("front 4"), noted("trace 5f"));
    gate.log_out_device_of(&with_a, ACME, anna, phone.id.unwrap()).unwrap();
    gate.invite(&with_b, ACME, anna).unwrap();
    gate.withdraw_invitation(&admin.session(), ACME, anna).unwrap();
    gate.withdraw_invitation(&with_c, ACME, anna).unwrap_err();
    let (events, refusals) = notes(&world, anna);
    assert_eq!(events, [None, None, Some(a), Some(b), None], "two to open, then the administrator's");
    assert_eq!(refusals, [Some(c)]);
}

#[test]
fn a_note_is_short_and_has_no_controls() {
    use pinlatch::account::NoteError;
    assert_eq!(Note::new(&"ä".repeat(32)).unwrap().as_str(), "ä".repeat(32));
    assert_eq!(Note::new(&"x".repeat(65)), Err(NoteError::Length));
    assert_eq!(Note::new(&"x".repeat(300)), Err(NoteError::Length));
    assert_eq!(Note::new(""), Err(NoteError::Length));
    assert_eq!(Note::new("a\nb"), Err(NoteError::ControlCharacter));
}

/// Whatever is lost on the way: each event is in the store once, in order, and the journal gets none.
#[test]
fn i11_with_a_store_that_takes_events_none_is_lost_or_doubled_whatever_gets_lost() {
    let kinds = [
        Fault::ReplyLost,
        Fault::RequestLost,
        Fault::Conflict,
        Fault::ConflictThoughApplied,
        Fault::Late(1),
        Fault::Late(2),
        Fault::Late(3),
    ];
    for (first, second) in kinds.into_iter().flat_map(|first| kinds.map(|second| (first, second))) {
        let world = World::builder().taking_events().build();
        let phone = world.open_phone(world.employee()).unwrap();
        let script = [Fault::Honest, first, Fault::Honest, second];
        let token = phone.token.as_ref().unwrap();
        let store = FaultyStore::script(Blocking(&*world.store), script);
        gate_on_store(&world, &store).blocking().lock(token, &UNMODIFIED).unwrap();
        let store = FaultyStore::script(Blocking(&*world.store), script);
        let gate = gate_on_store(&world, &store);
        gate.blocking().unlock_with_pin(token, &pin(PIN).unwrap(), &UNMODIFIED).unwrap();
        let told: Vec<_> = world.store.events().iter().map(|event| (event.sequence, event.change)).collect();
        let method = pinlatch::people::AuthenticationMethod::BankCredentials;
        let changes = [
            Change::Authenticated { method, by_invitation: false },
            Change::PinCreated,
            Change::Locked(LockCause::Asked),
            Change::UnlockedByPin,
        ];
        assert_eq!(told, (0..).zip(changes).collect::<Vec<_>>(), "{first:?}, {second:?}");
        assert_eq!((world.journal.asked(), world.account(phone.owner).unwrap().outbox().len()), (0, 0));
    }
}
