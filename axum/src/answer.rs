//! What is answered when it is done.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// 200 with a body of JSON that no cache keeps: there is a token in it, or what will soon be otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Sent<T>(pub T);

impl<T: Serialize> IntoResponse for Sent<T> {
    fn into_response(self) -> Response {
        let mut response = axum::Json(self.0).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// `Debug` of what has secrets in it: the name alone.
macro_rules! shows_nothing {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )+};
}

pub(crate) use shows_nothing;
