//! The browser version: "Users and roles". Users only: being an employee is not enough.

mod sessions;
mod sign_in;

use axum::Router;

use crate::payroll::Payroll;

pub(crate) use sessions::{BrowserSessions, signed_in};

pub(crate) fn router(payroll: &Payroll) -> Router {
    sign_in::router(payroll)
}
