//! Log out from all devices: whom it binds, by whom, and what is void after it. The way back is in
//! `invitation`.

use pinlatch::access::Channel;
use pinlatch::account::{Policy, ReinvitationScope, Standing};
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount, MobileCertificate};
use pinlatch::people::{Person, UserAccess};
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, Modality, RevokedBy, SessionState};
use pinlatch_testkit::{ACME, BOLT, InBrowser, PIN, UNMODIFIED, World, minutes, since_last_year};

use crate::evidence::evidence_of;
use crate::given::*;

#[test]
fn r31_log_out_from_all_devices_revokes_every_one_and_no_other_account() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let others = world.open_phone(otto).unwrap();
    let caller = open_phone_with_biometrics(&world, anna);
    let mut phones = [
        open_phone_with_biometrics(&world, anna),
        locked_phone(&world, anna),
        pending_phone(&world, anna),
        exhausted_phone(&world, anna),
    ];
    let logged_out = world.open_phone(anna).unwrap();
    logged_out.log_out().unwrap();
    let tokens: Vec<_> = phones.iter().filter(|phone| phone.session.is_some()).map(same_session).collect();
    let (generation, (_, swaps)) = (world.account(anna).unwrap().generation(), world.store.operations());

    let seen = changes(&world, anna, || {
        unnoticed_by(&world, &[otto], || caller.log_out_everywhere()).unwrap();
    });

    assert_eq!(world.store.operations().1, swaps + 1, "one write, whatever the number of devices");
    assert_eq!(seen, [Change::RevokedAll; 5], "each device once");
    let account = world.account(anna).unwrap();
    assert_eq!((account.standing(), account.generation()), (Standing::RevokedAll, generation.next()));
    let of_the_account: Vec<_> = world.journal.events(anna).into_iter().map(|event| event.change).collect();
    let revoked = Change::LoggedOutEverywhere {
        by: RevokedBy::Person(caller.id.unwrap()),
        generation: generation.next(),
        voided_invitation: false,
    };
    assert_eq!(of_the_account.iter().filter(|kind| **kind == revoked).count(), 1);

    assert!(!is_live(&world, &same_session(&caller)));
    assert!(tokens.iter().all(|token| !is_live(&world, token)));
    assert_eq!((caller.state(), enrolled(&world, &caller)), (SessionState::RevokedAll, None));
    for phone in &mut phones {
        assert_eq!((phone.state(), enrolled(&world, phone)), (SessionState::RevokedAll, None));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock(PIN));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock_by(Modality::Face));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.create_pin(PIN));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.lock());
        refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
        unchanged(&world, anna, || phone.log_out());
        assert_eq!(phone.state(), SessionState::RevokedAll);
    }
    let _ = others.check().unwrap();
}

#[test]
fn r31_it_is_chosen_with_a_live_session_only() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let stale = same_session(&phone);
    phone.lock().unwrap();
    refused(&world, anna, RefusalCode::SessionRequired, || {
        code(world.gate.blocking().log_out_everywhere(&stale, &UNMODIFIED))
    });
    assert_eq!((phone.state(), rows(&world, anna)), (SessionState::Locked, 1));
    assert_eq!(world.account(anna).unwrap().standing(), Standing::Good);
}

#[test]
fn r32_browser_sessions_are_not_touched() {
    let world = World::new();
    let anna = world.employee();
    world.change(anna, role(pinlatch::people::Role::UserAdministrator));
    let phone = world.open_phone(anna).unwrap();
    let otto = world.employee();
    phone.log_out_everywhere().unwrap();

    // She is still in the browser, and still administers there.
    let eligibility = unchanged(&world, anna, || code(world.gate.blocking().browser_access(anna)));
    assert_eq!((eligibility.person(), eligibility.channel()), (anna, Channel::Browser));
    let actor = InBrowser { person: anna, company: ACME };
    world.gate.blocking().invite(&actor.session(), actor.company, otto).unwrap();
    assert_eq!(phone.state(), SessionState::RevokedAll);
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
    let old = same_session(&phone);
    phone.log_out_everywhere().unwrap();
    let generation = world.account(anna).unwrap().generation();
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
    // What is begun for nobody has to be surely later than the revocation (D34).
    world.wait(minutes(3));
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
    let (actor, live) = (world.administrator(ACME), same_session(&open));
    world.gate.blocking().invite(&actor.session(), actor.company, anna).unwrap();

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
        tablet.sign_in_by(Some(IdentityProviderAccount), None).unwrap();
        tablet.create_pin(PIN).unwrap();
        phone.log_out_everywhere().unwrap();
        phone.sign_in_with_invitation(&world.invited(person).unwrap()).unwrap();

        assert_eq!(tablet.state(), SessionState::LoggedOut, "E35: there is no bar any more");
        refused(&world, person, RefusalCode::AuthenticationRequired, || tablet.unlock(PIN));
        world.wait(minutes(3));
        let by_invitation =
            |seen: &[Change]| matches!(seen, [Change::Authenticated { by_invitation: true, .. }]);
        let seen = changes(&world, person, || {
            tablet.sign_in_by(Some(IdentityProviderAccount), None).unwrap();
        });
        assert!(seen.len() == 1 && !by_invitation(&seen));
        assert_eq!((tablet.state(), enrolled(&world, &tablet)), (SessionState::PinPending, None));
        tablet.create_pin(PIN).unwrap();
        let _ = tablet.check().unwrap();
        assert_eq!(phone.state(), SessionState::PinPending);
    }
}

#[test]
fn e03_log_out_does_not_erase_the_duty_to_be_reinvited() {
    let world = World::new();
    let mut phone = phone_in(&world, SessionState::RevokedAll);
    let anna = phone.owner;
    unchanged(&world, anna, || phone.log_out());
    unchanged(&world, anna, || phone.log_out());
    assert_eq!(phone.state(), SessionState::RevokedAll);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in());
    let mut new_phone = world.phone(anna);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || new_phone.sign_in());
}

#[test]
fn e03_a_device_logged_out_before_the_revocation_needs_the_invitation_too() {
    let world = World::new();
    let anna = world.employee();
    let (mut away, here) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    away.log_out().unwrap();
    here.log_out_everywhere().unwrap();
    assert_eq!(away.state(), SessionState::LoggedOut);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || away.sign_in());
}

#[test]
fn e12_a_device_offline_during_revoke_all_is_refused_and_its_pin_not_evaluated() {
    let world = World::new();
    let anna = world.employee();
    let here = world.open_phone(anna).unwrap();
    let mut offline = world.open_phone(anna).unwrap();
    offline.enable(Modality::Face).unwrap();
    let open = same_session(&offline);
    here.log_out_everywhere().unwrap();
    for _ in 0..6 {
        refused(&world, anna, RefusalCode::ReinvitationRequired, || offline.unlock(PIN));
        refused(&world, anna, RefusalCode::ReinvitationRequired, || offline.unlock("111222"));
    }
    refused(&world, anna, RefusalCode::ReinvitationRequired, || offline.unlock_by(Modality::Face));
    assert_eq!(answer_to(&world, &open), Err(RefusalCode::SessionRequired));
    assert_eq!(offline.state(), SessionState::RevokedAll);
}

#[test]
fn e13_an_authentication_begun_before_a_revoke_all_is_void_after_it() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let mut other = world.phone(anna);
    let begun = evidence_of(&world, anna);
    phone.log_out_everywhere().unwrap();
    let invitation = world.invited(anna).unwrap();
    refused(&world, anna, RefusalCode::AuthenticationRequired, || {
        other.finish_sign_in(begun, Some(&invitation))
    });
    assert_eq!(newest_refusal(&world, anna).cause(), Cause::BegunBeforeRevokeAll);
    other.sign_in_with_invitation(&invitation).unwrap();
}

#[test]
fn e13_a_second_revoke_all_is_unchanged_unless_it_voids_an_invitation() {
    let world = World::new();
    let mut phone = revoked_phone(&world, world.employee());
    let (anna, actor) = (phone.owner, world.administrator(ACME));
    unchanged(&world, anna, || revoke_all(&world, &actor, anna));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.log_out_everywhere());

    let invitation = world.invited(anna).unwrap();
    let generation = world.account(anna).unwrap().generation();
    revoke_all(&world, &actor, anna).unwrap();
    let raised = world.account(anna).unwrap().generation();
    assert_eq!(raised, generation.next());
    let by = RevokedBy::Administrator { by: actor.person, company: actor.company };
    let voided = Change::LoggedOutEverywhere { by, generation: raised, voided_invitation: true };
    assert_eq!(newest(&world, anna), voided);
    refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.sign_in_with_invitation(&invitation));
}

#[test]
fn e25_revoke_all_hits_the_person_in_every_company() {
    let world = World::new();
    let both = world.stranger().with_bank_credentials();
    let anna = world.knows(both.with_employment(salaries_in(ACME)).with_employment(travel_in(BOLT)));
    let (one, two) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    revoke_all(&world, &world.administrator(BOLT), anna).unwrap();
    for mut phone in [one, two] {
        assert_eq!(phone.state(), SessionState::RevokedAll);
        refused(&world, anna, RefusalCode::ReinvitationRequired, || phone.unlock(PIN));
    }
}
