//! What was begun, until it comes back.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pinlatch::account::AuthenticationStart;
use serde::{Deserialize, Serialize};

use super::Answer;
use super::authentication::Verified;
use super::failed::PartFailed;

/// Names a sign-in on its way: 128 random bits, which the phone gets and brings back. It is a secret of that phone's.
///
/// With `serde`, and by `Display`, 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlowId(u128);

impl FlowId {
    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl fmt::Debug for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FlowId(redacted)")
    }
}

impl fmt::Display for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for FlowId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FlowId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_id = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| is_id);
        number.map(Self).ok_or_else(|| serde::de::Error::custom("no flow"))
    }
}

/// A sign-in on its way. It stays on the server: whoever can change it can forge one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BegunSignIn {
    /// What the gate wants back.
    pub start: AuthenticationStart,
    /// Who was authenticated, once somebody was, and by which evidence.
    pub(crate) verified: Option<(Verified, EvidenceDigest)>,
}

/// Tells the same evidence again from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EvidenceDigest(pub(crate) [u8; 32]);

/// Keeps sign-ins on their way, **on the server**: in memory for one process, in a session store that all of them share
/// for several.
pub trait RemembersStarts: Send + Sync {
    /// Keeps it for this long, in place of an earlier one of the same flow.
    fn remember(
        &self,
        flow: FlowId,
        begun: BegunSignIn,
        span: Duration,
    ) -> Answer<'_, Result<(), PartFailed>>;

    /// The one of this flow, if it is still kept. It stays: after a lost reply it is asked for again.
    fn recall(&self, flow: FlowId) -> Answer<'_, Result<Option<BegunSignIn>, PartFailed>>;
}

/// In this process's memory, so many at most; when there are more, the eldest goes. Beginning a sign-in proves nothing,
/// so limit it per address, or a flood of them makes everybody begin anew.
#[derive(Debug)]
pub struct StartsInMemory {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    begun: HashMap<FlowId, (BegunSignIn, Instant)>,
    order: VecDeque<FlowId>,
}

impl Default for StartsInMemory {
    /// Room for 100,000: some 30 MB.
    fn default() -> Self {
        Self::with_room_for(100_000)
    }
}

impl StartsInMemory {
    /// Room for so many, one at least.
    #[must_use]
    pub fn with_room_for(most: usize) -> Self {
        Self { most: most.max(1), kept: Mutex::default() }
    }

    fn keep(&self, flow: FlowId, begun: BegunSignIn, span: Duration) {
        let now = Instant::now();
        let Some(until) = now.checked_add(span) else { return };
        let kept = &mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.begun.insert(flow, (begun, until)).is_some() {
            return;
        }
        kept.order.push_back(flow);
        // All spans are the policy's one, so that the eldest is the first to end.
        while let Some(eldest) = kept.order.front() {
            let is_over = kept.begun.get(eldest).is_none_or(|(_, until)| *until <= now);
            if !is_over && kept.order.len() <= self.most {
                break;
            }
            kept.begun.remove(eldest);
            kept.order.pop_front();
        }
    }
}

impl RemembersStarts for StartsInMemory {
    fn remember(
        &self,
        flow: FlowId,
        begun: BegunSignIn,
        span: Duration,
    ) -> Answer<'_, Result<(), PartFailed>> {
        self.keep(flow, begun, span);
        Box::pin(async { Ok(()) })
    }

    fn recall(&self, flow: FlowId) -> Answer<'_, Result<Option<BegunSignIn>, PartFailed>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let live = kept.begun.get(&flow).filter(|(_, until)| *until > Instant::now());
        let begun = live.map(|(begun, _)| begun.clone());
        Box::pin(async { Ok(begun) })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that is wrong fails")]
mod tests {
    use super::*;
    use pinlatch::id::StartId;
    use pinlatch::time::Timestamp;

    fn begun(number: u128) -> BegunSignIn {
        let now = Timestamp::from_unix_millis(1_800_000_000_000);
        let start = AuthenticationStart::for_nobody(StartId::from_u128(number), now);
        BegunSignIn { start, verified: None }
    }

    fn is_kept(starts: &StartsInMemory, flow: FlowId) -> bool {
        let mut recalled = starts.recall(flow);
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        matches!(recalled.as_mut().poll(context), std::task::Poll::Ready(Ok(Some(_))))
    }

    #[test]
    fn what_is_over_is_forgotten_and_the_eldest_makes_room() {
        let starts = StartsInMemory::with_room_for(2);
        let [one, two, three] = [FlowId(1), FlowId(2), FlowId(3)];
        starts.keep(one, begun(1), Duration::ZERO);
        assert!(!is_kept(&starts, one));
        assert_eq!(starts.kept.lock().unwrap().order.len(), 0, "it takes no room");
        starts.keep(one, begun(1), Duration::from_nanos(1));
        assert!(!is_kept(&starts, one), "it is over when it is asked for");
        let hour = Duration::from_secs(3_600);
        starts.keep(one, begun(1), hour);
        starts.keep(two, begun(2), hour);
        assert!(is_kept(&starts, one) && is_kept(&starts, one), "it stays when it is asked for");
        starts.keep(three, begun(3), hour);
        assert!(!is_kept(&starts, one) && is_kept(&starts, two) && is_kept(&starts, three));
        let kept = starts.kept.lock().unwrap();
        assert_eq!((kept.begun.len(), kept.order.len()), (2, 2));
    }

    #[test]
    fn a_flow_shows_nothing_and_is_read_as_it_is_written() {
        let flow = FlowId(0x5eed);
        assert_eq!(format!("{flow:?}"), "FlowId(redacted)");
        let text = serde_json::to_string(&flow).unwrap();
        assert_eq!(serde_json::from_str::<FlowId>(&text).unwrap(), flow);
        assert!(serde_json::from_str::<FlowId>("\"+5eed\"").is_err());
    }
}
