//! The connection: how long it may take, and what happens when it breaks.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::context::{Context, ContextBuilder};
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use futures_util::future::{Either, pending, select};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::error::NatsError;
use super::options::NatsOptions;
use crate::InvalidUrl;
use crate::address::Address;
use crate::patience::{after, fifths};

/// Between two looks at whether the connection is there again.
const PAUSE: Duration = Duration::from_millis(5);

/// How long the driver may take to take note that a connection is to be renewed.
const FAREWELL: Duration = Duration::from_millis(100);

/// The driver waits so much longer with each try to connect, ...
const STEP: Duration = Duration::from_millis(20);
/// ... up to this many steps: half a second.
const STEPS: u32 = 25;

/// A connection that the driver renews by itself. Everything that is asked has an end.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) context: Context,
    /// How often it broke so far. A client of the host's tells nobody.
    breaks: Option<watch::Receiver<u64>>,
    pub(super) patience: Duration,
}

impl Link {
    pub(super) async fn connect(address: Address, how: &NatsOptions) -> Result<Self, NatsError> {
        let patience = how.patience;
        let (told, breaks) = watch::channel(0_u64);
        let options = ConnectOptions::new()
            .name("pinlatch")
            .connection_timeout(fifths(patience, 1))
            .reconnect_delay_callback(|tries| {
                STEP.saturating_mul(u32::try_from(tries).map_or(STEPS, |n| n.min(STEPS)))
            })
            .event_callback(move |event| {
                if event == Event::Disconnected {
                    told.send_modify(|breaks| *breaks = breaks.wrapping_add(1));
                }
                std::future::ready(())
            });
        #[cfg(feature = "tls")]
        if address.scheme == "tls" {
            crate::tls::choose_cryptography();
        }
        #[cfg(feature = "tls")]
        let options = encrypted(options, how)?;
        let options = match address.user {
            Some((user, password)) => options.user_and_password(user, password),
            None => options,
        };
        let servers = address.servers.iter().map(|server| format!("{}://{server}", address.scheme).parse());
        let servers: Vec<ServerAddr> = servers.collect::<Result<_, _>>().map_err(|_| InvalidUrl::Host)?;
        let connected = timeout_at(after(patience), options.connect(servers)).await;
        let client = match connected {
            Ok(connected) => connected.map_err(|error| NatsError::NotConnected(Some(error.into())))?,
            Err(_) => return Err(NatsError::NotConnected(None)),
        };
        Ok(Self { breaks: Some(breaks), ..Self::over(client, patience) })
    }

    pub(super) fn over(client: Client, patience: Duration) -> Self {
        // Ours ends first, so that what it means is said in one place.
        let context = ContextBuilder::new().timeout(patience).backpressure_on_inflight(false).build(client);
        Self { context, breaks: None, patience }
    }

    /// When what begins now has to be over.
    pub(super) fn deadline(&self) -> Instant {
        after(self.patience)
    }

    /// Sends a request and waits for its answer: at most two fifths of the patience for a connection, three
    /// fifths for the answer, and no longer than until `deadline`.
    pub(super) async fn ask<T>(
        &self,
        deadline: Instant,
        request: impl Future<Output = T>,
    ) -> Result<T, NatsError> {
        self.connected(deadline.min(after(fifths(self.patience, 2)))).await?;
        let before = self.breaks_so_far();
        let end = deadline.min(after(fifths(self.patience, 3)));
        // Given up before the driver is asked for anything else: one that waits for a place in its queue would be given the
        // next one, and never use it.
        let answer = {
            // The driver leaves requests waiting whose connection broke.
            let (broken, over) = (pin!(broken(self.breaks.clone())), pin!(sleep_until(end)));
            match select(pin!(request), select(broken, over)).await {
                Either::Left((answer, _)) => Some(answer),
                Either::Right(_) => None,
            }
        };
        if answer.is_none() {
            self.throw_away(before).await;
        }
        answer.ok_or(NatsError::NoAnswer(self.patience))
    }

    /// What is asked while there is no connection would be sent whenever there is one again.
    async fn connected(&self, end: Instant) -> Result<(), NatsError> {
        while self.context.client().connection_state() != State::Connected {
            if Instant::now() >= end {
                return Err(NatsError::NotConnected(None));
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// A connection on which nothing is answered may be dead without anybody having been told. One of the host's
    /// is the host's.
    async fn throw_away(&self, breaks_before: Option<u64>) {
        if breaks_before.is_some() && breaks_before == self.breaks_so_far() {
            // Behind thousands of requests that a server does not read, there is no place for this one either.
            let _asked = timeout(FAREWELL, self.context.client().force_reconnect()).await;
        }
    }

    fn breaks_so_far(&self) -> Option<u64> {
        self.breaks.as_ref().map(|breaks| *breaks.borrow())
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({})", self.context.client().connection_state())
    }
}

/// With the host's own root certificates nothing goes without encryption.
#[cfg(feature = "tls")]
fn encrypted(options: ConnectOptions, how: &NatsOptions) -> Result<ConnectOptions, NatsError> {
    let Some(roots) = &how.roots else { return Ok(options) };
    let tls = roots.client().map_err(|error| NatsError::NotConnected(Some(error)))?;
    Ok(options.tls_client_config(tls).require_tls(true))
}

/// Ends when the connection breaks.
async fn broken(breaks: Option<watch::Receiver<u64>>) {
    if let Some(mut breaks) = breaks {
        breaks.mark_unchanged();
        if breaks.changed().await.is_ok() {
            return;
        }
    }
    pending::<()>().await;
}
