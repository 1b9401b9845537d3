//! D13–D20: log-out from all devices, invitations, and the PIN policy at the gate.

use pinlatch::access::{AccessPolicy, Actor, Channel};
use pinlatch::account::{Event, Policy, ReinvitationScope, Standing};
use pinlatch::host::Clock as _;
use pinlatch::id::PersonId;
use pinlatch::people::{Person, Role, Roles, UserAccess};
use pinlatch::pin::{PinLength, PinPolicy};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, Modality, RevokedBy, SessionState};
use pinlatch::time::Span;
use pinlatch_testkit::{ACME, BOLT, PIN, World, since_last_year};

use crate::given::{
    changes, code, create_pin_known_by, enrolled, is_live, locked_phone, pending_phone, refused,
    refused_as_expired, revoke_all, revoked_phone, role, session, unchanged, unnoticed_by,
};

fn last(world: &World, person: PersonId) -> Option<Change> {
    world.journal.events(person).last().map(|event: &Event| event.change)
}

#[test]
fn d13_by_default_log_out_from_all_devices_binds_everyone() {
    let world = World::new();
    for person in [world.employee(), world.foreign_employee()] {
        let mut phone = revoked_phone(&world, person);
        refused(&world, person, RefusalCode::ReinvitationRequired, || phone.sign_in());
    }
}

#[test]
fn d13_by_policy_it_binds_only_invited_identities() {
    let policy = Policy::builder().reinvitation(ReinvitationScope::InvitedIdentitiesOnly);
    let world = World::builder().policy(policy.build().unwrap()).build();
    let (anna, maria) = (world.employee(), world.foreign_employee());

    // Anna was never invited: she authenticates, at the new generation, and creates a new PIN.
    let mut phone = world.open_phone(anna).unwrap();
    let old = session(&phone);
    phone.log_out_everywhere().unwrap();
    let generation = world.account(anna).unwrap().generation();
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock(PIN));
    phone.sign_in().unwrap();
    assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
    let account = world.account(anna).unwrap();
    assert_eq!((account.standing(), account.generation()), (Standing::Good, generation));
    assert_eq!(account.device(phone.id.unwrap()).unwrap().session().generation(), generation);
    assert!(!is_live(&world, &old));

    // Maria came by an invitation, and needs another; also once she has bank credentials.
    let mut marias = revoked_phone(&world, maria);
    refused(&world, maria, RefusalCode::ReinvitationRequired, || marias.sign_in());
    world.change(maria, Person::with_bank_credentials);
    refused(&world, maria, RefusalCode::ReinvitationRequired, || marias.sign_in());
    marias.sign_in_with_invitation(&world.invited(maria).unwrap()).unwrap();
}

#[test]
fn d14_inviting_roles_are_policy() {
    let roles = Roles::of(&[Role::UserAdministrator, Role::AccountingOfficeAdministrator]);
    let access = AccessPolicy::default().with_inviting_roles(roles).unwrap();
    let world = World::builder().policy(Policy::builder().access(access).build().unwrap()).build();
    let anna = world.employee();
    let actor = |invited_by: Role| {
        let person = world.knows(world.stranger());
        world.change(person, role(invited_by));
        Actor { person, company: ACME, channel: Channel::Browser }
    };
    let gate = world.gate.blocking();
    gate.invite(&actor(Role::AccountingOfficeAdministrator), anna).unwrap();
    gate.invite(&actor(Role::UserAdministrator), anna).unwrap();
    let company_administrator = actor(Role::CompanyAdministrator);
    refused(&world, anna, RefusalCode::NotAuthorised, || code(gate.invite(&company_administrator, anna)));
}

#[test]
fn d15_a_user_administrator_may_reinvite_oneself_and_the_trail_says_so() {
    let world = World::new();
    let actor = world.administrator(ACME);
    let mut phone = revoked_phone(&world, actor.person);
    let invitation = world.gate.blocking().invite(&actor, actor.person).unwrap();
    let issued = Change::Invited { by: actor.person, company: ACME, self_issued: true, replaced: false };
    assert_eq!(last(&world, actor.person), Some(issued));
    phone.sign_in_with_invitation(&invitation).unwrap();

    // E21: the role lost meanwhile, that is over.
    world.change(actor.person, |person| person.with_user_access(UserAccess::new(ACME, since_last_year())));
    refused(&world, actor.person, RefusalCode::NotAuthorised, || {
        code(world.gate.blocking().invite(&actor, actor.person))
    });
}

#[test]
fn d16_log_out_from_all_devices_spans_all_companies() {
    let world = World::new();
    let anna = world.employee();
    world.change(anna, |person| person.with_user_access(UserAccess::new(BOLT, since_last_year())));
    let (phone, tablet) = (world.open_phone(anna).unwrap(), locked_phone(&world, anna));
    // One company's administrator does it; there is no session left for the other one.
    revoke_all(&world, &world.administrator(BOLT), anna).unwrap();
    assert_eq!((phone.state(), tablet.state()), (SessionState::RevokedAll, SessionState::RevokedAll));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
}

#[test]
fn d17_an_administrator_revokes_all_for_a_lost_phone() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    world.open_phone(otto).unwrap();
    let (mut lost, open) = (locked_phone(&world, anna), world.open_phone(anna).unwrap());
    let (actor, live) = (world.administrator(ACME), session(&open));
    world.gate.blocking().invite(&actor, anna).unwrap();

    let seen = changes(&world, anna, || {
        unnoticed_by(&world, &[otto, actor.person], || revoke_all(&world, &actor, anna)).unwrap();
    });
    assert_eq!(seen, [Change::RevokedAll; 2]);
    let account = world.account(anna).unwrap();
    let revoked = Change::LoggedOutEverywhere {
        by: RevokedBy::Administrator { by: actor.person, company: ACME },
        generation: account.generation(),
        voided_invitation: true,
    };
    let kinds: Vec<_> = world.journal.events(anna).iter().map(|event| event.change).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == revoked).count(), 1);
    assert_eq!((account.standing(), account.invitation()), (Standing::RevokedAll, None));
    refused(&world, anna, RefusalCode::ReinvitationRequired, || lost.unlock(PIN));
    refused(&world, anna, RefusalCode::ReinvitationRequired, || lost.unlock_by(Modality::Face));
    assert!(!is_live(&world, &live));

    // A second time nothing changes.
    unchanged(&world, anna, || revoke_all(&world, &actor, anna));
}

#[test]
fn d18_one_invitation_lifts_the_bar_and_every_device_still_authenticates() {
    let world = World::new();
    for person in [world.employee(), world.foreign_employee()] {
        let (mut phone, mut tablet) = (world.open_phone(person).unwrap(), world.phone(person));
        tablet.sign_in().unwrap();
        tablet.create_pin(PIN).unwrap();
        phone.log_out_everywhere().unwrap();
        phone.sign_in_with_invitation(&world.invited(person).unwrap()).unwrap();

        assert_eq!(tablet.state(), SessionState::RevokedAll);
        refused(&world, person, RefusalCode::ReinvitationRequired, || tablet.unlock(PIN));
        let by_invitation =
            |seen: &[Change]| matches!(seen, [Change::Authenticated { by_invitation: true, .. }]);
        let seen = changes(&world, person, || tablet.sign_in().unwrap());
        assert!(seen.len() == 1 && !by_invitation(&seen));
        assert_eq!((tablet.state(), enrolled(&world, &tablet)), (SessionState::PinPending, None));
        tablet.create_pin(PIN).unwrap();
        let _ = tablet.check().unwrap();
        assert_eq!(phone.state(), SessionState::PinPending);
    }
}

#[test]
fn d19_the_length_of_new_pins_is_policy_and_older_pins_stay_valid() {
    let world = World::new();
    let anna = world.employee();
    let phone = locked_phone(&world, anna);
    let four = PinPolicy::default().with_length(PinLength::new(4).unwrap());
    let shorter = world.restarted(2).policy(Policy::builder().pin(four).build().unwrap()).build();

    let mut phone = crate::given::at(&shorter, phone);
    phone.unlock(PIN).unwrap();
    assert_eq!(phone.change_pin(PIN, "530648"), Err(RefusalCode::PinMalformed));
    phone.change_pin(PIN, "8361").unwrap();
    phone.lock().unwrap();
    refused(&shorter, anna, RefusalCode::PinMalformed, || phone.unlock(PIN));
    phone.unlock("8361").unwrap();
}

#[test]
fn d19_a_pin_that_others_can_know_is_refused() {
    let world = World::new();
    let anna = world.employee();
    let phone = pending_phone(&world, anna);
    let cause =
        refused(&world, anna, RefusalCode::PinTooWeak, || create_pin_known_by(&world, &phone, "0284917"));
    assert_eq!(cause, Cause::WeakByPersonalWord);
    create_pin_known_by(&world, &phone, "0401234").unwrap();
}

#[test]
fn d20_an_invitation_is_good_for_24_hours_and_not_a_moment_longer() {
    let world = World::new();
    for (spare, in_time) in [(1, true), (0, false)] {
        let anna = world.employee();
        let mut phone = revoked_phone(&world, anna);
        let invitation = world.invited(anna).unwrap();
        world.wait(Span::millis(Span::hours(24).as_millis() - spare));
        if in_time {
            phone.sign_in_with_invitation(&invitation).unwrap();
        } else {
            refused_as_expired(&world, anna, RefusalCode::ReinvitationRequired, || {
                phone.sign_in_with_invitation(&invitation)
            });
            assert_eq!(phone.state(), SessionState::RevokedAll);
        }
    }
}

#[test]
fn d20_an_invitation_that_is_not_needed_is_not_used_up() {
    let world = World::new();
    let anna = world.employee();
    let invitation = world.invited(anna).unwrap();
    let mut phone = world.phone(anna);
    let seen = changes(&world, anna, || phone.sign_in_with_invitation(&invitation).unwrap());
    assert!(matches!(seen[..], [Change::Authenticated { by_invitation: false, .. }]));
    assert_eq!(world.account(anna).unwrap().invitation(), Some(&invitation));
}

#[test]
fn d20_how_long_an_invitation_is_good_is_policy() {
    let policy = Policy::builder().invitation_lifetime(Span::hours(1)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let maria = world.foreign_employee();
    let invitation = world.invited(maria).unwrap();
    world.wait(Span::hours(1));
    let mut phone = world.phone(maria);
    refused_as_expired(&world, maria, RefusalCode::InvitationRequired, || {
        phone.sign_in_with_invitation(&invitation)
    });
}

#[test]
fn d20_the_newest_invitation_replaces_older_ones() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let (first, second) = (world.administrator(ACME), world.administrator(ACME));
    let gate = world.gate.blocking();
    let older = gate.invite(&first, anna).unwrap();
    let newer = gate.invite(&second, anna).unwrap();
    let replaced = Change::Invited { by: second.person, company: ACME, self_issued: false, replaced: true };
    assert_eq!(last(&world, anna), Some(replaced));
    assert_ne!(older.id(), newer.id());

    let cause =
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&older));
    assert_eq!(cause, Cause::InvitationNotCurrent);
    phone.sign_in_with_invitation(&newer).unwrap();
}

#[test]
fn d20_revoke_all_voids_an_open_invitation_and_so_does_its_withdrawal() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let actor = world.administrator(ACME);
    let gate = world.gate.blocking();
    let generation = world.account(anna).unwrap().generation();

    let voided = gate.invite(&actor, anna).unwrap();
    revoke_all(&world, &actor, anna).unwrap();
    assert_eq!(world.account(anna).unwrap().generation(), generation.next());
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&voided));

    let withdrawn = gate.invite(&actor, anna).unwrap();
    gate.withdraw_invitation(&actor, anna).unwrap();
    let kind = Change::InvitationWithdrawn { by: actor.person, company: ACME };
    assert_eq!(last(&world, anna), Some(kind));
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&withdrawn));
    refused(&world, anna, RefusalCode::NoInvitation, || code(gate.withdraw_invitation(&actor, anna)));

    // One that has expired is not open either, and stays so when the clock runs back (E30).
    let expired = gate.invite(&actor, anna).unwrap();
    let in_time = world.clock.now();
    world.wait(Span::hours(24));
    refused_as_expired(&world, anna, RefusalCode::NoInvitation, || {
        code(gate.withdraw_invitation(&actor, anna))
    });
    world.clock.set(in_time);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&expired));
}
