//! A few connections, each shared by many calls, and replaced as soon as one is in doubt.
//!
//! Not the driver's `ConnectionManager`. Read in version 1.8.1, it repeats no command by itself, neither a
//! write nor a load; but it goes on using a connection on which a call ran out of time, and retries connecting
//! in the background for as long as it likes. Here a call waits for a connection no longer than its patience.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, Pipeline, Value};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::error::{Cause, RedisError, Said};
use super::options::RedisOptions;
use super::settings;
use crate::connections::{Connections, Meter};

/// Why there are no answers.
#[derive(Debug)]
pub(super) enum Failed {
    /// There was no connection to a server as it has to be: surely nothing was sent.
    NotSent(RedisError),
    /// It was sent, or may have been.
    NoAnswer(Cause),
}

pub(super) struct Pool {
    client: Client,
    options: Arc<RedisOptions>,
    slots: Box<[Mutex<Option<Connection>>]>,
    next: AtomicUsize,
    /// Which of the generations of connections is in use. A server that restarted breaks all of them at once,
    /// so where one does not answer, all are left: calls on the others finish there.
    generation: AtomicU64,
    meter: Meter,
}

struct Connection {
    generation: u64,
    shared: MultiplexedConnection,
}

impl Pool {
    pub(super) fn new(client: Client, options: Arc<RedisOptions>) -> Self {
        let slots = std::iter::repeat_with(Mutex::default).take(options.connections.get()).collect();
        let (next, generation) = (AtomicUsize::default(), AtomicU64::default());
        Self { client, options, slots, next, generation, meter: Meter::default() }
    }

    /// Sends these commands as one request, and waits for all of their answers, errors among them.
    pub(super) async fn ask(&self, commands: &Pipeline, until: Instant) -> Result<Vec<Value>, Failed> {
        let (generation, mut connection) = self.take(until).await.map_err(Failed::NotSent)?;
        let asked = connection.send_packed_commands(commands, 0, commands.len());
        let no_answer = match timeout_at(until, asked).await {
            Ok(Ok(answers)) => return Ok(answers),
            Ok(Err(error)) => self.said(&error),
            Err(_) => out_of_patience(),
        };
        // Should somebody have done so before, this changes nothing.
        let next = generation.wrapping_add(1);
        if self.generation.compare_exchange(generation, next, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.meter.given_up();
        }
        Err(Failed::NoAnswer(no_answer))
    }

    /// One that is just being made counts as none.
    pub(super) fn connections(&self) -> Connections {
        let is_open = |slot: &&Mutex<Option<Connection>>| {
            slot.try_lock().is_ok_and(|held| self.current(held.as_ref()).is_some())
        };
        let open = self.slots.iter().filter(is_open).count();
        self.meter.read(self.slots.len(), open, open)
    }

    /// Where the server is, without user and password.
    pub(super) fn address(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    /// The next connection in turn, made if there is none of this generation.
    async fn take(&self, until: Instant) -> Result<(u64, MultiplexedConnection), RedisError> {
        let none = || RedisError::Unreachable(out_of_patience());
        let turn = self.next.fetch_add(1, Ordering::Relaxed).checked_rem(self.slots.len());
        let slot = turn.and_then(|turn| self.slots.get(turn)).ok_or_else(none)?;
        if let Ok(held) = slot.try_lock()
            && let Some(taken) = self.current(held.as_ref())
        {
            return Ok(taken);
        }
        let waiting = self.meter.wait();
        let taken = timeout_at(until, self.connect(slot)).await.unwrap_or_else(|_| Err(none()))?;
        waiting.served();
        Ok(taken)
    }

    fn current(&self, held: Option<&Connection>) -> Option<(u64, MultiplexedConnection)> {
        let generation = self.generation.load(Ordering::Relaxed);
        let held = held.filter(|held| held.generation == generation)?;
        Some((generation, held.shared.clone()))
    }

    /// Whoever comes first connects, the others wait for it. Given up in the middle, it is the next one's turn.
    async fn connect(
        &self,
        slot: &Mutex<Option<Connection>>,
    ) -> Result<(u64, MultiplexedConnection), RedisError> {
        let mut held = slot.lock().await;
        if let Some(taken) = self.current(held.as_ref()) {
            return Ok(taken);
        }
        *held = None;
        let generation = self.generation.load(Ordering::Relaxed);
        let shared = self.made().await?;
        self.meter.made();
        *held = Some(Connection { generation, shared: shared.clone() });
        Ok((generation, shared))
    }

    /// A new connection, to a server whose settings are read first: one that restarted, or took over from
    /// another, may have others than the one that was opened.
    async fn made(&self) -> Result<MultiplexedConnection, RedisError> {
        // Of its own first commands the driver passes on the server's code, or its words, or neither and a kind of its own.
        let is_unauthenticated = |error: &redis::RedisError| {
            let said = error.to_string();
            error.kind() == ErrorKind::AuthenticationFailed
                || ["NOAUTH", "WRONGPASS", "Authentication required"].iter().any(|word| said.contains(word))
        };
        let unreachable = |error: redis::RedisError| {
            let why = if is_unauthenticated(&error) {
                RedisError::Unauthenticated
            } else {
                RedisError::Unreachable
            };
            why(self.said(&error))
        };
        // The wait for both is bounded by the caller.
        let unbounded = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let made = self.client.get_multiplexed_async_connection_with_config(&unbounded).await;
        let mut made = made.map_err(unreachable)?;
        let questions = settings::questions();
        let answers = made.send_packed_commands(&questions, 0, questions.len()).await.map_err(unreachable)?;
        settings::check(answers, &self.options)?;
        Ok(made)
    }

    /// What the driver says. A server may repeat the password in its error.
    fn said(&self, error: &redis::RedisError) -> Cause {
        let mut text = error.to_string();
        let settings = self.client.get_connection_info().redis_settings();
        if let Some(password) = settings.password().filter(|password| !password.is_empty()) {
            text = text.replace(password, "…");
        }
        Box::new(Said(text.into()))
    }
}

fn out_of_patience() -> Cause {
    Box::new(Said("patience was over".into()))
}
