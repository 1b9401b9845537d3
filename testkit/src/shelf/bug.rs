//! What can be wrong with a store.

use std::fmt;

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $name:ident, seen $seen:literal, lets $lets:literal;)*) => {
        /// One thing that is wrong with a store.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Bug {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Bug {
            /// Every bug, in the order of this page.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// Where it comes from: a store that had it, or the habit that makes it.
            #[must_use]
            pub const fn seen_in(self) -> &'static str {
                match self {
                    $(Self::$name => $seen,)*
                }
            }

            /// What it lets an attacker do, or costs the owner.
            #[must_use]
            pub const fn lets_an_attacker(self) -> &'static str {
                match self {
                    $(Self::$name => $lets,)*
                }
            }
        }
    };
}

bugs! {
    /// The version is not looked at.
    NoVersionCheck, seen "the in-memory store of an event-sourcing crate",
        lets "guess at will: every guess of a burst overwrites the count of the others";
    /// The version is compared, the lock dropped, and then it is written.
    CheckThenWrite, seen "a session store on an in-process cache; `create` as select, then insert",
        lets "guess in parallel: the guesses that arrive together count as one";
    /// The same under a lock of this process only.
    LockPerHandle, seen "a mutex around an adapter that a second process runs as well",
        lets "guess in parallel on two servers";
    /// An update creates the record if it is not there.
    UpdateCreates, seen "upserts in several web frameworks' session stores",
        lets "revive a session that was logged out, by a request in flight";
    /// A creation overwrites the record that is there.
    CreateOverwrites, seen "the default `create` of a widely used session trait",
        lets "undo a log-out from all devices by a sign-in at the same moment";
    /// A later version than the record's is accepted as well.
    NewerIsAccepted, seen "`WHERE version <= $expected`",
        lets "write with a version that is made up";
    /// An earlier version than the record's is accepted as well.
    OlderIsAccepted, seen "`WHERE version >= $expected`, from a mixed-up comparison",
        lets "replay any old state";
    /// Versions are compared in their lower 32 bits.
    ComparesThirtyTwoBits, seen "an `as i32` on the way to a column",
        lets "have a stale write applied once the counter has come round";
    /// Version 0 means that there is no record, so an update at 0 creates one.
    ZeroMeansAbsent, seen "key-value engines whose revision 0 says `create`",
        lets "create a record by an update at a version that was never read";
    /// The version is compared with what this handle remembers.
    ComparesWithItsMemory, seen "optimistic locking checked in an object mapper's session",
        lets "guess in parallel on two servers";
    /// Once a key was found absent, this handle goes on believing it.
    RemembersAbsence, seen "negative caching in front of a database",
        lets "overwrite the account that another server has created since";
    /// Once a load found a key absent, this handle's loads go on saying so, until it writes there itself.
    LoadsRememberAbsence, seen "negative caching of reads in front of a database",
        lets "use a device as one that never was barred, on every server that asked too early";
    /// The same, and not even this handle's own write ends it.
    OwnCreationUnseen, seen "a cache of absent keys with a time-to-live, which no write clears",
        lets "guess for free after a sign-in: the record that counts is written, and not read";
    /// A conflict is answered `Applied`.
    ConflictSaysApplied, seen "a Redis session store that drops the answer of `SET XX`",
        lets "guess for free: the charge that was never written is believed to be";
    /// `Applied` comes with the version before.
    AppliedSaysOldVersion, seen "`UPDATE … RETURNING` of the wrong side, or a counter read before the write",
        lets "make every second write conflict, so that log-outs fail";
    /// A write whose reply was lost is answered `Applied`.
    LostReplySaysApplied, seen "clients that retry by themselves",
        lets "have a guess compared that may not have been charged";
    /// A write whose reply was lost is answered by an error: surely not written.
    LostReplySaysFailed, seen "a time-out mapped to the error of a refused connection",
        lets "burn the owner's five guesses with one entry that is retried";
    /// A write that got lost on its way is answered `Applied`.
    LostRequestSaysApplied, seen "fire-and-forget writes, unacknowledged write concerns",
        lets "guess for free while the network drops packets";
    /// A record that cannot be read is loaded as absent.
    ErrorReadsAsAbsent, seen "`.ok().flatten()` on a load",
        lets "start with a fresh account during an outage";
    /// A load that fails is answered from memory.
    ErrorReadsFromMemory, seen "caches that serve stale data when the origin fails",
        lets "use a revoked session for as long as an outage lasts";
    /// A write is put into a queue while the engine is down, and answered `Applied`.
    QueuedWhileDown, seen "offline-first clients",
        lets "guess for free while the engine is down";
    /// A key that was never written loads as an empty record.
    MissingReadsAsEmpty, seen "`unwrap_or_default` on a load",
        lets "keep the owner out: an empty record cannot be read, and cannot be created over";
    /// The version starts at 1 again when a record is made anew.
    RestartsAfterDelete, seen "a version column per row; our own first adapters",
        lets "have a stale write applied to the record's new life";
    /// The next version is the highest in use, plus one.
    HighestPlusOne, seen "row ids that are given again once the last row is deleted",
        lets "have a stale write applied to the record's new life";
    /// The version is the time, in seconds.
    CoarseClock, seen "`updated_at` used as the version",
        lets "guess as often as fits into a second";
    /// The version is the time, however fine.
    FineClock, seen "`updated_at` in microseconds used as the version",
        lets "have two writes of one tick, or around a clock correction, overwrite each other";
    /// The version is a hash of the bytes.
    HashOfBytes, seen "entity tags made from the content",
        lets "replay a stale write once a record has come back to an earlier content";
    /// The version wraps at 8 bits.
    WrapsAtEightBits, seen "a `TINYINT` column",
        lets "replay a write 256 writes later";
    /// The version wraps at 16 bits.
    WrapsAtSixteenBits, seen "a `SMALLINT` column",
        lets "replay a write 65,536 writes later";
    /// The version wraps at 32 bits.
    WrapsAtThirtyTwoBits, seen "an `INTEGER` column",
        lets "replay a write after four thousand million others";
    /// The version is kept as a floating-point number.
    FloatingPoint, seen "scripting languages without integers: beyond 2^53 neighbours are equal",
        lets "have a stale write applied beside the one that it missed";
    /// Versions start again when the store is opened.
    RestartsAtReopen, seen "a counter in the memory of the process",
        lets "have a stale write applied after a restart";
    /// A load gives the number of the engine's last write, whatever its key.
    RevisionOfTheEngine, seen "taking the revision of an answer's header for that of the key",
        lets "have a decision on old bytes applied over a newer record";
    /// A load does not see this handle's last write.
    ReadsOneWriteBack, seen "reads that go to a replica",
        lets "guess against the count of a moment ago";
    /// Another handle does not see the last write.
    LaggingReplica, seen "session checks that read a replica",
        lets "use a revoked session wherever a replica is read";
    /// A handle remembers what it read, and is not told of other handles' writes.
    CacheNotInvalidated, seen "a cache in each server in front of one database",
        lets "use a revoked session on every server that has seen it";
    /// The same, but a handle forgets what it read when it writes there itself.
    CacheHearsOwnWritesOnly, seen "a read cache per connection, cleared by what that connection writes",
        lets "use a revoked session on every server that has seen it and wrote nothing since";
    /// Bytes and version are read by two statements.
    TornRead, seen "`SELECT bytes` and then `SELECT version`",
        lets "have a command decided on old bytes overwrite a log-out that it never saw";
    /// Writes are answered `Applied`, and reach the engine a few at a time.
    WriteBehind, seen "write-behind caches",
        lets "guess for free: pull the plug before the count is written";
    /// The last write is lost in a crash.
    LastWriteLost, seen "asynchronous commit; no fsync; a fail-over to a replica that lags",
        lets "have the last guess back by a crash";
    /// A crash may leave the new bytes with the old version.
    BytesBeforeVersion, seen "bytes and version in two keys, without a transaction",
        lets "have a stale write applied over the one that the crash cut off";
    /// A crash may leave the old bytes with a new version.
    VersionBeforeBytes, seen "bytes and version in two keys, without a transaction",
        lets "have a write lost that the version says is there";
    /// A crash may leave part of a large record.
    PartialWrite, seen "values split into chunks; a file overwritten in place",
        lets "damage a record for good, so that its owner has to be re-invited";
    /// The least recently used record makes room for a new one.
    Evicts, seen "`allkeys-lru`; bounded in-process caches",
        lets "flush a spent budget of guesses out by signing strangers in";
    /// Records expire a month after they were written.
    Expires, seen "a time-to-live on every key",
        lets "wait until the count is forgotten";
    /// A clean-up takes local time for UTC, and collects what is in use.
    CollectedEarly, seen "`delete_expired` comparing `timestamptz` with local time",
        lets "wait an hour until the count is forgotten";
    /// A clean-up removes what it looked at, though it has changed since.
    DeleteIgnoresVersion, seen "several stores",
        lets "reset an account by guessing while the clean-up runs";
    /// Keys change their case on one side. (Two of our keys never differ in case only.)
    KeysFolded, seen "collations; a normalising proxy",
        lets "keep everybody out: nobody's record is found again";
    /// Keys are cut at 32 characters.
    KeysTruncated, seen "`VARCHAR(32)`",
        lets "read and reset the state of 255 others";
    /// Keys are cut to the first half of the person's id.
    PrefixShared, seen "sharding or prefix schemes that take the shard for the key",
        lets "share the state of everybody whose id begins alike";
    /// A person's account and a person's facts share a record.
    KindIgnored, seen "a key prefix that is stripped",
        lets "overwrite an account by editing a person";
    /// Records are taken for UTF-8 text.
    ValuesAsText, seen "text columns",
        lets "damage every record, so that its owner has to be re-invited";
    /// Blanks and zeros at the end are cut.
    ValuesTrimmed, seen "fixed-length and padded columns",
        lets "damage some records, so that their owners have to be re-invited";
    /// Records are cut at 64 KiB.
    LargeValuesCut, seen "a 65,535-byte column in a lenient mode",
        lets "damage one's own record until its bars cannot be read";
    /// Records beyond 64 KiB are dropped, and answered `Applied`.
    LargeValuesDropped, seen "caches with a size limit per item",
        lets "freeze one's record once it is large: nothing is counted any more";
    /// A shorter record keeps the end of the longer one before it.
    TailKept, seen "a file overwritten without being truncated",
        lets "damage a record by making it shorter";
    /// A refused write gives the record a new version all the same.
    RefusalRaisesVersion, seen "a trigger that counts attempts",
        lets "make every write of the owner conflict";
    /// A refused write is kept, and answered `Conflict`.
    RefusalIsKept, seen "write, then compare, without a roll-back",
        lets "overwrite whatever a stale request wants";
    /// Every store has the same records, whatever it was opened on.
    NamespaceIgnored, seen "a table name that is fixed in a statement",
        lets "have one product's records read by another";
    /// It says that it takes events, and writes the record only.
    EventsDropped, seen "an argument that an adapter passes over",
        lets "act without a trace in the audit trail";
    /// The events of a refused write are kept.
    EventsOfRefusalKept, seen "an insert before the comparison, without a roll-back",
        lets "fill the audit trail with what never happened";
    /// An event that is there already is written once more.
    EventsTwice, seen "an insert without a unique key",
        lets "make one sign-in look like two";
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
