//! The gate and the host's parts, joined.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderName;
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::Host;

use crate::asked::{Asked, ClientAddress, KeysSeen};
use crate::parts::{
    AttestsDevices, KnowsPersonalWords, ReadsBrowserSession, RemembersStarts, SendsInvitations,
    StartsInMemory, Texts, VerifiesAuthentication, VerifiesBiometrics,
};
use crate::problem::Problem;
use crate::running::{self, Tasks, Touched};

/// The longest body that is taken unless the host says otherwise, in bytes: evidence of a bank is the longest there is.
const BODY_LIMIT: usize = 65_536;
/// How long a body may take unless the host says otherwise: 64 KiB over 20 kbit/s, as the worst of mobile networks.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A gate with the host's parts: the state of every route. Cloning shares it.
pub struct App<H: Host>(Arc<Joined<H>>);

struct Joined<H: Host> {
    gate: Arc<Gate<H>>,
    parts: Parts,
    tasks: Tasks,
    touched: Touched,
    keys: KeysSeen,
}

/// What the host supplied.
pub(crate) struct Parts {
    pub(crate) verifies: Option<Arc<dyn VerifiesAuthentication>>,
    pub(crate) starts: Arc<dyn RemembersStarts>,
    pub(crate) attests: Option<Arc<dyn AttestsDevices>>,
    pub(crate) words: Option<Arc<dyn KnowsPersonalWords>>,
    pub(crate) biometrics: Option<Arc<dyn VerifiesBiometrics>>,
    pub(crate) browser: Option<Arc<dyn ReadsBrowserSession>>,
    pub(crate) invitations: Option<Arc<dyn SendsInvitations>>,
    pub(crate) texts: Option<Arc<dyn Texts>>,
    pub(crate) address: ClientAddress,
    pub(crate) trace_header: Option<HeaderName>,
    pub(crate) body_limit: usize,
    pub(crate) body_time: Duration,
    pub(crate) shows_tries_left: bool,
}

/// A state from which the extractors get the [`App`]: `App` itself, or a state of the host's that holds one.
pub trait HasApp: Send + Sync {
    /// The host of the gate.
    type Host: Host + 'static;

    /// The app.
    fn app(&self) -> &App<Self::Host>;
}

/// Joins a gate with the host's parts. What is not said is refused: see [`parts`](crate::parts).
#[must_use]
pub struct AppBuilder<H: Host> {
    gate: Arc<Gate<H>>,
    parts: Parts,
}

impl<H: Host> Clone for App<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H: Host> fmt::Debug for App<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("gate", &self.0.gate).finish_non_exhaustive()
    }
}

impl<H: Host> fmt::Debug for AppBuilder<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppBuilder").field("gate", &self.gate).finish_non_exhaustive()
    }
}

impl<H: Host + 'static> HasApp for App<H> {
    type Host = H;

    fn app(&self) -> &Self {
        self
    }
}

impl<H: Host> From<Arc<Gate<H>>> for App<H> {
    /// Without parts: what needs none works.
    fn from(gate: Arc<Gate<H>>) -> Self {
        Self::builder(gate).build()
    }
}

impl<H: Host> App<H> {
    /// A builder, which knows of no part yet.
    pub fn builder(gate: Arc<Gate<H>>) -> AppBuilder<H> {
        let parts = Parts {
            verifies: None,
            starts: Arc::new(StartsInMemory::default()),
            attests: None,
            words: None,
            biometrics: None,
            browser: None,
            invitations: None,
            texts: None,
            address: ClientAddress::NotTaken,
            trace_header: None,
            body_limit: BODY_LIMIT,
            body_time: BODY_TIME,
            shows_tries_left: false,
        };
        AppBuilder { gate, parts }
    }

    /// The gate.
    #[must_use]
    pub fn gate(&self) -> &Arc<Gate<H>> {
        &self.0.gate
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// How long a sign-in may take, and is kept.
    pub(crate) fn window(&self) -> Duration {
        self.0.gate.policy().authentication_window()
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    pub(crate) fn touched(&self) -> &Touched {
        &self.0.touched
    }

    pub(crate) fn keys(&self) -> &KeysSeen {
        &self.0.keys
    }

    /// An error of the gate as the problem to answer with; what failed is logged.
    #[must_use]
    pub fn refused(&self, asked: &Asked, command: &'static str, error: &GateError) -> Problem {
        running::log_failure(command, error);
        asked.problem(error.refusal())
    }
}

impl<H: Host> AppBuilder<H> {
    /// Who verifies banks and identity providers. Without it nobody signs in.
    pub fn verifying(mut self, part: impl VerifiesAuthentication + 'static) -> Self {
        self.parts.verifies = Some(Arc::new(part));
        self
    }

    /// Where sign-ins on their way are kept; [`StartsInMemory`] unless said. Several processes share one.
    pub fn remembering_starts(mut self, part: impl RemembersStarts + 'static) -> Self {
        self.parts.starts = Arc::new(part);
        self
    }

    /// Who attests devices. Without it nothing is raised: the verdict is `Unknown`.
    pub fn attesting(mut self, part: impl AttestsDevices + 'static) -> Self {
        self.parts.attests = Some(Arc::new(part));
        self
    }

    /// Who knows what people make PINs of.
    pub fn knowing_words(mut self, part: impl KnowsPersonalWords + 'static) -> Self {
        self.parts.words = Some(Arc::new(part));
        self
    }

    /// Who verifies faces and fingerprints. Without it there are none.
    pub fn with_biometrics(mut self, part: impl VerifiesBiometrics + 'static) -> Self {
        self.parts.biometrics = Some(Arc::new(part));
        self
    }

    /// Who knows the browser's sessions. Without it nobody administers.
    pub fn with_browser(mut self, part: impl ReadsBrowserSession + 'static) -> Self {
        self.parts.browser = Some(Arc::new(part));
        self
    }

    /// Who sends invitations. Without it nobody is invited.
    pub fn sending_invitations(mut self, part: impl SendsInvitations + 'static) -> Self {
        self.parts.invitations = Some(Arc::new(part));
        self
    }

    /// Texts in the host's words or languages.
    pub fn wording(mut self, texts: impl Texts + 'static) -> Self {
        self.parts.texts = Some(Arc::new(texts));
        self
    }

    /// Where the client's address is; it gets into the audit trail beside what the request causes. Nowhere unless said.
    pub fn with_address(mut self, address: ClientAddress) -> Self {
        self.parts.address = address;
        self
    }

    /// The header with the trace id of a request, which gets into the audit trail too: `x-request-id`.
    pub fn traced_by(mut self, header: HeaderName) -> Self {
        self.parts.trace_header = Some(header);
        self
    }

    /// The longest body that is taken, in bytes; 65,536 unless said.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.parts.body_limit = bytes;
        self
    }

    /// How long a body may take to arrive; 30 seconds unless said. It needs tokio's timers. The time for the headers is the
    /// server's matter.
    pub const fn body_within(mut self, span: Duration) -> Self {
        self.parts.body_time = span;
        self
    }

    /// Whether a device that has proved itself is told how many wrong PINs are left. Not unless said.
    pub const fn showing_tries_left(mut self, shows: bool) -> Self {
        self.parts.shows_tries_left = shows;
        self
    }

    /// The app.
    #[must_use]
    pub fn build(self) -> App<H> {
        let Self { gate, parts } = self;
        let (tasks, touched, keys) = (Tasks::default(), Touched::default(), KeysSeen::default());
        App(Arc::new(Joined { gate, parts, tasks, touched, keys }))
    }
}
