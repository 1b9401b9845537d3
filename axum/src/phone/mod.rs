//! The handlers of a phone: one for each thing that a person does with the app.
//!
//! [`app_routes`](crate::app_routes) mounts them all. Each also stands alone: mount those that are wanted, where they
//! are wanted, with the [`App`] as their state.
//!
//! ```
//! use axum::{Router, routing::post};
//! use pinlatch::host::Host;
//! use pinlatch_axum::{App, phone};
//!
//! fn only_these<H: Host + 'static>(app: App<H>) -> Router {
//!     Router::new()
//!         .route("/lock", post(phone::lock::<H>))
//!         .route("/log-out", post(phone::log_out::<H>))
//!         .with_state(app)
//! }
//! ```
//!
//! The device token is sent as `Pinlatch-Device`, the session token as `Authorization: Bearer`. `Idempotency-Key` is
//! heeded by [`sign_in`], [`unlock`] and [`change_pin`]; everything else may be repeated as it is, but for [`create_pin`],
//! after which [`device_view`] tells.
#![allow(
    clippy::wildcard_imports,
    reason = "utoipa's attribute makes a type beside each handler, of a name of its own"
)]

mod biometrics;
mod devices;
mod pin;
mod sign_in;
mod standing;
mod using;

pub use biometrics::{disable_biometric, enable_biometric, unlock_with_biometric};
pub use devices::{
    DeviceLine, NewLabel, devices, log_out_device, log_out_everywhere, log_out_others, rename_device,
};
pub use pin::{NewPin, Opened, PinChange, PinEntry, change_pin, create_pin, unlock};
pub use sign_in::{Begin, Begun, Cancel, SignIn, SignedIn, begin_sign_in, cancel_sign_in, sign_in};
pub use standing::{
    LastOpening, SessionEnd, Standing, acknowledge, device_view, lock, log_out, report_integrity,
};
pub use using::{Allowed, Menu, Wish, check, functions, session};

#[cfg(doc)]
use crate::App;
use crate::endpoints::endpoints;
use biometrics::*;
use devices::*;
use pin::*;
use sign_in::*;
use standing::*;
use using::*;

endpoints![
    begin_sign_in,
    sign_in,
    cancel_sign_in,
    create_pin,
    change_pin,
    unlock,
    unlock_with_biometric,
    enable_biometric,
    disable_biometric,
    device_view,
    report_integrity,
    lock,
    acknowledge,
    log_out,
    log_out_everywhere,
    session,
    check,
    functions,
    devices,
    rename_device,
    log_out_device,
    log_out_others,
];
