//! The handlers of a user administrator, in the browser: accounts, invitations, lost phones.
//!
//! Who acts is said by [`ReadsBrowserSession`](crate::parts::ReadsBrowserSession), and by nothing that is sent besides;
//! a phone's tokens are none. Defend these routes against forged requests as your framework does.
//!
//! [`admin_routes`](crate::admin_routes) mounts them all; each also stands alone, as those of [`phone`](crate::phone) do.
#![allow(
    clippy::wildcard_imports,
    reason = "utoipa's attribute makes a type beside each handler, of a name of its own"
)]

mod accounts;
mod browser;

pub use accounts::{
    Invited, OpenInvitation, Overview, invite, log_out_device_of, overview, revoke_all, withdraw_invitation,
};
pub use browser::{AllowedInBrowser, SignedInBrowser, browser_access, browser_check};

use crate::endpoints::endpoints;
use accounts::*;
use browser::*;

endpoints![
    browser_access,
    browser_check,
    overview,
    invite,
    withdraw_invitation,
    revoke_all,
    log_out_device_of,
];
