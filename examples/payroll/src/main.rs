//! A payroll app in the browser: `cargo run -p payroll`, and open the address that it prints.
//!
//! | file | what it is |
//! |---|---|
//! | `settings` | flags and environment |
//! | `town` | who there is on the first day: two companies, their people |
//! | `payroll` | the gate with its parts, and what the handlers share |
//! | `rows` | what the host keeps of its own: names, hours, passkeys, what is on its way |
//! | `places` | one router for each host name: phones, the browser version, the test bank, the stage |
//! | `assets` | scripts, styles and pictures, a part of the program |
//! | `safety` | what goes around every router: content security policy, forged requests, limits per address |
//! | `sign_in` | OpenID Connect, as the client |
//! | `bank` | a small OpenID provider **for tests**, which refuses to run outside loopback |
//! | `phone` | a phone: the app's routes with cookies in place of headers, its page, WebAuthn, payslips and hours |
//! | `office` | the browser version: Users and roles |
//! | `stage`, `letters`, `hood` | phones side by side, invitations on their way, and what goes on under the hood |
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]
#![warn(clippy::pedantic)]
#![allow(clippy::doc_markdown, reason = "OpenID and WebAuthn are names, not code")]

mod assets;
mod bank;
mod hood;
mod letters;
mod office;
mod payroll;
mod phone;
mod places;
mod rows;
mod safety;
mod settings;
mod shown;
mod sign_in;
mod stage;
mod town;

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use hyper_util::rt::TokioTimer;
use pinlatch_axum::running::deliver;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::payroll::Payroll;
use crate::settings::{Arguments, Settings};

/// How often waiting events are handed to a journal that does not stand beside the records.
const DELIVERY: Duration = Duration::from_secs(10);

/// How long a stop waits for requests that are under way: a hash takes a second, and who is slower sends no more.
const LEAVING: Duration = Duration::from_secs(10);

/// How long a connection may say nothing.
const QUIET: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,payroll=info"));
    // Where nothing can be written, nothing is: a log that cannot be kept must not keep anybody from being answered.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .init();
    // It is there already if another library was first.
    drop(rustls::crypto::ring::default_provider().install_default());
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("payroll: {error}");
            // Why, down to the words of the system or the engine.
            let mut source = error.source();
            while let Some(because) = source {
                eprintln!("  because {because}");
                source = because.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(arguments.listen).await;
    let listener =
        listener.map_err(|error| format!("{} cannot be listened at: {error}", arguments.listen))?;
    let settings = Settings::of(arguments, listener.local_addr()?)?;
    let payroll = Payroll::open(settings).await?;
    tokio::spawn(deliver(payroll.app.clone(), payroll.store.accounts().await?, DELIVERY));
    tokio::spawn(payroll.rows.clone().sweep_now_and_then());
    // Listened for before anybody is told that it runs.
    let told_to_stop = told_to_stop()?;
    payroll.say_hello();
    let service = places::router(&payroll).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = payroll.clone();
    let handle = axum_server::Handle::new();
    let leaving = handle.clone();
    let stopped = async move {
        told_to_stop.await;
        // Open streams of events end then, or they would hold the shutdown up.
        stopping.stopping.send_replace(true);
        leaving.graceful_shutdown(Some(LEAVING));
    };
    let mut server = axum_server::from_tcp(listener.into_std()?)?
        .handle(handle)
        // Who connects and says nothing, who begins a request and does not end its head, and who keeps a connection for
        // later: each would hold one of the few that a system has.
        .first_request_timeout(QUIET)
        // HTTP/2 has no such end here, and browsers speak it over TLS alone, which ends before this program.
        .http1_only()
        .accept_error_handler(|_, error| {
            tracing::error!(error = error as &dyn Error, "a connection could not be taken");
        });
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(QUIET);
    tokio::spawn(stopped);
    server.serve(service).await?;
    payroll.app.settling().settled().await;
    Ok(())
}

/// Waits until the program is told to stop.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Waits until the program is told to stop.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
