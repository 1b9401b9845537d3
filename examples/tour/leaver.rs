//! Chapter 15: somebody leaves, and comes back.

use pinlatch::access::users_and_roles::{self, EmploymentChoice};
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{CalendarDate, ChargeableService, LocalDates, Services, Validity};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;
use pinlatch_testkit::{day, days};

use crate::permissions::known;
use crate::stage::{Stage, Surprise};
use crate::town::{EERO, KAISA, KUURA, Town, in_browser};

const KAISA_BROWSER: &str = "Kaisa, browser";

pub(crate) fn leaves_and_returns(stage: &Stage, town: &Town) -> Result<(), Surprise> {
    stage.chapter(
        "Somebody leaves, and comes back",
        "A day without employment ends every session, even if nobody noticed it.",
    );
    let mut phone = town.phone(EERO, "Eero's new one");
    phone.authenticate(BankCredentials, None)?;
    let done = phone.create_pin("735190", "735190");
    stage.step("authenticates and makes a PIN", done, &phone, SessionState::Authenticated)?;
    end_employment(town, day(2026, 11, 23))?;
    turn_to(town, day(2026, 11, 23));
    let last = phone.check().map(drop);
    stage.step("works through the last day", last, &phone, SessionState::Authenticated)?;
    turn_to(town, day(2026, 11, 25));
    hire(town, day(2026, 11, 25))?;
    let code = RefusalCode::AuthenticationRequired;
    stage.refused("is hired again; the old session", phone.check(), phone.name, code)?;
    stage.step("session and PIN are gone", Ok(()), &phone, SessionState::LoggedOut)?;
    phone.authenticate(BankCredentials, None)?;
    let done = phone.create_pin("735190", "735190");
    stage.step("authenticates and makes a PIN", done, &phone, SessionState::Authenticated)?;

    end_employment(town, day(2026, 11, 25))?;
    turn_to(town, day(2026, 11, 26));
    let devices = town.overview(KAISA, EERO)?.devices;
    let listed: Vec<_> = devices.iter().map(|device| device.label.as_str()).collect();
    stage.fact("sees the phones of the leaver", listed, KAISA_BROWSER, vec![phone.name], "one phone")?;
    for device in &devices {
        town.door().log_out_device_of(&in_browser(KAISA), KUURA, EERO, device.id)?;
    }
    stage.step("is logged out by the administrator", Ok(()), &phone, SessionState::LoggedOut)?;
    let done = phone.authenticate(BankCredentials, None);
    stage.refused("authenticates at his bank", done, phone.name, RefusalCode::NotEligible)
}

fn turn_to(town: &Town, today: CalendarDate) {
    town.clock().advance(days(1));
    town.directory().set_dates(LocalDates::everywhere(today));
}

fn end_employment(town: &Town, last: CalendarDate) -> Result<(), Surprise> {
    let administrator = town.door().administrator(&in_browser(KAISA), KUURA)?;
    let (person, dates) = (known(town, EERO)?, town.dates());
    let every = EmploymentChoice::Every;
    let ended = users_and_roles::end_employment(&administrator, &person, last, every, &dates)?;
    town.directory().put(ended.person);
    Ok(())
}

fn hire(town: &Town, first: CalendarDate) -> Result<(), Surprise> {
    let administrator = town.door().administrator(&in_browser(KAISA), KUURA)?;
    let (person, dates) = (known(town, EERO)?, town.dates());
    let services = Services::of(&[ChargeableService::Travel]);
    let hired = users_and_roles::hire(&administrator, &person, Validity::from(first), services, &dates)?;
    town.directory().put(hired.person);
    Ok(())
}
