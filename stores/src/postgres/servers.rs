//! The servers of an address, tried one after the other.
//!
//! The driver does that, too, but waits without an end for one that takes the connection and then says nothing, as a server
//! does whose disk hangs. Here each has a share of the time, and the one that was connected to last is tried first; so is
//! it with the addresses that a server's name stands for.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::Connect;
use tokio::net::lookup_host;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::config::Host;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Socket};

use crate::patience::after;

/// A connection, and the task that moves its bytes.
pub(super) type Connected = (Client, JoinHandle<()>);

pub(super) struct Servers<T> {
    each: Vec<Server>,
    tls: T,
    /// What the tries for a connection of the pool share.
    wait: Duration,
    /// Which of them was connected to last.
    last: AtomicUsize,
}

struct Server {
    config: Config,
    /// Which of its addresses was connected to last.
    last: Mutex<Option<IpAddr>>,
}

impl<T> Servers<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send + Sync,
    T::TlsConnect: Send + Sync,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    pub(super) fn new(config: &Config, tls: T, wait: Duration) -> Self {
        let each = each(config).into_iter().map(|config| Server { config, last: Mutex::default() });
        Self { each: each.collect(), tls, wait, last: AtomicUsize::new(0) }
    }

    /// A connection to the first that gives one. Each has its share of the time until then, and the last of them as long as
    /// the caller waits.
    pub(super) async fn connect(&self, until: Instant) -> Result<Connected, Error> {
        let mut order: Vec<_> = self.each.iter().enumerate().collect();
        order.rotate_left(self.last.load(Ordering::Relaxed));
        let Some((&(at, last), others)) = order.split_last() else {
            // The driver says what is missing.
            return self.at(&Config::new()).await;
        };
        for (tried, &(at, server)) in others.iter().enumerate() {
            let end = share(until, order.len().saturating_sub(tried));
            if let Ok(Ok(connected)) = timeout_at(end, self.to(server, end)).await {
                self.last.store(at, Ordering::Relaxed);
                return Ok(connected);
            }
        }
        let connected = self.to(last, until).await?;
        self.last.store(at, Ordering::Relaxed);
        Ok(connected)
    }

    /// To one server, whose name may stand for several addresses.
    async fn to(&self, server: &Server, until: Instant) -> Result<Connected, Error> {
        let addresses = server.addresses().await;
        let Some((&last, others)) = addresses.split_last() else { return self.at(&server.config).await };
        for (tried, &one) in others.iter().enumerate() {
            let end = share(until, addresses.len().saturating_sub(tried));
            if let Ok(Ok(connected)) = timeout_at(end, self.at(&server.with(one))).await {
                server.remember(one);
                return Ok(connected);
            }
        }
        let connected = self.at(&server.with(last)).await?;
        server.remember(last);
        Ok(connected)
    }

    async fn at(&self, address: &Config) -> Result<Connected, Error> {
        let (client, connection) = address.connect(self.tls.clone()).await?;
        // How it ends is told to the client.
        Ok((client, tokio::spawn(async { drop(connection.await) })))
    }
}

impl<T> Connect for Servers<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send + Sync,
    T::TlsConnect: Send + Sync,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(&self, _: &Config) -> Pin<Box<dyn Future<Output = Result<Connected, Error>> + Send + '_>> {
        Box::pin(self.connect(after(self.wait)))
    }
}

/// What PostgreSQL listens on, where the address does not say.
const PORT: u16 = 5_432;

/// The end of the next share, where so many are still to be tried.
fn share(until: Instant, left: usize) -> Instant {
    let now = Instant::now();
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    let share = until.saturating_duration_since(now).checked_div(left).unwrap_or_default();
    now.checked_add(share).unwrap_or(now)
}

impl Server {
    /// What its name stands for, in the order to try them; empty where that is one address, given already, or where the
    /// driver is to say what is wrong with it.
    async fn addresses(&self) -> Vec<IpAddr> {
        let config = &self.config;
        let ([Host::Tcp(name)], []) = (config.get_hosts(), config.get_hostaddrs()) else { return Vec::new() };
        let port = config.get_ports().first().copied().unwrap_or(PORT);
        let Ok(found) = lookup_host((name.as_str(), port)).await else { return Vec::new() };
        self.ordered(found.map(|address| address.ip()).collect())
    }

    /// The last one first; the others stay as the resolver ordered them.
    fn ordered(&self, mut found: Vec<IpAddr>) -> Vec<IpAddr> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        found.sort_by_key(|address| Some(*address) != last);
        found
    }

    fn with(&self, address: IpAddr) -> Config {
        let mut one = self.config.clone();
        one.hostaddr(address);
        one
    }

    fn remember(&self, address: IpAddr) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }
}

/// Each server of an address by itself. The driver gives no way to take one away, so all that it reads is copied, but for
/// `load_balance_hosts`: one of them takes writes.
fn each(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    let is_even = |given: usize| given == 0 || given == count;
    if count < 2
        || !is_even(hosts.len())
        || !is_even(addresses.len())
        || !(is_even(ports.len()) || ports.len() == 1)
    {
        // One, or as many names as the driver refuses with a reason.
        return vec![config.clone()];
    }
    let at = |i: usize| {
        let mut one = without_servers(config);
        match hosts.get(i) {
            Some(Host::Tcp(name)) => drop(one.host(name)),
            #[cfg(unix)]
            Some(Host::Unix(path)) => drop(one.host_path(path)),
            None => {}
        }
        if let Some(address) = addresses.get(i) {
            one.hostaddr(*address);
        }
        if let Some(port) = ports.get(i).or(ports.first()) {
            one.port(*port);
        }
        one
    };
    (0..count).map(at).collect()
}

fn without_servers(config: &Config) -> Config {
    let mut copy = Config::new();
    copy.ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .target_session_attrs(config.get_target_session_attrs())
        .channel_binding(config.get_channel_binding());
    let mut say = |value: Option<&str>, how: fn(&mut Config, String) -> &mut Config| {
        if let Some(value) = value {
            how(&mut copy, value.to_owned());
        }
    };
    say(config.get_user(), Config::user);
    say(config.get_dbname(), Config::dbname);
    say(config.get_options(), Config::options);
    say(config.get_application_name(), Config::application_name);
    if let Some(password) = config.get_password() {
        copy.password(password);
    }
    if let Some(timeout) = config.get_connect_timeout() {
        copy.connect_timeout(*timeout);
    }
    if let Some(timeout) = config.get_tcp_user_timeout() {
        copy.tcp_user_timeout(*timeout);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        copy.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        copy.keepalives_retries(retries);
    }
    copy
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    const OF_EACH: &str = "user=me password=secret dbname=payroll options='-c a=b' application_name=app sslmode=require \
        sslnegotiation=direct connect_timeout=3 tcp_user_timeout=4 keepalives=0 keepalives_idle=5 keepalives_interval=6 \
        keepalives_retries=7 target_session_attrs=read-write channel_binding=require";

    fn read(address: &str) -> Config {
        address.parse().unwrap()
    }

    #[test]
    fn each_server_is_told_all_that_the_address_says() {
        for (servers, alone) in [
            ("host=a,b port=1", vec!["host=a port=1", "host=b port=1"]),
            ("host=a,b port=1,2", vec!["host=a port=1", "host=b port=2"]),
            ("host=a,/run", vec!["host=a", "host=/run"]),
            ("hostaddr=10.0.0.1,10.0.0.2", vec!["hostaddr=10.0.0.1", "hostaddr=10.0.0.2"]),
            (
                "host=a,b hostaddr=10.0.0.1,10.0.0.2",
                vec!["host=a hostaddr=10.0.0.1", "host=b hostaddr=10.0.0.2"],
            ),
        ] {
            let alone: Vec<_> = alone.iter().map(|server| read(&format!("{server} {OF_EACH}"))).collect();
            assert_eq!(each(&read(&format!("{servers} {OF_EACH}"))), alone, "{servers}");
        }
    }

    #[test]
    fn the_address_that_was_connected_to_last_is_tried_first() {
        let server = Server { config: read("host=a"), last: Mutex::default() };
        let [a, b, c] = [1, 2, 3].map(|last| IpAddr::from([10, 0, 0, last]));
        assert_eq!(server.ordered(vec![c, a, b]), [c, a, b]);
        server.remember(b);
        assert_eq!(server.ordered(vec![c, a, b]), [b, c, a]);
        // The resolver knows it no longer.
        assert_eq!(server.ordered(vec![c, a]), [c, a]);
    }

    /// The driver says what is wrong with them.
    #[test]
    fn what_is_no_list_of_servers_is_left_to_the_driver() {
        for servers in ["host=a", "host=a,b hostaddr=10.0.0.1", "host=a,b port=1,2,3", "user=me"] {
            assert_eq!(each(&read(servers)), [read(servers)], "{servers}");
        }
    }
}
