//! What the kit found out about a store.

use std::fmt;

use super::probe::{Checked, Stop};

/// One thing a store must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What a right store does.
    pub expected: &'static str,
    /// What a store that does not would let an attacker do, or what it would cost the owner.
    pub otherwise: &'static str,
}

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The store did what is expected.
    Passed,
    /// It did something else.
    Failed {
        /// What it did.
        happened: String,
    },
    /// It could not be seen, because the fixture has no hook for it. Not a pass.
    Unproven {
        /// Which hook of the fixture is missing.
        missing: &'static str,
    },
}

/// What a check's early end means.
pub(super) fn outcome(checked: Checked) -> Outcome {
    match checked {
        Ok(()) => Outcome::Passed,
        Err(Stop::Failed(happened)) => Outcome::Failed { happened },
        Err(Stop::Unproven(missing)) => Outcome::Unproven { missing },
    }
}

/// What came of all checks, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Report {
    pub(super) findings: Vec<(Check, Outcome)>,
}

impl Report {
    /// Every check with what came of it.
    #[must_use]
    pub fn findings(&self) -> &[(Check, Outcome)] {
        &self.findings
    }

    /// The names of the checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &'static str> {
        self.names(|outcome| matches!(outcome, Outcome::Failed { .. }))
    }

    /// The names of the checks that could not be seen.
    pub fn unproven(&self) -> impl Iterator<Item = &'static str> {
        self.names(|outcome| matches!(outcome, Outcome::Unproven { .. }))
    }

    /// Whether no check failed. What is unproven stays unproven.
    #[must_use]
    pub fn nothing_failed(&self) -> bool {
        self.failed().next().is_none()
    }

    fn names(&self, wanted: impl Fn(&Outcome) -> bool) -> impl Iterator<Item = &'static str> {
        self.findings.iter().filter(move |(_, outcome)| wanted(outcome)).map(|(check, _)| check.name)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (check, outcome) in &self.findings {
            match outcome {
                Outcome::Passed => writeln!(f, "passed    {}", check.name)?,
                Outcome::Unproven { missing } => {
                    writeln!(f, "UNPROVEN  {}: it needs `{missing}`", check.name)?;
                }
                Outcome::Failed { happened } => {
                    writeln!(f, "FAILED    {}", check.name)?;
                    writeln!(f, "          expected: {}", check.expected)?;
                    writeln!(f, "          happened: {happened}")?;
                    writeln!(f, "          so:       {}", check.otherwise)?;
                }
            }
        }
        let passed = self.findings.iter().filter(|(_, outcome)| *outcome == Outcome::Passed).count();
        let (failed, unproven) = (self.failed().count(), self.unproven().count());
        writeln!(f, "{passed} passed, {failed} failed, {unproven} unproven")
    }
}
