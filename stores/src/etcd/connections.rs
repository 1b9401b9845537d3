//! The connection to one member at a time: how long it may take, and to whom it goes when it breaks.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use etcd_client::{Client, ConnectOptions, Error};
use tokio::time::{Instant, sleep, timeout_at};

use super::classify;
use super::error::EtcdError;
use super::settings::{Risk, Status};
use crate::address::Address;
use crate::patience::{after, fifths};

/// Between two rounds over all members, while none can be used.
const PAUSE: Duration = Duration::from_millis(50);

/// How the way to it is encrypted: without the feature, in no way.
#[cfg(feature = "tls")]
pub(super) type Tls = etcd_client::TlsOptions;
#[cfg(not(feature = "tls"))]
pub(super) type Tls = std::convert::Infallible;

/// A way to etcd. A clone shares its connection.
#[derive(Clone)]
pub(super) struct Link {
    members: Arc<Members>,
    pub(super) patience: Duration,
}

struct Members {
    /// None of them: then the connection is the host's, and stays.
    addresses: Vec<String>,
    user: Option<(String, String)>,
    accepted: Vec<Risk>,
    tls: Option<Tls>,
    /// Held for a moment only.
    current: Mutex<Current>,
    /// One connects at a time, and the others wait for it no longer than they have.
    connecting: tokio::sync::Mutex<()>,
}

impl Members {
    fn over(client: Option<Client>) -> Self {
        let current = Mutex::new(Current { client, number: 0, member: 0 });
        let connecting = tokio::sync::Mutex::default();
        Self { addresses: Vec::new(), user: None, accepted: Vec::new(), tls: None, current, connecting }
    }
}

/// The connection in use.
struct Current {
    client: Option<Client>,
    /// Which one it is, so that the failure of an older one does not end it.
    number: u64,
    /// Whose turn it is.
    member: usize,
}

impl Link {
    pub(super) fn new(address: Address, patience: Duration, accepted: Vec<Risk>, tls: Option<Tls>) -> Self {
        let Address { servers, user, .. } = address;
        Self::with(Members { addresses: servers, user, accepted, tls, ..Members::over(None) }, patience)
    }

    pub(super) fn over(client: Client, patience: Duration) -> Self {
        Self::with(Members::over(Some(client)), patience)
    }

    fn with(members: Members, patience: Duration) -> Self {
        Self { members: Arc::new(members), patience }
    }

    /// When what begins now has to be over.
    pub(super) fn deadline(&self) -> Instant {
        after(self.patience)
    }

    /// Sends a request and waits for its answer: at most two fifths of the patience for a connection, three
    /// fifths for the answer, and no longer than until `deadline`. After an error without an answer the connection
    /// is thrown away, and the next member has its turn.
    pub(super) async fn ask<T, F>(
        &self,
        deadline: Instant,
        request: impl FnOnce(Client) -> F,
    ) -> Result<Result<T, Error>, EtcdError>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let (client, number) = self.connected(deadline.min(after(fifths(self.patience, 2)))).await?;
        let end = deadline.min(after(fifths(self.patience, 3)));
        let answer = timeout_at(end, request(client)).await;
        let is_over = match &answer {
            Ok(Ok(_)) => false,
            Ok(Err(error)) => classify::is_without_answer(error),
            Err(_) => true,
        };
        if is_over {
            self.throw_away(number);
        }
        answer.map_err(|_| EtcdError::NoAnswer(self.patience))
    }

    async fn connected(&self, end: Instant) -> Result<(Client, u64), EtcdError> {
        let not_connected = |_| EtcdError::NotConnected(None);
        if let Some(connected) = self.current().connected() {
            return Ok(connected);
        }
        let _turn = timeout_at(end, self.members.connecting.lock()).await.map_err(not_connected)?;
        // Somebody else connected meanwhile.
        if let Some(connected) = self.current().connected() {
            return Ok(connected);
        }
        let mut last = None;
        loop {
            for _ in &self.members.addresses {
                let member = self.current().member;
                match self.connect(member, end).await {
                    Ok(client) => return Ok(self.current().take(client)),
                    Err(EtcdError::NotConnected(error)) => last = error.or(last),
                    Err(refused) => return Err(refused),
                }
                self.current().member = member.wrapping_add(1);
            }
            if after(PAUSE) >= end {
                return Err(EtcdError::NotConnected(last));
            }
            sleep(PAUSE).await;
        }
    }

    /// Connects to one member, and asks it whether it can be used, and whether it breaks a promise: another version may
    /// run there than when it was opened. The driver only connects once it has something
    /// to send: so whatever fails here was surely no write.
    async fn connect(&self, member: usize, end: Instant) -> Result<Client, EtcdError> {
        let count = self.members.addresses.len().max(1);
        let address = self.members.addresses.get(member.checked_rem(count).unwrap_or_default());
        let scheme = if self.members.tls.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", address.map_or("", String::as_str));
        // Each has its share of the time, so that one that is silent does not use up that of the others.
        let left = end.saturating_duration_since(Instant::now());
        let share = u32::try_from(count).ok().and_then(|count| left.checked_div(count)).unwrap_or(left);
        // A token that has lapsed is refused before anything is done, so that asking again repeats no write.
        let mut options = ConnectOptions::new().with_connect_timeout(share).with_auto_token_refresh(true);
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.members.tls {
            options = options.with_tls(tls.clone());
        }
        if let Some((user, password)) = &self.members.user {
            options = options.with_user(user, password);
        }
        let asked = async {
            let mut client = Client::connect([address], Some(options)).await?;
            let status = Status::of(&mut client).await?;
            Ok::<_, Error>((client, status))
        };
        match timeout_at(after(share), asked).await {
            Ok(Ok((client, status))) if status.is_usable() => {
                status.check_member(&self.members.accepted).map(|()| client)
            }
            Ok(Err(error)) if !classify::is_without_answer(&error) => Err(EtcdError::refused(error)),
            Ok(Err(error)) => Err(EtcdError::NotConnected(Some(error.into()))),
            Ok(Ok(_)) => {
                Err(EtcdError::NotConnected(Some("the member has no leader, or is a learner".into())))
            }
            Err(_) => Err(EtcdError::NotConnected(None)),
        }
    }

    fn throw_away(&self, number: u64) {
        let mut current = self.current();
        if current.number == number && !self.members.addresses.is_empty() {
            current.client = None;
            current.member = current.member.wrapping_add(1);
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.members.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Current {
    fn connected(&self) -> Option<(Client, u64)> {
        self.client.clone().map(|client| (client, self.number))
    }

    fn take(&mut self, client: Client) -> (Client, u64) {
        self.number = self.number.wrapping_add(1);
        self.client = Some(client.clone());
        (client, self.number)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({})", self.members.addresses.join(","))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    /// Whoever is out of patience has no time left to wait for another.
    #[test]
    fn a_connection_is_thrown_away_while_somebody_else_connects() {
        let address = Address::parse("etcd://127.0.0.1:1", &["etcd"], 1).unwrap();
        let link = Link::new(address, Duration::from_secs(1), Vec::new(), None);
        let connecting = link.members.connecting.try_lock().unwrap();
        link.throw_away(0);
        drop(connecting);
        assert_eq!(link.current().member, 1);
    }
}
