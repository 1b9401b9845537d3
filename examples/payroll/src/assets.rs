//! Scripts, styles and pictures: part of the program, served at `/static/NAME` of every host name.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

struct Asset {
    name: &'static str,
    text: &'static str,
    tag: HeaderValue,
}

macro_rules! assets {
    ($($name:literal,)*) => {
        static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| vec![
            $(Asset::new($name, include_str!(concat!("../static/", $name))),)*
        ]);
    };
}

assets! {
    "door.js",
    "finger.js",
    "fingers.js",
    "hood.css",
    "hood.js",
    "icon.svg",
    "office.css",
    "office.js",
    "phone.js",
    "screen.js",
    "server.js",
    "settings.js",
    "sign-in.css",
    "stage.js",
    "style.css",
    "work.js",
}

impl Asset {
    fn new(name: &'static str, text: &'static str) -> Self {
        // The digest of the text: base64url between quotes is always a header's value.
        let tag = format!("\"{}\"", BASE64URL_NOPAD.encode(&Sha256::digest(text)));
        let tag = HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""));
        Self { name, text, tag }
    }

    fn media_type(&self) -> &'static str {
        match self.name.rsplit_once('.') {
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "svg")) => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        }
    }

    /// Whether the browser has it as it is (RFC 9110 §13.1.2: compared weakly).
    fn is_known_to(&self, headers: &HeaderMap) -> bool {
        let lines = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|line| line.to_str().ok());
        let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == self.tag.as_bytes())
    }
}

/// What every host name serves.
pub(crate) fn router() -> Router {
    Router::new().route("/static/{name}", get(asset))
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Asked about each time, and sent again only after a change of the program.
    let caching =
        [(header::ETAG, asset.tag.clone()), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    if asset.is_known_to(&headers) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, asset.media_type())], asset.text).into_response()
}
