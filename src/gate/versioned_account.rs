//! What a command finds: its circumstances, and the account as it goes from one write to the next.

use super::builder::Gate;
use super::command::{Command, Damaged};
use super::error::GateError;
use crate::account::{Account, Context, Standing};
use crate::host::{Clock, Expect, Host, Loaded};

/// An account together with the version that the next swap expects.
pub(super) struct VersionedAccount {
    pub(super) account: Account,
    pub(super) expect: Expect,
}

impl<H: Host> Gate<H> {
    /// The circumstances of a command at this instant: the clock is read after the record was loaded, and
    /// anew at every retry (D23).
    pub(super) fn context(&self, command: Command) -> Context<'_> {
        Context { now: self.host.clock().now(), policy: &self.policy, request: command.request }
    }

    /// The account in what was loaded.
    pub(super) fn held(
        &self,
        command: Command,
        loaded: Option<Loaded>,
    ) -> Result<VersionedAccount, GateError> {
        let Command { person, damaged, .. } = command;
        let Some(Loaded { bytes, version }) = loaded else {
            return Ok(VersionedAccount { account: Account::new(person), expect: Expect::Absent });
        };
        let account = match (Account::decode(&bytes, person), damaged) {
            (Ok(account), _) => account,
            (Err(error), Damaged::ReadsAsBarred) if error.is_damage() => {
                Account::replacing_unreadable(person, self.draw()?, Standing::RevokedAll)
            }
            (Err(error), Damaged::IsBarred) if error.is_damage() => {
                Account::replacing_unreadable(person, self.draw()?, Standing::Good)
            }
            // Damaged, and not this command's to replace; or whole, and never overwritten (E32).
            (Err(error), _) => return Err(error.into()),
        };
        Ok(VersionedAccount { account, expect: Expect::At(version) })
    }
}
