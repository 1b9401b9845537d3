//! People as the host knows them: employments with chargeable services, user accesses with
//! profile and roles, each per company and with a period of validity.
//!
//! | type | what it says |
//! |---|---|
//! | [`Person`] | who it is, which credentials are held, and the two lists below |
//! | [`Employment`] | an employee of one company, and the [`ChargeableService`]s selected |
//! | [`UserAccess`] | a user of one company, with a [`Profile`] and [`Role`]s |
//! | [`Rights`] | read or edit × a [`Function`] × own data or the company's |
//! | [`CalendarDate`], [`Validity`], [`LocalDates`] | days, periods, and what day it is in a company |
//!
//! Everything here is a snapshot that the host supplies with each request (E20). What follows
//! from it is decided in the module `access`.

mod calendar;
mod custom_function;
mod employment;
mod method;
mod person;
mod profile;
mod rights;
mod set;
mod user_access;

pub use calendar::{CalendarDate, CalendarError, LocalDates, Validity};
pub use custom_function::{CustomFunction, FunctionNameError};
pub use employment::{ChargeableService, Employment, ServiceSelection, Services};
pub use method::{AuthenticationMethod, CredentialsHeld};
pub use person::{Person, PersonFull};
pub use profile::{CustomProfile, Profile, ProfileError};
pub use rights::{Action, Function, Functions, Reach, Right, Rights};
pub use user_access::{Role, Roles, UserAccess};
