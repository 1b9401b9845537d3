//! The functions that a host adds, and what each of them needs (D32).

use alloc::vec::Vec;

use crate::people::{Action, ChargeableService, CustomFunction};

/// What an employee may do with own data of a host's function without a profile (D10), and under the profile
/// "Employee" (R23).
///
/// With the feature `serde` it is its name, as in `"ReadAndEdit"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum OwnDataUse {
    /// Nothing: a profile of the host's has to grant it.
    ByProfileOnly,
    /// Read it, as salary information: somebody else enters it.
    Read,
    /// Read and edit it, as working hours: it is the employee's to enter.
    ReadAndEdit,
}

impl OwnDataUse {
    pub(super) const fn allows(self, action: Action) -> bool {
        match self {
            Self::ByProfileOnly => false,
            Self::Read => matches!(action, Action::Read),
            Self::ReadAndEdit => true,
        }
    }
}

/// A function of the host's own: tied to one service or to none (D32).
///
/// One that is tied to no service needs none, but own data of it still need an employment (R22).
///
/// With the feature `serde` it is `{"function":"Holidays","service":"Travel","own_data":"Read"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct HostFunction {
    /// The function.
    pub function: CustomFunction,
    /// The service that it is part of; `None` for one that needs no service. It has to be said when read
    /// back: one that is left out would else be tied to none (E40).
    #[cfg_attr(feature = "serde", serde(deserialize_with = "said"))]
    pub service: Option<ChargeableService>,
    /// What an employee may do with own data of it without a profile.
    pub own_data: OwnDataUse,
}

#[cfg(feature = "serde")]
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<ChargeableService>, D::Error> {
    serde::Deserialize::deserialize(deserializer)
}

/// The host's functions, each once, at most [`MOST`](Self::MOST).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct HostFunctions(Vec<HostFunction>);

impl HostFunctions {
    pub(super) const MOST: usize = 32;

    /// With this one, in place of one of the same name; `None` if that would be too many.
    pub(super) fn with(mut self, added: HostFunction) -> Option<Self> {
        self.0.retain(|known| known.function != added.function);
        self.0.push(added);
        (self.0.len() <= Self::MOST).then_some(self)
    }

    pub(super) fn find(&self, function: CustomFunction) -> Option<&HostFunction> {
        self.0.iter().find(|known| known.function == function)
    }

    pub(super) fn as_slice(&self) -> &[HostFunction] {
        &self.0
    }
}
