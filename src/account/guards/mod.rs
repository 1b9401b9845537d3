//! May this go on? Each guard answers, and what it finds passed or modified it ends.
//!
//! The order for every command that raises privilege is in [`contact`]: device integrity → generation
//! and standing of the account → eligibility of the person → room in the audit trail; the state and the
//! credential come after them.

mod administrator;
mod audit_trail;
mod contact;
mod eligibility;
mod integrity;
mod invitation;
mod session;
mod settlement;
mod sign_in;
mod windows;
