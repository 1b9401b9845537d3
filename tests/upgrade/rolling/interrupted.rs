//! A host of the newer release writes while one of the older release is between its load and its swap.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use pinlatch::account::Event;
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{Blocking, BlockingStore, Expect, HostParts, Inline, Key, Loaded, Swap};
use pinlatch::pin::PepperRing;
use pinlatch::refusal::RefusalCode;
use pinlatch_next::record::StoredVersion as NextVersion;
use pinlatch_testkit::{MemoryStore, QuickHasher, SeededRandomness, UNMODIFIED, World};

use crate::hosts::{Act, Kept, Next, Release};

/// One command of a person's or the administrator's.
type Command<'a> = dyn Fn() -> Result<(), GateError> + 'a;

/// A store in which somebody else writes just before the next swap.
struct Interrupted {
    store: Arc<MemoryStore>,
    rival: Mutex<Option<Vec<u8>>>,
}

impl BlockingStore for Interrupted {
    type Error = Infallible;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Infallible> {
        Ok(self.store.load(key).expect("in memory"))
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Infallible> {
        if let Some(newer) = self.rival.lock().expect("not poisoned").take() {
            self.store.overwrite(key, Some(newer));
        }
        Ok(self.store.compare_and_swap(key, expect, bytes, events).expect("in memory"))
    }
}

#[test]
fn e32_a_newer_record_that_is_written_in_between_is_not_written_over() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).expect("signed in");
    let (anna, key) = (phone.owner, Key::account(phone.owner));
    // The same life at a host of the newer release, which writes version 3.
    let (next, mut kept) = (Next::of(1, NextVersion::V3), Kept::default());
    for act in [Act::SignIn, Act::CreatePin, Act::Lock] {
        next.act(act, &mut kept, 3).expect("done");
    }
    let (before, newer) = (world.store.bytes(&key).expect("stored"), next.bytes(0).expect("stored"));

    let parts = HostParts {
        store: Blocking(Interrupted { store: Arc::clone(&world.store), rival: Mutex::default() }),
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Inline,
        randomness: SeededRandomness::new(9),
    };
    let peppers = PepperRing::without_pepper();
    let gate = Gate::builder(parts).hasher(QuickHasher::new()).peppers(peppers).build().expect("all is said");
    let (token, session) = (phone.token.as_ref().expect("signed in"), phone.session.as_ref().expect("open"));
    let actor = world.administrator(pinlatch_testkit::ACME);
    let at = gate.blocking();
    let commands: [(&str, &Command<'_>); 5] = [
        ("lock", &|| at.lock(token, &UNMODIFIED)),
        ("log_out", &|| at.log_out(token, &UNMODIFIED)),
        ("log_out_everywhere", &|| at.log_out_everywhere(session, &UNMODIFIED)),
        ("invite", &|| at.invite(&actor.session(), actor.company, anna).map(drop)),
        ("revoke_all", &|| at.revoke_all(&actor.session(), actor.company, anna)),
    ];
    for (name, command) in commands {
        world.store.overwrite(&key, Some(before.clone()));
        *gate.host().store.0.rival.lock().expect("not poisoned") = Some(newer.clone());
        let error = command().expect_err(name);
        assert_eq!(error.code(), RefusalCode::Unavailable, "{name}");
        assert_eq!(world.store.bytes(&key), Some(newer.clone()), "{name}");
    }
}
