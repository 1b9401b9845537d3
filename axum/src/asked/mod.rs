//! What came with a request: extractors for handlers of this crate and of the host's own.
//!
//! | extractor | what it takes | refused |
//! |---|---|---|
//! | [`Asked`] | languages, and what the audit trail will say of the request | never |
//! | [`FromPhone`] | the same, and the verdict about the device | never: an absent verdict is `Unknown` |
//! | [`KnownDevice`] | the device token of `Pinlatch-Device`, not proven yet | `AuthenticationRequired` |
//! | [`MaybeDevice`] | the same, where a phone may have none yet | `AuthenticationRequired` of a text that is none |
//! | [`PresentedSession`] | the session token of `Authorization: Bearer`, not proven yet | `SessionRequired` |
//! | [`OpenSession`] | a session that the gate has checked | as [`Gate::check`](pinlatch::gate::Gate::check) |
//! | [`Permitted`] | the same, for a function | as [`Gate::check`](pinlatch::gate::Gate::check) |
//! | [`InBrowser`] | an administrator's browser session, which the host has verified | `BrowserSessionRequired` |
//! | [`Body`] | JSON | `BodyMalformed`, `BodyNotJson`, `BodyTooLarge`, `BodyTooSlow` |
//! | [`Named`] | the ids in the path | `RouteUnknown` |
//! | [`RepeatKey`] | `Idempotency-Key` | `KeyMalformed` |
//!
//! The channel is never asked for: a session token is the app's, an [`InBrowser`] the browser's.
//!
//! The host's own handlers take them with whatever state they have: it implements [`HasApp`](crate::HasApp).

mod body;
mod browser;
mod client;
mod key;
mod language;
mod permitted;
mod phone;
mod request;
mod session;
mod token;

pub use body::{Body, Named};
pub use browser::InBrowser;
pub use client::{Client, ClientAddress};
pub(crate) use key::KeysSeen;
pub use key::{IDEMPOTENCY_KEY, RepeatKey};
pub use language::Languages;
pub use permitted::{PathValues, Permitted, WantsFunction};
pub use phone::FromPhone;
pub use request::Asked;
pub use session::OpenSession;
pub use token::{DEVICE_HEADER, KnownDevice, MaybeDevice, PresentedSession};
