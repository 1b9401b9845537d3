//! `Idempotency-Key`: the same request again, after a lost reply.
//!
//! A key becomes a [`RequestId`], by which the gate knows a repeated entry (D27). The id is made of the caller, the
//! route, the key and the body without its PINs, so that nobody's key means anything to anybody else, or elsewhere.
//! Another PIN under the same key is answered like the first: it is no part of the id, and nothing of it is kept.
//! A key that comes again with another body is refused; this process remembers which body a key came with, for the
//! last keys, and other processes take it for another request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pinlatch::id::RequestId;
use sha2::{Digest, Sha256};

use super::request::Asked;
use super::token::only;
use crate::app::HasApp;
use crate::problem::{HttpCode, Problem};

/// The header, in lower case.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Short keys are guessed, or come twice by accident.
const SHORTEST_KEY: usize = 16;
const LONGEST_KEY: usize = 128;
/// How many keys a process remembers: some 2 MB.
const KEYS_REMEMBERED: usize = 32_768;

type Half = [u8; 16];

/// The `Idempotency-Key` of a request, if it has one: 16 to 128 visible ASCII characters, drawn at random for each
/// entry, perhaps in quotation marks as a structured field has them.
#[derive(Clone, PartialEq, Eq)]
pub struct RepeatKey(Option<String>);

impl std::fmt::Debug for RepeatKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RepeatKey({})", if self.0.is_some() { "given" } else { "none" })
    }
}

impl<S: HasApp> FromRequestParts<S> for RepeatKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        read(parts).map(Self).map_err(|()| Asked::of(parts, state).wrong(HttpCode::KeyMalformed))
    }
}

fn read(parts: &Parts) -> Result<Option<String>, ()> {
    let Some(text) = only(&parts.headers, IDEMPOTENCY_KEY)? else { return Ok(None) };
    let key = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let is_key =
        (SHORTEST_KEY..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_key { Ok(Some(key.to_owned())) } else { Err(()) }
}

impl RepeatKey {
    /// Of a request without one: for a host that calls a handler as a function.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// The request id; `None` without a key. `caller` is a secret of the caller's own, of which a digest is made;
    /// `body` is what it sent, without PINs.
    pub(crate) fn id(
        &self,
        seen: &KeysSeen,
        (caller, route): (&str, &str),
        body: &[u8],
    ) -> Result<Option<RequestId>, HttpCode> {
        let Some(key) = &self.0 else { return Ok(None) };
        let place = half(&[b"pinlatch/http/key/1", caller.as_bytes(), route.as_bytes(), key.as_bytes()]);
        let body = half(&[b"pinlatch/http/body/1", body]);
        if !seen.is_first_or_same(place, body) {
            return Err(HttpCode::KeyReused);
        }
        Ok(Some(RequestId::from_bytes(half(&[b"pinlatch/http/request/1", &place, &body]))))
    }
}

/// Each part behind its length, so that no two lists of parts are the same bytes.
fn half(parts: &[&[u8]]) -> Half {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let mut half = Half::default();
    half.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    half
}

/// Which body a key came with, for the last keys.
#[derive(Default)]
pub(crate) struct KeysSeen(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    bodies: HashMap<Half, Half>,
    order: VecDeque<Half>,
}

impl KeysSeen {
    fn is_first_or_same(&self, place: Half, body: Half) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = seen.bodies.get(&place) {
            return *known == body;
        }
        if seen.order.len() >= KEYS_REMEMBERED
            && let Some(eldest) = seen.order.pop_front()
        {
            seen.bodies.remove(&eldest);
        }
        seen.order.push_back(place);
        seen.bodies.insert(place, body);
        true
    }
}
