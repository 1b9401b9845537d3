//! What an answer of etcd means.

use etcd_client::Error;
use pinlatch::host::{Swap, Version};

/// The codes of gRPC by their numbers: its specification fixes them, and the driver does not pass its names on.
const INVALID_ARGUMENT: i32 = 3;
pub(super) const PERMISSION_DENIED: i32 = 7;
const RESOURCE_EXHAUSTED: i32 = 8;
const UNAUTHENTICATED: i32 = 16;

/// What became of a transaction, as far as the answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// This.
    Answered(Swap),
    /// It was looked at and refused: nothing was written.
    Refused,
    /// etcd is full. It says so of writes that it has not made **and of the one write that crossed its quota, which
    /// it has made**; but by now it has done one or the other, so a look at the key tells.
    Full,
}

/// The answer to a transaction: whether its comparison held, and at which revision it was applied.
pub(super) fn swap(answer: &Result<(bool, Option<i64>), Error>) -> Means {
    match answer {
        Ok((false, _)) => Means::Answered(Swap::Conflict),
        Ok((true, revision)) => Means::Answered(version(*revision).map_or(Swap::Unknown, Swap::Applied)),
        Err(Error::GRpcStatus(status)) => said(i32::from(status.code()), status.message()),
        // Before sending, or while reading the answer: the driver does not say which.
        Err(_) => Means::Answered(Swap::Unknown),
    }
}

fn said(code: i32, text: &str) -> Means {
    match code {
        INVALID_ARGUMENT | PERMISSION_DENIED | UNAUTHENTICATED => Means::Refused,
        RESOURCE_EXHAUSTED if text.contains("database space exceeded") => Means::Full,
        RESOURCE_EXHAUSTED if text.contains("too many requests") || text.contains("received message") => {
            Means::Refused
        }
        // Lost its leader, timed out, was cut off, and whatever nobody has thought of.
        _ => Means::Answered(Swap::Unknown),
    }
}

/// A revision as a version. They count from 1.
pub(super) fn version(revision: Option<i64>) -> Option<Version> {
    revision
        .and_then(|number| u64::try_from(number).ok())
        .filter(|number| *number > 0)
        .map(Version::from_number)
}

/// Whether an error leaves open what happened: then another connection, or another member, may do better.
pub(super) fn is_without_answer(error: &Error) -> bool {
    swap(&Err(same(error))) == Means::Answered(Swap::Unknown)
}

/// The driver's errors cannot be cloned, and only a status says anything.
fn same(error: &Error) -> Error {
    match error {
        Error::GRpcStatus(status) => Error::GRpcStatus(status.clone()),
        other => Error::Internal(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_transaction_answers() {
        let applied = |number| Means::Answered(Swap::Applied(Version::from_number(number)));
        for (answer, means) in [
            ((true, Some(7)), applied(7)),
            ((true, Some(i64::MAX)), applied(i64::MAX.unsigned_abs())),
            ((true, None), Means::Answered(Swap::Unknown)),
            ((true, Some(0)), Means::Answered(Swap::Unknown)),
            ((true, Some(-1)), Means::Answered(Swap::Unknown)),
            ((false, Some(7)), Means::Answered(Swap::Conflict)),
        ] {
            assert_eq!(swap(&Ok(answer)), means, "{answer:?}");
        }
    }

    #[test]
    fn what_a_status_says() {
        let unknown = Means::Answered(Swap::Unknown);
        for (code, text, means) in [
            (1, "cancelled", unknown),
            (2, "h2 protocol error", unknown),
            (3, "etcdserver: request is too large", Means::Refused),
            (3, "etcdserver: user name is empty", Means::Refused),
            (4, "context deadline exceeded", unknown),
            (5, "etcdserver: requested lease not found", unknown),
            (7, "etcdserver: permission denied", Means::Refused),
            (8, "etcdserver: mvcc: database space exceeded", Means::Full),
            (8, "etcdserver: too many requests", Means::Refused),
            (8, "grpc: received message larger than max", Means::Refused),
            (8, "something new", unknown),
            (9, "etcdserver: not capable", unknown),
            (10, "aborted", unknown),
            (11, "etcdserver: mvcc: required revision has been compacted", unknown),
            (12, "unknown service", unknown),
            (13, "internal", unknown),
            (14, "etcdserver: request timed out", unknown),
            (14, "etcdserver: leader changed", unknown),
            (14, "etcdserver: no leader", unknown),
            (14, "transport error", unknown),
            (15, "data loss", unknown),
            (16, "etcdserver: invalid auth token", Means::Refused),
        ] {
            assert_eq!(said(code, text), means, "{code} {text}");
        }
    }

    #[test]
    fn an_error_of_the_drivers_own_is_no_answer() {
        let error = Error::Internal("the channel is closed".into());
        assert!(is_without_answer(&error));
        assert_eq!(swap(&Err(error)), Means::Answered(Swap::Unknown));
    }
}
