//! A server of its own, and the wire before it.

use std::fmt::Display;

use etcd_client::Client;
use pinlatch_stores::etcd::{EtcdOptions, EtcdStore};
use pinlatch_testkit::rig::{Engine, Server, Wire};

use crate::shared;

/// What every connection of HTTP/2 begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A private server; `None` is a loud skip.
pub(crate) fn server() -> Option<Server> {
    shared::private(Engine::Etcd, &[])
}

/// Passes everything on. A request begins with its headers: its body is no other one, nor is what both sides of
/// HTTP/2 say about the connection itself.
pub(crate) fn wire(server: &Server) -> Wire {
    let wire = Wire::before(server.address()).unwrap();
    wire.ignore(begins_nothing);
    wire
}

/// Whether these are whole frames, and each is data, the reset of a stream, settings, a ping or a window.
fn begins_nothing(piece: &[u8]) -> bool {
    let mut rest = piece.strip_prefix(PREFACE).unwrap_or(piece);
    while let [a, b, c, kind, _flags, _, _, _, _, after @ ..] = rest {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        if !matches!(kind, 0 | 3 | 4 | 6 | 8) || after.len() < length {
            return false;
        }
        rest = &after[length..];
    }
    rest.is_empty()
}

pub(crate) fn url(address: impl Display, prefix: &str) -> String {
    format!("etcd://{address}/{prefix}")
}

/// The keys under this prefix, on a connection of its own.
pub(crate) async fn open(address: impl Display, prefix: &str) -> EtcdStore {
    EtcdOptions::new().open(&url(address, prefix)).await.unwrap()
}

/// What an operator has in hand.
pub(crate) async fn by_hand(address: impl Display) -> Client {
    Client::connect([address.to_string()], None).await.unwrap()
}
