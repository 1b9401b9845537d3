//! Strong authentications: for whom they are begun, for how long they are good, and that one makes one
//! device session (D34, E13).

mod once;

use std::time::Duration;

use pinlatch::account::{
    BeginFor, DeviceLabel, Policy, RequestContext, SignIn, Standing, StrongAuthentication,
};
use pinlatch::gate::{AuthenticationOffer, SignedIn};
use pinlatch::id::{PersonId, RequestId};
use pinlatch::people::AuthenticationMethod::{self, BankCredentials};
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, InvitationToken};
use pinlatch::session::SessionState;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, World, days, hours, millis, minutes, seconds};

use crate::given::*;

const NOON: Timestamp = Timestamp::from_unix_seconds(1_795_348_800);
const SKEW: Duration = minutes(2);
const WINDOW: Duration = minutes(15);

/// Begins for whom is said, and the bank answers for this person.
fn begun(world: &World, whom: BeginFor<'_>, person: PersonId) -> StrongAuthentication {
    let start = world.gate.blocking().begin_authentication(whom, &UNMODIFIED).unwrap().start;
    StrongAuthentication::verified_by_host(start, person, BankCredentials)
}

/// Evidence of an authentication that named nobody when it began.
pub(crate) fn evidence_of(world: &World, person: PersonId) -> StrongAuthentication {
    begun(world, BeginFor::Nobody, person)
}

/// Signs in with this evidence, with what a phone may have besides.
fn sign_in(
    world: &World,
    evidence: StrongAuthentication,
    (known, invitation): (Option<&DeviceToken>, Option<&InvitationToken>),
    request: Option<u128>,
) -> Result<SignedIn, Code> {
    let label = DeviceLabel::new("phone").unwrap();
    let context: RequestContext =
        request.map_or(UNMODIFIED, |id| UNMODIFIED.with_request(RequestId::from_u128(id)));
    code(world.gate.blocking().authenticate(SignIn { evidence, label, known, invitation }, &context))
}

/// On a new phone, without an invitation.
fn anew(world: &World, evidence: StrongAuthentication) -> Result<SignedIn, Code> {
    sign_in(world, evidence, (None, None), None)
}

fn cause(world: &World, person: PersonId) -> Cause {
    newest_refusal(world, person).cause()
}

/// The reading so long before or after another.
fn before(reading: Timestamp, span: Duration) -> Timestamp {
    Timestamp::from_unix_millis(reading.as_unix_millis() - u64::try_from(span.as_millis()).unwrap())
}

#[test]
fn d34_a_start_names_nobody_or_whom_a_live_device_or_a_valid_invitation_shows() {
    let world = World::new();
    let anna = world.employee();
    let named = |whom: BeginFor<'_>| {
        world.gate.blocking().begin_authentication(whom, &UNMODIFIED).unwrap().start.person()
    };
    let phone = world.open_phone(anna).unwrap();
    let token = phone.token.as_ref().unwrap();
    assert_eq!(named(BeginFor::Nobody), None);
    assert_eq!(named(BeginFor::Device(token)), Some(anna));
    assert_eq!(named(BeginFor::Device(&DeviceToken::from_secret(anna, &mut [7; 32]))), None, "unknown");
    let invitation = world.invited(anna).unwrap();
    assert_eq!(named(BeginFor::Invitation(&invitation.token)), Some(anna));
    assert_eq!(named(BeginFor::Invitation(&InvitationToken::from_secret(anna, &mut [7; 32]))), None);
    world.wait(hours(24));
    assert_eq!(named(BeginFor::Invitation(&invitation.token)), None, "over");

    // Revoked (E09), and logged out.
    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    assert_eq!(named(BeginFor::Device(token)), None);
    let other = world.open_phone(world.employee()).unwrap();
    other.log_out().unwrap();
    assert_eq!(named(BeginFor::Device(other.token.as_ref().unwrap())), None);
}

/// V1 of the cases.
#[test]
fn d34_evidence_for_another_than_the_one_named_is_refused() {
    let world = World::new();
    let (anna, bo) = (world.employee(), world.employee());
    let (phone, invitation) = (world.open_phone(anna).unwrap(), world.invited(anna).unwrap());
    let bos = world.open_phone(bo).unwrap();
    let by_device = begun(&world, BeginFor::Device(phone.token.as_ref().unwrap()), bo);
    let by_invitation = begun(&world, BeginFor::Invitation(&invitation.token), bo);
    unnoticed_by(&world, &[anna], || {
        assert_eq!(refused(&world, bo, Code::DeviceInUse, || anew(&world, by_device)), Cause::AnotherPerson);
        let another = refused(&world, bo, Code::AuthenticationFailed, || anew(&world, by_invitation));
        assert_eq!(another, Cause::AnotherPerson);
    });
    let _untouched = bos.check().unwrap();
}

/// An anonymous start of reading s, judged at L: s ≤ L + skew and L − s < window + skew.
#[test]
fn d34_a_start_for_nobody_is_good_for_the_window_and_the_skew_by_its_reading() {
    let millisecond = millis(1);
    for (begun_at, expected) in [
        (before(NOON, WINDOW + SKEW), Err(Cause::StartTooOld)),
        (before(NOON, WINDOW + SKEW - millisecond), Ok(())),
        (NOON, Ok(())),
        (NOON.plus(SKEW), Ok(())),
        (NOON.plus(SKEW + millisecond), Err(Cause::StartFromTheFuture)),
        (NOON.plus(days(400)), Err(Cause::StartFromTheFuture)),
    ] {
        for is_new in [true, false] {
            let world = World::new();
            let anna = world.employee();
            if !is_new {
                // The account's base is a day older, and its floor at the beginning of time.
                world.clock.set(Some(before(NOON, days(1))));
                world.open_phone(anna).unwrap();
            }
            world.clock.set(Some(begun_at));
            let evidence = evidence_of(&world, anna);
            world.clock.set(Some(NOON));
            let answer = anew(&world, evidence).map(drop);
            match expected {
                Ok(()) => assert_eq!(answer, Ok(()), "{begun_at}"),
                Err(expected) => {
                    assert_eq!(answer, Err(Code::AuthenticationRequired), "{begun_at}");
                    assert_eq!(cause(&world, anna), expected, "{begun_at}");
                }
            }
        }
    }
}

/// What raises the floor: a revoke-all, erasing, a set-back. A start counts that is later than that by more
/// than the skew.
#[test]
fn d34_e13_a_start_for_nobody_counts_when_it_is_surely_later_than_the_floor() {
    type Raise = fn(&World, PersonId, &Phone<'_>);
    let raises: [(&str, Raise); 3] = [
        ("revoke-all", |world, anna, _| revoke_all(world, &world.administrator(ACME), anna).unwrap()),
        ("erasing", |world, anna, _| code(world.gate.blocking().erase(anna)).unwrap()),
        ("set-back", |world, _, phone| {
            world.wait(hours(1));
            let _invitation = world.invited(phone.owner).unwrap();
            world.clock.set(Some(NOON));
            phone.lock().unwrap();
        }),
    ];
    for (name, raise) in raises {
        for (after, is_good) in
            [(Duration::ZERO, false), (SKEW, false), (SKEW + millis(1), true), (SKEW + minutes(5), true)]
        {
            let world = World::new();
            let anna = world.employee();
            let phone = world.open_phone(anna).unwrap();
            raise(&world, anna, &phone);
            let invitation = world.invited(anna).unwrap();
            world.clock.set(Some(NOON.plus(after)));
            let evidence = evidence_of(&world, anna);
            world.clock.set(Some(NOON.plus(minutes(10))));
            let answer = sign_in(&world, evidence, (None, Some(&invitation.token)), None).map(drop);
            assert_eq!(answer.is_ok(), is_good, "{name}, {after:?} after it");
            if !is_good {
                assert_eq!(answer, Err(Code::AuthenticationRequired), "{name}, {after:?} after it");
                assert_eq!(cause(&world, anna), Cause::BegunBeforeRevokeAll);
            }
        }
    }
}

#[test]
fn d34_a_named_start_is_good_for_the_window_on_the_timeline_whatever_the_clock_reads() {
    for (passed, is_good) in [(WINDOW - millis(1), true), (WINDOW, false)] {
        for set_back in [false, true] {
            let world = World::new();
            let phone = world.open_phone(world.employee()).unwrap();
            let token = phone.token.as_ref().unwrap();
            let evidence = begun(&world, BeginFor::Device(token), phone.owner);
            if set_back {
                // A set-back voids no named start, and no time passes by it.
                world.clock.set(Some(before(NOON, hours(5))));
                phone.lock().unwrap_or(());
            }
            world.wait(passed);
            let answer = sign_in(&world, evidence, (Some(token), None), None).map(drop);
            assert_eq!(answer.is_ok(), is_good, "{passed:?}, set back: {set_back}");
            if !is_good {
                assert_eq!(cause(&world, phone.owner), Cause::StartTooOld);
            }
        }
    }
}

#[test]
fn d34_e13_a_named_start_is_void_after_a_revoke_all_and_after_damage_always() {
    for damaged in [false, true] {
        let world = World::new();
        let anna = world.employee();
        let phone = world.open_phone(anna).unwrap();
        let evidence = begun(&world, BeginFor::Device(phone.token.as_ref().unwrap()), anna);
        if damaged {
            world.store.overwrite(&pinlatch::host::Key::account(anna), Some(vec![0; 40]));
        } else {
            phone.log_out_everywhere().unwrap();
        }
        let invitation = world.invited(anna).unwrap();
        world.wait(minutes(5));
        let answer = sign_in(&world, evidence, (None, Some(&invitation.token)), None);
        assert_eq!(answer.err(), Some(Code::AuthenticationRequired), "damaged: {damaged}");
        assert_eq!(cause(&world, anna), Cause::BegunBeforeRevokeAll);

        // Begun with the invitation, in the very same moment, it is after it.
        let evidence = begun(&world, BeginFor::Invitation(&invitation.token), anna);
        sign_in(&world, evidence, (None, Some(&invitation.token)), None).unwrap();
    }
}

#[test]
fn d34_opening_an_invitation_begins_a_window_within_the_invitations_own() {
    for (left, signs_in) in [(millis(1), true), (Duration::ZERO, false)] {
        let world = World::new();
        let anna = world.employee();
        revoked_phone(&world, anna);
        let invitation = world.invited(anna).unwrap();
        world.wait(hours(24) - minutes(5));
        let evidence = begun(&world, BeginFor::Invitation(&invitation.token), anna);
        world.wait(minutes(5) - left);
        let answer = sign_in(&world, evidence, (None, Some(&invitation.token)), None).map(drop);
        assert_eq!(answer, if signs_in { Ok(()) } else { Err(Code::ReinvitationRequired) });
    }
    // Opened a day after it was issued at the latest, it is good for fifteen minutes and not until the end.
    let world = World::new();
    let anna = world.employee();
    revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    let evidence = begun(&world, BeginFor::Invitation(&invitation.token), anna);
    world.wait(WINDOW);
    let answer = sign_in(&world, evidence, (None, Some(&invitation.token)), None);
    assert_eq!(answer.err(), Some(Code::AuthenticationRequired));
    assert_eq!(cause(&world, anna), Cause::StartTooOld);
}

#[test]
fn d34_how_long_a_start_is_good_is_policy() {
    let policy = Policy::builder().authentication_window(hours(2)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let anna = world.employee();
    let [early, late] = [(); 2].map(|()| evidence_of(&world, anna));
    world.wait(hours(2) + SKEW - millis(1));
    anew(&world, early).unwrap();
    world.wait(millis(1));
    assert_eq!(anew(&world, late).err(), Some(Code::AuthenticationRequired));
}

/// V3 of the cases: what is offered, what the store is asked, and what the journal learns.
#[test]
fn d34_what_a_stranger_is_offered_is_the_same_for_everybody() {
    let world = World::new();
    let gate = world.gate.blocking();
    let seen = |whom: BeginFor<'_>, person: PersonId| {
        let (before, record) = (world.store.operations(), stored(&world, person));
        let told = (world.journal.asked(), world.journal.refusals(person).len());
        let AuthenticationOffer { start, methods } = gate.begin_authentication(whom, &UNMODIFIED).unwrap();
        let after = world.store.operations();
        assert_eq!((start.person(), &methods[..]), (None, AuthenticationMethod::ALL));
        assert_eq!(stored(&world, person), record);
        assert_eq!((world.journal.asked(), world.journal.refusals(person).len()), told);
        (after.0 - before.0, after.1 - before.1)
    };
    let (unknown, employee, foreign) = (world.stranger().id(), world.employee(), world.foreign_employee());
    let here = [world.open_phone(world.employee()), world.open_phone(world.foreign_employee())];
    let revoked = revoked_phone(&world, world.employee());
    let invited = world.employee();
    let _invitation = world.invited(invited).unwrap();
    let [here, foreign_here] = here.map(|phone| phone.unwrap().owner);
    for person in [unknown, employee, foreign, here, foreign_here, revoked.owner, invited] {
        let device = DeviceToken::from_secret(person, &mut [3; 32]);
        let invitation = InvitationToken::from_secret(person, &mut [3; 32]);
        assert_eq!(seen(BeginFor::Nobody, person), (0, 0));
        assert_eq!(seen(BeginFor::Device(&device), person), (1, 0));
        assert_eq!(seen(BeginFor::Invitation(&invitation), person), (1, 0));
    }
    assert_eq!(seen(BeginFor::Device(revoked.token.as_ref().unwrap()), revoked.owner), (1, 0));
    world.wait(seconds(1));
}

/// S11 of the cases: nothing of Anna is left on it, and her bar stays with her.
#[test]
fn e09_on_a_revoked_phone_another_person_authenticates_as_on_a_new_one() {
    let world = World::new();
    let (anna, bo) = (world.employee(), world.employee());
    let annas = revoked_phone(&world, anna);
    let mut phone = moved_to(&world, &annas);
    phone.owner = bo;
    unnoticed_by(&world, &[anna], || {
        phone.sign_in().unwrap();
        phone.create_pin(PIN).unwrap();
    });
    let _open = phone.check().unwrap();
    assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);
    assert_eq!(annas.state(), SessionState::RevokedAll);
}
