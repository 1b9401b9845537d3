//! Issuing an invitation: who may, what it does to the account, and how it is replaced and withdrawn.

use pinlatch::access::AccessPolicy;
use pinlatch::account::{Policy, Standing};
use pinlatch::host::Clock as _;
use pinlatch::id::PersonId;
use pinlatch::people::{Role, Roles, UserAccess, Validity};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{ACME, BOLT, InBrowser, PIN, World, day, hours, since_last_year};

use crate::given::*;

/// The events of a person's account as a whole, in order.
fn account_changes(world: &World, person: PersonId) -> Vec<Change> {
    let of_account = world.journal.events(person).into_iter().filter(|event| event.device.is_none());
    of_account.map(|event| event.change).collect()
}

#[test]
fn r34_a_user_administrator_in_the_browser_reinvites_and_nobody_is_signed_in_by_it() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    world.open_phone(otto).unwrap();
    let mut phone = revoked_phone(&world, anna);
    let actor = world.administrator(ACME);

    let mut invitation = None;
    let seen = changes(&world, anna, || {
        let issue = || world.gate.blocking().invite(&actor.session(), actor.company, anna).unwrap();
        invitation = Some(unnoticed_by(&world, &[otto, actor.person], issue));
    });
    let invitation = invitation.unwrap();
    assert_eq!(seen, [], "no device moves");
    let invited = Change::Invited { by: actor.person, company: ACME, self_issued: false, replaced: false };
    assert_eq!(account_changes(&world, anna).last(), Some(&invited));

    let account = world.account(anna).unwrap();
    let open = account.invitation().unwrap();
    assert_eq!((open.by(), open.expires()), (actor.person, invitation.expires));
    assert_eq!(account.standing(), Standing::RevokedAll);
    assert_eq!((phone.state(), rows(&world, anna)), (SessionState::RevokedAll, 1));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock(PIN));
    // It has to be presented.
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in());
}

#[test]
fn r34_an_administrator_of_any_of_the_persons_companies_may() {
    let world = World::new();
    let anna = world.employee();
    world.change(anna, |person| person.with_user_access(UserAccess::new(BOLT, since_last_year())));
    let mut phone = revoked_phone(&world, anna);
    let invitation = world.gate.blocking().invite(&world.administrator(BOLT).session(), BOLT, anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
}

#[test]
fn r36_invitations_by_anybody_else_are_refused() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let acme = world.administrator(ACME);
    let with = |role_of: Role| {
        let person = world.knows(world.stranger());
        world.change(person, role(role_of));
        InBrowser { person, ..acme }
    };
    let ended = Validity::between(day(2025, 1, 1), day(2026, 11, 21)).unwrap();
    let access = UserAccess::new(ACME, ended).with_role(Role::UserAdministrator);
    let former = world.knows(world.stranger().with_user_access(access));

    let wrong = [
        (InBrowser { person: world.employee(), ..acme }, Cause::RoleMissing),
        (InBrowser { person: former, ..acme }, Cause::RoleMissing),
        (with(Role::CompanyAdministrator), Cause::RoleMissing),
        (with(Role::AccountingOfficeAdministrator), Cause::RoleMissing),
        (InBrowser { company: BOLT, ..acme }, Cause::RoleMissing),
        (world.administrator(BOLT), Cause::UnrelatedCompany),
        (InBrowser { person: anna, ..acme }, Cause::RoleMissing),
        (InBrowser { person: world.stranger().id(), ..acme }, Cause::UnknownPerson),
    ];
    for (actor, cause) in wrong {
        let invite = || code(world.gate.blocking().invite(&actor.session(), actor.company, anna));
        assert_eq!(refused(&world, anna, RefusalCode::NotAuthorised, invite), cause);
        assert!(world.account(anna).unwrap().invitation().is_none());

        let revoke = || code(world.gate.blocking().revoke_all(&actor.session(), actor.company, anna));
        assert_eq!(refused(&world, anna, RefusalCode::NotAuthorised, revoke), cause);
        let withdraw =
            || code(world.gate.blocking().withdraw_invitation(&actor.session(), actor.company, anna));
        assert_eq!(refused(&world, anna, RefusalCode::NotAuthorised, withdraw), cause);
    }
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in());
}

#[test]
fn r36_a_person_whom_the_directory_does_not_know_belongs_to_no_company() {
    let world = World::new();
    let (actor, nobody) = (world.administrator(ACME), world.stranger().id());
    let cause = refused(&world, nobody, RefusalCode::NotAuthorised, || {
        code(world.gate.blocking().invite(&actor.session(), actor.company, nobody))
    });
    assert_eq!(cause, Cause::UnrelatedCompany);
    assert_eq!(rows(&world, nobody), 0);
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
        InBrowser { person, company: ACME }
    };
    let gate = world.gate.blocking();
    gate.invite(&actor(Role::AccountingOfficeAdministrator).session(), ACME, anna).unwrap();
    gate.invite(&actor(Role::UserAdministrator).session(), ACME, anna).unwrap();
    let company_administrator = actor(Role::CompanyAdministrator);
    refused(&world, anna, RefusalCode::NotAuthorised, || {
        code(gate.invite(&company_administrator.session(), company_administrator.company, anna))
    });
}

#[test]
fn d15_a_user_administrator_may_reinvite_oneself_and_the_trail_says_so() {
    let world = World::new();
    let actor = world.administrator(ACME);
    let mut phone = revoked_phone(&world, actor.person);
    let invitation = world.gate.blocking().invite(&actor.session(), actor.company, actor.person).unwrap();
    let issued = Change::Invited { by: actor.person, company: ACME, self_issued: true, replaced: false };
    assert_eq!(newest(&world, actor.person), issued);
    phone.sign_in_with_invitation(&invitation).unwrap();

    // E21: the role lost meanwhile, that is over.
    world.change(actor.person, |person| person.with_user_access(UserAccess::new(ACME, since_last_year())));
    refused(&world, actor.person, RefusalCode::NotAuthorised, || {
        code(world.gate.blocking().invite(&actor.session(), actor.company, actor.person))
    });
}

#[test]
fn d20_the_newest_invitation_replaces_older_ones() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let (first, second) = (world.administrator(ACME), world.administrator(ACME));
    let gate = world.gate.blocking();
    let older = gate.invite(&first.session(), first.company, anna).unwrap();
    let newer = gate.invite(&second.session(), second.company, anna).unwrap();
    let replaced = Change::Invited { by: second.person, company: ACME, self_issued: false, replaced: true };
    assert_eq!(newest(&world, anna), replaced);
    assert_ne!(older.token.expose(), newer.token.expose());

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

    let voided = gate.invite(&actor.session(), actor.company, anna).unwrap();
    revoke_all(&world, &actor, anna).unwrap();
    assert_eq!(world.account(anna).unwrap().generation(), generation.next());
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&voided));

    let withdrawn = gate.invite(&actor.session(), actor.company, anna).unwrap();
    gate.withdraw_invitation(&actor.session(), actor.company, anna).unwrap();
    let kind = Change::InvitationWithdrawn { by: actor.person, company: ACME };
    assert_eq!(newest(&world, anna), kind);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&withdrawn));
    refused(&world, anna, RefusalCode::NoInvitation, || {
        code(gate.withdraw_invitation(&actor.session(), actor.company, anna))
    });

    // One that has expired is not open either, and stays so when the clock runs back (E30).
    let expired = gate.invite(&actor.session(), actor.company, anna).unwrap();
    let in_time = world.clock.now();
    world.wait(hours(24));
    refused_as_expired(&world, anna, RefusalCode::NoInvitation, || {
        code(gate.withdraw_invitation(&actor.session(), actor.company, anna))
    });
    world.clock.set(in_time);
    let again = phone.sign_in_with_invitation(&expired);
    assert_eq!(again, Err(RefusalCode::ReinvitationRequired));
}

#[test]
fn e15_reinviting_a_person_who_is_not_revoked_leaves_live_sessions_alone() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let (session, generation) = (same_session(&phone), world.account(anna).unwrap().generation());
    let trail_before = trail(&world, &phone);
    let _unused = world.invited(anna).unwrap();
    assert_eq!(trail(&world, &phone), trail_before);
    assert_eq!(answer_to(&world, &session), Ok(()));
    assert_eq!(world.account(anna).unwrap().generation(), generation);
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
}

#[test]
fn e17_the_invitation_stands_when_the_inviter_loses_the_role() {
    let world = World::new();
    let (mut phone, actor) = (revoked_phone(&world, world.employee()), world.administrator(ACME));
    let anna = phone.owner;
    let invite = |actor: &InBrowser| {
        world.gate.blocking().invite(&actor.session(), actor.company, anna).map_err(|error| error.code())
    };
    let invitation = invite(&actor).unwrap();
    let without_role = UserAccess::new(ACME, since_last_year());
    world.change(actor.person, |person| person.with_user_access(without_role));
    refused(&world, anna, RefusalCode::NotAuthorised, || invite(&actor));
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!(phone.state(), SessionState::PinPending);
}

#[test]
fn e31_d15_administrators_reinvite_themselves_and_the_trail_says_so() {
    let world = World::new();
    let actor @ InBrowser { person, .. } = world.administrator(ACME);
    let mut phone = world.open_phone(person).unwrap();
    phone.log_out_everywhere().unwrap();
    let invitation = world.gate.blocking().invite(&actor.session(), actor.company, person).unwrap();
    let said = format!("{:?}", newest(&world, person));
    assert!(said.contains("self_issued: true"), "{said}");
    phone.sign_in_with_invitation(&invitation).unwrap();
}
