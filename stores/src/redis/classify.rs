//! What an answer of the server's means for a swap: decided here, without asking anybody.
//!
//! | what came | what it means | answer |
//! |---|---|---|
//! | no connection, or to a server that is set up unsafely | nothing was sent | `Err` |
//! | no answer: the connection broke, or patience was over | written, or not, or later | `Unknown` |
//! | 0 | something else was found | `Conflict` |
//! | 1, and enough replicas if some have to acknowledge it | written | `Applied` |
//! | 1, and too few replicas | written here, lost if this server is | `Unknown` |
//! | an error of which it is known that the script did not come to its end | not written | `Err` |
//! | any other error: a proxy's own, too | nobody knows | `Unknown` |

use pinlatch::host::{Swap, Version};
use redis::{ServerError, Value};

use super::connections::Failed;
use super::error::{RedisError, Said};

/// Errors by which Redis refuses a command before it does anything, and errors inside our script, whose one
/// write is its last step.
const REFUSALS: &[&str] = &[
    "READONLY",    // a replica
    "OOM",         // no memory left, and nothing to evict
    "MISCONF",     // snapshots fail
    "NOREPLICAS",  // min-replicas-to-write
    "LOADING",     // reading its files
    "MASTERDOWN",  // a replica without a primary
    "BUSY",        // somebody's script takes long
    "NOSCRIPT",    // not of EVAL
    "NOAUTH",      // not signed in
    "WRONGPASS",   // signed in wrongly
    "NOPERM",      // the user may not
    "WRONGTYPE",   // the key is no hash
    "MOVED",       // another node's
    "ASK",         // another node's
    "TRYAGAIN",    // in between two nodes
    "CLUSTERDOWN", // no node answers for the key
    "CROSSSLOT",   // not of one key
    "UNKILLABLE",  // not of EVAL
];

/// Of the errors that are only called `ERR`: what was not run, or not to its end.
const NOT_RUN: &[&str] = &["script", "unknown command", "max number of clients"];

/// What a swap is answered that would write `version`, and that `replicas` have to acknowledge.
pub(super) fn swap(
    asked: Result<Vec<Value>, Failed>,
    version: Version,
    replicas: u32,
) -> Result<Swap, RedisError> {
    let answers = match asked {
        Ok(answers) => answers,
        Err(Failed::NotSent(error)) => return Err(error),
        Err(Failed::NoAnswer(_)) => return Ok(Swap::Unknown),
    };
    match answers.first() {
        Some(Value::Int(0)) => Ok(Swap::Conflict),
        Some(Value::Int(1)) if acknowledged(answers.get(1)) >= replicas => Ok(Swap::Applied(version)),
        Some(Value::ServerError(error)) if is_refusal(error) => Err(refused(error)),
        _ => Ok(Swap::Unknown),
    }
}

/// What `WAIT` answered.
pub(super) fn acknowledged(answer: Option<&Value>) -> u32 {
    match answer {
        Some(Value::Int(replicas)) => u32::try_from(*replicas).unwrap_or_default(),
        _ => 0,
    }
}

fn is_refusal(error: &ServerError) -> bool {
    let says = |text: &&str| error.details().is_some_and(|details| details.contains(text));
    REFUSALS.contains(&error.code()) || (error.code() == "ERR" && NOT_RUN.iter().any(says))
}

/// The server's error as ours.
pub(super) fn refused(error: &ServerError) -> RedisError {
    let text = format!("{} {}", error.code(), error.details().unwrap_or_default());
    RedisError::Refused { code: error.code().into(), cause: Box::new(Said(text.into())) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use std::io;

    use super::*;

    const NEW: Version = Version::from_number(u64::MAX);

    /// As the driver reads it from the wire.
    fn error(line: &str) -> Value {
        redis::parse_redis_value(format!("-{line}\r\n").as_bytes()).unwrap()
    }

    fn answered(answers: Vec<Value>, replicas: u32) -> Option<Swap> {
        swap(Ok(answers), NEW, replicas).ok()
    }

    #[test]
    fn an_answer_is_applied_only_if_enough_replicas_have_it() {
        let (written, nil) = (|| Value::Int(1), Value::Nil);
        assert_eq!(answered(vec![written()], 0), Some(Swap::Applied(NEW)));
        assert_eq!(answered(vec![Value::Int(0)], 0), Some(Swap::Conflict));
        assert_eq!(answered(vec![Value::Int(0), Value::Int(0)], 1), Some(Swap::Conflict));
        assert_eq!(answered(vec![written(), Value::Int(1)], 1), Some(Swap::Applied(NEW)));
        assert_eq!(answered(vec![written(), Value::Int(3)], 2), Some(Swap::Applied(NEW)));
        for short in [vec![written()], vec![written(), Value::Int(0)], vec![written(), Value::Int(-1)]] {
            assert_eq!(answered(short, 1), Some(Swap::Unknown));
        }
        assert_eq!(answered(vec![written(), error("NOPERM this user may not WAIT")], 1), Some(Swap::Unknown));
        for strange in [vec![], vec![nil], vec![Value::Okay], vec![Value::Int(2)]] {
            assert_eq!(answered(strange, 0), Some(Swap::Unknown));
        }
    }

    #[test]
    fn an_error_is_surely_not_written_only_where_redis_says_so() {
        let cases = [
            ("READONLY You can't write against a read only replica.", true),
            ("OOM command not allowed when used memory > 'maxmemory'.", true),
            ("MISCONF Redis is configured to save RDB snapshots, but it's unable to persist to disk", true),
            ("NOREPLICAS Not enough good replicas to write.", true),
            ("LOADING Redis is loading the dataset in memory", true),
            ("MASTERDOWN Link with MASTER is down", true),
            ("NOSCRIPT No matching script. Please use EVAL.", true),
            ("BUSY Redis is busy running a script.", true),
            ("NOPERM this user has no permissions to run the 'eval' command", true),
            ("NOAUTH Authentication required.", true),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", true),
            ("MOVED 3999 127.0.0.1:6381", true),
            ("ASK 3999 127.0.0.1:6381", true),
            ("CLUSTERDOWN Hash slot not served", true),
            ("ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM", true),
            ("ERR unknown command 'EVAL'", true),
            ("ERR max number of clients reached", true),
            // What stands before the server says something of its own.
            ("ERR Connection timed out", false),
            ("upstream failure", false),
            ("no upstream host", false),
            ("EXECABORT Transaction discarded", false),
        ];
        for (line, is_not_written) in cases {
            let swapped = swap(Ok(vec![error(line), Value::Int(0)]), NEW, 0);
            match swapped {
                Ok(swap) => assert!(!is_not_written && swap == Swap::Unknown, "{line}: {swap:?}"),
                Err(refused) => {
                    let code = line.split(' ').next().unwrap();
                    assert!(is_not_written, "{line}: {refused}");
                    assert!(
                        matches!(refused, RedisError::Refused { code: ref found, .. } if **found == *code)
                    );
                }
            }
        }
    }

    #[test]
    fn without_a_connection_it_is_not_written_and_without_an_answer_unknown() {
        let cause = || Box::new(io::Error::from(io::ErrorKind::BrokenPipe));
        let not_sent = swap(Err(Failed::NotSent(RedisError::Unreachable(cause()))), NEW, 0);
        assert!(matches!(not_sent, Err(RedisError::Unreachable(_))), "{not_sent:?}");
        assert_eq!(swap(Err(Failed::NoAnswer(cause())), NEW, 0).unwrap(), Swap::Unknown);
    }
}
