//! How often a command waits for the host: what is read at once is one turn of waiting.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use pinlatch::access::Request;
use pinlatch::account::{BeginFor, DeviceLabel, Event, PinEntries, SignIn, StrongAuthentication, Wanted};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingStore, Directory, Expect, Host, HostParts, Key, Loaded, Offload, OffloadError, Store,
    Swap,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{Action, Function, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{
    ACME, CollectingJournal, MemoryDirectory, MemoryStore, PIN, QuickHasher, SeededRandomness, UNMODIFIED,
    Unavailable, WRONG_PIN, World, pin,
};

/// Waits once, as for a network.
async fn a_turn() {
    let mut waited = false;
    let again = move |_: &mut Context<'_>| {
        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
    };
    std::future::poll_fn(again).await;
}

/// A store that takes events, over a network.
struct Away(MemoryStore);

impl Store for Away {
    type Error = Unavailable;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        a_turn().await;
        self.0.load(key)
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        a_turn().await;
        self.0.compare_and_swap(key, expect, bytes, events)
    }

    fn takes_events(&self) -> bool {
        true
    }
}

/// A directory over a network.
struct FarAway(Arc<MemoryDirectory>);

impl Directory for FarAway {
    type Error = Unavailable;

    async fn person(&self, id: PersonId) -> Result<Option<Person>, Unavailable> {
        a_turn().await;
        Ok(self.0.get(id))
    }

    fn dates(&self, _: &Person) -> LocalDates {
        self.0.today()
    }
}

/// Hashing takes a turn, too: what is asked meanwhile adds none.
struct Elsewhere;

impl Offload for Elsewhere {
    async fn run<T, W>(&self, work: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        a_turn().await;
        Ok(work())
    }
}

/// Runs a command to its end; how often it waited.
fn turns<T>(command: impl Future<Output = T>) -> (u32, T) {
    let mut command = pin!(command);
    let mut waited = 0;
    loop {
        match command.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => return (waited, answer),
            Poll::Pending => waited += 1,
        }
    }
}

fn gate(world: &World) -> Gate<impl Host> {
    let host = HostParts {
        store: Away(MemoryStore::taking_events()),
        clock: Arc::clone(&world.clock),
        directory: FarAway(Arc::clone(&world.directory)),
        journal: Blocking(CollectingJournal::new()),
        offload: Elsewhere,
        randomness: SeededRandomness::new(1),
    };
    Gate::builder(host).hasher(QuickHasher::new()).peppers(PepperRing::without_pepper()).build().unwrap()
}

/// One for the record and the facts, one for each write, one for a hash.
#[test]
fn what_is_read_is_read_at_once() {
    let world = World::new();
    let gate = gate(&world);
    let (anna, actor) = (world.employee(), world.administrator(ACME));
    let (right, wrong) = (pin(PIN).unwrap(), pin(WRONG_PIN).unwrap());

    let (none, offer) = turns(gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED));
    let evidence = StrongAuthentication::verified_by_host(offer.unwrap().start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let (authenticate, phone) = turns(gate.authenticate(sign_in, &UNMODIFIED));
    let token = phone.unwrap().token;
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    let (create, session) = turns(gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED));
    assert_eq!((none, authenticate, create), (0, 2, 4), "begin, authenticate, create PIN with its hash");

    let session = session.unwrap();
    let (check, granted) = turns(gate.check(&session, Wanted::session(), &UNMODIFIED));
    let _grant = granted.unwrap();
    let baseline = Baseline::of(b"a face");
    let (enable, done) = turns(gate.enable_biometric(&session, Modality::Face, baseline, &UNMODIFIED));
    done.unwrap();
    let (lock, done) = turns(gate.lock(&token, &UNMODIFIED));
    done.unwrap();
    assert_eq!((check, enable, lock), (1, 2, 2), "check, enable, lock");

    let (refused, done) = turns(gate.unlock_with_pin(&token, &wrong, &UNMODIFIED));
    done.unwrap_err();
    let (unlock, done) = turns(gate.unlock_with_pin(&token, &right, &UNMODIFIED));
    done.unwrap();
    let face = BiometricAssertion { modality: Modality::Face, recognised: true, baseline: Some(baseline) };
    let (by_face, session) = turns(gate.unlock_with_biometric(&token, &face, &UNMODIFIED));
    session.unwrap();
    assert_eq!(
        (refused, unlock, by_face),
        (4, 4, 2),
        "unlock: wrong, right, by face; two of them with the hash"
    );

    let (begin, offer) = turns(gate.begin_authentication(BeginFor::Device(&token), &UNMODIFIED));
    offer.unwrap();
    let (look, overview) = turns(gate.overview(&actor.session(), ACME, anna));
    overview.unwrap();
    let (revoke, done) = turns(gate.revoke_all(&actor.session(), ACME, anna));
    done.unwrap();
    assert_eq!((begin, look, revoke), (1, 1, 2), "begin, overview, revoke all");
}

/// The person, the record, and the person whose data are asked for.
#[test]
fn the_data_of_somebody_else_add_no_turn() {
    let world = World::new();
    let gate = gate(&world);
    let (bert, actor) = (world.employee(), world.administrator(ACME));
    let of_another =
        Request { company: ACME, action: Action::Read, function: Function::UsersAndRoles, owner: bert };
    let (check, rule) = turns(gate.browser_check(&actor.session(), &of_another));
    rule.unwrap();
    assert_eq!(check, 1);
}
