//! Chapters 12 to 14: who may sign in where, and what they see.

use pinlatch::access::users_and_roles::{self, EmploymentChoice};
use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{Action, ChargeableService, Function, Functions, Person, Profile};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;

use crate::stage::{Stage, Surprise};
use crate::town::{AINO, EERO, KAISA, KUURA, LIISA, Phone, Town, in_browser, request};

const KAISA_BROWSER: &str = "Kaisa, browser";

pub(crate) fn without_services(stage: &Stage, town: &Town) -> Result<(), Surprise> {
    stage.chapter(
        "An employee without services",
        "Eero works for Kuura; neither Salaries nor Travel is selected for him.",
    );
    let mut phone = town.phone(EERO, "Eero's phone");
    let done = phone.authenticate(BankCredentials, None);
    stage.refused("authenticates at his bank", done, phone.name, RefusalCode::NoChargeableService)?;
    let administrator = town.door().administrator(&in_browser(KAISA), KUURA)?;
    let opened = users_and_roles::open_service(
        &administrator,
        &known(town, EERO)?,
        ChargeableService::Travel,
        EmploymentChoice::Every,
        &town.dates(),
    )?;
    town.directory().put(opened.person);
    let services = known(town, EERO)?.services_in(KUURA, town.dates().today(KUURA));
    let travel = services.iter().collect::<Vec<_>>();
    stage.fact(
        "selects Travel for Eero",
        travel,
        KAISA_BROWSER,
        vec![ChargeableService::Travel],
        "Travel",
    )?;
    let done = phone.authenticate(BankCredentials, None);
    stage.step("authenticates at his bank", done, &phone, SessionState::PinPending)?;
    let done = phone.create_pin("735190", "735190");
    stage.step("makes a PIN", done, &phone, SessionState::Authenticated)?;
    let offered = phone.menu()?;
    let travel = Functions::of(&[Function::TravelExpenseReports]);
    stage.fact("finds in the menu", offered, phone.name, travel, "travel expense reports")?;
    let payslip = phone.ask(&request(Action::Read, Function::SalaryInformation, EERO));
    stage.refused("reads his payslip", payslip, phone.name, RefusalCode::FunctionNotInServices)
}

pub(crate) fn employee_profile(stage: &Stage, town: &Town, aino: &Phone<'_>) -> Result<(), Surprise> {
    stage.chapter(
        "The profile \"Employee\"",
        "Liisa has both services and has been added as a user. From now on her profile decides.",
    );
    let mut phone = town.phone(LIISA, "Liisa's phone");
    phone.authenticate(BankCredentials, None)?;
    let done = phone.create_pin("618402", "618402");
    stage.step("authenticates and makes a PIN", done, &phone, SessionState::Authenticated)?;
    let payslip = request(Action::Read, Function::SalaryInformation, LIISA);
    let hidden = phone.ask(&payslip);
    stage.refused("no profile yet: reads her payslip", hidden, phone.name, RefusalCode::NoRight)?;
    set_employee(town, LIISA)?;
    let profile = known(town, LIISA)?.user_access(KUURA).map(|access| access.profile().clone());
    stage.fact("sets Liisa's profile", profile, KAISA_BROWSER, Some(Profile::Employee), "Employee")?;
    for (what, function) in [
        ("reads her payslip", Function::SalaryInformation),
        ("reads her working hours", Function::WorkingHours),
        ("reads her travel expense reports", Function::TravelExpenseReports),
    ] {
        let rule = phone.ask(&request(Action::Read, function, LIISA))?.rule().map(|rule| rule.to_string());
        stage.fact(what, rule.as_deref(), phone.name, Some("R23 EmployeeProfile"), "shown")?;
    }
    for (what, action, function, owner, code) in [
        ("reads Aino's payslip", Action::Read, Function::SalaryInformation, AINO, RefusalCode::NotOwnData),
        ("edits her payslip", Action::Edit, Function::SalaryInformation, LIISA, RefusalCode::NoRight),
    ] {
        stage.refused(what, phone.ask(&request(action, function, owner)), phone.name, code)?;
    }
    let rule =
        phone.ask(&request(Action::Edit, Function::WorkingHours, LIISA))?.rule().map(|rule| rule.to_string());
    stage.fact(
        "enters her working hours",
        rule.as_deref(),
        phone.name,
        Some("R23 EmployeeProfile"),
        "her own data",
    )?;
    let page = request(Action::Read, Function::UsersAndRoles, LIISA);
    stage.refused("opens Users and roles", phone.ask(&page), phone.name, RefusalCode::NotAuthorised)?;
    let hours = request(Action::Edit, Function::WorkingHours, AINO);
    let rule = aino.ask(&hours)?.rule().map(|rule| rule.to_string());
    stage.fact(
        "enters hers: no user, no profile",
        rule.as_deref(),
        aino.name,
        Some("D10 ImplicitOwnData"),
        "her own data",
    )?;
    let done = set_employee(town, AINO);
    let texts = ["This person has not been added as a user.", "Henkilöä ei ole lisätty käyttäjäksi."];
    stage.reads("sets Aino's profile: she is no user", done, KAISA_BROWSER, RefusalCode::NotAUser, texts)?;
    let done = set_employee(town, KAISA);
    stage.refused("sets her own profile", done, KAISA_BROWSER, RefusalCode::NotAuthorised)
}

pub(crate) fn browser(stage: &Stage, town: &Town) -> Result<(), Surprise> {
    stage.chapter(
        "The browser version is for users",
        "Being an employee is not enough. Browser sessions themselves are the host's.",
    );
    let refused = town.door().browser_access(AINO);
    stage.refused("an employee signs in to the browser", refused, "Aino", RefusalCode::NotAUser)?;
    for (who, what, person) in
        [("Liisa", "an employee and user does", LIISA), ("Kaisa", "a user who is no employee does", KAISA)]
    {
        let rule = town.door().browser_access(person)?.rule().to_string();
        stage.fact(what, rule.as_str(), who, "R19 UserInBrowser", "let in")?;
    }
    Ok(())
}

/// Kaisa sets the ready-made profile, as the page "Users and roles" does.
fn set_employee(town: &Town, person: PersonId) -> Result<(), GateError> {
    let administrator = town.door().administrator(&in_browser(KAISA), KUURA)?;
    let person = known(town, person)?;
    let set = users_and_roles::set_profile(&administrator, &person, Profile::Employee, &town.dates())?;
    town.directory().put(set.person);
    Ok(())
}

pub(crate) fn known(town: &Town, person: PersonId) -> Result<Person, GateError> {
    town.directory().get(person).ok_or(RefusalCode::NotEligible.into())
}
