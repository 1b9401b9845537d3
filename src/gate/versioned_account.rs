//! An account as it goes from one write of a command to the next.

use crate::account::Account;
use crate::host::Expect;

/// An account together with the version that the next swap expects.
pub(super) struct VersionedAccount {
    pub(super) account: Account,
    pub(super) expect: Expect,
}
