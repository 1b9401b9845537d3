//! The routers. A route's path and method are said once, at its handler; document and router are both made from that.

use axum::Router;
use axum::http::HeaderMap;
use axum::middleware::from_fn;
use axum::routing::MethodFilter;
use pinlatch::host::{ChangesPeople, Host, PeopleJournal};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};

use crate::app::App;
use crate::asked::Languages;
use crate::problem::{HttpCode, Problem};
use crate::running::answer_panics;
use crate::{admin, people, phone};

/// Declares, in a module, the document and the router of its handlers; with `@changes_people` for directories that do.
macro_rules! endpoints {
    (@changes_people $($handler:ident),+ $(,)?) => {
        crate::endpoints::document!($($handler),+);

        pub(crate) fn router<H: pinlatch::host::Host + 'static>(except: &[&str]) -> axum::Router<crate::App<H>>
        where
            H::Directory: pinlatch::host::ChangesPeople,
            H::Journal: pinlatch::host::PeopleJournal,
        {
            crate::endpoints::routes!(except, $($handler),+)
        }
    };
    ($($handler:ident),+ $(,)?) => {
        crate::endpoints::document!($($handler),+);

        pub(crate) fn router<H: pinlatch::host::Host + 'static>(except: &[&str]) -> axum::Router<crate::App<H>> {
            crate::endpoints::routes!(except, $($handler),+)
        }
    };
}

macro_rules! document {
    ($($handler:ident),+) => {
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($handler),+))]
        struct Document;

        pub(crate) fn document() -> utoipa::openapi::OpenApi {
            <Document as utoipa::OpenApi>::openapi()
        }

        /// The handlers that are declared here, by their names; a test compares them with the document.
        #[cfg(test)]
        pub(crate) const HANDLERS: &[&str] = &[$(stringify!($handler)),+];
    };
}

macro_rules! routes {
    ($except:ident, $($handler:ident),+) => {{
        let document = document();
        let router = axum::Router::new();
        $(let router = match crate::endpoints::place(&document, stringify!($handler)) {
            Some((path, method)) if !$except.contains(&stringify!($handler)) => router.route(&path, axum::routing::on(method, $handler::<H>)),
            _ => router,
        };)+
        router
    }};
}

pub(crate) use {document, endpoints, routes};

/// Every use case of a phone. Nest it where you like; see [`phone`].
///
/// ```
/// # use std::sync::Arc;
/// # let gate = Arc::new(pinlatch_testkit::World::new().gate);
/// // A gate alone will do for what needs no part of the host's.
/// let router: axum::Router = axum::Router::new().nest("/app", pinlatch_axum::app_routes(gate));
/// ```
pub fn app_routes<H: Host + 'static>(app: impl Into<App<H>>) -> Router {
    app_routes_except(app, &[])
}

/// The same without the handlers of these names, such as `log_out`: for a host that has its own in their places. The names
/// are those of the functions in [`phone`]; another name leaves nothing out.
///
/// ```
/// use axum::{Router, routing::post};
/// # let gate = std::sync::Arc::new(pinlatch_testkit::World::new().gate);
///
/// let own = post(|| async { "our own log-out" });
/// let phone = pinlatch_axum::app_routes_except(gate, &["log_out"]).route("/log-out", own);
/// let router: Router = Router::new().nest("/app", phone);
/// ```
pub fn app_routes_except<H: Host + 'static>(app: impl Into<App<H>>, except: &[&str]) -> Router {
    finished(phone::router(except), &app.into())
}

/// What a user administrator does with accounts, in the browser; see [`admin`]. Nest it where you like, but two
/// routers under one prefix: merge them first.
pub fn admin_routes<H: Host + 'static>(app: impl Into<App<H>>) -> Router {
    admin_routes_except(app, &[])
}

/// The same without the handlers of these names; see [`app_routes_except`].
pub fn admin_routes_except<H: Host + 'static>(app: impl Into<App<H>>, except: &[&str]) -> Router {
    finished(admin::router(except), &app.into())
}

/// The rest of "Users and roles": employments, services, user accesses, profiles, roles; see [`people`]. For hosts whose
/// directory changes people.
pub fn people_routes<H: Host + 'static>(app: impl Into<App<H>>) -> Router
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    people_routes_except(app, &[])
}

/// The same without the handlers of these names; see [`app_routes_except`].
pub fn people_routes_except<H: Host + 'static>(app: impl Into<App<H>>, except: &[&str]) -> Router
where
    H::Directory: ChangesPeople,
    H::Journal: PeopleJournal,
{
    finished(people::router(except), &app.into())
}

/// Lets unknown routes of a router, unknown methods of its routes and handlers that panic answer with problem+json too.
/// For the outermost one: nested routers inherit it.
pub fn with_problems<H: Host + 'static>(router: Router, app: &App<H>) -> Router {
    let (for_routes, for_methods) = (app.clone(), app.clone());
    router
        .method_not_allowed_fallback(move |headers: HeaderMap| async move {
            wrong(&for_methods, &headers, HttpCode::MethodUnknown)
        })
        .fallback(
            move |headers: HeaderMap| async move { wrong(&for_routes, &headers, HttpCode::RouteUnknown) },
        )
        .layer(from_fn(answer_panics))
}

fn finished<H: Host + 'static>(router: Router<App<H>>, app: &App<H>) -> Router {
    let for_methods = app.clone();
    router
        .method_not_allowed_fallback(move |headers: HeaderMap| async move {
            wrong(&for_methods, &headers, HttpCode::MethodUnknown)
        })
        .layer(from_fn(answer_panics))
        .with_state(app.clone())
}

fn wrong<H: Host + 'static>(app: &App<H>, headers: &HeaderMap, code: HttpCode) -> Problem {
    crate::asked::Asked::in_languages(Languages::of(headers), app).wrong(code)
}

/// Where the document has an operation of that name.
pub(crate) fn place(document: &OpenApi, handler: &str) -> Option<(String, MethodFilter)> {
    document.paths.paths.iter().find_map(|(path, item)| {
        let named = |operation: &Option<Operation>| {
            operation.as_ref().is_some_and(|operation| operation.operation_id.as_deref() == Some(handler))
        };
        let PathItem { get, put, post, delete, patch, .. } = item;
        let methods = [
            (get, MethodFilter::GET),
            (put, MethodFilter::PUT),
            (post, MethodFilter::POST),
            (delete, MethodFilter::DELETE),
            (patch, MethodFilter::PATCH),
        ];
        let found = methods.into_iter().find(|(operation, _)| named(operation));
        found.map(|(_, method)| (path.clone(), method))
    })
}

#[cfg(test)]
mod tests {
    use super::{admin, people, phone, place};

    /// One that had no place in the document would be left out of the router without a word.
    #[test]
    fn every_handler_has_its_place() {
        let modules = [
            (phone::document(), phone::HANDLERS),
            (admin::document(), admin::HANDLERS),
            (people::document(), people::HANDLERS),
        ];
        for (document, handlers) in modules {
            for handler in handlers {
                assert!(place(&document, handler).is_some(), "{handler}");
            }
        }
    }
}
