//! What a simulation consisted of.

use std::collections::BTreeMap;
use std::fmt;

use pinlatch_testkit::faults::Injected;

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) commands: u64,
    pub(crate) faults: Injected,
    pub(crate) writes: u64,
    pub(crate) answers_checked: u64,
    /// Answers of commands overtaken by more writes than a record remembers.
    pub(crate) answers_open: u64,
    pub(crate) unanswered: u64,
    pub(crate) restarts: u64,
    pub(crate) dropped: u64,
    pub(crate) comparisons: u64,
    pub(crate) accepted: u64,
    /// Guesses answered, and those that something had overtaken.
    pub(crate) verdicts: u64,
    pub(crate) overtaken: u64,
    pub(crate) max_answers_between_accepts: u64,
    /// Commands refused since the random source repeated itself.
    pub(crate) draws_refused: u64,
    /// Settlements that the store lost on purpose.
    pub(crate) settlements_lost: u64,
    /// Phones followed at the end of each life: in, or barred.
    pub(crate) in_at_last: u64,
    pub(crate) barred_at_last: u64,
    /// The most commands under way at once on one account.
    pub(crate) most_at_once: u64,
    pub(crate) transitions: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.commands += other.commands;
        self.faults.add(&other.faults);
        self.writes += other.writes;
        self.answers_checked += other.answers_checked;
        self.answers_open += other.answers_open;
        self.unanswered += other.unanswered;
        self.restarts += other.restarts;
        self.dropped += other.dropped;
        self.comparisons += other.comparisons;
        self.accepted += other.accepted;
        self.verdicts += other.verdicts;
        self.overtaken += other.overtaken;
        self.draws_refused += other.draws_refused;
        self.settlements_lost += other.settlements_lost;
        self.in_at_last += other.in_at_last;
        self.barred_at_last += other.barred_at_last;
        self.max_answers_between_accepts =
            self.max_answers_between_accepts.max(other.max_answers_between_accepts);
        self.most_at_once = self.most_at_once.max(other.most_at_once);
        for (kind, count) in &other.transitions {
            *self.transitions.entry(kind.clone()).or_default() += count;
        }
    }

    /// A simulation in which little happens would find little.
    pub(crate) fn assert_wide(&self) {
        if self.commands < 10_000 {
            return;
        }
        let Self { commands, writes, answers_checked, comparisons, accepted, .. } = *self;
        assert!(writes * 4 > commands, "{writes} writes");
        assert!(answers_checked * 2 > commands, "{answers_checked} answers");
        assert!(comparisons * 30 > commands, "{comparisons} comparisons");
        assert!(accepted * 100 > commands, "{accepted} right PINs");
        // What could not be told apart is rare, or the other checks check little.
        assert!(self.answers_open * 100 < answers_checked, "{} answers left open", self.answers_open);
        assert!(self.most_at_once >= 4, "{}", self.most_at_once);
        assert_eq!(self.max_answers_between_accepts, 5, "as many as are allowed");
        let Self { overtaken, draws_refused, settlements_lost, in_at_last, .. } = *self;
        let new = [overtaken, draws_refused, settlements_lost, in_at_last];
        assert!(new.iter().all(|count| *count > 20), "{new:?}");
        let faults = self.faults;
        let by_kind = [
            faults.replies_lost,
            faults.requests_lost,
            faults.conflicts,
            faults.conflicts_though_applied,
            faults.down,
            faults.late,
            faults.slow,
            faults.crashes,
        ];
        assert!(by_kind.iter().all(|count| *count > 50), "{faults}");
        for kind in ["PinExhausted", "RevokedAll", "PinChanged", "UnlockedByPin", "UnlockedByBiometric"] {
            assert!(self.transitions.get(kind).is_some_and(|count| *count > 20), "{:?}", self.transitions);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { commands, faults, writes, restarts, dropped, .. } = self;
        write!(
            f,
            "commands={commands} faults={faults} writes={writes} restarts={restarts} dropped={dropped} "
        )?;
        let Self { answers_checked, answers_open, unanswered, most_at_once, .. } = self;
        write!(f, "answers={answers_checked} open={answers_open} unanswered={unanswered} ")?;
        let Self { comparisons, verdicts, overtaken, accepted, max_answers_between_accepts, .. } = self;
        write!(f, "most_at_once={most_at_once} comparisons={comparisons} verdicts={verdicts} ")?;
        write!(f, "overtaken={overtaken} accepted={accepted} ")?;
        let Self { settlements_lost, draws_refused, in_at_last, barred_at_last, .. } = self;
        write!(f, "settlements_lost={settlements_lost} draws_refused={draws_refused} ")?;
        write!(f, "in_at_last={in_at_last} barred_at_last={barred_at_last} ")?;
        write!(f, "max_answers_between_accepts={max_answers_between_accepts}")
    }
}
