//! People as the rules tell of them: a calendar counted on fingers, employments, user accesses.

use pinlatch::people::Role;
use pinlatch::refusal::RefusalCode as Code;

/// A company, by its place in the list of companies.
pub(crate) type Company = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: i16,
    pub(crate) month: i8,
    pub(crate) day: i8,
}

impl Day {
    pub(crate) const fn of(year: i16, month: i8, day: i8) -> Self {
        Self { year, month, day }
    }

    pub(crate) fn end_of_month(self) -> Self {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let day = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Self { day, ..self }
    }

    fn next(self) -> Self {
        match self {
            Self { year, month: 12, day: 31 } => Self::of(year + 1, 1, 1),
            Self { year, month, .. } if self == self.end_of_month() => Self::of(year, month + 1, 1),
            Self { year, month, day } => Self::of(year, month, day + 1),
        }
    }

    pub(crate) fn plus(self, days: u16) -> Self {
        (0..days).fold(self, |day, _| day.next())
    }
}

/// From a first day through a last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Day,
    pub(crate) last: Option<Day>,
}

impl Period {
    pub(crate) const fn since(first: Day) -> Self {
        Self { first, last: None }
    }

    fn is_over(self, today: Day) -> bool {
        self.last.is_some_and(|last| today > last)
    }

    pub(crate) fn is_now(self, today: Day) -> bool {
        today >= self.first && !self.is_over(today)
    }

    /// Cut off after a day; nothing is left if it would end before it begins.
    fn cut(self, last_day: Day) -> Option<Self> {
        if self.last.is_some_and(|last| last <= last_day) {
            return Some(self);
        }
        (self.first <= last_day).then_some(Self { last: Some(last_day), ..self })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    NotSelected,
    Open,
    Through(Day),
}

impl Service {
    pub(crate) fn runs(self, today: Day) -> bool {
        match self {
            Self::NotSelected => false,
            Self::Open => true,
            Self::Through(last) => today <= last,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) company: Company,
    pub(crate) period: Period,
    pub(crate) travel: Service,
    pub(crate) salaries: Service,
}

/// The profiles of these tests. `Manager` is the host's own: reads everybody's salary information
/// and travel expense reports, edits own working hours. `Mixed` is any other of the host's, each right at its
/// place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    Nothing,
    Employee,
    Manager,
    Mixed(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) company: Company,
    pub(crate) period: Period,
    pub(crate) rights: Rights,
    pub(crate) roles: Vec<Role>,
}

/// What an administrator does on the page "Users and roles".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageChange {
    EstablishUser(Period),
    EndUserAccess(Day),
    SetProfile(Rights),
    GrantRole(Role),
    RevokeRole(Role),
    OpenService { travel: bool },
    CloseService { travel: bool },
    Hire { period: Period, travel: bool, salaries: bool },
    EndEmployment(Day),
}

#[derive(Clone, Debug)]
pub(crate) struct Human {
    pub(crate) bank: bool,
    pub(crate) mobile: bool,
    pub(crate) jobs: Vec<Job>,
    pub(crate) accesses: Vec<Access>,
    /// Whether the host's directory still knows this person.
    pub(crate) known: bool,
    /// Up to this day something that has ended made room for something newer (D31).
    pub(crate) incomplete_until: Option<Day>,
}

impl Human {
    /// R18, R19.
    pub(crate) fn may_use_browser(&self, today: Day) -> bool {
        self.known && self.accesses.iter().any(|access| access.period.is_now(today))
    }

    pub(crate) fn access(&self, company: Company, today: Day) -> Option<&Access> {
        self.accesses.iter().find(|access| access.company == company && access.period.is_now(today))
    }

    /// R36, E25: has something to do with the company, now or soon, so is on its page.
    pub(crate) fn belongs_to(&self, company: Company, today: Day) -> bool {
        let job = |job: &Job| job.company == company && !job.period.is_over(today);
        let access = |access: &Access| access.company == company && !access.period.is_over(today);
        self.known && (self.jobs.iter().any(job) || self.accesses.iter().any(access))
    }

    /// What an administrator of the company does about this person (R24, D15, R36, E19, E22).
    pub(crate) fn administered(
        &mut self,
        by_oneself: bool,
        company: Company,
        change: PageChange,
        today: Day,
    ) -> Result<(), Code> {
        use PageChange as C;
        let about_user = matches!(
            change,
            C::EstablishUser(_) | C::EndUserAccess(_) | C::SetProfile(_) | C::GrantRole(_) | C::RevokeRole(_)
        );
        let makes_belong = matches!(change, C::EstablishUser(_) | C::Hire { .. });
        if about_user && by_oneself {
            return Err(Code::NotAuthorised);
        }
        if !makes_belong && !self.belongs_to(company, today) {
            return Err(Code::NotAuthorised);
        }
        let before = (self.jobs.clone(), self.accesses.clone());
        let place = self.accesses.iter().position(|access| access.company == company);
        let user = place.filter(|place| !self.accesses[*place].period.is_over(today));
        match (change, user) {
            (C::EstablishUser(period), Some(user)) => {
                let known = &mut self.accesses[user].period;
                // E23: whoever goes on as a user has been one since.
                let adjoins = period.first <= known.last.unwrap_or(today).next();
                let goes_on = known.is_now(today) && adjoins;
                let first = if goes_on { known.first.min(period.first) } else { period.first };
                *known = Period { first, ..period };
            }
            (C::EstablishUser(period), None) => {
                let fresh = Access { company, period, rights: Rights::Nothing, roles: Vec::new() };
                let made_room = place.and_then(|place| self.accesses[place].period.last);
                self.incomplete_until = self.incomplete_until.max(made_room);
                self.accesses.retain(|access| access.company != company);
                self.accesses.push(fresh);
            }
            (_, None) if about_user => return Err(Code::NotAUser),
            (_, Some(user)) if about_user => self.change_access(user, change),
            _ => self.change_jobs(company, change, today),
        }
        if before == (self.jobs.clone(), self.accesses.clone()) {
            return Err(Code::NothingToChange);
        }
        Ok(())
    }

    fn change_access(&mut self, user: usize, change: PageChange) {
        let access = &mut self.accesses[user];
        match change {
            PageChange::SetProfile(rights) => access.rights = rights,
            PageChange::GrantRole(role) if !access.roles.contains(&role) => access.roles.push(role),
            PageChange::RevokeRole(role) => access.roles.retain(|held| *held != role),
            PageChange::EndUserAccess(day) => match access.period.cut(day) {
                Some(period) => access.period = period,
                None => drop(self.accesses.remove(user)),
            },
            _ => {}
        }
    }

    fn change_jobs(&mut self, company: Company, change: PageChange, today: Day) {
        if let PageChange::Hire { period, travel, salaries } = change {
            let service = |selected| if selected { Service::Open } else { Service::NotSelected };
            let job = Job { company, period, travel: service(travel), salaries: service(salaries) };
            if !self.jobs.contains(&job) {
                self.jobs.push(job);
            }
        }
        for job in self.jobs.iter_mut().filter(|job| job.company == company && !job.period.is_over(today)) {
            match change {
                PageChange::OpenService { travel: true } => job.travel = Service::Open,
                PageChange::OpenService { travel: false } => job.salaries = Service::Open,
                PageChange::CloseService { travel } => {
                    let service = if travel { &mut job.travel } else { &mut job.salaries };
                    if *service == Service::Open {
                        *service = Service::Through(today.end_of_month());
                    }
                }
                _ => {}
            }
        }
        if let PageChange::EndEmployment(day) = change {
            let meant = |job: &Job| job.company == company && !job.period.is_over(today);
            self.jobs.retain(|job| !meant(job) || job.period.cut(day).is_some());
            for job in self.jobs.iter_mut().filter(|job| meant(job)) {
                job.period = job.period.cut(day).unwrap_or(job.period);
            }
        }
    }
}
