//! What a server and our tables must be like, read on every connection before it is used.

use std::time::Duration;

use tokio_postgres::{Client, SimpleQueryMessage};

use super::schema::SchemaName;
use crate::patience::fifths;

crate::risk::risks! {
    /// A risk that a host accepts with [`accepting`](super::PostgresOptions::accepting): one promise less.
    pub enum Risk {
        /// The server does not wait for its disk (`fsync = off`): after a power cut what was answered as written
        /// may be gone, or the whole database damaged. Spent guesses come back and dead sessions live. For tests
        /// on throw-away servers.
        NoFsync,
        /// The server writes no full pages to its log (`full_page_writes = off`): a page that was half written in
        /// a power cut stays so. Right only where the file system never writes half a page.
        TornPages,
    }
}

/// A setting that breaks a promise.
pub type UnsafeSetting = crate::UnsafeSetting<Risk>;

/// One setting: its name, which values are wrong, and what follows.
struct Rule {
    setting: &'static str,
    is_wrong: fn(&str) -> bool,
    breaks: &'static str,
    remedy: &'static str,
    accepted_by: Option<Risk>,
}

/// Of what stands before the server.
const SESSIONS: &str = "the connection's session";

const POOLED_SESSION: Rule = Rule {
    setting: SESSIONS,
    is_wrong: |_| true,
    breaks: "what stands before the server gives its sessions to others between transactions, and with them what each \
                 has set: how long a lock is waited for, whether a write waits for the disk",
    remedy: "have whole sessions pooled, and reset when they are given to others (of PgBouncer `pool_mode = session` with its \
             own `server_reset_query`, then `RELOAD` and `RECONNECT`, or a restart), or connect to the server itself",
    accepted_by: None,
};

const RULES: &[Rule] = &[
    Rule {
        setting: "pg_is_in_recovery",
        is_wrong: |value| value == "true",
        breaks: "this is a standby, which takes no writes and is behind when a session is checked",
        remedy: "open the primary",
        accepted_by: None,
    },
    Rule {
        setting: "default_transaction_read_only",
        is_wrong: |value| value == "on",
        breaks: "nothing could be written",
        remedy: "turn it off for this role or database",
        accepted_by: None,
    },
    Rule {
        setting: "synchronous_commit",
        // Set to `on` before it is read.
        is_wrong: |value| ["off", "local", "remote_write"].contains(&value),
        breaks: "what was answered as written is lost in a crash or a fail-over, and it cannot be set to `on` here",
        remedy: "connect without a pooler that resets sessions",
        accepted_by: None,
    },
    POOLED_SESSION,
    Rule {
        setting: "fsync",
        is_wrong: |value| value == "off",
        breaks: "what was answered as written is lost in a power cut",
        remedy: "set `fsync = on`",
        accepted_by: Some(Risk::NoFsync),
    },
    Rule {
        setting: "full_page_writes",
        is_wrong: |value| value == "off",
        breaks: "a page half written in a power cut stays damaged",
        remedy: "set `full_page_writes = on`",
        accepted_by: Some(Risk::TornPages),
    },
    Rule {
        setting: "zero_damaged_pages",
        is_wrong: |value| value == "on",
        breaks: "a damaged record reads as one that was never there, with all its guesses unspent",
        remedy: "set `zero_damaged_pages = off`",
        accepted_by: None,
    },
    Rule {
        setting: "server_encoding",
        is_wrong: |value| value != "UTF8",
        breaks: "an event with a letter that it does not have could not be written, nor what it tells of",
        remedy: "make the database with `encoding 'UTF8'`",
        accepted_by: None,
    },
    Rule {
        setting: "no plain table",
        is_wrong: |_| true,
        breaks: "a view or a partition keeps the rows where none of this is looked at",
        remedy: "move the rows into a table as the store makes it",
        accepted_by: None,
    },
    Rule {
        setting: "a table with a child or a parent",
        is_wrong: |_| true,
        breaks: "rows of the one are read and written through the other, whatever that is like",
        remedy: "run `alter table … no inherit …`",
        accepted_by: None,
    },
    Rule {
        setting: "unlogged",
        is_wrong: |_| true,
        breaks: "it is emptied after a crash",
        remedy: "run `alter table … set logged`",
        accepted_by: None,
    },
    Rule {
        setting: "a table with a trigger",
        is_wrong: |_| true,
        breaks: "a trigger may change, refuse or weaken a write",
        remedy: "drop the trigger",
        accepted_by: None,
    },
    Rule {
        setting: "a table with a rule",
        is_wrong: |_| true,
        breaks: "a rule may turn a write into something else",
        remedy: "drop the rule",
        accepted_by: None,
    },
    Rule {
        setting: "a table with row security",
        is_wrong: |_| true,
        breaks: "a record that is hidden reads as one that was never there",
        remedy: "run `alter table … disable row level security`",
        accepted_by: None,
    },
];

/// Sets a session up and reads what must be so: names and values, each a row of two columns. One turn.
///
/// The search path is first: no function or operator of somebody else's is run as the store's role. All that
/// is ours is named with its schema. A session that has our mark already is one that somebody else has, too.
const SESSION: &str = "\
set search_path = pg_catalog;
select 'the connection''s session', 'another''s' where current_setting('pinlatch.session', true) <> '';
set pinlatch.session = 'set up';
set lock_timeout = {lock};
set statement_timeout = {statement};
select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') in ('off', 'local', 'remote_write');
with ours as (select * from pg_class where relnamespace = to_regnamespace('{schema}'))
select 'pg_is_in_recovery', pg_is_in_recovery()::text
union all select name, current_setting(name, true)
    from unnest(array['default_transaction_read_only', 'synchronous_commit', 'fsync', 'full_page_writes',
        'zero_damaged_pages', 'server_encoding']) as name
union all select 'no plain table', relname::text from ours where relkind <> 'r'
    and relname in ('pinlatch_schema', 'records', 'events', 'changes', 'refusals')
    and exists (select from ours where relname = 'pinlatch_schema')
union all select 'a table with a child or a parent', relname::text from ours where relkind = 'r'
    and exists (select from pg_inherits where ours.oid in (inhparent, inhrelid))
union all select 'unlogged', relname::text from ours where relkind in ('r', 'S') and relpersistence <> 'p'
union all select 'a table with a trigger', relname::text from ours
    where exists (select from pg_trigger where tgrelid = ours.oid and not tgisinternal)
union all select 'a table with a rule', relname::text from ours where relkind = 'r' and relhasrules
union all select 'a table with row security', relname::text from ours where relrowsecurity;";

/// The statements that set a session up. The server gives up before the client does: then a write that is
/// stuck is surely not written. A lock is waited for shorter than a statement, so that the error says what it
/// was.
pub(super) fn session(schema: &SchemaName, patience: Duration) -> String {
    // Zero would mean: without end.
    let millis = |count| fifths(patience, count).as_millis().max(1).to_string();
    schema.fill(SESSION).replace("{lock}", &millis(2)).replace("{statement}", &millis(3))
}

/// The same for a session that is set up.
pub(super) fn again(session: &str) -> String {
    format!("reset pinlatch.session;\n{session}")
}

/// What is said of a session that is somebody else's as well: this was found where our mark should be, or none.
pub(super) fn is_not_ours(found: &str) -> UnsafeSetting {
    let Rule { setting, breaks, remedy, accepted_by: risk, .. } = POOLED_SESSION;
    let value = if found.is_empty() { "another's, or reset in between" } else { "another's" };
    UnsafeSetting { setting, value: value.to_owned(), breaks, remedy, risk }
}

/// Sets this session up, and says what is unsafe about it.
pub(super) async fn set_up(
    client: &Client,
    session: &str,
    accepted: &[Risk],
) -> Result<Option<UnsafeSetting>, tokio_postgres::Error> {
    let answered = client.simple_query(session).await?;
    let rows = answered.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) if row.len() == 2 => Some((row.get(0)?, row.get(1)?)),
        _ => None,
    });
    Ok(judge(rows, accepted))
}

/// The first setting that breaks a promise which the host has not waived. One that a server does not have is
/// fine.
fn judge<'a>(
    found: impl IntoIterator<Item = (&'a str, &'a str)>,
    accepted: &[Risk],
) -> Option<UnsafeSetting> {
    found.into_iter().find_map(|(setting, value)| {
        let rule = RULES.iter().find(|rule| rule.setting == setting && (rule.is_wrong)(value))?;
        let Rule { setting, breaks, remedy, accepted_by: risk, .. } = *rule;
        let is_accepted = risk.is_some_and(|risk| accepted.contains(&risk));
        (!is_accepted).then(|| UnsafeSetting { setting, value: value.to_owned(), breaks, remedy, risk })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAFE: [(&str, &str); 7] = [
        ("pg_is_in_recovery", "false"),
        ("default_transaction_read_only", "off"),
        ("synchronous_commit", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("zero_damaged_pages", "off"),
        ("server_encoding", "UTF8"),
    ];

    fn found(changed: (&'static str, &'static str)) -> Vec<(&'static str, &'static str)> {
        SAFE.into_iter().filter(|(name, _)| *name != changed.0).chain([changed]).collect()
    }

    #[test]
    fn what_is_safe_passes_and_each_unsafe_setting_is_told_with_the_risk_that_accepts_it() {
        assert_eq!(judge(SAFE, &[]), None);
        assert_eq!(judge(found(("synchronous_commit", "remote_apply")), &[]), None);
        let table = [
            (("pg_is_in_recovery", "true"), None),
            (("default_transaction_read_only", "on"), None),
            (("synchronous_commit", "off"), None),
            (("synchronous_commit", "local"), None),
            (("synchronous_commit", "remote_write"), None),
            ((SESSIONS, "another's"), None),
            (("fsync", "off"), Some(Risk::NoFsync)),
            (("full_page_writes", "off"), Some(Risk::TornPages)),
            (("zero_damaged_pages", "on"), None),
            (("server_encoding", "SQL_ASCII"), None),
            (("no plain table", "records"), None),
            (("a table with a child or a parent", "records"), None),
            (("unlogged", "records"), None),
            (("a table with a trigger", "events"), None),
            (("a table with a rule", "records"), None),
            (("a table with row security", "records"), None),
        ];
        for (changed, risk) in table {
            let refused = judge(found(changed), &[]);
            let told = refused.as_ref().map(|it| (it.setting, it.value.as_str(), it.risk));
            assert_eq!(told, Some((changed.0, changed.1, risk)));
            let accepted: Vec<_> = risk.into_iter().collect();
            assert_eq!(judge(found(changed), &accepted).is_none(), risk.is_some(), "{changed:?}");
            let others: Vec<_> =
                [Risk::NoFsync, Risk::TornPages].into_iter().filter(|other| Some(*other) != risk).collect();
            assert!(judge(found(changed), &others).is_some(), "{changed:?} is accepted by another risk");
        }
    }

    #[test]
    fn the_server_gives_up_before_the_client_and_never_waits_without_end() {
        let schema = SchemaName::new("pinlatch").unwrap_or_else(|_| std::process::abort());
        let set = session(&schema, Duration::from_secs(5));
        assert!(set.starts_with("set search_path = pg_catalog;\n"), "{set}");
        assert!(set.contains(";\nset lock_timeout = 2000;\nset statement_timeout = 3000;"), "{set}");
        let set = session(&schema, Duration::from_nanos(1));
        assert!(set.contains(";\nset lock_timeout = 1;\nset statement_timeout = 1;"), "{set}");
    }
}
