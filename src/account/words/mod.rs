//! What commands are asked in and answered in: evidence, circumstances, policy, events.

mod context;
mod device_label;
mod entries;
mod event;
mod evidence;
mod grant;
mod invitation;
mod note;
mod policy;
mod summary;

pub use context::{Context, DeviceIntegrity, Facts, RequestContext};
pub use device_label::{DeviceLabel, DeviceLabelError};
pub use entries::{PinChange, PinEntries, UnlockAttempt};
pub(crate) use event::Pending;
pub use event::{Event, RefusalEvent};
pub use evidence::{AuthenticationStart, SignIn, StrongAuthentication};
pub use grant::{Grant, Wanted};
pub use invitation::Invitation;
pub use note::{Note, NoteError};
pub use policy::{DEVICE_LIMIT_MAX, OUTBOX_LIMIT_MAX, Policy, PolicyBuilder, PolicyError, ReinvitationScope};
pub use summary::DeviceSummary;
