//! A server of its own, and the wire before it.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;

use async_nats::jetstream::{self, kv};
use pinlatch_stores::nats::{NatsOptions, NatsStore};
use pinlatch_testkit::rig::{Engine, Server, Wire};

use crate::shared;

/// A private server; `None` is a loud skip.
pub(crate) fn server() -> Option<Server> {
    shared::private(Engine::Nats, &[])
}

/// A private server of this configuration file; `None` is a loud skip.
pub(crate) fn configured(text: &'static str) -> Option<Server> {
    server()?;
    let start = move |directory: &Path, port: u16| {
        std::fs::write(directory.join("nats.conf"), text).unwrap();
        let mut command = Command::new("nats-server");
        command.current_dir(directory).args(["-a", "127.0.0.1", "-p", &port.to_string(), "-c", "nats.conf"]);
        command
    };
    let is_ready = |port| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
    Some(Server::start("NATS", start, is_ready).unwrap())
}

/// Passes everything on; heartbeats, which the server asks for when it likes, are no requests.
pub(crate) fn wire(server: &Server) -> Wire {
    let wire = Wire::before(server.address()).unwrap();
    wire.ignore(|piece| piece == b"PONG\r\n" || piece == b"PING\r\n");
    wire
}

pub(crate) fn url(address: impl std::fmt::Display) -> String {
    format!("nats://{address}")
}

/// The bucket of this name, on a connection of its own.
pub(crate) async fn open(address: impl std::fmt::Display, bucket: &str) -> NatsStore {
    NatsOptions::new().prefix(bucket).open(&url(address)).await.unwrap()
}

/// What an operator has in hand.
pub(crate) async fn by_hand(address: impl std::fmt::Display) -> jetstream::Context {
    jetstream::new(async_nats::connect(url(address)).await.unwrap())
}

pub(crate) async fn bucket_by_hand(address: impl std::fmt::Display, bucket: &str) -> kv::Store {
    by_hand(address).await.get_key_value(bucket).await.unwrap()
}
