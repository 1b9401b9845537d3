//! What can go wrong, whatever the engine.

use std::error::Error;

use super::address::EngineName;

/// Why a store could not be opened or asked. From
/// [`compare_and_swap`](pinlatch::host::Store::compare_and_swap) every one of them means that nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnyError {
    /// The address names no engine. It is not shown: there may be a password in it.
    #[error(
        "the address names no engine: begin it with sqlite:, postgres:, mariadb:, redis:, nats: or etcd:"
    )]
    UnknownAddress,
    /// A parameter after the `?` of the address cannot be used. Its value is not shown: it may be a password.
    #[error("the parameter `{name}` of an address of {engine}: {wrong}")]
    Parameter {
        /// Which engine the address names.
        engine: EngineName,
        /// The parameter's name.
        name: String,
        /// What is wrong with it, in words; of an unknown one, which there are.
        wrong: String,
    },
    /// The address accepts a risk that the engine does not have: they are the names of its module's `Risk`.
    #[error("{engine} has no risk `{name}`, but {}", known.join(", "))]
    Risk {
        /// Which engine the address names.
        engine: EngineName,
        /// What was to be accepted.
        name: String,
        /// The risks that it has.
        known: &'static [&'static str],
    },
    /// The engine's feature was left out when this program was built.
    #[error("this program was built without the feature `{}` of pinlatch-stores", engine.feature())]
    NotBuilt {
        /// Which engine the address names.
        engine: EngineName,
    },
    /// The engine keeps no audit trail, so there is none to read here: ask the journal that you gave the gate, by
    /// [`journal_or`](super::AnyStore::journal_or).
    #[error("the engine keeps no audit trail: what there is of it is in the journal that the gate was given")]
    NoTrail,
    /// The engine's own error.
    #[error("the engine `{}` reported an error", engine.feature())]
    Engine {
        /// Which engine.
        engine: EngineName,
        /// What it reported: the error type of its own module.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The journal of the host reported an error.
    #[error("the host's journal reported an error")]
    Journal(#[source] Box<dyn Error + Send + Sync>),
}
