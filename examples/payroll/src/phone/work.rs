//! The app's own pages: payslips to look at, hours to look at and enter.

use axum::Router;

use crate::payroll::Payroll;

pub(super) fn router() -> Router<Payroll> {
    Router::new()
}
