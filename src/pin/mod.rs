//! PIN codes: what may be one, how it is kept, and how a guess at it is charged.
//!
//! The order is fixed by types, because checking before counting is the classic mistake:
//!
//! 1. **Charge.** An attempt is charged in the account's record under a random [`AttemptId`]. The
//!    pure function that does so returns a [`Charge`].
//! 2. **Permit.** Once the record is durably written, [`Charge::assert_written`] turns the charge
//!    into a [`Permit`]. There is no other way to get one.
//! 3. **Verdict.** [`Permit::compare`] consumes the permit: one permit, one comparison.
//! 4. **Settlement.** [`Verdict::into_settlement`] consumes the verdict. Only writing the
//!    settlement into the record opens anything; a verdict does not tell whether it is right.
//!
//! A guess is answered while it is in the ledger, or not at all (D24). A crash, a lost reply, a cancelled
//! request or a failing hasher between 1 and 4 leaves the attempt charged until the answer window and the
//! skew are over; then it is void, and counts nothing, since nobody learnt anything from it. Five answered
//! wrong exhaust the PIN (D04); with failures and guesses in flight at five, a further one has to wait.
//!
//! Creating a PIN goes the same way, so that nobody makes a host hash without bound (E38): a [`PinClaim`]
//! takes a place, [`PinClaim::assert_written`] turns it into a [`PinPlan`], [`PinPlan::make`] hashes.
//!
//! [`AttemptId`]: crate::id::AttemptId

mod attempts;
mod claim;
mod credential;
mod digits;
mod entry;
mod hasher;
mod hashing;
mod identity_code;
mod in_flight;
mod pepper;
mod permit;
mod policy;
#[cfg(feature = "std")]
mod pool;
mod weak;
mod working_memory;

pub use attempts::Attempts;
pub(crate) use attempts::{ANSWERED_LIMIT, Answered, Repeated};
pub use claim::{NewCredential, PinClaim, PinDraw, PinPlan};
pub(crate) use credential::CredentialFields;
pub use credential::{Binding, Credential};
pub use digits::to_ascii_digits;
pub use entry::{Pin, PinError, PinLength, PinPolicyError};
pub use hasher::{
    Argon2id, HashInput, HashParams, HashParamsError, HasherCheckError, HasherError, PinHasher, check_hasher,
};
pub use hashing::Hashing;
pub use in_flight::{ATTEMPT_LIMIT, Charged};
pub(crate) use in_flight::{InFlight, NotCharged};
pub use pepper::{Pepper, PepperError, PepperId, PepperRing, UnknownPepper};
pub(crate) use permit::Purpose;
pub use permit::{Charge, Permit, Settlement, Verdict};
pub use policy::{PersonalWords, PersonalWordsError, PinPolicy};
#[cfg(feature = "std")]
pub use pool::PooledArgon2id;
pub use weak::{Weakness, weakness};
