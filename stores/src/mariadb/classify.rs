//! What an error means for a write. The one place where a wrong answer costs a guess too many, so it is a function of
//! its own over the driver's error, and knows of nothing else.
//!
//! A write is one request, `START TRANSACTION; …; COMMIT`. The server stops at the first error, so one that it reports
//! before the commit is of a transaction that was never committed.

use mysql_async::{Error, ServerError};
use pinlatch::host::Swap;

use super::error::MariaDbError;

/// How far the server had come when it reported an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// At one of the statements before the commit.
    BeforeCommit,
    /// At the commit, or nobody knows.
    Commit,
}

/// 1062 duplicate key: the record is there. 1213 deadlock, also a transaction that a Galera cluster did not certify.
/// 1020 the row changed since it was read (`innodb_snapshot_isolation`). Safe at any step: the gate loads again.
const CONFLICTS: &[u16] = &[1020, 1062, 1213];

/// The server says no, for a reason of its own. Whatever is not here is answered `Unknown`, as everything is that a proxy
/// or a server that shuts down may say of a transaction whose fate it does not know (1053, 1317, 1927, 2013, …).
const REFUSALS: &[u16] = &[
    1205, // a lock was not had in time: an error and no conflict, or one command would wait for it 64 times
    1969, 3024, // the statement took too long
    1290, 1792, 1836, // read-only, as in `READ_ONLY`
    1044, 1045, 1142, 1143, 1227, 1370, // rights
    1046, 1049, 1054, 1064, 1146, 1149,
    1932, // a table or database that is gone or changed, a text it cannot read
    1048, 1136, 1264, 1364, 1366, 1406, 3819, 4025, // a value that does not fit
    1153, // longer than the server takes, so it was not read
    1021, 1037, 1038, 1041, 1114, 1118, 1206, 1637, // no room
    1040, 1203, 1226, // too many connections
    1047, // a Galera node that has left its cluster
    1099, 1223, // a table that is locked for reading
    1665, // READ COMMITTED with a binary log of statements
];

/// The server takes no writes, or not from us.
pub(super) const READ_ONLY: &[u16] = &[1290, 1792, 1836];

/// `Err` where surely nothing was written.
pub(super) fn classify(error: Error, step: Step) -> Result<Swap, MariaDbError> {
    match error {
        Error::Server(server) if CONFLICTS.contains(&server.code) => Ok(Swap::Conflict),
        Error::Server(server) if step == Step::BeforeCommit && REFUSALS.contains(&server.code) => {
            Err(MariaDbError::answered(server))
        }
        _ => Ok(Swap::Unknown),
    }
}

/// Whether the server answered, so that the connection is good for the next request.
pub(super) fn has_answered(error: &Error) -> bool {
    // 1152 to 1161 are of a connection that is going; the others of a server or a connection that ends.
    !matches!(
        error,
        Error::Server(ServerError { code: 1053 | 1152..=1161 | 1184 | 1927 | 2000..=2999 | 4031, .. })
    ) && matches!(error, Error::Server(_))
}

/// Whether the server said that it takes no writes.
pub(super) fn takes_no_writes(error: &Error) -> bool {
    matches!(error, Error::Server(server) if READ_ONLY.contains(&server.code))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn server(code: u16) -> Error {
        Error::Server(ServerError { code, message: String::new(), state: "HY000".into() })
    }

    fn said(code: u16, step: Step) -> &'static str {
        match classify(server(code), step) {
            Ok(Swap::Conflict) => "conflict",
            Ok(Swap::Unknown) => "unknown",
            Ok(Swap::Applied(_)) => "applied",
            Err(MariaDbError::Held(_)) => "held",
            Err(MariaDbError::ReadOnly(_)) => "read-only",
            Err(_) => "refused",
        }
    }

    #[test]
    fn what_each_error_of_the_server_means() {
        for (code, before_commit, at_commit) in [
            (1062, "conflict", "conflict"),
            (1213, "conflict", "conflict"),
            (1020, "conflict", "conflict"),
            (1205, "held", "unknown"),
            (1969, "refused", "unknown"),
            (3024, "refused", "unknown"),
            (1290, "read-only", "unknown"),
            (1792, "read-only", "unknown"),
            (1836, "read-only", "unknown"),
            (1406, "refused", "unknown"),
            (1142, "refused", "unknown"),
            (1146, "refused", "unknown"),
            (1114, "refused", "unknown"),
            (1047, "refused", "unknown"),
            (1153, "refused", "unknown"),
            // Shut down, killed, interrupted; a commit that failed; what a proxy says; what nobody has thought of.
            (1053, "unknown", "unknown"),
            (1317, "unknown", "unknown"),
            (1927, "unknown", "unknown"),
            (1158, "unknown", "unknown"),
            (1180, "unknown", "unknown"),
            (1181, "unknown", "unknown"),
            (2013, "unknown", "unknown"),
            (9001, "unknown", "unknown"),
            (1, "unknown", "unknown"),
        ] {
            assert_eq!(said(code, Step::BeforeCommit), before_commit, "{code}");
            assert_eq!(said(code, Step::Commit), at_commit, "{code} at the commit");
        }
    }

    #[test]
    fn no_answer_is_unknown_at_any_step() {
        let broken = || -> [Error; 3] {
            [
                Error::Io(mysql_async::IoError::Io(io::ErrorKind::ConnectionReset.into())),
                Error::Driver(mysql_async::DriverError::ConnectionClosed),
                Error::Driver(mysql_async::DriverError::PacketOutOfOrder),
            ]
        };
        for step in [Step::BeforeCommit, Step::Commit] {
            for error in broken() {
                assert!(!has_answered(&error));
                assert!(matches!(classify(error, step), Ok(Swap::Unknown)));
            }
        }
    }

    #[test]
    fn a_connection_that_ends_is_not_used_again() {
        for (code, good) in
            [(1062, true), (1205, true), (1213, true), (1290, true), (1053, false), (1927, false)]
        {
            assert_eq!(has_answered(&server(code)), good, "{code}");
        }
        assert!(!has_answered(&server(1153)) && !has_answered(&server(2013)));
    }
}
