//! The loop around compare-and-swap: who wins, who gives up and when, and how a write knows itself.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use pinlatch::account::{Account, Policy};
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{Blocking, Expect, Host, Key, Loaded, Store, Swap};
use pinlatch::id::WriteId;
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Baseline, Modality, SessionState};
use pinlatch_testkit::faults::{Fault, FaultyStore, NeverApplying, RepeatingRandomness};
use pinlatch_testkit::{PIN, Phone, SeededRandomness, UNMODIFIED, WRONG_PIN, World, minutes, pin};

use crate::attempts::shaky::{Watched, shaky};
use crate::given::*;

type Request<'a> = Pin<Box<dyn Future<Output = Result<(), GateError>> + 'a>>;

/// Polls all of them in turn until each has its answer.
fn in_turn(mut requests: Vec<Request<'_>>) -> Vec<Result<(), GateError>> {
    let mut answers: Vec<Option<Result<(), GateError>>> = requests.iter().map(|_| None).collect();
    while answers.iter().any(Option::is_none) {
        for (request, answer) in requests.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let Poll::Ready(done) = request.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            {
                *answer = Some(done);
            }
        }
    }
    answers.into_iter().flatten().collect()
}

/// 256 requests, of which 96 write and only lower, and the log-out from all devices always comes last.
#[test]
fn e37_a_log_out_from_all_devices_wins_over_256_requests_of_the_account() {
    let policy = Policy::builder().device_limit(64).build().unwrap();
    let world = World::builder().policy(policy).build();
    let anna = world.employee();
    let open = |_| {
        // Only so many authentications for nobody in particular are remembered (D34).
        world.wait(minutes(1));
        world.open_phone(anna).unwrap()
    };
    let phones: Vec<Phone<'_>> = (0..24).map(open).collect();
    let last = world.open_phone(anna).unwrap();
    for phone in &phones {
        phone.enable(Modality::Face).unwrap();
        phone.enable(Modality::Fingerprint).unwrap();
    }
    let gate = shaky(&world, &[], true, Watched::new(&world.hasher, || {}));
    let mut requests: Vec<Request<'_>> = Vec::new();
    for phone in &phones {
        let session = phone.session.as_ref().unwrap();
        requests.push(Box::pin(gate.disable_biometric(session, Modality::Face, &UNMODIFIED)));
        requests.push(Box::pin(gate.disable_biometric(session, Modality::Fingerprint, &UNMODIFIED)));
    }
    for phone in &phones {
        requests.push(Box::pin(gate.lock(phone.token.as_ref().unwrap(), &UNMODIFIED)));
    }
    for phone in &phones {
        requests.push(Box::pin(gate.log_out(phone.token.as_ref().unwrap(), &UNMODIFIED)));
    }
    requests.extend((requests.len()..256).map(|_| -> Request<'_> {
        Box::pin(gate.report_integrity(phones[0].token.as_ref().unwrap(), &UNMODIFIED))
    }));
    requests.push(Box::pin(gate.log_out_everywhere(last.session.as_ref().unwrap(), &UNMODIFIED)));
    let before = world.store.operations().1;
    let answers = in_turn(requests);
    assert_eq!(answers.len(), 257);
    assert!(answers.last().unwrap().is_ok(), "{:?}", answers.last());
    assert_eq!(last.state(), SessionState::RevokedAll);
    let swaps = world.store.operations().1 - before;
    assert!(swaps > 96 * 96 / 2, "{swaps}: they did get in each other's way");
}

#[test]
fn e37_raising_gives_up_after_64_conflicts_and_lowering_after_1024() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let before = stored(&world, phone.owner);
    let store = NeverApplying::conflict(Blocking(&*world.store));
    let gate = gate_on_store(&world, &store);
    let lock = gate.blocking().lock(phone.token.as_ref().unwrap(), &UNMODIFIED);
    assert!(matches!(lock, Err(GateError::Contended)), "{lock:?}");
    assert_eq!(store.swaps(), 1_024);
    let raise = gate.blocking().change_pin(
        phone.session.as_ref().unwrap(),
        &pin(PIN).unwrap(),
        &entries("530648"),
        &pinlatch::pin::PersonalWords::none(),
        &UNMODIFIED,
    );
    assert!(matches!(raise, Err(GateError::Contended)), "{raise:?}");
    assert_eq!(store.swaps(), 1_024 + 64);
    assert_eq!(stored(&world, phone.owner), before);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
}

#[test]
fn e37_a_row_held_by_somebody_else_costs_four_swaps_and_ends_typed() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let (token, session) = (phone.token.as_ref().unwrap(), phone.session.as_ref().unwrap());
    let store = NeverApplying::unknown(Blocking(&*world.store));
    let gate = gate_on_store(&world, &store);
    let gate = gate.blocking();
    let commands: [&dyn Fn() -> Result<(), GateError>; 4] = [
        &|| gate.lock(token, &UNMODIFIED),
        &|| gate.log_out(token, &UNMODIFIED),
        &|| gate.log_out_everywhere(session, &UNMODIFIED),
        &|| gate.enable_biometric(session, Modality::Face, Baseline::of(b"faces"), &UNMODIFIED),
    ];
    for command in commands {
        let before = store.swaps();
        let answer = command();
        assert!(matches!(answer, Err(GateError::Unanswered)), "{answer:?}");
        assert_eq!(answer.unwrap_err().code(), Code::Unavailable);
        assert_eq!(store.swaps() - before, 4);
    }
}

/// The fourth reply is lost as well, but the write has landed.
#[test]
fn e37_after_the_last_unknown_answer_it_looks_once_more() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let lost = [[Fault::Honest, Fault::RequestLost]; 3].concat();
    let faults = lost.into_iter().chain([Fault::Honest, Fault::ReplyLost]);
    let store = FaultyStore::script(Blocking(&*world.store), faults);
    gate_on_store(&world, &store).blocking().lock(phone.token.as_ref().unwrap(), &UNMODIFIED).unwrap();
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(trail(&world, &phone).len(), 3);
}

/// Keeps every record that was sent, whatever came of it.
struct Sent<S> {
    inner: S,
    records: std::sync::Mutex<Vec<Vec<u8>>>,
}

impl<S: Store> Store for Sent<S> {
    type Error = S::Error;

    fn load(&self, key: &Key) -> impl Future<Output = Result<Option<Loaded>, S::Error>> + Send {
        self.inner.load(key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[pinlatch::account::Event],
    ) -> impl Future<Output = Result<Swap, S::Error>> + Send {
        self.records.lock().unwrap().push(bytes.clone());
        self.inner.compare_and_swap(key, expect, bytes, events)
    }
}

#[test]
fn e39_write_ids_are_fresh_for_each_swap_that_is_sent() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let faults = [Fault::Honest, Fault::RequestLost, Fault::Honest, Fault::Conflict, Fault::Honest];
    let store = FaultyStore::script(Blocking(&*world.store), faults);
    let store = Sent { inner: store, records: std::sync::Mutex::default() };
    gate_on_store(&world, &store).blocking().lock(phone.token.as_ref().unwrap(), &UNMODIFIED).unwrap();
    let sent = store.records.into_inner().unwrap();
    let events = sent.iter().map(|bytes| {
        let account = Account::decode(bytes, phone.owner).unwrap();
        *account.outbox().last().unwrap()
    });
    let events: Vec<_> = events.collect();
    assert_eq!(events.len(), 3);
    let ids: BTreeSet<WriteId> = events.iter().map(|event| event.id.write).collect();
    assert_eq!(ids.len(), 3, "the same lock in three writes, each with an id of its own");
    assert_eq!(world.journal.events(phone.owner).last(), events.last());
}

/// The first try lands when the third is on its way: its answer counts, and its event is the only one.
#[test]
fn i11_e39_write_ids_tell_an_early_try_that_lands_late() {
    for after in 1..=4 {
        let world = World::new();
        let phone = world.open_phone(world.employee()).unwrap();
        let faults = [Fault::Honest, Fault::Late(after), Fault::Honest, Fault::RequestLost, Fault::Honest];
        let store = FaultyStore::script(Blocking(&*world.store), faults);
        gate_on_store(&world, &store).blocking().lock(phone.token.as_ref().unwrap(), &UNMODIFIED).unwrap();
        let changes = trail(&world, &phone);
        assert_eq!(changes.len(), 3, "{after}: {changes:?}");
        assert_eq!(world.journal.contradictions(), 0);
        assert_eq!(world.gate.blocking().deliver_events(phone.owner).unwrap(), 0);
        assert_eq!(trail(&world, &phone), changes);
    }
}

fn draw_repeated(answer: Result<(), GateError>) {
    let refusal = answer.unwrap_err().refusal();
    assert_eq!((refusal.code(), refusal.cause()), (Code::Unavailable, Cause::DrawRepeated));
}

fn repeating(world: &World) -> Gate<impl Host + '_> {
    let randomness = RepeatingRandomness::every(1, SeededRandomness::new(7));
    gate_drawing(world, Blocking(&*world.store), randomness)
}

#[test]
fn e39_write_ids_that_the_record_knows_are_refused_and_nothing_changes() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let token = phone.token.as_ref().unwrap();
    let gate = repeating(&world);
    gate.blocking().lock(token, &UNMODIFIED).unwrap();
    let (before, hashed) = (stored(&world, phone.owner), world.hasher.count());
    for _ in 0..20 {
        for entry in [WRONG_PIN, PIN] {
            let entry = pin(entry).unwrap();
            draw_repeated(gate.blocking().unlock_with_pin(token, &entry, &UNMODIFIED).map(drop));
        }
        draw_repeated(gate.blocking().log_out(token, &UNMODIFIED));
    }
    assert_eq!((stored(&world, phone.owner), world.hasher.count()), (before, hashed), "no proof was given");
    // The host's fault costs the owner nothing once it is mended.
    world.gate.blocking().unlock_with_pin(token, &pin(PIN).unwrap(), &UNMODIFIED).unwrap();
}

#[test]
fn e39_write_ids_repeated_within_one_command_are_refused() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let store = FaultyStore::script(Blocking(&*world.store), [Fault::Honest, Fault::RequestLost]);
    let randomness = RepeatingRandomness::every(1, SeededRandomness::new(7));
    let gate = gate_drawing(&world, &store, randomness);
    draw_repeated(gate.blocking().lock(phone.token.as_ref().unwrap(), &UNMODIFIED));
    assert_eq!(store.operations(), 3, "a load, a swap that was lost, a load");
}

#[test]
fn i11_e39_write_ids_of_the_history_and_of_waiting_events_are_known_too() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    let mut account = world.account(phone.owner).unwrap();
    let first = world.journal.events(phone.owner)[0].id.write;
    for write in 1..=8 {
        account.stamp(WriteId::from_u128(write)).unwrap();
    }
    assert_eq!(account.stamp(first).unwrap_err().cause(), Cause::DrawRepeated, "the history's");
    let waiting = account.outbox().first().unwrap().id.write;
    assert_eq!(account.stamp(waiting).unwrap_err().cause(), Cause::DrawRepeated, "a waiting event's");
    assert!(account.stamp(WriteId::from_u128(8)).is_err());
    assert!(account.stamp(WriteId::from_u128(9)).is_ok());
}
