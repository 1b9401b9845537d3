//! What runs beside the requests: tasks that outlive them, shutdown, the delivery of events, the pool for hashes,
//! numbers.
//!
//! A graceful shutdown ends in two steps: serve no more, then wait for what was begun.
//!
//! ```no_run
//! # async fn shut_down() -> std::io::Result<()> {
//! # let app: pinlatch_axum::App<pinlatch_testkit::TestHost> = std::sync::Arc::new(pinlatch_testkit::World::new().gate).into();
//! # let router = pinlatch_axum::app_routes(app.clone());
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let signal = async {};
//! axum::serve(listener, router).with_graceful_shutdown(signal).await?;
//! app.settling().settled().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Numbers
//!
//! Whichever recorder the host has installed for the crate `metrics` gets them; none of them names a person.
//!
//! | name | kind | labels | counts |
//! |---|---|---|---|
//! | `pinlatch_sign_ins_total` | counter | | devices that were signed in |
//! | `pinlatch_unlocks_total` | counter | `by` (`pin`, `biometric`), `outcome` (`opened`, or a code) | attempts to open |
//! | `pinlatch_exhaustions_total` | counter | | answers to an entry that the PIN is gone |
//! | `pinlatch_revocations_total` | counter | `by` (`person`, `administrator`) | log-outs from all devices |
//! | `pinlatch_refusals_total` | counter | `code` | problems that were sent |
//! | `pinlatch_commands_under_way` | gauge | | commands that are not finished |
//! | `pinlatch_hash_queue` | gauge | | hashes that wait for a slot of [`BoundedPool`] |
//! | `pinlatch_store_swaps_total` | counter | `answer` (`applied`, `conflict`, `unknown`, `error`) | writes of [`MeteredStore`]; but for `applied`, each is tried again or given up |
//! | `pinlatch_events_delivered_total` | counter | `outcome` (`delivered`, `waiting`, `failed`) | people whose events the [delivery](deliver) looked after |

mod delivery;
mod log;
pub(crate) mod meter;
mod panics;
mod pool;
mod store;
mod tasks;

pub(crate) use delivery::Touched;
pub use delivery::deliver;
pub(crate) use log::{log_error, log_failure};
pub(crate) use panics::{Panicked, answer_panics, caught};
pub use pool::BoundedPool;
pub use store::MeteredStore;
pub use tasks::Settling;
pub(crate) use tasks::{Command, Tasks};
