//! The OpenAPI 3.1 document, made from the types that are served.
//!
//! It is checked in as `openapi.json`; [`document`] makes it anew, and [`serve`] serves it. No enum in it is nullable,
//! since generators of clients break on those: what may be absent is left out.

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::problem::{PROBLEM_JSON, ProblemBody};
use crate::{admin, people, phone};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "pinlatch",
        description = "Sign-in, PIN, lock and devices of an app; Users and roles in the browser.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(ProblemBody))
)]
struct Frame;

/// The document of all routes: those of a phone under one prefix, the administrator's under another. An empty prefix is
/// none.
///
/// A host that serves [`admin_routes`](crate::admin_routes) without [`people_routes`](crate::people_routes) says so by
/// `with_people`.
#[must_use]
pub fn document(app: &str, admin: &str, with_people: bool) -> utoipa::openapi::OpenApi {
    let mut administration = admin::document();
    if with_people {
        // Merged before it is nested: two nests under one prefix would overwrite each other's equal paths.
        administration.merge(people::document());
    }
    let mut document = Frame::openapi().nest(app, phone::document()).nest(admin, administration);
    for item in document.paths.paths.values_mut() {
        operations(item).into_iter().for_each(finish);
    }
    if let Some(components) = &mut document.components {
        components.add_security_scheme("device", key(ApiKey::Header(ApiKeyValue::new("Pinlatch-Device"))));
        components.add_security_scheme("browser", key(ApiKey::Cookie(ApiKeyValue::new("the-hosts-own"))));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("session", SecurityScheme::Http(bearer));
    }
    document
}

/// A router with the document at `path`, as JSON.
pub fn serve(path: &str, document: &utoipa::openapi::OpenApi) -> Router {
    let json = serde_json::to_value(document).unwrap_or_default();
    Router::new().route(path, get(move || async move { axum::Json(json) }))
}

const fn key(key: ApiKey) -> SecurityScheme {
    SecurityScheme::ApiKey(key)
}

/// What the attributes of the handlers cannot say: whatever is not done is answered in one form, a response has a
/// description, and what the handlers' documentation says to readers of Rust is left out.
fn finish(operation: &mut Operation) {
    let body = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(body)).build();
    let problem = ResponseBuilder::new()
        .description("Not done: see `code`, and `next`.")
        .content(PROBLEM_JSON, content);
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            "Done.".clone_into(&mut response.description);
        }
    }
    operation.responses.responses.insert("default".to_owned(), RefOr::T(problem.build()));
    let text = operation.summary.take().unwrap_or_default().replace('\n', " ");
    let (summary, rest) = text.split_once(". ").unwrap_or((text.trim_end_matches('.'), ""));
    operation.summary = Some(summary.to_owned());
    operation.description = (!rest.is_empty()).then(|| rest.to_owned());
}

fn operations(item: &mut PathItem) -> Vec<&mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten().collect()
}
