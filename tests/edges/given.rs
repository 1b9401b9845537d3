//! What these tests say often.

use std::fmt::Debug;

use pinlatch::access::Actor;
use pinlatch::account::{DeviceIntegrity, Event, Wanted};
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::pin::{Pepper, PepperId, PepperRing, Pin};
use pinlatch::refusal::{Refusal, RefusalCode};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::Change;
use pinlatch_testkit::{Phone, UNMODIFIED, World};

pub(crate) use DeviceIntegrity::{Modified, Unknown, Unmodified};

pub(crate) fn digits(text: &str) -> Pin {
    Pin::parse(text).unwrap()
}

/// The peppers of the testkit's world.
pub(crate) fn peppers() -> PepperRing {
    PepperRing::new(PepperId::from_number(1), Pepper::new(&[0x5a; 32]).unwrap())
}

/// The same device token, read anew from its text.
pub(crate) fn same_device(phone: &Phone<'_>) -> DeviceToken {
    DeviceToken::parse(phone.token.as_ref().unwrap().expose()).unwrap()
}

/// The same session token, read anew from its text.
pub(crate) fn same_session(phone: &Phone<'_>) -> SessionToken {
    SessionToken::parse(phone.session.as_ref().unwrap().expose()).unwrap()
}

/// The same phone, talking to another gate over the same store.
pub(crate) fn moved_to<'w>(world: &'w World, phone: &Phone<'_>) -> Phone<'w> {
    let mut moved = world.phone(phone.owner);
    moved.token = Some(same_device(phone));
    moved.session = phone.session.is_some().then(|| same_session(phone));
    moved.id = phone.id;
    moved
}

/// The stored record of a person, to the byte.
pub(crate) fn stored(world: &World, person: PersonId) -> Option<Vec<u8>> {
    world.store.bytes(&Key::account(person))
}

/// Settled failures and attempts in flight of a phone; `None` if nothing is enrolled on it.
pub(crate) fn ledger(world: &World, phone: &Phone<'_>) -> Option<(u8, usize)> {
    let account = world.account(phone.owner)?;
    let attempts = account.device(phone.id?)?.session().enrolment()?.attempts().clone();
    Some((attempts.failures(), attempts.in_flight().len()))
}

/// What the journal knows of one phone, in order.
pub(crate) fn trail(world: &World, phone: &Phone<'_>) -> Vec<Change> {
    let of_phone = |event: &Event| event.device.is_some() && event.device == phone.id;
    world.journal.events(phone.owner).into_iter().filter(of_phone).map(|event| event.change).collect()
}

/// The newest event of a person.
pub(crate) fn newest(world: &World, person: PersonId) -> Change {
    world.journal.events(person).last().unwrap().change
}

/// The newest refusal of a person, with its cause.
pub(crate) fn newest_refusal(world: &World, person: PersonId) -> Refusal {
    *world.journal.refusals(person).last().unwrap()
}

/// What a session token is answered.
pub(crate) fn answer_to(world: &World, session: &SessionToken) -> Result<(), RefusalCode> {
    let grant = world.gate.blocking().check(session, Wanted::Session, &UNMODIFIED);
    grant.map(|_| ()).map_err(|error| error.code())
}

/// Logs a person out from all devices, by an administrator.
pub(crate) fn revoke(world: &World, actor: &Actor, person: PersonId) -> Result<(), RefusalCode> {
    world.gate.blocking().revoke_all(actor, person).map_err(|error| error.code())
}

/// Everything that a command may leave behind.
#[derive(Debug, PartialEq)]
struct Traces {
    record: Option<Vec<u8>>,
    hashed: u64,
    events: Vec<Event>,
    refusals: Vec<Refusal>,
}

fn traces(world: &World, person: PersonId) -> Traces {
    Traces {
        record: stored(world, person),
        hashed: world.hasher.count(),
        events: world.journal.events(person),
        refusals: world.journal.refusals(person),
    }
}

/// The command is refused with this code, and nothing else comes of it: the record is the same to
/// the byte, nothing was hashed, and the journal has one refusal more and no event.
pub(crate) fn refused<T: Debug>(
    world: &World,
    person: PersonId,
    code: RefusalCode,
    command: impl FnOnce() -> Result<T, RefusalCode>,
) {
    let mut before = traces(world, person);
    assert_eq!(command().unwrap_err(), code);
    let after = traces(world, person);
    let newest = *after.refusals.last().expect("a refusal in the journal");
    assert_eq!(newest.code(), code, "the journal learns of the same refusal");
    before.refusals.push(newest);
    assert_eq!(after, before);
}

/// The command succeeds without a trace: nothing is written, hashed or reported.
pub(crate) fn unchanged<T>(
    world: &World,
    person: PersonId,
    command: impl FnOnce() -> Result<T, RefusalCode>,
) -> T {
    let before = traces(world, person);
    let Ok(answer) = command() else { panic!("refused") };
    assert_eq!(traces(world, person), before);
    answer
}

/// The command adds exactly these changes to the phone's trail, and no refusal.
pub(crate) fn adds(
    world: &World,
    phone: &mut Phone<'_>,
    changes: &[Change],
    command: impl FnOnce(&mut Phone<'_>),
) {
    let (before, refusals) = (trail(world, phone), world.journal.refusals(phone.owner));
    command(phone);
    let after = trail(world, phone);
    assert_eq!(after.strip_prefix(before.as_slice()), Some(changes));
    assert_eq!(world.journal.refusals(phone.owner), refusals);
}
