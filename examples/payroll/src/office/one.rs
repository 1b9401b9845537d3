//! Everything about one person, and what an administrator changes of it.

use askama::Template;
use pinlatch::account::{AccountOverview, DeviceSummary, Standing};
use pinlatch::id::{CompanyId, DeviceId, PersonId};
use pinlatch::people::{
    CalendarDate, ChargeableService, Employment, Profile, Role, ServiceSelection, UserAccess,
};
use pinlatch_axum::people::{ProfileForm, RightForm};

use super::known::{Account, Known};
use super::pages::{Frame, period, profile};
use super::words::{Words, filled};
use crate::{shown, town};

/// The page of one person in one company.
#[derive(Template)]
#[template(path = "office/person.html")]
pub(super) struct PersonPage {
    frame: Frame,
    words: &'static Words,
    company_name: &'static str,
    name: String,
    telephone: Option<String>,
    is_oneself: bool,
    today: CalendarDate,
    /// Where the commands about this person are.
    base: String,
    employments: Vec<EmploymentView>,
    access: Option<AccessView>,
    profiles: Vec<Choice>,
    seen: Option<AccountView>,
    /// Why the account is not seen.
    beyond: Option<String>,
    services: Vec<(ChargeableService, &'static str)>,
}

struct EmploymentView {
    first_day: CalendarDate,
    period: String,
    has_ended: bool,
    services: Vec<ServiceView>,
}

struct ServiceView {
    service: ChargeableService,
    name: &'static str,
    says: String,
    /// Selected until further notice.
    is_open: bool,
}

struct AccessView {
    first_day: CalendarDate,
    last_day: Option<CalendarDate>,
    period: String,
    has_ended: bool,
    profile: String,
    roles: Vec<RoleView>,
}

struct RoleView {
    role: Role,
    name: &'static str,
    is_held: bool,
}

/// A profile to choose.
struct Choice {
    name: String,
    /// As the route wants it.
    json: String,
    is_chosen: bool,
}

struct AccountView {
    is_barred: bool,
    invitation: Option<String>,
    devices: Vec<DeviceView>,
    everywhere_sure: String,
}

struct DeviceView {
    id: DeviceId,
    label: String,
    state: &'static str,
    created: String,
    opened: Option<String>,
}

impl PersonPage {
    pub(super) fn of(
        frame: Frame,
        known: &Known,
        (company, company_name): (CompanyId, &'static str),
        today: CalendarDate,
        is_oneself: bool,
    ) -> Self {
        let words = frame.words;
        let Known { person, resident, account } = known;
        let name = resident.as_ref().map_or(words.unknown_name, |resident| &resident.name).to_owned();
        let access = person.user_access(company);
        let employment = |employment: &Employment| EmploymentView::of(employment, today, words);
        Self {
            words,
            company_name,
            telephone: resident.as_ref().map(|resident| resident.telephone.clone()),
            is_oneself,
            today,
            base: base(company, person.id()),
            employments: person.employments_in(company).map(employment).collect(),
            profiles: choices(access.map(UserAccess::profile), words),
            access: access.map(|access| AccessView::of(access, today, words)),
            seen: match account {
                Account::Seen(overview) => Some(AccountView::of(overview, &name, words)),
                Account::Beyond | Account::Refused(_) => None,
            },
            beyond: match account {
                Account::Seen(_) => None,
                Account::Beyond => Some(words.no_reach.to_owned()),
                Account::Refused(why) => Some(why.clone()),
            },
            services: ChargeableService::ALL
                .iter()
                .map(|service| (*service, words.service(*service)))
                .collect(),
            name,
            frame,
        }
    }
}

impl PersonPage {
    /// The user access, unless it is over: then its profile and roles are gone for good (E22).
    fn valid_access(&self) -> Option<&AccessView> {
        self.access.as_ref().filter(|access| !access.has_ended)
    }
}

/// The path of a person below `/api`.
fn base(company: CompanyId, person: PersonId) -> String {
    format!("/companies/{company}/people/{person}")
}

impl EmploymentView {
    fn of(employment: &Employment, today: CalendarDate, words: &'static Words) -> Self {
        let service = |service: &ChargeableService| {
            let selection = employment.selection(*service);
            let says = match selection {
                ServiceSelection::NotSelected => words.service_not.to_owned(),
                ServiceSelection::Open => words.service_open.to_owned(),
                ServiceSelection::ClosedAfter(last) => {
                    filled(words.service_until, &[&shown::day(last, words.language)])
                }
            };
            let is_open = selection == ServiceSelection::Open;
            ServiceView { service: *service, name: words.service(*service), says, is_open }
        };
        Self {
            first_day: employment.validity().first(),
            period: period(employment.validity(), today, words),
            has_ended: employment.validity().has_ended(today),
            services: ChargeableService::ALL.iter().map(service).collect(),
        }
    }
}

impl AccessView {
    fn of(access: &UserAccess, today: CalendarDate, words: &'static Words) -> Self {
        let role = |role: &Role| RoleView {
            role: *role,
            name: words.role(*role),
            is_held: access.roles().contains(*role),
        };
        Self {
            first_day: access.validity().first(),
            last_day: access.validity().last(),
            period: period(access.validity(), today, words),
            has_ended: access.validity().has_ended(today),
            profile: profile(access.profile(), words),
            roles: Role::ALL.iter().map(role).collect(),
        }
    }
}

/// The profiles there are: the two of the crate, this host's own, and the present one if it is another.
fn choices(present: Option<&Profile>, words: &'static Words) -> Vec<Choice> {
    let mut known = vec![Profile::NoRights, Profile::Employee];
    known.extend(town::accountant());
    known.extend(present.filter(|present| !known.contains(present)).cloned());
    let choice = |own: Profile| {
        let json = serde_json::to_string(&form(&own)).unwrap_or_default();
        Choice { name: profile(&own, words), json, is_chosen: present == Some(&own) }
    };
    known.into_iter().map(choice).collect()
}

fn form(profile: &Profile) -> ProfileForm {
    let named = |name: &str| ProfileForm { name: name.to_owned(), rights: None };
    match profile {
        Profile::Employee => named("Employee"),
        Profile::Custom(own) => {
            let right = |right: pinlatch::people::Right| RightForm {
                action: right.action,
                function: right.function,
                reach: right.reach,
            };
            let rights = Some(own.rights().iter().map(right).collect());
            ProfileForm { name: own.name().to_owned(), rights }
        }
        _ => named("NoRights"),
    }
}

impl AccountView {
    fn of(overview: &AccountOverview, name: &str, words: &'static Words) -> Self {
        let until = |open: &pinlatch::account::OpenInvitation| {
            filled(words.has_invitation, &[&shown::minute(open.expires, words.language)])
        };
        let device = |device: &DeviceSummary| DeviceView {
            id: device.id,
            label: device.label.to_string(),
            state: words.session_state(device.state),
            created: shown::minute(device.created, words.language),
            opened: device.last_opened.map(|last| shown::minute(last.at, words.language)),
        };
        Self {
            is_barred: overview.standing == Standing::RevokedAll,
            invitation: overview.invitation.as_ref().map(until),
            devices: overview.devices.iter().map(device).collect(),
            everywhere_sure: filled(words.everywhere_sure, &[name]),
        }
    }
}
