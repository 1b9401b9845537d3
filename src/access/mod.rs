//! Who may sign in where, who may do what, and who administers whom: pure decisions on today's
//! facts.
//!
//! | question | function | answer |
//! |---|---|---|
//! | may this person be in this channel? | [`eligibility`] | [`Eligibility`] or [`Ineligible`] |
//! | may this person do this with these data? | [`decide`] | [`Decision`] |
//! | what belongs in this person's menu? | [`functions_offered`] | [`Functions`] |
//! | does this person administer this company's users? | [`administrator`] | [`Administrator`] or a refusal |
//! | what does an administrator change? | [`users_and_roles`] | [`Changed`](users_and_roles::Changed) or a refusal |
//!
//! Every answer names the [`Rule`] or the cause that decided. Facts and dates come in with each
//! call and are kept nowhere (E20), so a change applies at the next request (E21). What a host may
//! decide otherwise is in [`AccessPolicy`].

mod administrator;
mod channel;
mod eligibility;
mod permission;
mod policy;
mod rule;
pub mod users_and_roles;

pub use crate::people::{Action, Function, Functions, Reach, Right, Rights};
pub use administrator::{Actor, Administrator, administrator};
pub use channel::Channel;
pub use eligibility::{Basis, Eligibility, Ineligible, eligibility};
pub use permission::{Decision, Request, decide, functions_offered};
pub use policy::{AccessPolicy, InvitingRolesError, UsersWithoutEmployment};
pub use rule::Rule;
