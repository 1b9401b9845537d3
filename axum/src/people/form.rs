//! A person in one company, as it is written and read.

use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    Action, CalendarDate, ChargeableService, CustomProfile, Employment, Function, Person, Profile, Reach,
    Right, Rights, Role, ServiceSelection, UserAccess, Validity,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asked::Asked;
use crate::problem::{HttpCode, Problem};

/// A person, as far as one company goes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonInCompany)]
pub struct PersonInCompany {
    /// Who.
    #[schema(value_type = crate::schema::Id)]
    pub person: PersonId,
    /// In which company.
    #[schema(value_type = crate::schema::Id)]
    pub company: CompanyId,
    /// The employments there, ended ones included.
    pub employments: Vec<EmploymentLine>,
    /// The user access there; left out of a person who is no user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub access: Option<AccessLine>,
}

/// An employment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Employment)]
pub struct EmploymentLine {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub first_day: CalendarDate,
    /// The last day; left out until further notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub last_day: Option<CalendarDate>,
    /// The services that are selected, or were.
    pub services: Vec<SelectedService>,
}

/// A service that is selected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SelectedService)]
pub struct SelectedService {
    /// Which.
    #[schema(value_type = crate::schema::Service)]
    pub service: ChargeableService,
    /// The last day that it is in effect; left out until further notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub last_day: Option<CalendarDate>,
}

/// A user access.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserAccess)]
pub struct AccessLine {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub first_day: CalendarDate,
    /// The last day; left out until further notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub last_day: Option<CalendarDate>,
    /// The profile.
    pub profile: ProfileForm,
    /// The roles.
    #[schema(value_type = Vec<crate::schema::Role>)]
    pub roles: Vec<Role>,
}

/// A profile: `{"name":"NoRights"}`, `{"name":"Employee"}`, or one of the host's own, with its rights.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Profile)]
pub struct ProfileForm {
    /// `NoRights`, `Employee`, or the name of a profile of the host's own, which then has `rights`.
    pub name: String,
    /// The rights of a profile of the host's own; left out of the other two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rights: Option<Vec<RightForm>>,
}

/// A right.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Right)]
pub struct RightForm {
    /// What may be done.
    #[schema(value_type = crate::schema::Action)]
    pub action: Action,
    /// With which function.
    #[schema(value_type = crate::schema::Function)]
    pub function: Function,
    /// With whose data.
    #[schema(value_type = crate::schema::Reach)]
    pub reach: Reach,
}

impl PersonInCompany {
    /// `None` if the company has nothing to do with the person.
    pub(super) fn of(person: &Person, company: CompanyId) -> Option<Self> {
        let employments: Vec<_> = person.employments_in(company).map(EmploymentLine::of).collect();
        let access = person.user_access(company).map(AccessLine::of);
        let is_related = access.is_some() || !employments.is_empty();
        is_related.then(|| Self { person: person.id(), company, employments, access })
    }

    /// After a change: the person is of the company, or what there was has just been taken away.
    pub(super) fn changed(person: &Person, company: CompanyId) -> Self {
        let nothing = Self { person: person.id(), company, employments: Vec::new(), access: None };
        Self::of(person, company).unwrap_or(nothing)
    }
}

impl EmploymentLine {
    fn of(employment: &Employment) -> Self {
        let selected = |service: &ChargeableService| {
            let last_day = match employment.selection(*service) {
                ServiceSelection::NotSelected => return None,
                ServiceSelection::Open => None,
                ServiceSelection::ClosedAfter(last) => Some(last),
            };
            Some(SelectedService { service: *service, last_day })
        };
        Self {
            first_day: employment.validity().first(),
            last_day: employment.validity().last(),
            services: ChargeableService::ALL.iter().filter_map(selected).collect(),
        }
    }
}

impl AccessLine {
    fn of(access: &UserAccess) -> Self {
        Self {
            first_day: access.validity().first(),
            last_day: access.validity().last(),
            profile: ProfileForm::of(access.profile()),
            roles: access.roles().iter().collect(),
        }
    }
}

impl ProfileForm {
    fn of(profile: &Profile) -> Self {
        let named = |name: &str| Self { name: name.to_owned(), rights: None };
        match profile {
            Profile::NoRights => named("NoRights"),
            Profile::Employee => named("Employee"),
            Profile::Custom(own) => {
                let form = |right: Right| RightForm {
                    action: right.action,
                    function: right.function,
                    reach: right.reach,
                };
                let rights = own.rights().iter().map(form).collect();
                Self { name: own.name().to_owned(), rights: Some(rights) }
            }
            // One of a later release, of which this one knows no more than that.
            _ => named("Unknown"),
        }
    }

    pub(super) fn read(&self, asked: &Asked) -> Result<Profile, Problem> {
        let Some(rights) = &self.rights else {
            return match self.name.as_str() {
                "NoRights" => Ok(Profile::NoRights),
                "Employee" => Ok(Profile::Employee),
                _ => Err(asked.wrong(HttpCode::NameNotUsable)),
            };
        };
        // A profile of the host's own under the name of another would be taken for it, and one beside which a blank stands.
        let looks_like = |name: &&str| self.name.eq_ignore_ascii_case(name);
        if self.name.trim() != self.name || ["NoRights", "Employee", "Unknown"].iter().any(looks_like) {
            return Err(asked.wrong(HttpCode::NameNotUsable));
        }
        let rights: Rights =
            rights.iter().map(|right| Right::new(right.action, right.function, right.reach)).collect();
        let own = CustomProfile::new(self.name.clone(), rights);
        own.map(Profile::Custom).map_err(|_| asked.wrong(HttpCode::NameNotUsable))
    }
}

pub(super) fn validity(
    first: CalendarDate,
    last: Option<CalendarDate>,
    asked: &Asked,
) -> Result<Validity, Problem> {
    let period = last.map_or(Ok(Validity::from(first)), |last| Validity::between(first, last));
    period.map_err(|_| asked.wrong(HttpCode::DateNotUsable))
}
