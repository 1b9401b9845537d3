//! What the kit found out about a store.

use std::fmt;

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
    Passed(Evidence),
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

/// What a passed check rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The kit saw it, and saw of each hook that it needed that it had acted.
    Shown,
    /// The check would have passed as well if these hooks had done nothing: that they acted, or that
    /// there was nothing to do, the author says.
    OnTheAuthorsWord {
        /// Which hooks of the fixture.
        hooks: Vec<&'static str>,
    },
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

    /// The names of the checks that passed, on whatever evidence.
    pub fn passed(&self) -> impl Iterator<Item = &'static str> {
        self.names(|outcome| matches!(outcome, Outcome::Passed(_)))
    }

    /// The names of the checks that passed, but on what the author says of a hook.
    pub fn on_the_authors_word(&self) -> impl Iterator<Item = &'static str> {
        self.names(|outcome| matches!(outcome, Outcome::Passed(Evidence::OnTheAuthorsWord { .. })))
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
                Outcome::Passed(Evidence::Shown) => writeln!(f, "passed    {}", check.name)?,
                Outcome::Passed(Evidence::OnTheAuthorsWord { hooks }) => {
                    writeln!(f, "passed    {}, on the author's word: `{}`", check.name, hooks.join("`, `"))?;
                }
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
        let (passed, on_word) = (self.passed().count(), self.on_the_authors_word().count());
        let shown = passed.saturating_sub(on_word);
        let (failed, unproven) = (self.failed().count(), self.unproven().count());
        let passed = format!("{passed} passed ({shown} shown, {on_word} on the author's word)");
        writeln!(f, "{passed}, {failed} failed, {unproven} unproven")
    }
}
