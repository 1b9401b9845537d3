//! Chapters 7 to 10: several devices, and the ways to leave them.

use pinlatch::account::DeviceIntegrity;
use pinlatch::host::Clock;
use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;
use pinlatch_testkit::hours;

use crate::stage::{Stage, Surprise};
use crate::town::{AINO, BO, HALLA, KAISA, KUURA, PEKKA, Phone, Town, in_browser};

pub(crate) fn second_phone(stage: &Stage, phone: &Phone<'_>, spare: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "A second phone, and Log out",
        "Every phone has a PIN of its own. Log out ends this phone and no other.",
    );
    let done = spare.authenticate(IdentityProviderAccount, None);
    stage.step("authenticates with a Visma Connect account", done, spare, SessionState::PinPending)?;
    let done = spare.create_pin("902735", "902735");
    stage.step("makes a PIN: 902735", done, spare, SessionState::Authenticated)?;
    let devices = phone.devices()?;
    let listed: Vec<_> = devices.iter().map(|device| (device.label.as_str(), device.state)).collect();
    let open = SessionState::Authenticated;
    let expected = vec![("Aino's phone", open), ("Aino's spare", open)];
    stage.fact("looks at the list of devices", listed, phone.name, expected, "phone and spare phone")?;
    stage.step("Log out", spare.log_out(), spare, SessionState::LoggedOut)?;
    let late = spare.unlock("902735");
    stage.refused("its PIN does not open it", late, spare.name, RefusalCode::AuthenticationRequired)?;
    stage.step("is as it was", phone.check().map(drop), phone, SessionState::Authenticated)?;
    let done = spare.authenticate(BankCredentials, None);
    stage.step("authenticates anew, uninvited", done, spare, SessionState::PinPending)?;
    let done = spare.create_pin("902735", "902735");
    stage.step("makes a PIN again", done, spare, SessionState::Authenticated)
}

pub(crate) fn log_out_everywhere(
    stage: &Stage,
    phone: &mut Phone<'_>,
    spare: &mut Phone<'_>,
) -> Result<(), Surprise> {
    stage.chapter(
        "Log out from all devices",
        "One write for all of them. Whoever comes back has to be re-invited.",
    );
    let done = phone.log_out_everywhere();
    stage.step("Log out from all devices", done, phone, SessionState::RevokedAll)?;
    stage.step("so is the spare phone", Ok(()), spare, SessionState::RevokedAll)?;
    let code = RefusalCode::ReinvitationRequired;
    let done = phone.authenticate(BankCredentials, None);
    let texts = [
        "You are logged out from all devices. Ask your user administrator for a new invitation.",
        "Sinut on kirjattu ulos kaikista laitteista. Pyydä käyttäjähallitsijalta uusi kutsu.",
    ];
    stage.reads("authenticates at her bank", done, phone.name, code, texts)?;
    let done = spare.authenticate(IdentityProviderAccount, None);
    stage.refused("tries Visma Connect", done, spare.name, code)?;
    stage.step("Log out does not lift the bar", phone.log_out(), phone, SessionState::RevokedAll)
}

pub(crate) fn re_invitation(
    stage: &Stage,
    town: &Town,
    phone: &mut Phone<'_>,
    spare: &mut Phone<'_>,
) -> Result<(), Surprise> {
    stage.chapter(
        "The re-invitation, from the browser version",
        "Kaisa is Kuura's user administrator, Pekka its company administrator, Bo is Halla's.",
    );
    for (who, what, person, company) in [
        ("Pekka, browser", "invites Aino as a company administrator", PEKKA, KUURA),
        ("Bo, browser", "invites Aino, who is not of his company", BO, HALLA),
    ] {
        let done = town.door().invite(&in_browser(person), company, AINO);
        stage.refused(what, done, who, RefusalCode::NotAuthorised)?;
    }
    let invitation = town.door().invite(&in_browser(KAISA), KUURA, AINO)?;
    let lasts = invitation.expires.since(town.clock().now().unwrap_or_default());
    let kaisa = "Kaisa, browser";
    stage.fact("invites Aino as user administrator", lasts, kaisa, hours(24), "valid for 24 hours")?;
    stage.step("nobody is signed in by it", Ok(()), phone, SessionState::RevokedAll)?;
    let done = phone.authenticate(BankCredentials, Some(&invitation));
    stage.step("authenticates with the invitation", done, phone, SessionState::PinPending)?;
    let done = phone.create_pin("417086", "417086");
    stage.step("makes a PIN: 417086", done, phone, SessionState::Authenticated)?;
    let done = spare.authenticate(BankCredentials, None);
    stage.step("authenticates: one invitation is enough", done, spare, SessionState::PinPending)?;
    let done = spare.create_pin("902735", "902735");
    stage.step("makes a PIN", done, spare, SessionState::Authenticated)
}

pub(crate) fn rooted(stage: &Stage, phone: &Phone<'_>, spare: &mut Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "A rooted phone",
        "The host attests the device with every request; a modified one is not supported.",
    );
    spare.integrity = DeviceIntegrity::Modified;
    let code = RefusalCode::UnsupportedDevice;
    let texts = [
        "This device is not supported. Use an unmodified device.",
        "Tätä laitetta ei tueta. Käytä muokkaamatonta laitetta.",
    ];
    stage.reads("is rooted while it is open, and used", spare.check(), spare.name, code, texts)?;
    stage.step("session, PIN and biometrics are gone", Ok(()), spare, SessionState::LoggedOut)?;
    let done = spare.authenticate(BankCredentials, None);
    stage.refused("authenticates at her bank", done, spare.name, code)?;
    let untouched = phone.check().map(drop);
    stage.step("is untouched", untouched, phone, SessionState::Authenticated)?;
    Ok(())
}
