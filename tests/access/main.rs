//! Who may sign in where, who may do what, and who administers whom. Tests are named by the rule.

mod administration;
mod everywhere;
mod given;
mod permissions;
#[cfg(feature = "serde")]
mod read_back;
mod sign_in;
mod users_and_roles;
