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
//! A crash, a lost reply, a cancelled request or a failing hasher between 1 and 4 leaves the
//! attempt charged. Five charged attempts exhaust the PIN (D04), whether settled or not.
//!
//! [`AttemptId`]: crate::id::AttemptId

mod attempts;
mod credential;
mod digits;
mod entry;
mod hasher;
mod hashing;
mod identity_code;
mod pepper;
mod permit;
mod policy;
#[cfg(feature = "std")]
mod pool;
mod weak;
mod working_memory;

pub use attempts::{ATTEMPT_LIMIT, Attempts, Exhausted};
pub(crate) use credential::CredentialFields;
pub use credential::{Binding, Credential, NewCredential, PinPlan};
pub use digits::to_ascii_digits;
pub use entry::{Pin, PinError, PinLength, PinPolicyError};
pub use hasher::{
    Argon2id, HashInput, HashParams, HashParamsError, HasherCheckError, HasherError, PinHasher, check_hasher,
};
pub use hashing::Hashing;
pub use pepper::{Pepper, PepperError, PepperId, PepperRing, UnknownPepper};
pub(crate) use permit::Purpose;
pub use permit::{Charge, Permit, Settlement, Verdict};
pub use policy::{PersonalWords, PersonalWordsError, PinPolicy};
#[cfg(feature = "std")]
pub use pool::PooledArgon2id;
pub use weak::{Weakness, weakness};
