//! A phone in the browser: the app's routes of pinlatch-axum under `/api`, with cookies in place of headers; the page that
//! calls them; fingerprint and face by WebAuthn; and the app's own pages, payslips and hours.

mod around;
mod fingers;
mod jar;
mod page;
mod words;
mod work;

pub(crate) use around::Attestation;
pub(crate) use fingers::Fingers;
pub(crate) use jar::{Jar, Keep, with_cookies, with_headers};
pub(crate) use page::rendered;

use axum::{Router, middleware};
use pinlatch_axum::{app_routes_except, with_problems};

use crate::payroll::Payroll;

/// What one phone's host name serves.
pub(crate) fn router(payroll: &Payroll) -> Router {
    // Signing in goes by way of `sign_in`, which keeps flow and evidence out of the page's reach.
    let routes = app_routes_except(payroll.app.clone(), &["sign_in", "cancel_sign_in"]);
    let own = work::router().merge(fingers::router()).with_state(payroll.clone());
    let api = with_problems(routes.merge(own), &payroll.app);
    let api = api.layer(middleware::from_fn_with_state(payroll.clone(), jar::from_cookies_to_headers));
    let beside = page::router(payroll)
        .merge(around::router(payroll))
        .merge(crate::sign_in::phone_router(payroll))
        .merge(crate::letters::phone_router(payroll))
        .layer(middleware::from_fn_with_state(payroll.clone(), jar::in_the_chosen_language));
    Router::new().nest("/api", api).merge(beside)
}
