//! Who may do what with whose data, as the rules tell of it (D10, D12, D29, D31, D32, R22, R23, R25, R36).

use pinlatch::people::{Action, Function, Role};
use pinlatch::refusal::RefusalCode as Code;

use crate::people::{Access, Company, Day, Human, Job, Rights};

/// The functions that the host of these tests adds: one tied to Travel, and one tied to no service.
pub(crate) const HOLIDAYS: &str = "Holidays";
pub(crate) const MESSAGES: &str = "Messages";

/// What a host may decide otherwise about access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Law {
    pub(crate) users_without_employment: bool,
    pub(crate) office_invites: bool,
    /// For so many days after the last day leavers read own salary information and travel expense reports.
    pub(crate) leaver_days: u16,
}

/// What is asked for, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) browser: bool,
    pub(crate) company: Company,
    pub(crate) action: Action,
    pub(crate) function: Function,
}

/// Which service a function belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Travel,
    Salaries,
    None,
}

fn service(function: Function) -> Service {
    match function {
        Function::SalaryInformation | Function::WorkingHours => Service::Salaries,
        Function::TravelExpenseReports => Service::Travel,
        Function::Custom(custom) if custom.name() == HOLIDAYS => Service::Travel,
        Function::Custom(custom) if custom.name() == MESSAGES => Service::None,
        other => panic!("{other:?} has no service"),
    }
}

/// D10: what an employee may do who is no user. Salary information and messages are not the employee's to write.
fn implicit(action: Action, function: Function) -> bool {
    let is_entered_by_others = match function {
        Function::SalaryInformation => true,
        Function::Custom(custom) => custom.name() == MESSAGES,
        _ => false,
    };
    action == Action::Read || !is_entered_by_others
}

/// D29, as the host of these tests has it.
fn leaver_may(action: Action, function: Function) -> bool {
    action == Action::Read && matches!(function, Function::SalaryInformation | Function::TravelExpenseReports)
}

impl Law {
    /// D29: today is one of the days after the last day.
    fn is_leaver(self, job: &Job, today: Day) -> bool {
        job.period.last.is_some_and(|last| today > last && today <= last.plus(self.leaver_days))
    }
}

impl Job {
    /// The service runs on that day, or ran on the last day.
    fn served(&self, service: Service, day: Day) -> bool {
        let day = self.period.last.map_or(day, |last| last.min(day));
        match service {
            Service::Travel => self.travel.runs(day),
            Service::Salaries => self.salaries.runs(day),
            Service::None => true,
        }
    }

    fn has_begun(&self, today: Day) -> bool {
        today >= self.period.first
    }
}

impl Rights {
    /// Whether a profile of the host's has this.
    fn has(self, action: Action, function: Function, whole_company: bool) -> bool {
        let read = action == Action::Read;
        match self {
            Self::Nothing | Self::Employee => false,
            Self::Manager => match function {
                Function::SalaryInformation | Function::TravelExpenseReports => read && whole_company,
                Function::WorkingHours => !read && !whole_company,
                _ => false,
            },
            Self::Mixed(bits) => bits & Self::bit(action, function, whole_company) != 0,
        }
    }

    /// The place of a right in `Mixed`.
    pub(crate) fn bit(action: Action, function: Function, whole_company: bool) -> u32 {
        let function = match function {
            Function::SalaryInformation => 0,
            Function::WorkingHours => 1,
            Function::TravelExpenseReports => 2,
            Function::Custom(custom) if custom.name() == HOLIDAYS => 3,
            Function::Custom(custom) if custom.name() == MESSAGES => 4,
            _ => return 0,
        };
        1 << (function * 4 + u32::from(action == Action::Edit) * 2 + u32::from(whole_company))
    }

    fn has_any(self, function: Function, whole_company: bool) -> bool {
        Action::ALL.iter().any(|action| self.has(*action, function, whole_company))
    }
}

impl Human {
    /// R17, R20, R21, D11, D12, D29, E19, E23, E24: whether the app lets this person in today.
    pub(crate) fn may_use_app(&self, today: Day, law: Law) -> Result<(), Code> {
        if !self.known {
            return Err(Code::NotEligible);
        }
        let employed =
            |company| self.jobs.iter().any(|job| job.company == company && job.period.is_now(today));
        for job in &self.jobs {
            let counts = job.period.is_now(today) || law.is_leaver(job, today);
            if counts && (job.served(Service::Travel, today) || job.served(Service::Salaries, today)) {
                return Ok(());
            }
        }
        for access in &self.accesses {
            if law.users_without_employment && access.period.is_now(today) && !employed(access.company) {
                return Ok(());
            }
        }
        if self.jobs.iter().any(|job| job.period.is_now(today) || law.is_leaver(job, today)) {
            return Err(Code::NoChargeableService);
        }
        Err(Code::NotEligible)
    }

    /// E23: with an employment, a leaver's days or a user access in effect anywhere.
    pub(crate) fn stands(&self, today: Day, law: Law) -> bool {
        self.known && [0, 1].iter().any(|company| self.is_in_effect(*company, today, law))
    }

    /// E23: whether there was a day since, before today, on which this person stood nowhere. A beginning later
    /// than today counts as the first day of the eldest period; days of which the facts are incomplete are not
    /// asked about (D31).
    pub(crate) fn had_gap(&self, begun_on: Day, today: Day, law: Law) -> bool {
        let jobs = self.jobs.iter().map(|job| job.period.first);
        let eldest = jobs.chain(self.accesses.iter().map(|access| access.period.first)).min();
        let begun_on = if begun_on > today { eldest.unwrap_or(begun_on) } else { begun_on };
        let asked_after = self.incomplete_until.map_or(begun_on, |until| until.max(begun_on));
        let mut day = asked_after.plus(1);
        while day < today {
            if !self.stands(day, law) {
                return true;
            }
            day = day.plus(1);
        }
        false
    }

    fn is_in_effect(&self, company: Company, today: Day, law: Law) -> bool {
        let job =
            |job: &Job| job.company == company && (job.period.is_now(today) || law.is_leaver(job, today));
        self.jobs.iter().any(job) || self.access(company, today).is_some()
    }

    /// D31: an administrator of the company reaches this person to raise.
    pub(crate) fn is_reached_to_raise(&self, company: Company, today: Day, law: Law) -> bool {
        self.known && self.is_in_effect(company, today, law)
    }

    /// D31: … to lower.
    pub(crate) fn is_reached_to_lower(&self, company: Company, today: Day, law: Law) -> bool {
        let last_days = |of: Company| {
            let jobs = self.jobs.iter().filter(move |job| job.company == of).map(|job| job.period);
            let accesses = self.accesses.iter().filter(move |access| access.company == of);
            let periods = jobs.chain(accesses.map(|access| access.period));
            periods.filter_map(|period| period.last).filter(|last| *last < today).max()
        };
        let newest = [0, 1].into_iter().filter_map(last_days).max();
        let ended_last = last_days(company).is_some() && last_days(company) == newest;
        self.is_reached_to_raise(company, today, law)
            || (self.known && !self.stands(today, law) && ended_last)
    }

    /// R36, D14.
    pub(crate) fn administers(&self, company: Company, today: Day, law: Law) -> bool {
        let access = self.access(company, today).filter(|_| self.known);
        let holds = |role| access.is_some_and(|access: &Access| access.roles.contains(&role));
        holds(Role::UserAdministrator) || (law.office_invites && holds(Role::AccountingOfficeAdministrator))
    }

    /// R22, E26: an employment there, in effect or ended, with the service of the function today or on its
    /// last day.
    pub(crate) fn served(&self, company: Company, function: Function, today: Day) -> bool {
        let here = self.jobs.iter().filter(|job| job.company == company && job.has_begun(today));
        function != Function::UsersAndRoles
            && here.into_iter().any(|job| job.served(service(function), today))
    }

    /// By what this person has own data of a function: an employment (`true`), or a leaver's days (`false`).
    fn own(&self, company: Company, function: Service, today: Day, law: Law) -> Option<bool> {
        let here = || self.jobs.iter().filter(|job| job.company == company && job.served(function, today));
        if here().any(|job| job.period.is_now(today)) {
            return Some(true);
        }
        here().any(|job| law.is_leaver(job, today)).then_some(false)
    }

    fn may_with_own(&self, ask: Ask, today: Day, law: Law) -> Result<(), Code> {
        let Ask { company, action, function, .. } = ask;
        let Some(employed) = self.own(company, service(function), today, law) else {
            let has_no_service = service(function) != Service::None;
            return Err(if has_no_service { Code::FunctionNotInServices } else { Code::NoRight });
        };
        let by_nature = if employed { implicit(action, function) } else { leaver_may(action, function) };
        let may = match self.access(company, today).map(|access| access.rights) {
            None | Some(Rights::Employee) => by_nature,
            Some(Rights::Nothing) => false,
            Some(rights) => {
                (employed || leaver_may(action, function))
                    && (rights.has(action, function, false) || rights.has(action, function, true))
            }
        };
        if may { Ok(()) } else { Err(Code::NoRight) }
    }

    fn may_with_others(&self, ask: Ask, owner: Option<&Self>, today: Day, law: Law) -> Result<(), Code> {
        let Ask { company, action, function, .. } = ask;
        let rights = self.access(company, today).map(|access| access.rights);
        let with_all = rights.is_some_and(|rights| rights.has(action, function, true));
        let owner = owner.filter(|owner| owner.known && with_all);
        let jobs = owner.map_or(&[][..], |owner| &owner.jobs[..]);
        let mut there = jobs.iter().filter(|job| job.company == company && job.has_begun(today)).peekable();
        if there.peek().is_some() {
            let served = there.any(|job| job.served(service(function), today));
            return if served { Ok(()) } else { Err(Code::FunctionNotInServices) };
        }
        let own_only = match rights {
            Some(Rights::Nothing) => false,
            Some(Rights::Employee) => true,
            Some(rights) => rights.has_any(function, false) && !rights.has_any(function, true),
            None => match self.own(company, Service::None, today, law) {
                Some(true) => true,
                Some(false) => leaver_may(Action::Read, function),
                None => false,
            },
        };
        Err(if own_only { Code::NotOwnData } else { Code::NoRight })
    }

    /// `owner` is the other person whose data it is about, or nobody that is known; oneself if `own`.
    pub(crate) fn may(
        &self,
        ask: Ask,
        own: bool,
        owner: Option<&Self>,
        today: Day,
        law: Law,
    ) -> Result<(), Code> {
        if ask.browser {
            if !self.may_use_browser(today) || self.access(ask.company, today).is_none() {
                return Err(Code::NotAUser);
            }
        } else {
            self.may_use_app(today, law)?;
        }
        if ask.function == Function::UsersAndRoles {
            let is_own_change = own && ask.action == Action::Edit;
            let may = ask.browser && self.administers(ask.company, today, law) && !is_own_change;
            return if may { Ok(()) } else { Err(Code::NotAuthorised) };
        }
        if own { self.may_with_own(ask, today, law) } else { self.may_with_others(ask, owner, today, law) }
    }

    /// What the menu shows: own functions by own services, company-wide ones as the profile grants.
    pub(crate) fn offered(&self, ask: Ask, today: Day, law: Law) -> bool {
        let Ask { company, function, .. } = ask;
        if function == Function::UsersAndRoles {
            return self.may(Ask { action: Action::Read, ..ask }, true, None, today, law).is_ok();
        }
        let rights = self.access(company, today).map(|access| access.rights);
        let is_let_in = if ask.browser { rights.is_some() } else { self.may_use_app(today, law).is_ok() };
        let company_wide = rights.is_some_and(|rights| rights.has_any(function, true));
        let own = Action::ALL
            .iter()
            .any(|action| self.may(Ask { action: *action, ..ask }, true, None, today, law).is_ok());
        self.known && is_let_in && (company_wide || own)
    }
}
