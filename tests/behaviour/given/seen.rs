//! What the record and the journal say of a person and a phone, and whether a token is accepted.

use pinlatch::account::{Event, Wanted};
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::refusal::{Refusal, RefusalCode};
use pinlatch::secret::SessionToken;
use pinlatch::session::{Change, Enrolment, Modality};
use pinlatch_testkit::{Phone, UNMODIFIED, World};

use super::outcomes::code;

/// The stored record of a person, to the byte.
pub(crate) fn stored(world: &World, person: PersonId) -> Option<Vec<u8>> {
    world.store.bytes(&Key::account(person))
}

/// How many device sessions an account has.
pub(crate) fn rows(world: &World, person: PersonId) -> usize {
    world.account(person).map_or(0, |account| account.device_sessions().len())
}

/// A phone's row in the record, as text without secrets; to see that it is as before.
pub(crate) fn row(world: &World, phone: &Phone<'_>) -> String {
    let account = world.account(phone.owner).unwrap();
    format!("{:?}", account.device(phone.id.unwrap()))
}

/// What the record has enrolled on a phone: failures, attempts charged, and the biometrics enabled.
pub(crate) fn enrolled(world: &World, phone: &Phone<'_>) -> Option<(u8, u8, Vec<Modality>)> {
    let account = world.account(phone.owner)?;
    account.device(phone.id?)?.session().enrolment().map(enrolment)
}

fn enrolment(enrolment: &Enrolment) -> (u8, u8, Vec<Modality>) {
    let (attempts, biometrics) = (enrolment.attempts(), enrolment.biometrics());
    let enabled = [Modality::Face, Modality::Fingerprint].into_iter().filter(|m| biometrics.enabled(*m));
    (attempts.failures(), attempts.charged(), enabled.collect())
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
    code(world.gate.blocking().check(session, Wanted::session(), &UNMODIFIED).map(|_| ()))
}

/// Whether a session token is accepted.
pub(crate) fn is_live(world: &World, session: &SessionToken) -> bool {
    match answer_to(world, session) {
        Ok(()) => true,
        Err(code) => {
            assert_eq!(code, RefusalCode::SessionRequired);
            false
        }
    }
}
