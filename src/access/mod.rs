//! Who may sign in where, who may do what, and who administers whom: pure decisions on today's
//! facts.
//!
//! | question | function | answer |
//! |---|---|---|
//! | may this person be in this channel? | [`eligibility`] | [`Eligibility`] or [`Ineligible`] |
//! | may this person do this with these data? | [`decide`] | [`Decision`] |
//! | what belongs in this person's menu? | [`functions_offered`] | [`Functions`] |
//! | does this person still stand anywhere? | [`presence`](presence()) | [`Presence`] |
//! | does this person administer this company's users? | [`administrator`] | [`Administrator`] or a refusal |
//! | what does an administrator change? | [`users_and_roles`] | [`Changed`](users_and_roles::Changed) or a refusal |
//! | what of that came after a backup? | [`PersonRecord::caught_up`] | the record, or a [`TrailError`] |
//!
//! Every answer names the [`Rule`] or the cause that decided. Facts and dates come in with each
//! call and are kept nowhere (E20), so a change applies at the next request (E21). What a host may
//! decide otherwise, or adds (D29, D32), is in [`AccessPolicy`].
//!
//! No request names a channel (R36). Who asks does: the check of an app session asks for
//! [`Channel::MobileApp`], and only a [`BrowserSession`] that the host says it has verified acts in the
//! browser.

mod administrator;
mod browser_session;
mod channel;
mod eligibility;
mod first_administrator;
mod host_function;
mod leaver;
mod made_again;
mod people_record;
mod permission;
mod policy;
mod presence;
mod rule;
pub mod users_and_roles;

pub use crate::people::{Action, CustomFunction, Function, Functions, Reach, Right, Rights};
pub use administrator::{Administrator, administrator};
pub use browser_session::BrowserSession;
pub use channel::Channel;
pub use eligibility::{Basis, Eligibility, Ineligible, eligibility};
pub use first_administrator::first_administrator;
pub use host_function::{HostFunction, OwnDataUse};
pub use leaver::{LeaverAccess, LeaverAccessError};
pub use made_again::TrailError;
pub(crate) use people_record::WRITES_REMEMBERED;
pub use people_record::{PeopleEntry, PersonRecord};
pub use permission::{Decision, Request, decide, functions_offered};
pub use policy::{AccessPolicy, InvitingRolesError, TooManyFunctions, UsersWithoutEmployment};
pub use presence::{Presence, latest_date, presence};
pub use rule::Rule;
