//! The wire and the servers do what they say.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use pinlatch_testkit::rig::{Engine, Server, Weather, Wire, free_port};

/// A server that says of each piece that it got, and answers it with the same.
fn echo() -> (SocketAddr, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (got, pieces) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let got = got.clone();
            thread::spawn(move || {
                let mut piece = [0; 1024];
                while let Ok(read @ 1..) = stream.read(&mut piece) {
                    got.send(piece[..read].to_vec()).unwrap();
                    let _sent = stream.write_all(&piece[..read]);
                }
            });
        }
    });
    (address, pieces)
}

fn asks(client: &mut TcpStream, what: &[u8]) -> io::Result<Vec<u8>> {
    client.write_all(what)?;
    let mut answer = vec![0; what.len()];
    client.read_exact(&mut answer)?;
    Ok(answer)
}

const LONG: Duration = Duration::from_secs(5);

#[test]
fn a_lost_reply_is_of_a_request_that_arrived() {
    let (server, got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    wire.lose_next_reply();
    assert!(asks(&mut client, b"write").is_err());
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"write");
    let mut client = TcpStream::connect(wire.address()).unwrap();
    assert_eq!(asks(&mut client, b"next").unwrap(), b"next", "only one was lost");
}

#[test]
fn what_is_ignored_passes_meets_nothing_and_is_no_turn() {
    let (server, got) = echo();
    let wire = Wire::before(server).unwrap();
    wire.ignore(|piece| piece == b"beat");
    let mut client = TcpStream::connect(wire.address()).unwrap();
    wire.lose_next_request();
    assert_eq!(asks(&mut client, b"beat").unwrap(), b"beat");
    assert_eq!((got.recv_timeout(LONG).unwrap(), wire.turns()), (b"beat".to_vec(), 0));
    assert!(asks(&mut client, b"write").is_err(), "the heartbeat was taken for the request");
    assert_eq!(wire.turns(), 1);
}

#[test]
fn a_lost_request_does_not_arrive() {
    let (server, got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    wire.lose_next_request();
    assert!(asks(&mut client, b"write").is_err());
    let mut client = TcpStream::connect(wire.address()).unwrap();
    assert_eq!(asks(&mut client, b"next").unwrap(), b"next");
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"next", "the lost one came first");
}

#[test]
fn a_cut_request_arrives_by_half() {
    let (server, got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    wire.cut_next_request();
    assert!(asks(&mut client, b"half way").is_err());
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"half");
}

#[test]
fn a_rival_comes_before_the_request() {
    let (server, got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    wire.interrupt_next(move || {
        asks(&mut TcpStream::connect(server).unwrap(), b"rival").unwrap();
    });
    assert_eq!(asks(&mut client, b"write").unwrap(), b"write");
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"rival");
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"write");
    assert!(!wire.forget_next());
    wire.lose_next_reply();
    assert!(wire.forget_next());
    assert!(asks(&mut client, b"passes").is_ok());
}

#[test]
fn a_rival_that_panics_breaks_the_connection() {
    let (server, _got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    client.set_read_timeout(Some(LONG)).unwrap();
    wire.interrupt_next(|| panic!("on purpose"));
    let broken = asks(&mut client, b"write").unwrap_err();
    assert_ne!(broken.kind(), io::ErrorKind::WouldBlock, "it hangs");
}

#[test]
fn turns_are_what_a_client_waits_for() {
    let (server, _got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    for _ in 0..3 {
        asks(&mut client, b"one").unwrap();
    }
    assert_eq!(wire.turns(), 3);
}

#[test]
fn down_is_down_until_it_comes_back() {
    let (server, _got) = echo();
    let wire = Wire::before(server).unwrap();
    let mut client = TcpStream::connect(wire.address()).unwrap();
    asks(&mut client, b"up").unwrap();
    wire.go_down();
    assert!(asks(&mut client, b"down").is_err());
    let again = TcpStream::connect(wire.address()).and_then(|mut client| asks(&mut client, b"down"));
    assert!(again.is_err());
    wire.come_back();
    assert!(asks(&mut TcpStream::connect(wire.address()).unwrap(), b"up").is_ok());
}

#[test]
fn weather_loses_what_it_says_and_a_late_request_arrives_though_its_client_has_gone() {
    let (server, got) = echo();
    let wire = Wire::before(server).unwrap();
    wire.weather(Some(Weather { lost_replies: 100, ..Weather::default() }));
    assert!(asks(&mut TcpStream::connect(wire.address()).unwrap(), b"reply").is_err());
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"reply");

    let at_most = Duration::from_millis(300);
    wire.weather(Some(Weather { late: 100, at_most, seed: 1, ..Weather::default() }));
    TcpStream::connect(wire.address()).unwrap().write_all(b"late").unwrap();
    assert_eq!(got.recv_timeout(LONG).unwrap(), b"late");

    wire.weather(None);
    assert!(asks(&mut TcpStream::connect(wire.address()).unwrap(), b"fine").is_ok());
}

/// Two of one server must not be the same.
#[test]
fn no_port_is_given_twice_soon() {
    let mut ports: Vec<_> = (0..900).map(|_| free_port().unwrap()).collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 900);
}

#[test]
fn a_free_port_can_be_had() {
    assert!(TcpListener::bind(("127.0.0.1", free_port().unwrap())).is_ok());
}

/// An engine is started, killed and started again. Whether it is installed is the machine's; `PINLATCH_NO_SKIPS`
/// says that it has to be.
fn comes_back(engine: Engine) {
    let server = match engine.start(&[]) {
        Err(missing)
            if missing.kind() == io::ErrorKind::NotFound
                && std::env::var_os("PINLATCH_NO_SKIPS").is_none() =>
        {
            return println!("SKIPPED: {missing}");
        }
        started => started.unwrap(),
    };
    let mut client = TcpStream::connect(server.address()).unwrap();
    server.kill().unwrap();
    client.set_read_timeout(Some(LONG)).unwrap();
    // A greeting may still be there to be read; then there is an end.
    let mut rest = Vec::new();
    let _ended = client.read_to_end(&mut rest);
    assert!(TcpStream::connect(server.address()).is_err(), "it lives");
    server.restart().unwrap();
    assert!(TcpStream::connect(server.address()).is_ok());
}

macro_rules! engines {
    ($($name:ident: $engine:ident;)*) => {$(
        #[test]
        fn $name() {
            comes_back(Engine::$engine);
        }
    )*};
}

engines! {
    postgres_is_started_killed_and_started_again: Postgres;
    mariadb_is_started_killed_and_started_again: MariaDb;
    redis_is_started_killed_and_started_again: Redis;
    nats_is_started_killed_and_started_again: Nats;
    etcd_is_started_killed_and_started_again: Etcd;
}

#[test]
fn a_server_that_does_not_run_says_so() {
    let refused =
        Server::start("nothing", |_, _| Command::new("/nowhere/to/be/found"), |_| true).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::NotFound);
    assert!(refused.to_string().starts_with("nothing cannot be run"), "{refused}");
}
