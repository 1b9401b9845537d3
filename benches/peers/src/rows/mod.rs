//! The rows of the table, one file a kind of work.

pub mod attempts;
pub mod permission;
pub mod pin;
pub mod record;
pub mod revoke_all;
pub mod session;
pub mod store;
pub mod transition;
