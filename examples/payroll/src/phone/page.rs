//! The phone's page.

use axum::Router;

use crate::payroll::Payroll;

pub(super) fn router(_: &Payroll) -> Router {
    Router::new()
}
