//! The stage: phones side by side, each at a host name of its own and so with cookies of its own.

use axum::Router;

use crate::payroll::Payroll;

/// `http://localhost`, which leads to the stage.
pub(crate) fn door(_: &Payroll) -> Router {
    Router::new()
}

pub(crate) fn router(_: &Payroll) -> Router {
    Router::new()
}
