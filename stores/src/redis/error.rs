//! What can go wrong with a server.

use std::error::Error;

#[cfg(doc)]
use super::Risk;
use super::settings::UnsafeSetting;
use crate::Untrustworthy;

/// What the driver or the server said, without the password. Its type is none of this crate's promises.
pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Why a server could not be opened, read or written. From
/// [`compare_and_swap`](pinlatch::host::Store::compare_and_swap) every one of them means that nothing was
/// written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisError {
    /// The address cannot be read. It is not repeated here, since it may hold a password. `rediss:` needs
    /// the feature `tls`, and root certificates of the host's are for it alone.
    #[error("the address is not redis://[user:password@]host[:port][/database], or needs the feature `tls`")]
    Address,
    /// The prefix is empty, longer than 64 characters, or has others than a to z, 0 to 9, `_`, `-` and `.`.
    /// Choose another.
    #[error("the prefix has to be 1 to 64 characters of a-z, 0-9, `_`, `-` and `.`")]
    Prefix,
    /// No connection was to be had, and nothing was sent. Retry; if it persists, look at address, user,
    /// password and network.
    #[error("no connection to the server, so nothing was sent")]
    Unreachable(#[source] Cause),
    /// The connection broke, or patience was over before the answer. Retry.
    #[error("the server did not answer")]
    NoAnswer(#[source] Cause),
    /// The server did not let us sign in: it wants another user and password than the address has
    /// (`redis://user:password@host`, without a user `redis://:password@host`), or none, or takes no more connections.
    #[error(
        "the server let nobody sign in: put a user and password that it knows into the address, `redis://user:password@host` or \
         `redis://:password@host`, none if it wants none, and look at its `maxclients`"
    )]
    Unauthenticated(#[source] Cause),
    /// The server answered with an error. Look it up by its code; `LOADING`, `BUSY`, `NOREPLICAS` and
    /// `CLUSTERDOWN` pass by themselves.
    #[error("the server refused: {code}")]
    Refused {
        /// The first word of the server's error: `OOM`, `NOPERM`, …
        code: Box<str>,
        /// All of it.
        #[source]
        cause: Cause,
    },
    /// The server is a replica, or became one: what it knows may be old. Connect to the primary.
    #[error("the server is no primary but `{role}`: connect to the primary")]
    NotPrimary {
        /// What it is.
        role: Box<str>,
    },
    /// The server is set up so that a promise does not hold. Change the setting, or
    /// [accept](super::RedisOptions::accepting) the risk.
    #[error(transparent)]
    Unsafe(#[from] UnsafeSetting),
    /// A setting cannot be read, as with many hosted servers, which forbid `CONFIG`. Find out what it is, and
    /// then accept [`Risk::SettingsUnread`].
    #[error("{name} cannot be read: find out what it is, and accept Risk::SettingsUnread")]
    Unread {
        /// The setting, as the server calls it.
        name: &'static str,
    },
    /// Fewer replicas are connected than have to [acknowledge](super::RedisOptions::acknowledged_by) a write.
    /// Connect them first.
    #[error("{found} replicas are connected, and {wanted} have to acknowledge a write: connect them")]
    TooFewReplicas {
        /// How many there are.
        found: u32,
        /// How many are needed.
        wanted: u32,
    },
    /// After a write whose outcome was unknown, too few replicas acknowledged what is there now, so it was
    /// not read out. Retry; if it persists, look at the replicas.
    #[error("of {wanted} replicas {found} acknowledged what is there now: look at the replicas")]
    NotAcknowledged {
        /// How many did.
        found: u32,
        /// How many are needed.
        wanted: u32,
    },
    /// The note that says whose the prefix is, is somebody else's, or was changed by hand. It was left as it is: choose another
    /// prefix. Of a deployment that is in use, put the note back with all hosts stopped: `MULTI`, `DEL <key>`,
    /// `HSET <key> application pinlatch schema 1`, `EXEC`.
    #[error(
        "the note `{key}` is somebody else's, or was changed by hand: choose another prefix, or put the note back"
    )]
    ForeignObject {
        /// The key of the note.
        key: Box<str>,
    },
    /// A record was changed by hand. It was left as it is, and nobody else's is touched by it. If it is a hash whose `d` is as it
    /// was, `HSET <key> v 1` gives everything back. Else put a damaged one in its place, in one transaction: `MULTI`, `DEL <key>`,
    /// `HSET <key> d '' v 1`, `EXEC`; without a record it would be an account that never signed in, and no bar. Then a user
    /// administrator re-invites the person:
    /// [what damage means](pinlatch::record#what-becomes-of-a-record-that-cannot-be-used). A person's facts (`p-`) have no bar:
    /// remove the key, write the facts anew, and reassess the person.
    #[error(
        "the record `{key}` was changed by hand: put its version back, or a damaged one in its place, as the documentation of \
         this error says"
    )]
    ChangedByHand {
        /// The last four characters of the key.
        key: Box<str>,
    },
    /// The prefix was made by a newer version of this crate. It was left as it is: update this host.
    #[error("the prefix has schema {found}, newer than {known}, the last one known here: update this host")]
    NewerSchema {
        /// The schema of what is there.
        found: u64,
        /// The newest schema that this version knows.
        known: u64,
    },
    /// Tried with a record of its own on opening, the server or something before it did what it must not do.
    /// Do not use it.
    #[error("the server cannot be trusted with records")]
    Untrustworthy(#[source] Untrustworthy),
    /// What was written on opening got an expiry that nobody asked for. Switch that off: what expires comes
    /// back as an account that never signed in.
    #[error("keys written here expire by themselves: switch that off")]
    Expires,
    /// The operating system gave no random number for a version.
    #[error("no random number for a version")]
    Randomness,
    /// The server's answer is none that Redis gives. Look at what stands before it.
    #[error("an answer that Redis does not give: look at what stands before the server")]
    Unreadable,
}

/// An error's text, with the password taken out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Said(pub(super) Box<str>);
