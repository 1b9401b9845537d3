//! What commands are asked in and answered in: evidence, circumstances, policy, events.

mod context;
mod device_label;
mod ended;
mod entries;
mod event;
mod evidence;
mod grant;
mod invitation;
mod last_opened;
mod policy;
#[cfg(feature = "serde")]
mod policy_form;
mod standing;
mod start;
mod summary;
mod view;

pub use crate::note::{Note, NoteError};
pub use context::{Context, DeviceIntegrity, Facts, RequestContext};
pub use device_label::DeviceLabel;
pub use ended::{EndReason, Ended};
pub use entries::{PinChange, PinEntries, UnlockAttempt};
pub(crate) use event::Pending;
pub use event::{Event, RefusalEvent};
pub use evidence::{SignIn, StrongAuthentication};
pub use grant::{Grant, Wanted};
pub use invitation::{Invitation, IssuedInvitation};
pub use last_opened::LastOpened;
pub use policy::{
    DEVICE_LIMIT_MAX, OUTBOX_LIMIT_MAX, Policy, PolicyBuilder, PolicyError, ReinvitationScope, SKEW_MAX,
};
pub use standing::Standing;
pub use start::{AuthenticationStart, BeginFor};
pub(crate) use start::{BegunFor, Named, NamedBy};
pub use summary::DeviceSummary;
pub use view::{AccountOverview, DeviceView, OpenInvitation};
