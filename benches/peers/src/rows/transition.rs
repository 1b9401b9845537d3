//! Transitions: lock, and unlock by face.
//!
//! Ours are two commands of an account in memory. A session alone cannot be moved here: what unlocks
//! it is a proof that only the account's guards make. So the token is looked up, the windows, the
//! device, the person's eligibility and the face are judged, the new session's digest is stored, and
//! both changes, named after the write, go into the outbox and out of it. The tokens have been read from their text before,
//! and nothing is hashed. The peers keep a state, and do nothing of all that; the first floor compares
//! and stores the digests as well.

use std::hint::black_box;

use pinlatch::account::Account;
use pinlatch::id::WriteId;
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use rust_fsm::state_machine;
use statig::prelude::*;

use crate::by_hand::{AUTHENTICATED, Line, Now, digest};
use crate::fixture::{Fixture, deliver, device_token, employee, session_token};
use crate::harness::{Contestant, Settings, Side};
use crate::row::{Group, Row};

state_machine! {
    latch(Open)

    Open(Lock) => Locked [Closed],
    Locked(Unlock) => Open [Opened],
}

/// The same for statig.
#[derive(Default)]
struct Latch {
    changes: u32,
}

enum Command {
    Lock,
    Unlock,
}

#[statig::state_machine(initial = "State::open()")]
impl Latch {
    #[state]
    fn open(&mut self, event: &Command) -> Outcome<State> {
        match event {
            Command::Lock => {
                self.changes = self.changes.wrapping_add(1);
                Transition(State::locked())
            }
            Command::Unlock => Handled,
        }
    }

    #[state]
    fn locked(&mut self, event: &Command) -> Outcome<State> {
        match event {
            Command::Unlock => {
                self.changes = self.changes.wrapping_add(1);
                Transition(State::open())
            }
            Command::Lock => Handled,
        }
    }
}

/// The one row.
pub fn rows(settings: Settings) -> Vec<Row> {
    let fixture = Fixture::new();
    let person = employee(1);
    let (facts, context) = (fixture.facts(&person), fixture.context());
    let (device, session) = (device_token(1, 0), session_token(1, 0));
    let mut writes = 0_u128;
    let mut write = |account: &mut Account| {
        writes += 1;
        account.stamp(black_box(WriteId::from_bytes(writes.to_be_bytes()))).expect("a new id");
    };
    let baseline = Baseline::of(b"the owner's face");
    let mut account = fixture.account(1, 1);
    account.enable_biometric(&session, Modality::Face, baseline, &facts, &context).expect("open");
    write(&mut account);
    deliver(&mut account);
    let face = BiometricAssertion { modality: Modality::Face, recognised: true, baseline: Some(baseline) };
    let ours = Contestant::repeating(Side::Ours, "pinlatch", || {
        let account: &mut Account = black_box(&mut account);
        account.lock(black_box(&device), &context).expect("open");
        account
            .unlock_with_biometric(black_box(&device), &face, black_box(&session), &facts, &context)
            .expect("recognised");
        write(account);
        assert_eq!(account.outbox().len(), 2, "two moves, and no answer that there is nothing to do");
        deliver(account);
    });
    let contestants = vec![ours, with_digests(), state_alone(), by_statig(), by_rust_fsm()];
    let work = "lock and unlock by face: account in memory, tokens read, events taken";
    let mut row = Row::measure(settings, Group::Transition, work, contestants);
    row.no_allocation();
    vec![row]
}

const LOCKED: u32 = AUTHENTICATED + 1;

/// The device is recognised twice, and the session's digest is wiped and stored.
fn with_digests() -> Contestant<'static> {
    let (shown, next) = (session_token(1, 1), session_token(1, 0));
    let device = Line::open(1, shown.expose(), 1_000);
    let [shown, next] = [&shown, &next].map(|token| digest(token.expose()).expect("a token"));
    let mut session = Line { digest: next, state: AUTHENTICATED, ..Line::default() };
    let now = Now::shortly_after(1_000);
    Contestant::repeating(Side::Floor, "by hand: digests, state, stamp, version", move || {
        for (state, digest) in [(LOCKED, [0; 8]), (AUTHENTICATED, next)] {
            assert!(black_box(&device).admits(black_box(&shown), &now));
            let session = black_box(&mut session);
            session.digest = black_box(digest);
            moved(session, state);
        }
    })
}

fn state_alone() -> Contestant<'static> {
    let mut line = Line { state: AUTHENTICATED, ..Line::default() };
    Contestant::repeating(Side::Floor, "by hand: state, stamp, version", move || {
        for state in [LOCKED, AUTHENTICATED] {
            moved(black_box(&mut line), state);
        }
    })
}

/// The new state, when, and that it is another version.
const fn moved(line: &mut Line, state: u32) {
    line.state = state;
    line.last_use += 1;
    line.generation = line.generation.wrapping_add(1);
}

fn by_statig() -> Contestant<'static> {
    let mut machine = Latch::default().state_machine();
    Contestant::repeating(Side::Peer, "statig, state only", move || {
        machine.handle(black_box(&Command::Lock));
        machine.handle(black_box(&Command::Unlock));
    })
}

fn by_rust_fsm() -> Contestant<'static> {
    let mut machine = latch::StateMachine::new();
    Contestant::repeating(Side::Peer, "rust-fsm, state only", move || {
        machine.consume(black_box(&latch::Input::Lock)).expect("legal");
        machine.consume(black_box(&latch::Input::Unlock)).expect("legal")
    })
}
