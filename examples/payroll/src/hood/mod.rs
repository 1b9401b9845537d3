//! What goes on under the hood: the state diagram with each device's state lit, the record decoded, and the audit trail as it
//! grows. At home only.

use axum::Router;

use crate::payroll::Payroll;

pub(crate) fn router(_: &Payroll) -> Router {
    Router::new()
}
