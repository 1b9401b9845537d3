//! A part that could not answer.

use std::error::Error;

use pinlatch::refusal::RefusalCode;

use crate::asked::Asked;
use crate::problem::Problem;

/// A part of the host could not answer. The request is refused `Unavailable`; the log has the source.
#[derive(Debug, thiserror::Error)]
#[error("a part of the host could not answer")]
pub struct PartFailed(#[source] Box<dyn Error + Send + Sync>);

impl PartFailed {
    /// For this reason, which is logged and never sent.
    pub fn because(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }

    /// Logged, and as the problem to answer with.
    pub(crate) fn answered(&self, asked: &Asked) -> Problem {
        crate::running::log_error("part", self);
        asked.problem(RefusalCode::Unavailable)
    }
}
