//! The account: everything about one person's mobile sign-in, in one record.
//!
//! Generation, standing, invitation, device sessions, PIN verifiers, attempts and the outbox of
//! audit events live together, so one compare-and-swap writes them together: no two of them can
//! disagree after a crash, and "log out from all devices" is one write for any number of devices.
//!
//! Each command is a pure function of [`Account`]: it takes evidence, facts and the time, changes
//! the account in memory and answers. What a host that drives it itself has to do after every
//! call, refused or not: if [`Account::is_changed`], write the record with compare-and-swap, then
//! hand [`Account::outbox`] to its journal. The gate does exactly that.

mod authenticate;
mod believed;
mod biometric;
mod change_pin;
mod check;
mod contact;
mod context;
mod create_pin;
mod device;
mod devices;
mod event;
mod grant;
mod invitation;
mod invitations;
mod lock_and_log_out;
mod open_session;
mod policy;
mod revoke_all;
mod state;
mod unlock;
mod windows;

pub use authenticate::{AuthenticationStart, SignIn, StrongAuthentication};
pub use biometric::BiometricUnlock;
pub use change_pin::PinChange;
pub use context::{DeviceIntegrity, Facts, Moment, Raising};
pub use create_pin::PinEntries;
pub use device::{Device, DeviceLabel, DeviceLabelError};
pub use devices::DeviceSummary;
pub use event::{AccountChange, Event, EventKind, RefusalEvent, RevokedBy};
pub use grant::{Grant, Wanted};
pub use invitation::Invitation;
pub(crate) use open_session::OpenSession;
pub use policy::{DEVICE_LIMIT_MAX, OUTBOX_LIMIT_MAX, Policy, PolicyBuilder, PolicyError, ReinvitationScope};
pub use state::{Account, Standing, WRITES_REMEMBERED};
pub use unlock::UnlockAttempt;
