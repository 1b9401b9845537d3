//! What the host supplies, by small traits. What it says nothing about is refused, never assumed.
//!
//! | trait | what it says | without it | ready-made, for tests and examples, by the feature `test-parts` |
//! |---|---|---|---|
//! | [`VerifiesAuthentication`] | for whom a bank or identity provider answered | nobody signs in | `ready::TestBank` |
//! | [`RemembersStarts`] | keeps what was begun, on the server | [`StartsInMemory`]: one process | |
//! | [`AttestsDevices`] | whether the device is as its maker shipped it | `Unknown`: nothing is raised | `ready::EveryDeviceUnmodified` |
//! | [`KnowsPersonalWords`] | what nobody may make a PIN of | none are refused | `ready::NoWords` |
//! | [`VerifiesBiometrics`] | whether face or finger was recognised | no biometrics | `ready::DeviceSaysSo` |
//! | [`ReadsBrowserSession`] | who is signed in to the browser | nobody administers | `ready::PersonInHeader` |
//! | [`SendsInvitations`] | sends one to the person invited | nobody is invited | `ready::KeptInvitations` |
//! | [`Texts`] | texts in the host's words or languages | English and Finnish | |
//!
//! The traits are objects: each method answers with a boxed future, `Box::pin(async move { … })`.

mod authentication;
mod biometrics;
mod browser;
mod device;
mod failed;
mod invitations;
#[cfg(feature = "test-parts")]
pub mod ready;
mod starts;
mod texts;

use std::pin::Pin;

pub use authentication::{NotVerified, Verified, VerifiesAuthentication};
pub use biometrics::{BiometricUse, VerifiesBiometrics};
pub use browser::ReadsBrowserSession;
pub use device::{AttestsDevices, KnowsPersonalWords};
pub use failed::PartFailed;
pub use invitations::SendsInvitations;
pub(crate) use starts::EvidenceDigest;
pub use starts::{BegunSignIn, FlowId, RemembersStarts, StartsInMemory};
pub use texts::{OwnText, Texts, Wording};

/// What a part answers with, some time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
