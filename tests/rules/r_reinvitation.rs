//! R33–R36: the way back after a log-out from all devices.

use pinlatch::access::{Actor, Channel};
use pinlatch::account::Standing;
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::people::{Person, Role, UserAccess, Validity};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ACME, BOLT, PIN, World, day, since_last_year};

use crate::given::{
    changes, code, device, enrolled, is_live, refused, revoked_phone, role, rows, session, unnoticed_by,
};

/// The events of a person's account as a whole, in order.
fn account_changes(world: &World, person: PersonId) -> Vec<Change> {
    let of_account = world.journal.events(person).into_iter().filter(|event| event.device.is_none());
    of_account.map(|event| event.change).collect()
}

#[test]
fn r33_no_credential_lifts_a_revocation_without_an_invitation() {
    let world = World::new();
    let anna = world.employee();
    world.change(anna, |person| person.with_mobile_certificate());
    let mut phone = revoked_phone(&world, anna);
    let mut new_phone = world.phone(anna);
    for method in [BankCredentials, MobileCertificate, IdentityProviderAccount] {
        let required = RefusalCode::ReinvitationRequired;
        let cause = refused(&world, anna, required, || phone.sign_in_by(Some(method), None));
        assert_eq!(cause, Cause::NoInvitationPresented);
        // Nor does another device, or the same one reinstalled.
        refused(&world, anna, required, || new_phone.sign_in_by(Some(method), None));
    }
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock(PIN));
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock_by(Modality::Face));
    assert_eq!((phone.state(), new_phone.state()), (SessionState::RevokedAll, SessionState::LoggedOut));
    assert_eq!(world.account(anna).unwrap().standing(), Standing::RevokedAll);

    let somebody_elses = world.invited(world.employee()).unwrap();
    let cause = refused(&world, anna, RefusalCode::ReinvitationRequired, || {
        phone.sign_in_with_invitation(&somebody_elses)
    });
    assert_eq!(cause, Cause::InvitationNotCurrent);
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
        let issue = || world.gate.blocking().invite(&actor, anna).unwrap();
        invitation = Some(unnoticed_by(&world, &[otto, actor.person], issue));
    });
    let invitation = invitation.unwrap();
    assert_eq!(seen, [], "no device moves");
    let invited = Change::Invited { by: actor.person, company: ACME, self_issued: false, replaced: false };
    assert_eq!(account_changes(&world, anna).last(), Some(&invited));

    let account = world.account(anna).unwrap();
    assert_eq!(account.invitation(), Some(&invitation));
    assert_eq!((invitation.by(), account.standing()), (actor.person, Standing::RevokedAll));
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
    let invitation = world.gate.blocking().invite(&world.administrator(BOLT), anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
}

#[test]
fn r35_strong_authentication_consumes_the_invitation_at_the_new_generation() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    let (old, old_device) = (session(&phone), device(&phone));
    let before = world.account(anna).unwrap().generation();
    phone.log_out_everywhere().unwrap();
    let invitation = world.invited(anna).unwrap();

    let seen = changes(&world, anna, || phone.sign_in_with_invitation(&invitation).unwrap());
    assert_eq!(seen, [Change::Authenticated { method: BankCredentials, by_invitation: true }]);
    assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
    let account = world.account(anna).unwrap();
    assert!(account.invitation().is_none());
    assert_eq!((account.standing(), account.generation()), (Standing::Good, before.next()));
    assert_eq!(account.device(phone.id.unwrap()).unwrap().session().generation(), before.next());

    // The PIN of before is void: it has to be created anew, and what was older stays dead.
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
    phone.create_pin(PIN).unwrap();
    let _ = phone.check().unwrap();
    assert!(!is_live(&world, &old));
    refused(&world, anna, RefusalCode::AuthenticationRequired, || {
        code(world.gate.blocking().lock(&old_device))
    });
}

#[test]
fn r35_e16_a_used_invitation_is_refused_after_the_next_revocation() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    phone.sign_in_with_invitation(&invitation).unwrap();
    phone.create_pin(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    let cause = refused(&world, anna, RefusalCode::ReinvitationRequired, || {
        phone.sign_in_with_invitation(&invitation)
    });
    assert_eq!(cause, Cause::InvitationNotCurrent);
    assert_eq!(phone.state(), SessionState::RevokedAll);
}

#[test]
fn r35_an_invitation_is_consumed_only_when_everything_else_is_right() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    let known = world.directory.get(anna).unwrap();

    refused(&world, anna, RefusalCode::MethodNotAvailable, || {
        phone.sign_in_by(Some(MobileCertificate), Some(&invitation))
    });
    world.knows(Person::new(anna).with_bank_credentials());
    refused(&world, anna, RefusalCode::NotEligible, || phone.sign_in_with_invitation(&invitation));
    world.clock.set(None);
    world.knows(known);
    let cause = refused(&world, anna, RefusalCode::ReinvitationRequired, || {
        phone.sign_in_with_invitation(&invitation)
    });
    assert_eq!(cause, Cause::InvitationExpired, "without a clock it cannot be told to be in time");
    assert_eq!(world.account(anna).unwrap().invitation(), Some(&invitation));
    assert_eq!(phone.state(), SessionState::RevokedAll);
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
        Actor { person, ..acme }
    };
    let ended = Validity::between(day(2025, 1, 1), day(2026, 11, 21)).unwrap();
    let access = UserAccess::new(ACME, ended).with_role(Role::UserAdministrator);
    let former = world.knows(world.stranger().with_user_access(access));

    let wrong = [
        (Actor { channel: Channel::MobileApp, ..acme }, Cause::WrongChannel),
        (Actor { person: world.employee(), ..acme }, Cause::RoleMissing),
        (Actor { person: former, ..acme }, Cause::RoleMissing),
        (with(Role::CompanyAdministrator), Cause::RoleMissing),
        (with(Role::AccountingOfficeAdministrator), Cause::RoleMissing),
        (Actor { company: BOLT, ..acme }, Cause::RoleMissing),
        (world.administrator(BOLT), Cause::UnrelatedCompany),
        (Actor { person: anna, ..acme }, Cause::RoleMissing),
        (Actor { person: world.stranger().id(), ..acme }, Cause::UnknownPerson),
    ];
    for (actor, cause) in wrong {
        let invite = || code(world.gate.blocking().invite(&actor, anna));
        assert_eq!(refused(&world, anna, RefusalCode::NotAuthorised, invite), cause);
        assert!(world.account(anna).unwrap().invitation().is_none());

        let revoke = || code(world.gate.blocking().revoke_all(&actor, anna));
        assert_eq!(refused(&world, anna, RefusalCode::NotAuthorised, revoke), cause);
        let withdraw = || code(world.gate.blocking().withdraw_invitation(&actor, anna));
        assert_eq!(refused(&world, anna, RefusalCode::NotAuthorised, withdraw), cause);
    }
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in());
}

#[test]
fn r36_a_person_whom_the_directory_does_not_know_belongs_to_no_company() {
    let world = World::new();
    let (actor, nobody) = (world.administrator(ACME), world.stranger().id());
    let cause = refused(&world, nobody, RefusalCode::NotAuthorised, || {
        code(world.gate.blocking().invite(&actor, nobody))
    });
    assert_eq!(cause, Cause::UnrelatedCompany);
    assert_eq!(rows(&world, nobody), 0);
}
