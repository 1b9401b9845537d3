//! The usual check, on the record as it is stored: read through once, and nothing made of it.

use super::account_v1::{Head, WRITES_MAX, repeats};
use super::envelope::{self, Kind};
use super::event_v1::read_event;
use super::row_v1::{Row, RowState};
use super::wire::Reader;
use crate::account::{Account, DEVICE_LIMIT_MAX, DeviceLabel, Grant, OpenSession, Raising, Standing, Wanted};
use crate::id::{DeviceId, Generation, PersonId};
use crate::secret::{Digest, SessionToken};
use crate::time::Timestamp;

impl Account {
    /// Checks one request on the stored bytes of the token's account: the grant that
    /// [`decode`](Self::decode) and [`check`](Self::check) would give without anything to write.
    /// `None` is **no refusal**: decode the record and ask them.
    ///
    /// The record is read through and judged like by `decode`, checksum included, but no account is
    /// made of it and nothing is allocated, so that it costs a fraction. Only a grant is
    /// worth this: everything else is rare, or has to be written.
    #[must_use]
    pub fn check_stored(
        bytes: &[u8],
        session: &SessionToken,
        wanted: Wanted<'_>,
        raising: &Raising<'_>,
    ) -> Option<Grant> {
        let Found { device, begun, last_use, high_water } = find(bytes, session)?;
        let (person, device, written_high_water) = (&session.person(), &device, high_water);
        OpenSession { person, device, begun, last_use, high_water, written_high_water }.grant(wanted, raising)
    }
}

/// An open session, and the latest time that its account has seen.
struct Found {
    device: DeviceId,
    begun: Timestamp,
    last_use: Timestamp,
    high_water: Timestamp,
}

/// The session of this token, in a record of the token's account that is whole.
fn find(bytes: &[u8], session: &SessionToken) -> Option<Found> {
    let mut from = Reader::new(envelope::open(Kind::Account, bytes).ok()?);
    let head = Head::read(&mut from)?;
    if head.person != session.person() || head.standing != Standing::Good {
        return None;
    }
    let mut rows = Rows { wanted: session.digest(), found: None, seen: [NOBODY; DEVICES_MAX] };
    let devices = from.length(DEVICES_MAX)?;
    for index in 0..devices {
        rows.note(index, &Row::read(&mut from)?, head.generation)?;
    }
    let seen = rows.seen.get(..devices)?;
    let (ids, tokens) =
        (seen.iter().map(|(id, _)| id.as_slice()), seen.iter().map(|(_, token)| token.as_slice()));
    if repeats(&ids) || repeats(&tokens) {
        return None;
    }
    let high_water = read_tail(&mut from, head.person)?;
    let (device, begun, last_use) = rows.found?;
    Some(Found { device, begun, last_use, high_water })
}

const DEVICES_MAX: usize = DEVICE_LIMIT_MAX as usize;

/// The id and the token of a device.
type Seen<'a> = (&'a [u8; 16], &'a [u8; 32]);

const NOBODY: Seen<'_> = (&[0; 16], &[0; 32]);

struct Rows<'a> {
    wanted: Digest,
    found: Option<(DeviceId, Timestamp, Timestamp)>,
    seen: [Seen<'a>; DEVICES_MAX],
}

impl<'a> Rows<'a> {
    /// Looks at one device; `None` if the record is damaged, or the whole account has to be asked.
    #[inline]
    fn note(&mut self, index: usize, row: &Row<'a>, newest: Generation) -> Option<()> {
        let generation = Generation::from_number(row.generation);
        if generation > newest || !DeviceLabel::is_label(row.label) {
            return None;
        }
        *self.seen.get_mut(index)? = (row.id, row.token);
        if let RowState::Authenticated { begun, enrolment, token, last_use } = &row.state
            && Digest::from_bytes(**token) == self.wanted
        {
            let is_usual = generation == newest && self.found.is_none() && enrolment.has_none_in_flight();
            self.found = Some((DeviceId::from_bytes(*row.id), *begun, *last_use)).filter(|_| is_usual);
            self.found?;
        }
        Some(())
    }
}

/// Reads what lies behind the devices; answers the latest time that the account has seen.
fn read_tail(from: &mut Reader<'_>, person: PersonId) -> Option<Timestamp> {
    let high_water = from.time()?;
    let next_sequence = from.number()?;
    for _ in 0..from.length(from.rest().len())? {
        read_event(from, person).filter(|event| event.sequence < next_sequence)?;
    }
    let _writes = from.ids(WRITES_MAX)?;
    from.rest().is_empty().then_some(high_water)
}
