//! Real servers and a wire that breaks, for tests of any store behind a network.
//!
//! [`Server`] starts a private instance of an engine on a free port of the loopback interface, kills it as a
//! power failure would, and starts it again on the same files. [`Wire`] stands between a client and such a
//! server (or any other): it knows no protocol, and so it loses a reply, loses a request, stops one
//! half-way and lets a rival write just before one arrives, for every engine alike and **below** the adapter.
//! Together they make these hooks of an [`AsyncFixture`](crate::conformance::AsyncFixture) real without a seam in
//! the adapter:
//!
//! | hook | with the rig |
//! |---|---|
//! | `another` | a second handle that connects to [`Server::address`] past the wire |
//! | `crash_and_reopen` | [`Server::kill`], [`Server::restart`], connect |
//! | `lose_next_reply`, `lose_next_request` | [`Wire::lose_next_reply`], [`Wire::lose_next_request`] |
//! | `interrupt_next_swap`, `interrupt_next_load` | [`Wire::interrupt_next`], the rival through the handle past the wire |
//! | `stop_next_swap_half_way` | [`Wire::cut_next_request`], or [`Wire::interrupt_next`] with [`Server::kill`] |
//! | `go_down` | [`Wire::go_down`] |
//!
//! [`Wire::turns`] counts how often a client waited for an answer: the speed that a person feels.
//! [`Wire::weather`] loses and delays at random, for tests under load.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::{TcpListener, TcpStream};
//!
//! use pinlatch_testkit::rig::Wire;
//!
//! // A server that answers each byte with the next one.
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let server = listener.local_addr()?;
//! std::thread::spawn(move || {
//!     for mut stream in listener.incoming().flatten() {
//!         let mut byte = [0];
//!         while stream.read_exact(&mut byte).is_ok() && stream.write_all(&[byte[0] + 1]).is_ok() {}
//!     }
//! });
//!
//! let wire = Wire::before(server)?;
//! let mut client = TcpStream::connect(wire.address())?;
//! let mut answer = [0];
//! client.write_all(b"a")?;
//! client.read_exact(&mut answer)?;
//! assert_eq!((answer, wire.turns()), (*b"b", 1));
//!
//! wire.lose_next_reply();
//! client.write_all(b"a")?;
//! assert!(client.read_exact(&mut answer).is_err(), "the request arrived, the reply did not");
//! # Ok::<(), std::io::Error>(())
//! ```

mod engines;
mod server;
mod weather;
mod wire;

pub use engines::Engine;
pub use server::{Server, free_port};
pub use weather::Weather;
pub use wire::Wire;
