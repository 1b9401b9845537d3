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
use pinlatch_axum::running::deliver;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::payroll::Payroll;
use crate::settings::{Arguments, Settings};

/// How often waiting events are handed to a journal that does not stand beside the records.
const DELIVERY: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,payroll=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // It is there already if another library was first.
    drop(rustls::crypto::ring::default_provider().install_default());
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("payroll: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(arguments.listen).await?;
    let settings = Settings::of(arguments, listener.local_addr()?)?;
    let payroll = Payroll::open(settings).await?;
    tokio::spawn(deliver(payroll.app.clone(), payroll.store.accounts().await?, DELIVERY));
    tokio::spawn(payroll.rows.clone().sweep_now_and_then());
    payroll.say_hello();
    let service = places::router(&payroll).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stopped(payroll.clone())).await?;
    payroll.app.settling().settled().await;
    Ok(())
}

/// Waits until the program is told to stop; open streams of events end then, or they would hold the shutdown up.
async fn stopped(payroll: Payroll) {
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminated = async {
        if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            signal.recv().await;
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    payroll.stopping.send_replace(true);
}
