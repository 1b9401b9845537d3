//! Random bytes, from the host's source.

use super::builder::Gate;
use super::error::GateError;
use crate::host::{Host, Randomness};

impl<H: Host> Gate<H> {
    pub(super) fn draw<const N: usize>(&self) -> Result<[u8; N], GateError> {
        let mut bytes = [0; N];
        self.host.randomness().fill(&mut bytes)?;
        Ok(bytes)
    }
}
