//! How much of the machine was lived through, so that the lives cannot quietly become dull.

use std::collections::BTreeMap;

use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;

use crate::follow::{Ending, Endings};

#[derive(Debug, Default)]
pub(crate) struct Coverage {
    pub(crate) sequences: u64,
    pub(crate) commands: u64,
    pub(crate) refusals: u64,
    pub(crate) transitions: u64,
    /// By kind of command: succeeded, refused.
    pub(crate) kinds: BTreeMap<String, (u64, u64)>,
    pub(crate) codes: BTreeMap<RefusalCode, u64>,
    /// How it ended for who followed the steps that were named (I14).
    pub(crate) endings: Endings,
    /// How often a device got into a state.
    pub(crate) reached: BTreeMap<SessionState, u64>,
}

/// What is never refused, because it lowers, looks, or is the host's own.
const NEVER_REFUSED: [&str; 14] = [
    "LogOut",
    "ReportIntegrity",
    "View",
    "TryDeadTokens",
    "TurnIntegrity",
    "NewFaces",
    "PassDays",
    "PassTime",
    "MistakeClock",
    "SetJournal",
    "SetHasher",
    "SetDirectory",
    "SetKnown",
    "Restart",
];
const NEVER_ACCEPTED: &str = "FailAuthentication";
const KINDS: usize = 40;

/// Left to other tests: another pepper, or a damaged record; a guess that something overtakes, which takes
/// two requests at once, as in the simulation; the 33rd employment of one company.
const NOT_LIVED: [RefusalCode; 3] =
    [RefusalCode::CredentialUnusable, RefusalCode::GuessOvertaken, RefusalCode::RecordFull];
/// Not to be had under the default policy.
const ONLY_UNDER_TIGHT_POLICIES: [RefusalCode; 2] = [RefusalCode::AuditTrailFull, RefusalCode::Locked];

impl Coverage {
    /// Once in so many commands, each kind has to have succeeded and been refused.
    pub(crate) fn assert_wide(&self, tight: bool) {
        let rare = self.commands / 20_000;
        assert_eq!(self.kinds.len(), KINDS, "{:?}", self.kinds.keys());
        for (kind, (succeeded, refused)) in &self.kinds {
            let accepted = kind == NEVER_ACCEPTED || *succeeded > rare;
            let rejected = NEVER_REFUSED.contains(&kind.as_str()) || *refused > rare;
            assert!(accepted && rejected, "{kind} succeeded {succeeded} times, was refused {refused} times");
        }
        let endings = [Ending::BarredByFacts, Ending::BarredByDevice, Ending::BarredUntilInvited];
        for ending in (1..=6).map(Ending::In).chain(endings) {
            assert!(self.endings.contains_key(&ending), "{ending:?} is missing: {:?}", self.endings);
        }
        for state in SessionState::ALL {
            let reached = self.reached.get(&state).copied().unwrap_or_default();
            assert!(reached > self.commands / 1_000, "{state} was reached {reached} times");
        }
        for code in RefusalCode::ALL {
            let given = self.codes.get(code).copied().unwrap_or_default();
            let left_out = NOT_LIVED.contains(code) || (!tight && ONLY_UNDER_TIGHT_POLICIES.contains(code));
            assert!(left_out || given > rare / 4, "{code} was given {given} times");
        }
    }

    pub(crate) fn line(&self, violations: u64) -> String {
        let Self { sequences, commands, refusals, transitions, .. } = self;
        format!(
            "sequences={sequences} commands={commands} refusals={refusals} transitions={transitions} violations={violations} endings={:?}",
            self.endings
        )
    }
}
