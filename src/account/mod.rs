//! The account: everything about one person's mobile sign-in, in one record.
//!
//! Generation, standing, invitation, device sessions, PIN verifiers, attempts and the outbox of
//! audit events live together, so one compare-and-swap writes them together: no two of them can
//! disagree after a crash, and "log out from all devices" is one write for any number of devices.
//!
//! Each command is a pure function of [`Account`]: it takes evidence, facts and the time, changes
//! the account in memory and answers. What a host that drives it itself has to do after every
//! call, refused or not: if [`Account::is_changed`], [stamp](Account::stamp) it with a new write id, write
//! the record with compare-and-swap, then hand [`Account::outbox`] to its journal. The gate does exactly
//! that.
//!
//! Four rooms, each looking up only: `words` (evidence, circumstances, policy, events) and `state` (the
//! record, the only place that changes a field) ← `guards` (may this go on?) ← `commands` (one file a use
//! case).

mod commands;
mod guards;
mod state;
mod words;

pub use state::{Account, Device, ENDED_REMEMBERED, WRITES_REMEMBERED};
pub(crate) use state::{
    EndedSession, RememberedWrite, STARTS_REMEMBERED, StartBegun, Starts, Stored, UsedStart,
};
pub use words::{
    AccountOverview, AuthenticationStart, BeginFor, Context, DEVICE_LIMIT_MAX, DeviceIntegrity, DeviceLabel,
    DeviceSummary, DeviceView, EndReason, Ended, Event, Facts, Grant, Invitation, IssuedInvitation,
    LastOpened, Note, NoteError, OUTBOX_LIMIT_MAX, OpenInvitation, PinChange, PinEntries, Policy,
    PolicyBuilder, PolicyError, RefusalEvent, ReinvitationScope, RequestContext, SKEW_MAX, SignIn, Standing,
    StrongAuthentication, UnlockAttempt, Wanted,
};
