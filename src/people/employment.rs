//! Employments and the chargeable services selected for them.

use crate::id::CompanyId;

use super::calendar::{CalendarDate, Validity};
use super::rights::{Function, Functions};
use super::set::set_of;

/// A service that is selected, and charged for, per employment.
///
/// With the feature `serde` it is its name, as in `"Travel"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ChargeableService {
    /// Travel and expense reports.
    Travel,
    /// Payroll and working hours.
    Salaries,
}

impl ChargeableService {
    /// Both services.
    pub const ALL: &'static [Self] = &[Self::Travel, Self::Salaries];

    /// The functions of this service (R22).
    #[must_use]
    pub fn functions(self) -> Functions {
        match self {
            Self::Travel => Functions::of(&[Function::TravelExpenseReports]),
            Self::Salaries => Functions::of(&[Function::SalaryInformation, Function::WorkingHours]),
        }
    }

    const fn bit(self) -> u32 {
        match self {
            Self::Travel => 0b01,
            Self::Salaries => 0b10,
        }
    }
}

set_of! {
    /// A set of chargeable services.
    Services of ChargeableService, every ChargeableService::ALL.iter().copied()
}

impl Services {
    /// The product's functions of all these services (R22).
    #[must_use]
    pub fn functions(self) -> Functions {
        self.iter().fold(Functions::EMPTY, |all, service| all.union(&service.functions()))
    }
}

/// Whether a service is selected for an employment.
///
/// With the feature `serde` it is its name, or `{"ClosedAfter":"2026-02-28"}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ServiceSelection {
    /// Not selected.
    #[default]
    NotSelected,
    /// Selected until further notice.
    Open,
    /// Closed: in effect through this day, then no more (E19).
    ClosedAfter(CalendarDate),
}

impl ServiceSelection {
    fn is_in_effect(self, day: CalendarDate) -> bool {
        match self {
            Self::NotSelected => false,
            Self::Open => true,
            Self::ClosedAfter(last) => day <= last,
        }
    }
}

/// A place in one company's employee listing.
///
/// With the feature `serde` every field is written by its name; one that is not known, or left out, is an
/// error (E40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Employment {
    company: CompanyId,
    validity: Validity,
    travel: ServiceSelection,
    salaries: ServiceSelection,
}

impl Employment {
    /// An employment in that company, with no service selected.
    #[must_use]
    pub const fn new(company: CompanyId, validity: Validity) -> Self {
        let none = ServiceSelection::NotSelected;
        Self { company, validity, travel: none, salaries: none }
    }

    /// With this service selected until further notice; this clears a closing.
    #[must_use]
    pub const fn with_service(self, service: ChargeableService) -> Self {
        self.with_selection(service, ServiceSelection::Open)
    }

    /// With this selection of that service, for example one read from storage.
    #[must_use]
    pub const fn with_selection(mut self, service: ChargeableService, selection: ServiceSelection) -> Self {
        match service {
            ChargeableService::Travel => self.travel = selection,
            ChargeableService::Salaries => self.salaries = selection,
        }
        self
    }

    /// The employing company.
    #[must_use]
    pub const fn company(&self) -> CompanyId {
        self.company
    }

    /// From when to when.
    #[must_use]
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    /// Whether that service is selected.
    #[must_use]
    pub const fn selection(&self, service: ChargeableService) -> ServiceSelection {
        match service {
            ChargeableService::Travel => self.travel,
            ChargeableService::Salaries => self.salaries,
        }
    }

    /// Whether the employment is current on `day`: it has begun (E24), and `day` is not past its
    /// last day (E23).
    #[must_use]
    pub fn is_current(&self, day: CalendarDate) -> bool {
        self.validity.contains(day)
    }

    /// The services in effect on `day`: none unless the employment is current.
    #[must_use]
    pub fn services_on(&self, day: CalendarDate) -> Services {
        if !self.is_current(day) {
            return Services::EMPTY;
        }
        let [travel, salaries] = [self.travel, self.salaries].map(|service| service.is_in_effect(day));
        let services = if travel { Services::EMPTY.with(ChargeableService::Travel) } else { Services::EMPTY };
        if salaries { services.with(ChargeableService::Salaries) } else { services }
    }

    /// The services as on `day`, or on the last day if the employment had ended by then; `None` before its
    /// first day. What is kept of somebody who left stays that of the service it was made in (R22).
    #[must_use]
    pub fn services_until(&self, day: CalendarDate) -> Option<Services> {
        if self.validity.has_not_begun(day) {
            return None;
        }
        Some(self.services_on(self.validity.last().map_or(day, |last| last.min(day))))
    }

    /// Whether a service was selected once and is no longer in effect on `day` (E19).
    #[must_use]
    pub fn has_closed_service(&self, day: CalendarDate) -> bool {
        ChargeableService::ALL.iter().any(|service| match self.selection(*service) {
            ServiceSelection::ClosedAfter(last) => last < day,
            ServiceSelection::NotSelected | ServiceSelection::Open => false,
        })
    }

    /// With this service closed with effect from the end of the month of `today` (E19). A service
    /// that is not open stays as it is.
    #[must_use]
    pub fn with_service_closed(self, service: ChargeableService, today: CalendarDate) -> Self {
        match self.selection(service) {
            ServiceSelection::Open => {
                self.with_selection(service, ServiceSelection::ClosedAfter(today.last_of_month()))
            }
            ServiceSelection::NotSelected | ServiceSelection::ClosedAfter(_) => self,
        }
    }

    pub(crate) const fn with_validity(mut self, validity: Validity) -> Self {
        self.validity = validity;
        self
    }
}
