//! What a host's own scan of its store asks of a record, without knowing whose it is.

use alloc::vec::Vec;

use super::codec::read_account;
use super::envelope::{Kind, RecordError, open};
use super::version::StoredVersion;
use crate::pin::PepperId;

/// Whether events wait in a stored account: whether [`Gate::deliver_events`](crate::gate::Gate::deliver_events) has
/// something to do for its person. Where the journal is not the store, the events of the last write are among them
/// until the next one, though the journal has them.
///
/// # Errors
/// [`RecordError`], if it cannot be read. Accounts only: of a person's record, [`RecordError::NotARecord`].
pub fn has_waiting_events(bytes: &[u8]) -> Result<bool, RecordError> {
    Ok(!read_account(bytes)?.outbox().is_empty())
}

/// Under which peppers the PINs in a stored account were made, each once, in ascending order; `None` is a
/// PIN made without one. A pepper that no record names any more can leave the ring.
///
/// # Errors
/// [`RecordError`], if it cannot be read: then the pepper is to be kept.
pub fn pepper_in_use(bytes: &[u8]) -> Result<Vec<Option<PepperId>>, RecordError> {
    let account = read_account(bytes)?;
    let enrolments = account.device_sessions().iter().filter_map(|device| device.session().enrolment());
    let mut peppers: Vec<_> = enrolments.map(|enrolment| enrolment.credential.pepper()).collect();
    peppers.sort_unstable();
    peppers.dedup();
    Ok(peppers)
}

/// In which version a stored account is written, without reading its body: for the scan that an upgrade or its
/// way back ends with.
///
/// # Errors
/// [`RecordError`], if it is damaged or of a version that this crate does not know. Accounts only: of a person's
/// record, [`RecordError::NotARecord`].
pub fn stored_version(bytes: &[u8]) -> Result<StoredVersion, RecordError> {
    open(Kind::Account, bytes).map(|(version, _)| version)
}
