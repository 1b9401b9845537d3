//! The handlers of "Users and roles" that change people, in the browser: employments, services, user accesses, profiles,
//! roles. For hosts whose directory changes people.
//!
//! Each answers with the person **as far as this company goes**: another company's administrator is told nothing of it.
//! A change counts from the next request on, and whoever stands nowhere by it is logged out at once.
//!
//! [`people_routes`](crate::people_routes) mounts them all; each also stands alone, as those of [`phone`](crate::phone) do.
#![allow(
    clippy::wildcard_imports,
    reason = "utoipa's attribute makes a type beside each handler, of a name of its own"
)]

mod access;
mod employments;
mod form;

pub use access::{
    NewAccess, NewProfile, end_user_access, establish_user, grant_role, person, revoke_role, set_profile,
};
pub use employments::{
    Ending, LastDay, NewEmployment, Which, close_service, end_employment, hire, open_service,
};
pub use form::{AccessLine, EmploymentLine, PersonInCompany, ProfileForm, RightForm, SelectedService};

use crate::endpoints::endpoints;
use access::*;
use employments::*;

endpoints![
    @changes_people
    person,
    hire,
    end_employment,
    open_service,
    close_service,
    establish_user,
    end_user_access,
    set_profile,
    grant_role,
    revoke_role,
];
