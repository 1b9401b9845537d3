//! What a host may plug in: parts behind pointers, and a store that keeps the events itself.

use std::sync::{Arc, Mutex};

use pinlatch::account::{BeginFor, DeviceLabel, Event, Policy, SignIn, StrongAuthentication, Wanted};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingStore, Clock, Expect, FromRng, Host, HostParts, Inline, Key, Loaded, Randomness,
    RandomnessError, Swap, SystemClock, SystemRandomness,
};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::PepperRing;
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{PIN, QuickHasher, SeededRandomness, UNMODIFIED, Unavailable, World, pin};

use crate::given::peppers;

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

    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let token = gate.authenticate(sign_in, &UNMODIFIED).unwrap().token;
    gate.log_out(&token, &UNMODIFIED).unwrap();

    let told: Vec<Event> = store.0.events.lock().unwrap().clone();
    let kinds: Vec<_> = told.iter().map(|event| (event.sequence, event.change)).collect();
    let signed_in = Change::Authenticated { method: BankCredentials, by_invitation: false };
    let logged_out = Change::LoggedOut(pinlatch::session::LogOutCause::Asked);
    assert_eq!(kinds, [(0, signed_in), (1, logged_out)]);
    assert_eq!(world.journal.events(anna), [], "handed over a second time");
    assert_eq!(world.account(anna).unwrap().outbox(), [], "and kept in the record besides");
    assert_eq!(gate.deliver_events(anna).unwrap(), 0);
}

/// A world's parts behind a store that takes events, and a random source.
fn over<'w>(
    world: &'w World,
    store: &'w Blocking<WithEvents>,
    randomness: impl Randomness + 'w,
) -> Gate<impl Host + 'w> {
    let host = HostParts {
        store,
        clock: &*world.clock,
        directory: Blocking(&*world.directory),
        journal: Blocking(&*world.journal),
        offload: Inline,
        randomness,
    };
    let policy = Policy::builder().outbox_limit(3).build().unwrap();
    Gate::builder(host).hasher(world.hasher.clone()).peppers(peppers()).policy(policy).build().unwrap()
}

/// A phone with so many events in its record, left there while the journal was down.
fn left_waiting(world: &World, events: usize) -> pinlatch_testkit::Phone<'_> {
    let mut phone = world.open_phone(world.employee()).unwrap();
    world.gate.blocking().deliver_events(phone.owner).unwrap();
    world.journal.set_down(true);
    for done in 0..events {
        if done % 2 == 0 { phone.lock() } else { phone.unlock(PIN) }.unwrap();
    }
    world.journal.set_down(false);
    phone
}

fn with_events(world: &World) -> Blocking<WithEvents> {
    Blocking(WithEvents { records: Arc::clone(&world.store), events: Mutex::default() })
}

fn sequences(store: &Blocking<WithEvents>) -> Vec<u64> {
    store.0.events.lock().unwrap().iter().map(|event| event.sequence).collect()
}

#[test]
fn i11_events_left_in_a_record_go_into_a_store_that_takes_them_and_not_to_the_journal() {
    let world = World::new();
    let phone = left_waiting(&world, 3);
    let told = world.journal.events(phone.owner).len() as u64;
    let store = with_events(&world);
    let gate = over(&world, &store, SeededRandomness::new(9));
    // The outbox is full, and the journal takes refusals only: the owner gets in all the same.
    gate.blocking().unlock_with_pin(phone.token.as_ref().unwrap(), &pin(PIN).unwrap(), &UNMODIFIED).unwrap();
    assert_eq!(sequences(&store), [told, told + 1, told + 2, told + 3]);
    assert_eq!(world.journal.events(phone.owner).len() as u64, told);
    assert_eq!(world.account(phone.owner).unwrap().outbox(), []);
}

#[test]
fn i11_delivering_moves_what_waits_into_a_store_that_takes_events() {
    let world = World::new();
    let phone = left_waiting(&world, 2);
    let told = world.journal.events(phone.owner).len() as u64;
    let store = with_events(&world);
    let gate = over(&world, &store, SeededRandomness::new(9));
    assert_eq!(gate.blocking().deliver_events(phone.owner).unwrap(), 0);
    assert_eq!(sequences(&store), [told, told + 1]);
    assert_eq!(world.account(phone.owner).unwrap().outbox(), []);
}

#[test]
fn what_writes_nothing_leaves_the_waiting_events_where_they_are_and_needs_no_randomness() {
    struct Broken;
    impl Randomness for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomnessError> {
            Err(RandomnessError)
        }
    }
    let world = World::new();
    let phone = left_waiting(&world, 2);
    let store = with_events(&world);
    let gate = over(&world, &store, Broken);
    let session = phone.session.as_ref().unwrap();
    let _granted = gate.blocking().check(session, Wanted::session(), &UNMODIFIED).unwrap();
    assert!(sequences(&store).is_empty());
    assert_eq!(world.account(phone.owner).unwrap().outbox().len(), 2);
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
    let host = Arc::new(Box::new(host));
    let gate = Gate::builder(&host).hasher(QuickHasher::new()).peppers(PepperRing::without_pepper());
    let gate = gate.build().unwrap();
    let gate = gate.blocking();
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let phone = gate.authenticate(sign_in, &UNMODIFIED).unwrap();
    let refused = gate.unlock_with_pin(&phone.token, &pin(PIN).unwrap(), &UNMODIFIED).unwrap_err();
    assert_eq!(refused.code(), pinlatch::refusal::RefusalCode::PinRequired);
    assert_eq!(gate.device_view(&phone.token, &UNMODIFIED).unwrap().state, SessionState::PinPending);
}

#[test]
fn a_generator_of_the_rand_crates_is_a_random_source() {
    let mut drawn = [[0; 32]; 2];
    let source = FromRng(|| rand::rngs::SysRng);
    drawn.iter_mut().for_each(|bytes| source.fill(bytes).unwrap());
    assert_ne!(drawn[0], drawn[1]);
    assert_eq!(format!("{source:?}"), "FromRng");
}

#[test]
fn a_key_is_read_back_from_its_text_and_names_its_person() {
    for owner in [0, 1, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, u128::MAX].map(pinlatch_testkit::person) {
        for key in [Key::account(owner), Key::person(owner)] {
            assert_eq!((Key::parse(key.as_str()), key.owner()), (Some(key), owner));
        }
    }
    let good = Key::account(pinlatch_testkit::person(0xab)).as_str().to_owned();
    for bad in
        ["", "a-", &good[1..], &good.to_uppercase(), &good.replace("a-", "b-"), &good.replace('b', "g")]
    {
        assert_eq!(Key::parse(bad), None, "{bad}");
    }
}
