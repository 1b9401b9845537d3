//! What it means that a statement did not end well, and whether it leaves a write in doubt.
//!
//! | how it ended | what it means | answer |
//! |---|---|---|
//! | no connection was had, or the statement could not be prepared | it was never run | `Err` |
//! | 40001, 40P01 | another transaction came first; CockroachDB and YugabyteDB say so at any statement | `Conflict` |
//! | classes 0A, 22, 23, 25, 26, 28, 3D, 3F, 42, 53, 54 and 55, and 57014 | the statement was rolled back | `Err` |
//! | every other SQLSTATE, none, or a time-out of the client | nobody knows | `Unknown` |
//!
//! An error is what is listed, and doubt is what is not: a code that nobody thought of costs a command one
//! more read, where a write taken for refused would be lost from sight. Class 40 is not listed as a whole:
//! 40003 says that nobody knows, and an engine that speaks the protocol may mean the like by another.
//!
//! The server's time-out is an `Err` and not a `Conflict`: the gate would decide anew at once and wait again,
//! many times over, where an error lets it answer after one wait.

use pinlatch::host::Swap;
use tokio_postgres::error::SqlState;

use super::error::PostgresError;

/// How a statement ended that did not end well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// There was no connection to send it on.
    NotSent,
    /// The server did not prepare it.
    NotPrepared,
    /// The server answered with an error.
    Refused(SqlState),
    /// The connection broke before an answer.
    Broken,
    /// The client stopped waiting.
    TimedOut,
}

/// A statement that did not end well, and what to tell of it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) ended: Ended,
    pub(super) error: PostgresError,
}

impl Failure {
    pub(super) fn not_sent(error: PostgresError) -> Self {
        Self { ended: Ended::NotSent, error }
    }

    pub(super) fn not_prepared(error: tokio_postgres::Error) -> Self {
        Self { ended: Ended::NotPrepared, error: PostgresError::asked(error) }
    }

    pub(super) fn asked(error: tokio_postgres::Error) -> Self {
        let ended = error.code().map_or(Ended::Broken, |code| Ended::Refused(code.clone()));
        Self { ended, error: PostgresError::asked(error) }
    }
}

/// What a swap is answered that ended like this. An `Err` where surely nothing was written.
pub(super) fn classify(failure: Failure) -> Result<Swap, PostgresError> {
    match &failure.ended {
        Ended::Broken | Ended::TimedOut => Ok(Swap::Unknown),
        Ended::Refused(state) if came_second(state) => Ok(Swap::Conflict),
        Ended::Refused(state) if !was_rolled_back(state) => Ok(Swap::Unknown),
        Ended::NotSent | Ended::NotPrepared | Ended::Refused(_) => Err(failure.error),
    }
}

/// Whether the connection is as good as before. After what these four say it is; after anything else it is
/// thrown away: it may be broken, lead to a server that has become a standby, or have lost its prepared
/// statements.
pub(super) fn keeps_connection(ended: &Ended) -> bool {
    let Ended::Refused(state) = ended else { return false };
    came_second(state) || [SqlState::LOCK_NOT_AVAILABLE, SqlState::QUERY_CANCELED].contains(state)
}

fn came_second(state: &SqlState) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(state)
}

/// What is surely not written: a feature that is missing, data and constraints, a transaction that takes no
/// writes, a statement, role, database or schema that is not there, a right or a name that is missing, a
/// server that is full, a limit, an object that is not ready; and a statement that was cancelled or took too
/// long.
fn was_rolled_back(state: &SqlState) -> bool {
    const CLASSES: [&str; 12] = ["0A", "22", "23", "25", "26", "28", "3D", "3F", "42", "53", "54", "55"];
    *state == SqlState::QUERY_CANCELED || CLASSES.iter().any(|class| state.code().starts_with(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(ended: Ended) -> Failure {
        Failure { ended, error: PostgresError::Upgrading }
    }

    #[test]
    fn each_end_has_its_answer_and_few_leave_the_connection_in_use() {
        let refused = |code| Ended::Refused(SqlState::from_code(code));
        let (written_first, in_doubt, not_written) = (Some(Swap::Conflict), Some(Swap::Unknown), None);
        let table = [
            (Ended::NotSent, not_written, false),
            (Ended::NotPrepared, not_written, false),
            (Ended::Broken, in_doubt, false),
            (Ended::TimedOut, in_doubt, false),
            (refused("40001"), written_first, true),
            (refused("40P01"), written_first, true),
            (refused("08006"), in_doubt, false),
            (refused("08P01"), in_doubt, false),
            (refused("40003"), in_doubt, false),
            (refused("57P01"), in_doubt, false),
            (refused("57P02"), in_doubt, false),
            (refused("57P03"), in_doubt, false),
            (refused("58030"), in_doubt, false),
            (refused("XX000"), in_doubt, false),
            (refused("XX001"), in_doubt, false),
            (refused("55P03"), not_written, true),
            (refused("57014"), not_written, true),
            (refused("25006"), not_written, false),
            (refused("26000"), not_written, false),
            (refused("0A000"), not_written, false),
            (refused("53100"), not_written, false),
            (refused("42501"), not_written, false),
            (refused("22P05"), not_written, false),
            (refused("23502"), not_written, false),
            (refused("2200H"), not_written, false),
            (refused("28000"), not_written, false),
            (refused("3D000"), not_written, false),
            (refused("3F000"), not_written, false),
            (refused("54000"), not_written, false),
            (refused("55006"), not_written, false),
            (refused("40000"), in_doubt, false),
            (refused("40002"), in_doubt, false),
            (refused("57000"), in_doubt, false),
            (refused("57P04"), in_doubt, false),
            (refused("57P05"), in_doubt, false),
            (refused("58000"), in_doubt, false),
            (refused("00000"), in_doubt, false),
            (refused("01000"), in_doubt, false),
            (refused("F0000"), in_doubt, false),
            (refused("HV000"), in_doubt, false),
            (refused("P0001"), in_doubt, false),
            (refused("72000"), in_doubt, false),
            (refused("ZZ999"), in_doubt, false),
            (refused(""), in_doubt, false),
        ];
        for (ended, answer, keeps) in table {
            assert_eq!(keeps_connection(&ended), keeps, "{ended:?}");
            assert_eq!(classify(failure(ended.clone())).ok(), answer, "{ended:?}");
        }
    }
}
