//! A small OpenID provider **for tests**, which believes whoever comes. It refuses to run outside loopback.

use axum::Router;

use crate::payroll::Payroll;

pub(crate) fn router(_: &Payroll) -> Router {
    Router::new()
}
