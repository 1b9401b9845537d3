//! Where servers are: one URL that names several of them, and may hold a password.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

/// Why a URL cannot be used. Nothing of it is repeated here: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUrl {
    /// It begins with another scheme than those of this engine, or with none.
    #[error("it does not begin with {0}")]
    Scheme(&'static str),
    /// No server is named, or one without a name or with a port that is none.
    #[error("a server is named host, host:port or [address]:port, several with commas between them")]
    Host,
    /// A user without a password, or text that is no UTF-8 once decoded.
    #[error("credentials are user:password@, each percent-encoded")]
    Credentials,
    /// There is more than servers and a name.
    #[error("nothing may follow the servers but one name, and that where the engine has one")]
    Rest,
}

/// What a URL says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) scheme: &'static str,
    /// Name and password.
    pub(crate) user: Option<(String, String)>,
    /// Each with its port.
    pub(crate) servers: Vec<String>,
    /// What follows the servers, without the slash before it.
    pub(crate) name: Option<String>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.servers.join(","))
    }
}

impl Address {
    /// Reads `scheme://user:password@host:port,host:port/name`.
    pub(crate) fn parse(url: &str, schemes: &[&'static str], port: u16) -> Result<Self, InvalidUrl> {
        let first = schemes.first().copied().unwrap_or_default();
        let (scheme, rest) = url.split_once("://").ok_or(InvalidUrl::Scheme(first))?;
        let scheme = schemes.iter().find(|known| **known == scheme).ok_or(InvalidUrl::Scheme(first))?;
        // The last one: a password that was not encoded may hold another.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(credentials(user)?), rest),
            None => (None, rest),
        };
        let (servers, name) = rest.split_once('/').unwrap_or((rest, ""));
        if name.contains(['?', '#', '/']) {
            return Err(InvalidUrl::Rest);
        }
        let servers = servers.split(',').map(|server| with_port(server, port)).collect::<Result<_, _>>()?;
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        Ok(Self { scheme, user, servers, name })
    }
}

fn credentials(text: &str) -> Result<(String, String), InvalidUrl> {
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().map(Cow::into_owned);
    let (name, password) = text.split_once(':').ok_or(InvalidUrl::Credentials)?;
    let both = decoded(name).and_then(|name| Ok((name, decoded(password)?)));
    both.map_err(|_| InvalidUrl::Credentials)
}

fn with_port(server: &str, usual: u16) -> Result<String, InvalidUrl> {
    let is_whole = |host: &str| {
        let is_bare = !host.contains([':', '[', ']', '?', '#', ' ']);
        let within = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        !host.is_empty() && (is_bare || within.is_some_and(|address| !address.is_empty()))
    };
    if is_whole(server) {
        return Ok(format!("{server}:{usual}"));
    }
    let (host, port) = server.rsplit_once(':').ok_or(InvalidUrl::Host)?;
    let is_port = port.parse::<u16>().is_ok();
    if is_whole(host) && is_port { Ok(server.to_owned()) } else { Err(InvalidUrl::Host) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, InvalidUrl> {
        Address::parse(url, &["etcd", "etcds"], 2379)
    }

    #[test]
    fn servers_get_the_usual_port_and_keep_their_own() {
        let found = parse("etcd://one,two:4000,[::1],[::2]:4001/staging").unwrap();
        assert_eq!(found.servers, ["one:2379", "two:4000", "[::1]:2379", "[::2]:4001"]);
        assert_eq!((found.scheme, found.name.as_deref(), found.user), ("etcd", Some("staging"), None));
        assert_eq!(parse("etcds://one/").unwrap().name, None);
    }

    #[test]
    fn credentials_are_decoded_and_not_shown() {
        let found = parse("etcd://anna:p%40ss%2Fw%C3%B6rd@one").unwrap();
        assert_eq!(found.user, Some(("anna".into(), "p@ss/wörd".into())));
        assert_eq!(format!("{found:?}"), "etcd://one:2379");
        assert_eq!(parse("etcd://anna:p@ss@one").unwrap().user.unwrap().1, "p@ss");
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_what_is_wrong() {
        for (url, wrong) in [
            ("one:2379", InvalidUrl::Scheme("etcd")),
            ("http://one", InvalidUrl::Scheme("etcd")),
            ("etcd://", InvalidUrl::Host),
            ("etcd://one,,two", InvalidUrl::Host),
            ("etcd://one:", InvalidUrl::Host),
            ("etcd://one:65536", InvalidUrl::Host),
            ("etcd://::1:2379", InvalidUrl::Host),
            ("etcd://one?x=y", InvalidUrl::Host),
            ("etcd://anna@one", InvalidUrl::Credentials),
            ("etcd://anna:%ff@one", InvalidUrl::Credentials),
            ("etcd://one/a/b", InvalidUrl::Rest),
            ("etcd://one/a?b", InvalidUrl::Rest),
        ] {
            assert_eq!(parse(url), Err(wrong), "{url}");
        }
    }
}
