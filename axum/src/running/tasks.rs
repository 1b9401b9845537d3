//! Commands run in tasks of their own: a client that hangs up interrupts none.

use std::error::Error;
use std::sync::Arc;

use pinlatch::gate::{Gate, GateError};
use pinlatch::host::Host;
use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::{Panicked, meter};
use crate::app::App;
use crate::asked::Asked;
use crate::problem::Problem;

/// The commands under way.
#[derive(Debug, Default)]
pub(crate) struct Tasks(TaskTracker);

/// Waits for the commands under way. Take it when nothing new is served any more.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settling(TaskTracker);

impl Settling {
    /// Waits until every command that was begun has ended. It takes no longer than the time-outs of store and journal,
    /// and the hashes in the queue.
    pub async fn settled(self) {
        self.0.close();
        self.0.wait().await;
    }

    /// How many commands are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.0.len()
    }
}

/// Which command, and whose account it changes.
pub(crate) struct Command {
    name: &'static str,
    person: Option<PersonId>,
}

impl Command {
    /// One that changes this person's account, or may.
    pub(crate) const fn of(name: &'static str, person: PersonId) -> Self {
        Self { name, person: Some(person) }
    }

    /// One that changes nobody's.
    pub(crate) const fn asking(name: &'static str) -> Self {
        Self { name, person: None }
    }
}

impl<H: Host> App<H> {
    /// A handle to the commands under way, for a graceful shutdown.
    pub fn settling(&self) -> Settling {
        Settling(self.tasks().0.clone())
    }
}

impl<H: Host + 'static> App<H> {
    /// Runs a command to its end in a task of its own, whether or not anybody waits for the answer.
    pub(crate) async fn run<T, F>(
        &self,
        asked: &Asked,
        command: Command,
        work: impl FnOnce(Arc<Gate<H>>) -> F,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, GateError>> + Send + 'static,
    {
        let Command { name, person } = command;
        let span =
            tracing::info_span!(target: "pinlatch", "command", command = name, code = tracing::field::Empty);
        let (work, app) = (work(Arc::clone(self.gate())), self.clone());
        let counted = async move {
            let under_way = UnderWay::begin();
            let result = super::caught(work).await;
            drop(under_way);
            // Now, and not before: a delivery in between would have found nothing yet. After a panic too: if it was the
            // journal's, the account is changed, and its events wait.
            if let Some(person) = person {
                app.touched().touch(person);
            }
            let result = result?;
            meter::ended(name, &result);
            if let Err(error) = &result {
                tracing::Span::current().record("code", error.code().as_str());
                super::log_failure(name, error);
            }
            Ok(result)
        };
        let result = self.to_its_end(asked, name, counted.instrument(span)).await?;
        let result = result.map_err(|panicked: Panicked| Self::gave_way(asked, name, &panicked))?;
        result.map_err(|error| asked.problem(error.refusal()))
    }

    /// Runs whatever it is in a task of its own. One that panics is answered `Unavailable`, and logged.
    pub(crate) async fn to_its_end<T: Send + 'static>(
        &self,
        asked: &Asked,
        name: &'static str,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        let ended = self.tasks().0.spawn(super::caught(work)).await;
        let ended = ended.map_err(|error| Self::gave_way(asked, name, &error))?;
        ended.map_err(|panicked| Self::gave_way(asked, name, &panicked))
    }

    fn gave_way(asked: &Asked, name: &'static str, error: &(dyn Error + 'static)) -> Problem {
        super::log_error(name, error);
        asked.problem(RefusalCode::Unavailable)
    }
}

/// Counts itself until it is dropped, a panic included.
struct UnderWay(metrics::Gauge);

impl UnderWay {
    fn begin() -> Self {
        let gauge = metrics::gauge!("pinlatch_commands_under_way");
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}
