//! What a host may plug in: parts behind pointers, and a store that keeps the events itself.

use std::sync::{Arc, Mutex};

use pinlatch::account::{DeviceLabel, Event, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingStore, Clock, Expect, FromRng, HostParts, Inline, Key, Loaded, Randomness, Swap,
    SystemClock, SystemRandomness,
};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::PepperRing;
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{PIN, QuickHasher, SeededRandomness, UNMODIFIED, Unavailable, World, pin};

/// Keeps the events of a write beside the record, as a table in the same transaction would.
struct WithEvents {
    records: Arc<pinlatch_testkit::MemoryStore>,
    events: Mutex<Vec<Event>>,
}

impl BlockingStore for WithEvents {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        self.records.load(key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        let swap = self.records.compare_and_swap(key, expect, bytes, &[])?;
        if matches!(swap, Swap::Applied(_)) {
            self.events.lock().unwrap().extend(events);
        }
        Ok(swap)
    }

    fn takes_events(&self) -> bool {
        true
    }
}

#[test]
fn i11_a_store_that_takes_events_gets_each_once_with_its_write_and_the_journal_none() {
    let world = World::new();
    let anna = world.employee();
    let store = Blocking(WithEvents { records: Arc::clone(&world.store), events: Mutex::default() });
    let host = HostParts {
        store: &store,
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Inline,
        randomness: SeededRandomness::new(1),
    };
    let gate = Gate::builder(host).hasher(QuickHasher::default()).peppers(PepperRing::without_pepper());
    let gate = gate.build().unwrap();
    let gate = gate.blocking();

    let start = gate.begin_authentication(anna).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let token = gate.authenticate(sign_in, &UNMODIFIED).unwrap().token;
    gate.log_out(&token).unwrap();

    let told: Vec<Event> = store.0.events.lock().unwrap().clone();
    let kinds: Vec<_> = told.iter().map(|event| (event.sequence, event.change)).collect();
    let signed_in = Change::Authenticated { method: BankCredentials, by_invitation: false };
    let logged_out = Change::LoggedOut(pinlatch::session::LogOutCause::Asked);
    assert_eq!(kinds, [(0, signed_in), (1, logged_out)]);
    assert_eq!(world.journal.events(anna), [], "handed over a second time");
    assert_eq!(world.account(anna).unwrap().outbox(), [], "and kept in the record besides");
    assert_eq!(gate.deliver_events(anna).unwrap(), 0);
}

#[test]
fn events_left_in_a_record_go_with_the_next_write_once_the_store_takes_them() {
    let world = World::new();
    let mut phone = world.phone(world.employee());
    world.journal.set_down(true);
    phone.sign_in().unwrap();
    assert_eq!(world.account(phone.owner).unwrap().outbox().len(), 1);

    let store = Blocking(WithEvents { records: Arc::clone(&world.store), events: Mutex::default() });
    let host = HostParts {
        store: &store,
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Inline,
        randomness: SeededRandomness::new(9),
    };
    let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build().unwrap();
    gate.blocking().log_out(phone.token.as_ref().unwrap()).unwrap();
    let sequences: Vec<u64> = store.0.events.lock().unwrap().iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, [0, 1]);
    assert_eq!(world.account(phone.owner).unwrap().outbox(), []);
}

#[test]
fn parts_behind_boxes_arcs_and_references_are_parts() {
    let world = World::new();
    let anna = world.employee();
    let clock: Box<dyn Clock> = Box::new(SystemClock);
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let host = HostParts {
        store: Box::new(Blocking(&world.store)),
        clock,
        directory: Arc::new(Blocking(&*world.directory)),
        journal: &Blocking(Box::new(&*world.journal)),
        offload: Arc::new(Inline),
        randomness,
    };
    let gate = Gate::builder(host).hasher(QuickHasher::default()).peppers(PepperRing::without_pepper());
    let gate = gate.build().unwrap();
    let gate = gate.blocking();
    let start = gate.begin_authentication(anna).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let phone = gate.authenticate(sign_in, &UNMODIFIED).unwrap();
    let refused = gate.unlock_with_pin(&phone.token, &pin(PIN).unwrap(), &UNMODIFIED).unwrap_err();
    assert_eq!(refused.code(), pinlatch::refusal::RefusalCode::PinRequired);
    assert_eq!(gate.status(&phone.token).unwrap(), SessionState::PinPending);
}

#[test]
fn a_generator_of_the_rand_crates_is_a_random_source() {
    let mut drawn = [[0; 32]; 2];
    let source = FromRng(|| rand::rngs::SysRng);
    drawn.iter_mut().for_each(|bytes| source.fill(bytes).unwrap());
    assert_ne!(drawn[0], drawn[1]);
    assert_eq!(format!("{source:?}"), "FromRng");
}
