//! [`pinlatch`] over HTTP: every use case of a phone and of "Users and roles" as routes of [`axum`].
//!
//! **What the host does, because this crate will not:** it verifies what banks and identity providers answer,
//! keeps the browser's sessions and defends them against forged requests, attests devices, sends invitations, and
//! limits requests per address. It says so by small traits, in [`parts`]; what it says nothing about is refused.
//!
//! Start from [`App`], which joins a [`Gate`](pinlatch::gate::Gate) with those parts, and from three routers:
//!
//! ```
//! use std::sync::Arc;
//! use axum::Router;
//! use pinlatch_axum::{App, admin_routes, app_routes, with_problems};
//! # use pinlatch_testkit::World;
//! # let gate = Arc::new(World::new().gate);
//!
//! // 1. The gate, and the host's parts; see `App::builder`.
//! let app = App::builder(gate).build();
//! // 2. The routes, nested where the host likes. With a directory that changes people `people_routes` goes beside
//! //    `admin_routes`: `admin_routes(app.clone()).merge(people_routes(app.clone()))`.
//! let router = Router::new().nest("/app", app_routes(app.clone())).nest("/admin", admin_routes(app.clone()));
//! // 3. Unknown routes, too, answer with problem+json.
//! let router: Router = with_problems(router, &app);
//! ```
//!
//! # Where to find what
//!
//! | module | what lives there |
//! |---|---|
//! | [`phone`] | the handlers of a phone: sign-in, PIN, lock, devices |
//! | [`admin`], [`people`] | the handlers of "Users and roles", in the browser |
//! | [`asked`] | extractors: [`OpenSession`], [`Permitted`], [`KnownDevice`], and what came with a request |
//! | [`problem`] | refusals as `application/problem+json`, and the page of all codes |
//! | [`parts`] | what the host supplies, by traits |
//! | [`openapi`] | the OpenAPI 3.1 document of all routes |
//! | [`running`] | tasks that outlive their request, shutdown, delivery of events, the pool for hashes, numbers |
//!
//! # What is promised over HTTP
//!
//! - 401 and 403 are JSON, never a redirect; no cookie is set: tokens are in bodies and headers.
//! - A command that began is finished, whether or not the client waits for it. One wrong PIN is one count.
//! - Revocation is immediate: the next request finds the session dead. Nothing is cached.
//! - "Log out" ends this device's session only; the others live.
//! - Neither a PIN nor a token is logged, and nothing derived from a PIN is kept for an `Idempotency-Key`.
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr
)]
#![warn(clippy::pedantic)]
#![allow(clippy::doc_markdown, reason = "OpenAPI and SQLite are names, not code")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod admin;
mod answer;
mod app;
pub mod asked;
mod endpoints;
pub mod openapi;
pub mod parts;
pub mod people;
pub mod phone;
pub mod problem;
pub mod running;
mod schema;

pub use answer::Sent;
pub use app::{App, AppBuilder, HasApp};
pub use asked::{KnownDevice, OpenSession, Permitted};
pub use endpoints::{
    admin_routes, admin_routes_except, app_routes, app_routes_except, people_routes, people_routes_except,
    with_problems,
};
pub use problem::Problem;
pub use running::Settling;

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
pub mod readme {}
