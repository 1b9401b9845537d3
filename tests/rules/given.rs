//! What "refused" and "unchanged" mean, and what the record says of a phone.

use pinlatch::access::Actor;
use pinlatch::account::{Event, PinEntries, RequestContext, Wanted};
use pinlatch::gate::GateError;
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::people::{ChargeableService, Employment, Person, Role, UserAccess};
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, Enrolment, Modality};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World, since_last_year};

/// What can be seen of a person's account from outside.
struct Seen {
    record: Option<Vec<u8>>,
    hashed: u64,
    events: Vec<Event>,
    refusals: Vec<Refusal>,
}

impl Seen {
    fn of(world: &World, person: PersonId) -> Self {
        Self {
            record: record(world, person),
            hashed: world.hasher.count(),
            events: world.journal.events(person),
            refusals: world.journal.refusals(person),
        }
    }

    #[track_caller]
    fn is_still_so(&self, world: &World, person: PersonId) -> Vec<Refusal> {
        let now = Self::of(world, person);
        assert!(self.record == now.record, "the record has changed");
        assert_eq!(self.hashed, now.hashed, "a PIN was evaluated");
        assert_eq!(self.events, now.events, "a transition was reported");
        assert_eq!(world.journal.contradictions(), 0);
        now.refusals[self.refusals.len()..].to_vec()
    }
}

/// Refused, as the rules mean it: this code, no state change, no credential evaluated, nothing
/// counted, and one refusal in the audit trail. Answers with its cause.
#[track_caller]
pub(crate) fn refused<T>(
    world: &World,
    person: PersonId,
    code: RefusalCode,
    act: impl FnOnce() -> Result<T, RefusalCode>,
) -> Cause {
    let before = Seen::of(world, person);
    assert_eq!(act().err(), Some(code));
    let refusals = before.is_still_so(world, person);
    assert_eq!(refusals.iter().map(|refusal| refusal.code()).collect::<Vec<_>>(), [code]);
    refusals[0].cause()
}

/// As [`refused`], for an invitation whose time is over: that it was seen to be over is noted once,
/// so that a clock that runs back does not revive it (E30). Nothing else changes.
#[track_caller]
pub(crate) fn refused_as_expired(
    world: &World,
    person: PersonId,
    code: RefusalCode,
    mut act: impl FnMut() -> Result<(), RefusalCode>,
) {
    let kept = |world: &World| {
        let account = world.account(person).unwrap();
        let rows = format!("{:?}", account.device_sessions());
        (account.standing(), account.generation(), account.invitation().copied(), rows)
    };
    let (before, events) = (kept(world), world.journal.events(person));
    assert_eq!(act(), Err(code));
    assert_eq!(kept(world), before);
    assert_eq!(world.journal.events(person), events);
    assert_eq!(refused(world, person, code, act), Cause::InvitationExpired);
}

/// Unchanged, as the rules mean it: success without a transition or an event.
#[track_caller]
pub(crate) fn unchanged<T>(
    world: &World,
    person: PersonId,
    act: impl FnOnce() -> Result<T, RefusalCode>,
) -> T {
    let before = Seen::of(world, person);
    let answer = act().unwrap();
    assert_eq!(before.is_still_so(world, person), []);
    answer
}

/// Does something to one person that no other of these may notice.
#[track_caller]
pub(crate) fn unnoticed_by<T>(world: &World, others: &[PersonId], act: impl FnOnce() -> T) -> T {
    let before: Vec<Seen> = others.iter().map(|person| Seen::of(world, *person)).collect();
    let answer = act();
    for (person, before) in others.iter().zip(before) {
        let now = Seen::of(world, *person);
        assert!(before.record == now.record, "the record of another person has changed");
        assert_eq!(before.events, now.events);
        assert_eq!(before.refusals, now.refusals);
    }
    answer
}

/// The changes that the journal got during this, each once.
#[track_caller]
pub(crate) fn changes(world: &World, person: PersonId, act: impl FnOnce()) -> Vec<Change> {
    let before = world.journal.changes(person).len();
    act();
    assert_eq!(world.journal.contradictions(), 0);
    world.journal.changes(person)[before..].to_vec()
}

/// The stored bytes of an account.
pub(crate) fn record(world: &World, person: PersonId) -> Option<Vec<u8>> {
    world.store.bytes(&Key::account(person))
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

/// A phone's row in the record, as text without secrets; to see that it is as before.
pub(crate) fn row(world: &World, phone: &Phone<'_>) -> String {
    let account = world.account(phone.owner).unwrap();
    format!("{:?}", account.device(phone.id.unwrap()))
}

/// How many device sessions an account has.
pub(crate) fn rows(world: &World, person: PersonId) -> usize {
    world.account(person).map_or(0, |account| account.device_sessions().len())
}

/// The session token that a phone has now, to see later whether it is dead.
pub(crate) fn session(phone: &Phone<'_>) -> SessionToken {
    SessionToken::parse(phone.session.as_ref().unwrap().expose()).unwrap()
}

/// The device token that a phone has now.
pub(crate) fn device(phone: &Phone<'_>) -> DeviceToken {
    DeviceToken::parse(phone.token.as_ref().unwrap().expose()).unwrap()
}

/// Whether a session token is accepted.
pub(crate) fn is_live(world: &World, session: &SessionToken) -> bool {
    match world.gate.blocking().check(session, Wanted::Session, &UNMODIFIED) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), RefusalCode::SessionRequired);
            false
        }
    }
}

/// The same phone at another host.
pub(crate) fn at<'w>(world: &'w World, phone: Phone<'_>) -> Phone<'w> {
    let mut same = world.phone(phone.owner);
    (same.token, same.session, same.id) = (phone.token, phone.session, phone.id);
    same
}

/// The code of an error of the gate.
pub(crate) fn code<T>(answer: Result<T, GateError>) -> Result<T, RefusalCode> {
    answer.map_err(|error| error.code())
}

/// A signed-in phone with face and fingerprint enabled, locked.
pub(crate) fn locked_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let phone = open_phone_with_biometrics(world, owner);
    phone.lock().unwrap();
    phone
}

/// A signed-in phone with face and fingerprint enabled, open.
pub(crate) fn open_phone_with_biometrics(world: &World, owner: PersonId) -> Phone<'_> {
    let phone = world.open_phone(owner).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.enable(Modality::Fingerprint).unwrap();
    phone
}

/// A phone that has authenticated and waits for its PIN.
pub(crate) fn pending_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let mut phone = world.phone(owner);
    phone.sign_in().unwrap();
    phone
}

/// A phone on which a wrong PIN was entered five times.
pub(crate) fn exhausted_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let mut phone = locked_phone(world, owner);
    assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
    phone
}

/// A phone whose owner has logged out from all devices.
pub(crate) fn revoked_phone(world: &World, owner: PersonId) -> Phone<'_> {
    let phone = world.open_phone(owner).unwrap();
    phone.log_out_everywhere().unwrap();
    phone
}

/// An employment in ACME with these services.
pub(crate) fn job(services: &[ChargeableService]) -> Employment {
    services.iter().copied().fold(Employment::new(ACME, since_last_year()), Employment::with_service)
}

/// An employee of ACME with these services and bank credentials.
pub(crate) fn employee_with(world: &World, services: &[ChargeableService]) -> PersonId {
    world.knows(world.stranger().with_bank_credentials().with_employment(job(services)))
}

/// The person keeps the bank credentials and this employment and nothing else.
pub(crate) fn only(job: Employment) -> impl FnOnce(Person) -> Person {
    move |person| Person::new(person.id()).with_bank_credentials().with_employment(job)
}

/// The person has no place anywhere any more.
pub(crate) fn nowhere(person: Person) -> Person {
    Person::new(person.id()).with_bank_credentials()
}

/// The person gets this role in ACME, besides what there is.
pub(crate) fn role(role: Role) -> impl FnOnce(Person) -> Person {
    move |person| person.with_user_access(UserAccess::new(ACME, since_last_year()).with_role(role))
}

/// An administrator logs the person out from all devices.
pub(crate) fn revoke_all(world: &World, by: &Actor, person: PersonId) -> Result<(), RefusalCode> {
    code(world.gate.blocking().revoke_all(by, person))
}

/// The right PIN, entered twice.
pub(crate) fn entries(digits: &str) -> PinEntries {
    PinEntries { pin: Pin::parse(digits).unwrap(), confirmation: Pin::parse(digits).unwrap() }
}

/// Creates [`PIN`] on a phone whose owner is known by this word.
pub(crate) fn create_pin_known_by(world: &World, phone: &Phone<'_>, word: &str) -> Result<(), RefusalCode> {
    let words = PersonalWords::none().with(word).unwrap();
    let token = phone.token.as_ref().unwrap();
    code(world.gate.blocking().create_pin(
        token,
        &entries(PIN),
        &words,
        &RequestContext::new(phone.integrity),
    ))
    .map(|_| ())
}
