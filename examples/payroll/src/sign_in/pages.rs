//! What the pages around a sign-in share.

use askama::Template;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

const STYLE: &str = include_str!("../../static/sign-in.css");

/// A page, made from its template.
pub(crate) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The style of these pages, at the host names that have them.
pub(crate) fn style<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
    Router::new().route("/static/sign-in.css", get(move || async move { (headers, STYLE) }))
}
