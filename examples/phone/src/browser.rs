//! The browser version: the page "Users and roles".

use pinlatch::access::users_and_roles::{self, Changed, EmploymentChoice};
use pinlatch::access::{Administrator, BrowserSession};
use pinlatch::gate::GateError;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    ChargeableService, Employment, LocalDates, Person, Profile, Role, ServiceSelection, Services, Validity,
};
use pinlatch::refusal::{Language, Refusal, RefusalCode};

use crate::around::whose;
use crate::home;
use crate::key_store::KeyStore;
use crate::office::{self, Office};
use crate::prompt::{Answer, Line, Stop, choose, choose_below};
use crate::screen::Screen;
use crate::town::{self, RESIDENTS};

/// A command of the page.
#[derive(Clone, Copy, Debug)]
enum Command {
    Invite,
    Withdraw,
    RevokeAll,
    Establish,
    SetEmployee,
    SetNone,
    EndAccess,
    Grant,
    Revoke,
    OpenService(ChargeableService),
    CloseService(ChargeableService),
    EndEmployment,
    Hire,
}

const COMMANDS: [(&str, Command); 15] = [
    ("Invite, or re-invite", Command::Invite),
    ("Withdraw the invitation", Command::Withdraw),
    ("Log out from all devices: a lost phone", Command::RevokeAll),
    ("Establish as a user", Command::Establish),
    ("Set the profile Employee", Command::SetEmployee),
    ("Set no profile", Command::SetNone),
    ("End the user access today", Command::EndAccess),
    ("Grant the role of a user administrator", Command::Grant),
    ("Revoke the role of a user administrator", Command::Revoke),
    ("Open the service Salaries", Command::OpenService(ChargeableService::Salaries)),
    ("Open the service Travel", Command::OpenService(ChargeableService::Travel)),
    ("Close the service Salaries", Command::CloseService(ChargeableService::Salaries)),
    ("Close the service Travel", Command::CloseService(ChargeableService::Travel)),
    ("End the employment yesterday", Command::EndEmployment),
    ("Hire again from today, with Salaries", Command::Hire),
];

/// A browser in which somebody is signed in.
struct Browser<'b> {
    office: &'b Office,
    phones: &'b mut KeyStore,
    session: BrowserSession,
    company: CompanyId,
    message: Option<String>,
    aside: Option<String>,
}

/// Somebody signs in to the browser version and stays until Esc.
pub(crate) fn open(office: &Office, phones: &mut KeyStore) -> Answer<()> {
    let mut refused: Option<GateError> = None;
    loop {
        let text = refused.as_ref().map(|error| error.refusal().public(Language::English).text);
        Screen::default()
            .bar("BROWSER", "Users and roles")
            .text("")
            .text("Only users may sign in here; being an employee is not enough.")
            .text("This page is for user administrators.")
            .message(text.as_deref())
            .aside(refused.as_ref().map(home::aside).as_deref())
            .draw()?;
        let person = whose("(Who signs in?)")?;
        match sign_in(office, person) {
            Ok((session, company)) => {
                return Browser { office, phones, session, company, message: None, aside: None }.list();
            }
            Err(error) => refused = Some(error),
        }
    }
}

/// A user signs in to the browser version; the page is for user administrators.
fn sign_in(office: &Office, person: PersonId) -> Result<(BrowserSession, CompanyId), GateError> {
    let _user = office.gate().browser_access(person)?;
    let company = town::resident(person).ok_or(RefusalCode::NotEligible)?.company;
    // A real host says this of a session that its web framework has verified, with every request.
    let session = BrowserSession::verified_by_host(person);
    // Asked again with every command (E21).
    let _administrator = office.gate().administrator(&session, company)?;
    Ok((session, company))
}

impl Browser<'_> {
    /// The list of people.
    fn list(mut self) -> Answer<()> {
        loop {
            self.draw("Whose line do you open?")?;
            let lines = RESIDENTS.iter().map(|resident| Line::new(resident.name, resident.id)).collect();
            let person = match choose("(Users and roles)", lines) {
                Err(Stop::Back) => return Ok(()),
                chosen => chosen?,
            };
            match self.line(person) {
                Err(Stop::Back) => (self.message, self.aside) = (None, None),
                done => done?,
            }
        }
    }

    /// The line of one person.
    fn line(&mut self, person: PersonId) -> Answer<()> {
        loop {
            let facts = self.office.person(person)?;
            let rows = self.draw(&self.described(&facts))?;
            let commands = COMMANDS.iter().map(|line| Line::new(line.0, line)).collect();
            let (text, command) = choose_below(rows, &format!("({})", town::name(person)), commands)?;
            match self.carry_out(*command, person) {
                Ok(more) => (self.message, self.aside) = (Some(format!("Done: {text}. {more}")), None),
                Err(error) => {
                    let text = error.refusal().public(Language::English).text;
                    (self.message, self.aside) = (Some(text.into_owned()), Some(home::aside(&error)));
                }
            }
            // An invitation that was sent has arrived, even if the program ends here.
            self.phones.save()?;
        }
    }

    fn draw(&self, text: &str) -> std::io::Result<usize> {
        let who = town::name(self.session.person());
        let mut screen = Screen::default()
            .bar(&format!("BROWSER  Users and roles  {}", town::company_name(self.company)), who)
            .text("");
        for line in text.lines() {
            screen = screen.text(line);
        }
        screen.message(self.message.as_deref()).aside(self.aside.as_deref()).draw()
    }

    /// What the page shows of a person.
    fn described(&self, person: &Person) -> String {
        let today = self.office.today(person).today(self.company);
        let jobs = person.employments_in(self.company);
        let jobs = jobs.map(|job| format!("Employee {}. {}", period(&job.validity()), services(job)));
        let user = person.user_access(self.company).map_or_else(
            || "No user.".to_owned(),
            |access| {
                let profile = match access.profile() {
                    Profile::Employee => "Employee",
                    Profile::Custom(profile) => profile.name(),
                    _ => "none",
                };
                let roles: Vec<_> = access.roles().iter().map(role).collect();
                let roles = if roles.is_empty() { "none".to_owned() } else { roles.join(", ") };
                let over = if access.is_valid(today) { "" } else { " (not valid today)" };
                format!("User {}{over}. Profile: {profile}. Roles: {roles}.", period(&access.validity()))
            },
        );
        let title = format!("{}, {today}", town::name(person.id()));
        [title].into_iter().chain(jobs).chain([user]).collect::<Vec<_>>().join("\n")
    }

    /// Answers with what there is to say besides that it was done.
    fn carry_out(&mut self, command: Command, person: PersonId) -> Result<String, GateError> {
        let gate = self.office.gate();
        match command {
            Command::Invite => {
                let invitation = gate.invite(&self.session, self.company, person)?;
                let until = office::local(invitation.expires);
                self.phones.send(person, invitation);
                let until = until.map_or_else(String::new, |at| at.strftime("%d.%m. %H:%M").to_string());
                let name = town::name(person);
                return Ok(format!("It is sent to {name}, and good once until {until}."));
            }
            Command::Withdraw => gate.withdraw_invitation(&self.session, self.company, person)?,
            Command::RevokeAll => gate.revoke_all(&self.session, self.company, person)?,
            _ => self.change(command, person)?,
        }
        Ok(String::new())
    }

    /// The commands that change the facts about a person.
    fn change(&self, command: Command, person: PersonId) -> Result<(), GateError> {
        let decide =
            |by: &Administrator, person: &Person, dates: &LocalDates| decide(command, by, person, dates);
        self.office.change((&self.session, self.company), person, journalled(command), decide)
    }
}

fn decide(
    command: Command,
    by: &Administrator,
    person: &Person,
    dates: &LocalDates,
) -> Result<Changed, Refusal> {
    let today = dates.today(by.company());
    let every = EmploymentChoice::Every;
    let role = Role::UserAdministrator;
    match command {
        Command::Establish => users_and_roles::establish_user(by, person, Validity::from(today), dates),
        Command::EndAccess => users_and_roles::end_user_access(by, person, today, dates),
        Command::SetEmployee => users_and_roles::set_profile(by, person, Profile::Employee, dates),
        Command::SetNone => users_and_roles::set_profile(by, person, Profile::NoRights, dates),
        Command::Grant => users_and_roles::grant_role(by, person, role, dates),
        Command::Revoke => users_and_roles::revoke_role(by, person, role, dates),
        Command::OpenService(service) => users_and_roles::open_service(by, person, service, every, dates),
        Command::CloseService(service) => users_and_roles::close_service(by, person, service, every, dates),
        Command::EndEmployment => {
            users_and_roles::end_employment(by, person, office::day_before(today), every, dates)
        }
        _ => {
            let services = Services::of(&[ChargeableService::Salaries]);
            users_and_roles::hire(by, person, Validity::from(today), services, dates)
        }
    }
}

/// What the audit trail calls a command, when it is refused.
const fn journalled(command: Command) -> &'static str {
    match command {
        Command::Invite => "invite",
        Command::Withdraw => "withdraw_invitation",
        Command::RevokeAll => "revoke_all",
        Command::Establish => "establish_user",
        Command::EndAccess => "end_user_access",
        Command::SetEmployee | Command::SetNone => "set_profile",
        Command::Grant => "grant_role",
        Command::Revoke => "revoke_role",
        Command::OpenService(_) => "open_service",
        Command::CloseService(_) => "close_service",
        Command::EndEmployment => "end_employment",
        Command::Hire => "hire",
    }
}

fn period(validity: &Validity) -> String {
    let first = validity.first();
    validity.last().map_or_else(|| format!("since {first}"), |last| format!("{first} to {last}"))
}

fn services(job: &Employment) -> String {
    let selected = ChargeableService::ALL.iter().filter_map(|service| match job.selection(*service) {
        ServiceSelection::NotSelected => None,
        ServiceSelection::Open => Some(format!("{service:?}")),
        ServiceSelection::ClosedAfter(last) => Some(format!("{service:?} (through {last})")),
    });
    let selected: Vec<_> = selected.collect();
    if selected.is_empty() {
        "No chargeable service.".to_owned()
    } else {
        format!("Chargeable services: {}.", selected.join(", "))
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::UserAdministrator => "user administrator",
        Role::CompanyAdministrator => "company administrator",
        _ => "accounting office's administrator",
    }
}
