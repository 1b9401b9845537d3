//! Encryption on the way: whom the stores believe. Private servers, certified by an authority of the test's own.

mod authority;
#[path = "../shared/mod.rs"]
mod shared;

use std::error::Error;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use authority::Authority;
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::any::AnyStore;
use pinlatch_stores::etcd::EtcdOptions;
use pinlatch_stores::mariadb::MariaDbOptions;
use pinlatch_stores::nats::NatsOptions;
use pinlatch_stores::postgres::PostgresOptions;
use pinlatch_stores::redis::RedisOptions;
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Server, free_port};

type Opened = Result<AnyStore, Box<dyn Error>>;

/// A server that speaks TLS, and its address, encrypted and not.
struct Encrypted {
    server: Server,
    address: String,
    plain: String,
}

/// Opens it with these root certificates, or with whom the system or Mozilla believes.
async fn open(engine: Engine, address: &str, roots: Option<&Authority>) -> Opened {
    macro_rules! with {
        ($options:ty) => {{
            let options = <$options>::new();
            match roots {
                Some(roots) => options.root_certificates(roots.pem()).open(address).await?.into(),
                None => options.open(address).await?.into(),
            }
        }};
    }
    Ok(match engine {
        Engine::Postgres => with!(PostgresOptions),
        Engine::MariaDb => with!(MariaDbOptions),
        Engine::Redis => with!(RedisOptions),
        Engine::Nats => with!(NatsOptions),
        Engine::Etcd => with!(EtcdOptions),
        _ => return Err("no such engine".into()),
    })
}

fn start(engine: Engine, authority: &Authority) -> Option<Encrypted> {
    let [authority, certificate, key] =
        [authority.file(), authority.certificate(), authority.key()].map(|file| file.display().to_string());
    let started = |settings: &[String]| {
        shared::private(engine, &settings.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let ours = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Some(match engine {
        Engine::Postgres => {
            let (certificate, key) = (format!("ssl_cert_file={certificate}"), format!("ssl_key_file={key}"));
            let server = started(&ours(&["-c", "ssl=on", "-c", &certificate, "-c", &key]))?;
            let plain = format!("postgres://postgres@{}/postgres", server.address());
            Encrypted { address: format!("{plain}?sslmode=require"), plain, server }
        }
        Engine::MariaDb => {
            let files = [format!("--ssl-cert={certificate}"), format!("--ssl-key={key}")];
            let server = started(&ours(&[&files[0], &files[1], "--require-secure-transport=ON"]))?;
            let plain = format!("mysql://root@{}/test", server.address());
            Encrypted { address: format!("{plain}?require_ssl=true"), plain, server }
        }
        Engine::Redis => {
            let port = free_port().unwrap();
            let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file"];
            let more = [&authority, "--tls-auth-clients", "no", "--tls-port", &port.to_string()];
            let server = started(&ours(&[&files[..], &more[..]].concat()))?;
            let plain = format!("redis://127.0.0.1:{port}");
            Encrypted { address: format!("rediss://127.0.0.1:{port}"), plain, server }
        }
        Engine::Nats => {
            let server = started(&ours(&["--tls", "--tlscert", &certificate, "--tlskey", &key]))?;
            let [address, plain] = ["tls", "nats"].map(|scheme| format!("{scheme}://{}", server.address()));
            Encrypted { server, address, plain }
        }
        Engine::Etcd => {
            drop(started(&[])?);
            let peers = free_port().unwrap();
            let command = move |directory: &Path, port: u16| {
                let (clients, peers) =
                    (format!("https://127.0.0.1:{port}"), format!("http://127.0.0.1:{peers}"));
                let mut command = Command::new("etcd");
                command.arg("--data-dir").arg(directory.join("data"));
                command.args(["--cert-file", &certificate, "--key-file", &key]);
                command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
                command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
                command.arg("--initial-cluster").arg(format!("default={peers}"));
                command
            };
            let is_ready = |port| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            let server = Server::start("etcd", command, is_ready).unwrap();
            let [address, plain] = ["etcds", "etcd"].map(|scheme| format!("{scheme}://{}", server.address()));
            Encrypted { server, address, plain }
        }
        _ => return None,
    })
}

/// etcd listens before it has a leader.
async fn opened_in_the_end(engine: Engine, address: &str, roots: &Authority) -> AnyStore {
    let begun = Instant::now();
    loop {
        match open(engine, address, Some(roots)).await {
            Ok(store) => return store,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error} {error:?}"),
        }
    }
}

fn is_believed_by_its_certificate_alone(engine: Engine) {
    let (ours, others) = (Authority::of("127.0.0.1"), Authority::of("127.0.0.1"));
    let Some(Encrypted { server, address, plain }) = start(engine, &ours) else { return };
    shared::runtime().block_on(async {
        let store = opened_in_the_end(engine, &address, &ours).await;
        let key = Key::account(person(7));
        let swapped = store.compare_and_swap(&key, Expect::Absent, vec![7], &[]).await.unwrap();
        assert!(matches!(swapped, Swap::Applied(_)), "{swapped:?}");
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, [7]);
        if engine == Engine::Postgres {
            assert_eq!(encrypted_connections(&plain).await, 1);
        } else {
            let refused = open(engine, &plain, None).await;
            assert!(refused.is_err(), "{engine:?} takes what is not encrypted");
        }

        // Another authority, and one that nobody knows.
        for roots in [Some(&others), None] {
            let said = why(&*open(engine, &address, roots).await.unwrap_err());
            assert!(said.contains("invalid peer certificate"), "{engine:?}: {said}");
        }
    });
    drop(server);

    let elsewhere = Authority::of("elsewhere.test");
    let Some(Encrypted { address, server, .. }) = start(engine, &elsewhere) else { return };
    shared::runtime().block_on(async {
        let refused = open(engine, &address, Some(&elsewhere)).await.unwrap_err();
        let said = why(&*refused);
        assert!(said.contains("not valid for name"), "{engine:?}: {said}");
    });
    drop(server);
}

/// The error and all behind it.
fn why(error: &(dyn Error + 'static)) -> String {
    let cause = error.source().map(why).unwrap_or_default();
    format!("{error}: {cause}")
}

/// This server takes both, so it is asked.
async fn encrypted_connections(plain: &str) -> i64 {
    let (client, connection) = tokio_postgres::connect(plain, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let ask = "select count(*) from pg_stat_ssl join pg_stat_activity using (pid)
        where ssl and application_name = 'pinlatch'";
    client.query_one(ask, &[]).await.unwrap().get(0)
}

#[test]
fn postgres_is_believed_by_its_certificate_alone() {
    is_believed_by_its_certificate_alone(Engine::Postgres);
}

#[test]
fn mariadb_is_believed_by_its_certificate_alone() {
    is_believed_by_its_certificate_alone(Engine::MariaDb);
}

#[test]
fn redis_is_believed_by_its_certificate_alone() {
    is_believed_by_its_certificate_alone(Engine::Redis);
}

#[test]
fn nats_is_believed_by_its_certificate_alone() {
    is_believed_by_its_certificate_alone(Engine::Nats);
}

#[test]
fn etcd_is_believed_by_its_certificate_alone() {
    is_believed_by_its_certificate_alone(Engine::Etcd);
}

/// With the host's own certificates nothing goes without encryption, whatever the address says.
#[test]
fn root_certificates_ask_for_encryption() {
    let authority = Authority::of("127.0.0.1");
    shared::runtime().block_on(async {
        for (engine, address) in [
            (Engine::Postgres, "postgres://postgres@{}/postgres"),
            (Engine::MariaDb, "mysql://root@{}/test"),
            (Engine::Redis, "redis://{}"),
            (Engine::Nats, "nats://{}"),
            (Engine::Etcd, "etcd://{}"),
        ] {
            let Some(server) = shared::private(engine, &[]) else { continue };
            let address = address.replace("{}", &server.address().to_string());
            assert!(open(engine, &address, None).await.is_ok(), "{engine:?}");
            assert!(open(engine, &address, Some(&authority)).await.is_err(), "{engine:?}");
        }
    });
}

#[test]
fn what_is_no_certificate_is_refused_and_said() {
    shared::runtime().block_on(async {
        let options = PostgresOptions::new().root_certificates("no certificate");
        let refused = options.open("postgres://postgres@127.0.0.1:1/postgres").await.unwrap_err();
        let said = refused.source().unwrap().to_string();
        assert!(said.starts_with("the root certificates cannot be read"), "{said}");
    });
}
