//! Erasing an account leaves a tombstone that lifts no bar and repeats nothing (D30).

use pinlatch::account::{BeginFor, Standing, StrongAuthentication};
use pinlatch::host::{Clock, Key};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount};
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch::session::{Change, LogOutCause, SessionState};
use pinlatch_testkit::{ACME, PIN, UNMODIFIED, World, hours, millis, minutes};

use crate::evidence::evidence_of;
use crate::given::*;

fn erase(world: &World, person: PersonId) -> Result<(), Code> {
    code(world.gate.blocking().erase(person))
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn d30_what_is_personal_goes_and_every_device_is_logged_out() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    world.open_phone(otto).unwrap();
    let phones =
        [open_phone_with_biometrics(&world, anna), locked_phone(&world, anna), pending_phone(&world, anna)];
    let exhausted = exhausted_phone(&world, anna);
    let live = same_session(&phones[0]);
    let _invitation = world.invited(anna).unwrap();
    assert!(holds(&stored(&world, anna).unwrap(), b"phone"), "the label");
    let before = world.journal.events(anna).len();

    unnoticed_by(&world, &[otto], || erase(&world, anna)).unwrap();
    let events: Vec<_> = world.journal.events(anna)[before..].iter().map(|event| event.change).collect();
    assert_eq!(events[..4], [Change::LoggedOut(LogOutCause::Erased); 4]);
    assert_eq!(events[4..], [Change::Erased]);
    let account = world.account(anna).unwrap();
    assert!(account.device_sessions().is_empty() && account.invitation().is_none());
    assert_eq!(account.outbox(), [], "what was told is not kept either");
    assert!(!holds(&stored(&world, anna).unwrap(), b"phone"));
    assert!(!is_live(&world, &live));
    for phone in phones.iter().chain([&exhausted]) {
        assert_eq!(phone.state(), SessionState::LoggedOut);
    }
    // The person may come back as anybody may.
    world.wait(minutes(3));
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
}

/// S8 of the cases.
#[test]
fn d30_erasing_lifts_no_bar_and_the_events_of_the_next_life_are_all_kept() {
    let world = World::new();
    let anna = world.employee();
    let phone = revoked_phone(&world, anna);
    let (generation, before) = (world.account(anna).unwrap().generation(), world.journal.events(anna));
    erase(&world, anna).unwrap();
    let account = world.account(anna).unwrap();
    assert_eq!((account.standing(), account.generation()), (Standing::RevokedAll, generation));
    assert_eq!(rows(&world, anna), 0);
    world.wait(minutes(3));
    let mut new = world.phone(anna);
    refused(&world, anna, Code::ReinvitationRequired, || new.sign_in());
    new.sign_in_with_invitation(&world.invited(anna).unwrap()).unwrap();
    new.create_pin(PIN).unwrap();

    let events = world.journal.events(anna);
    assert_eq!(events[..before.len()], before);
    assert!(events.iter().all(|event| event.history == before[0].history));
    let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>());
    assert_eq!(world.journal.contradictions(), 0);
    assert_eq!(phone.state(), SessionState::LoggedOut);
}

#[test]
fn d30_evidence_that_was_begun_before_undoes_no_erasing() {
    // In the very same millisecond too.
    for (is_signed_in, between) in [(true, minutes(0)), (false, minutes(0)), (true, minutes(1))] {
        let world = World::new();
        let anna = world.employee();
        let phone = world.open_phone(anna).unwrap();
        let nobody = evidence_of(&world, anna);
        let start = world
            .gate
            .blocking()
            .begin_authentication(BeginFor::Device(phone.token.as_ref().unwrap()), &UNMODIFIED);
        let named = StrongAuthentication::verified_by_host(start.unwrap().start, anna, BankCredentials);
        if !is_signed_in {
            phone.log_out().unwrap();
        }
        world.wait(between);
        erase(&world, anna).unwrap();
        world.wait(minutes(3));
        for evidence in [nobody, named] {
            let mut new = world.phone(anna);
            assert_eq!(new.finish_sign_in(evidence, None), Err(Code::AuthenticationRequired));
            assert_eq!(rows(&world, anna), 0);
        }
        world.phone(anna).sign_in().unwrap();
    }
}

/// Without a clock the account does not know how late it is; whoever had begun did.
#[test]
fn d30_d34_erasing_without_a_clock_voids_what_was_begun_before_too() {
    for idle in [millis(1), minutes(5)] {
        let world = World::new();
        let anna = world.employee();
        let phone = world.open_phone(anna).unwrap();
        world.wait(idle);
        let right = Clock::now(&*world.clock);
        let gate = world.gate.blocking();
        let begin = |whom: BeginFor<'_>| {
            let start = gate.begin_authentication(whom, &UNMODIFIED).unwrap().start;
            StrongAuthentication::verified_by_host(start, anna, BankCredentials)
        };
        let before = [begin(BeginFor::Device(phone.token.as_ref().unwrap())), begin(BeginFor::Nobody)];
        world.clock.set(None);
        erase(&world, anna).unwrap();
        world.clock.set(right);
        world.wait(minutes(1));
        for evidence in before {
            assert_eq!(world.phone(anna).finish_sign_in(evidence, None), Err(Code::AuthenticationRequired));
        }
    }
}

/// Begun on a host whose clock is ahead by as much as it may be; and whoever begins after it need not wait.
#[test]
fn d30_d34_a_start_of_a_host_that_is_ahead_undoes_no_erasing() {
    for ahead in [millis(1), minutes(1), minutes(2)] {
        let world = World::new();
        let (anna, admin) = (world.employee(), world.administrator(ACME));
        let phone = world.open_phone(anna).unwrap();
        let gate = world.gate.blocking();
        let now = Clock::now(&*world.clock);
        world.clock.set(now.map(|now| now.plus(ahead)));
        let start = gate
            .begin_authentication(BeginFor::Device(phone.token.as_ref().unwrap()), &UNMODIFIED)
            .unwrap()
            .start;
        let named = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
        world.clock.set(now);
        erase(&world, anna).unwrap();
        let invited = gate.invite(&admin.session(), ACME, anna).unwrap();
        for later in [minutes(0), minutes(1), minutes(2), minutes(5)] {
            world.clock.set(now.map(|now| now.plus(later)));
            assert_eq!(world.phone(anna).finish_sign_in(named, None), Err(Code::AuthenticationRequired));
        }
        world.clock.set(now);
        let start =
            gate.begin_authentication(BeginFor::Invitation(&invited.token), &UNMODIFIED).unwrap().start;
        assert_eq!(start.person(), Some(anna));
        let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
        world.phone(anna).finish_sign_in(evidence, Some(&invited)).unwrap();
    }
}

#[test]
fn d30_an_authentication_that_was_used_stays_used() {
    let world = World::new();
    let anna = world.employee();
    let evidence = evidence_of(&world, anna);
    let mut phone = world.phone(anna);
    phone.finish_sign_in(evidence, None).unwrap();
    erase(&world, anna).unwrap();
    assert_eq!(phone.finish_sign_in(evidence, None), Err(Code::AuthenticationRequired));
}

/// The tombstone remembers that the person was invited.
#[test]
fn d30_r02_who_was_signed_in_before_needs_no_invitation_after_erasing() {
    let world = World::new();
    let (maria, never_here) = (world.foreign_employee(), world.foreign_employee());
    world.open_phone(maria).unwrap();
    let _not_used = world.invited(never_here).unwrap();
    for person in [maria, never_here] {
        erase(&world, person).unwrap();
    }
    world.wait(minutes(3));
    let account = Some(IdentityProviderAccount);
    world.phone(maria).sign_in_by(account, None).unwrap();
    refused(&world, never_here, Code::InvitationRequired, || {
        world.phone(never_here).sign_in_by(account, None)
    });
}

#[test]
fn d30_time_goes_on_in_a_tombstone() {
    let world = World::new();
    let anna = world.employee();
    world.open_phone(anna).unwrap();
    erase(&world, anna).unwrap();
    let noon = pinlatch::host::Clock::now(&*world.clock).unwrap();
    let invitation = world.invited(anna).unwrap();
    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    let _void = invitation;
    let invitation = world.invited(anna).unwrap();
    world.wait(hours(24));
    let mut phone = world.phone(anna);
    assert_eq!(phone.sign_in_with_invitation(&invitation), Err(Code::ReinvitationRequired));
    // The base is known still: a clock that runs back is seen.
    world.clock.set(Some(noon));
    erase(&world, anna).unwrap();
    let _again = world.invited(anna).unwrap();
    let seen: Vec<_> = world.journal.events(anna).iter().map(|event| event.change).collect();
    assert!(seen.contains(&Change::ClockSetBack { times: 1, largest: hours(24) }));
}

#[test]
fn d30_waiting_events_are_handed_over_first_or_it_is_refused() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    world.journal.set_down(true);
    phone.lock().unwrap();
    let before = stored(&world, anna);
    assert_eq!(erase(&world, anna), Err(Code::AuditTrailFull));
    assert_eq!(stored(&world, anna), before);
    world.journal.set_down(false);
    erase(&world, anna).unwrap();
    let numbers: Vec<u64> = world.journal.events(anna).iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4], "signed in, PIN, locked; logged out, erased");
}

#[test]
fn d30_an_account_that_is_not_there_or_erased_already_has_nothing_to_record() {
    let world = World::new();
    let (anna, never_here) = (world.employee(), world.employee());
    unchanged(&world, never_here, || erase(&world, never_here));
    assert_eq!(stored(&world, never_here), None);
    world.open_phone(anna).unwrap();
    erase(&world, anna).unwrap();
    let events = world.journal.events(anna);
    erase(&world, anna).unwrap();
    assert_eq!(world.journal.events(anna), events);
}

#[test]
fn d30_e32_erasing_a_damaged_record_leaves_a_barred_tombstone() {
    let world = World::new();
    let anna = world.employee();
    world.open_phone(anna).unwrap();
    let mut bytes = stored(&world, anna).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    world.store.overwrite(&Key::account(anna), Some(bytes));
    erase(&world, anna).unwrap();
    assert!(!holds(&stored(&world, anna).unwrap(), b"phone"));
    let account = world.account(anna).unwrap();
    assert_eq!((account.standing(), account.device_sessions().len()), (Standing::RevokedAll, 0));
    assert_eq!(newest(&world, anna), Change::Erased);
    world.wait(minutes(3));
    refused(&world, anna, Code::ReinvitationRequired, || world.phone(anna).sign_in());
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::NoInvitationPresented);
}
