//! Typed sessions outside an account, to look at their transitions alone.

use crate::id::{CredentialId, DeviceId, Generation};
use crate::pin::{Credential, CredentialFields, HashParams};
use crate::secret::Digest;
use crate::session::{Enrolment, Locked, OpenedBy, Opening, Session};
use crate::time::Timestamp;

/// A locked session with a PIN that nobody knows. Outside the testkit only an account has one.
#[must_use]
pub fn locked_session() -> Session<Locked> {
    let fields = CredentialFields {
        id: CredentialId::from_u128(1),
        length: 6,
        memory_kib: HashParams::DEFAULT.memory_kib(),
        passes: HashParams::DEFAULT.passes(),
        pepper: None,
        salt: [1; 16],
        hash: [2; 32],
    };
    let begun = Timestamp::from_unix_seconds(1_795_348_800);
    let state = Locked { begun, enrolment: Enrolment::new(Credential::restore(fields)) };
    Session::restore(DeviceId::from_u128(1), Generation::from_number(1), state)
}

/// What opens a locked session. Outside the testkit only an account makes it, of a settled right PIN
/// or a recognised face or finger.
#[must_use]
pub fn opening() -> Opening {
    let (at, token) = (Timestamp::from_unix_seconds(1_795_348_801), Digest::from_bytes([3; 32]));
    Opening { at, token, by: OpenedBy::Pin(None) }
}
