//! The state machine of one device session.
//!
//! A session in flight is a type: [`Session<Locked>`](Session) has an `unlock`, and
//! [`Session<LoggedOut>`](Session) has none. A transition consumes the old session and returns the
//! new one with the [`Change`] for the audit trail. Where the state is only known at run time,
//! [`AnySession`] carries it and an illegal command is a typed refusal.
//!
//! What raises privilege asks for a proof that cannot be made up: an [`Admission`] to begin, an
//! [`Opening`] to unlock. Only the account's functions make them, after their guards.
#![doc = include_str!("table.md")]

mod any;
mod biometric;
mod change;
mod enrolment;
mod state;
mod table;
mod transitions;

pub(crate) use any::admits;
pub use any::{AnySession, Step};
pub use biometric::{Baseline, BiometricAssertion, Biometrics, Modality};
pub use change::{Change, LockCause, LogOutCause, RevokedBy};
pub use enrolment::Enrolment;
pub(crate) use state::Begun;
pub use state::{
    Authenticated, Locked, LoggedOut, OpenedBy, PinExhausted, PinPending, RevokedAll, Session, SessionState,
};
pub use table::{Cell, Command, TABLE, cell, markdown, mermaid};
pub use transitions::{Admission, Moved, Opening};
