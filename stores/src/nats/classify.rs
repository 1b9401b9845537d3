//! What an answer of NATS to a write means.

use std::error::Error;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::publish::PublishAck;
use pinlatch::host::{Swap, Version};

use super::error::NatsError;

/// What the server says where it has looked at a write and did not take it.
///
/// Not what another stream answers that listens to the same subjects, over a leaf node say, while ours stores the
/// write: `expected stream does not match`, `sealed`. Nor what is answered after the write was stored and taken
/// back, its predecessor gone: `resource limits exceeded for account`.
const REFUSED: &[ErrorCode] = &[
    ErrorCode::STREAM_NOT_FOUND,
    ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM,
    ErrorCode::STREAM_HEADER_EXCEEDS_MAXIMUM,
    ErrorCode::STREAM_ROLLUP_FAILED,
    ErrorCode::JETSTREAM_NOT_ENABLED,
    ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT,
    ErrorCode::NO_ACCOUNT,
];

/// `maximum bytes exceeded`, `maximum messages exceeded`: a bucket that is full says so under the code of every
/// failure to store.
const ROOM: &str = "maximum";

/// `Err` where surely nothing was written.
pub(super) fn swap(answer: Result<PublishAck, PublishError>) -> Result<Swap, NatsError> {
    let error = match answer {
        Ok(ack) => return Ok(Swap::Applied(Version::from_number(ack.sequence))),
        Err(error) => error,
    };
    match error.kind() {
        PublishErrorKind::WrongLastSequence => Ok(Swap::Conflict),
        // Not sent, or sent and nobody there who stores it.
        PublishErrorKind::StreamNotFound
        | PublishErrorKind::MaxAckPending
        | PublishErrorKind::MaxPayloadExceeded => Err(NatsError::refused(error)),
        PublishErrorKind::TimedOut | PublishErrorKind::BrokenPipe | PublishErrorKind::WrongLastMessageId => {
            Ok(Swap::Unknown)
        }
        PublishErrorKind::Other => said(error),
    }
}

fn said(error: PublishError) -> Result<Swap, NatsError> {
    let answer = error.source().and_then(|source| source.downcast_ref::<async_nats::jetstream::Error>());
    let Some(answer) = answer else { return Ok(Swap::Unknown) };
    let (code, text) = (answer.error_code(), answer.to_string());
    match code {
        // As `WrongLastSequence`, from servers that know of a write before this one that is not stored yet.
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT => Ok(Swap::Conflict),
        code if REFUSED.contains(&code) => Err(NatsError::refused(error)),
        ErrorCode::STREAM_STORE_FAILED if text.starts_with(ROOM) => Err(NatsError::Full(error.into())),
        // The disk failed, the leader changed, and whatever nobody has thought of.
        _ => Ok(Swap::Unknown),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq)]
    enum Means {
        Conflict,
        Unknown,
        Refused,
        Full,
    }

    fn means(error: PublishError) -> Means {
        match swap(Err(error)) {
            Ok(Swap::Conflict) => Means::Conflict,
            Ok(Swap::Unknown) => Means::Unknown,
            Err(NatsError::Refused(_)) => Means::Refused,
            Err(NatsError::Full(_)) => Means::Full,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_driver_says_by_itself() {
        use PublishErrorKind as Kind;
        for (kind, expected) in [
            (Kind::WrongLastSequence, Means::Conflict),
            (Kind::StreamNotFound, Means::Refused),
            (Kind::MaxAckPending, Means::Refused),
            (Kind::MaxPayloadExceeded, Means::Refused),
            (Kind::TimedOut, Means::Unknown),
            (Kind::BrokenPipe, Means::Unknown),
            (Kind::WrongLastMessageId, Means::Unknown),
            (Kind::Other, Means::Unknown),
        ] {
            assert_eq!(means(PublishError::new(kind)), expected, "{kind}");
        }
        let odd = PublishError::with_source(Kind::Other, std::io::Error::other("not JSON"));
        assert_eq!(means(odd), Means::Unknown);
    }

    #[test]
    fn what_the_server_answers() {
        for (code, text, expected) in [
            (10164, "wrong last sequence", Means::Conflict),
            (10059, "stream not found", Means::Refused),
            (10060, "expected stream does not match", Means::Unknown),
            (10109, "invalid operation on sealed stream", Means::Unknown),
            (10054, "message size exceeds maximum allowed", Means::Refused),
            (10097, "header size exceeds maximum allowed of 64k", Means::Refused),
            (10111, "rollup not permitted", Means::Refused),
            (10076, "jetstream not enabled", Means::Refused),
            (10039, "jetstream not enabled for account", Means::Refused),
            (10035, "account not found", Means::Refused),
            (10002, "resource limits exceeded for account", Means::Unknown),
            (10047, "insufficient storage resources available", Means::Unknown),
            (10028, "insufficient memory resources available", Means::Unknown),
            (10077, "maximum bytes exceeded", Means::Full),
            (10077, "maximum messages exceeded", Means::Full),
            (10077, "write /data/1.blk: no space left on device", Means::Unknown),
            (10008, "JetStream system temporarily unavailable", Means::Unknown),
            (10009, "JetStream cluster can not handle request", Means::Unknown),
            (10023, "insufficient resources", Means::Unknown),
            (10999, "something new", Means::Unknown),
        ] {
            let said = json!({"code": 503, "err_code": code, "description": text});
            let said: async_nats::jetstream::Error = serde_json::from_value(said).unwrap();
            let error = PublishError::with_source(PublishErrorKind::Other, said);
            assert_eq!(means(error), expected, "{code} {text}");
        }
    }
}
