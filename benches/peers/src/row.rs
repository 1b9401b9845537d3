//! A row of the table: one piece of work, its contestants, its budget.

use crate::harness::{Contestant, Measured, Settings, Side, compete};

/// A row with what was measured.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which kind of work, for the plots.
    pub group: Group,
    /// The work in a few words.
    pub work: String,
    /// What was measured, in the order of the contestants.
    pub measured: Vec<Measured>,
    /// The budgets and whether they are met.
    pub judgements: Vec<Judgement>,
}

/// Kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Permission decisions.
    Permission,
    /// Session checks on a record in memory.
    Session,
    /// Session checks from stored bytes, with so many devices.
    Bytes(u64),
    /// Full checks through a store: accounts, threads.
    Store(u64, u64),
    /// Transitions.
    Transition,
    /// Revoke-all as a command, with so many devices.
    RevokeAll(u64),
    /// Revoke-all against more sessions than a record carries devices.
    ManySessions,
    /// Ours alone: a decision without a store, or in a fuller one.
    Decision,
    /// Attempt counters.
    Attempts,
    /// PIN verification.
    Pin,
}

/// A budget and what was measured of it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The budget in words, for example "at most 10 ns".
    pub budget: String,
    /// The measured value in words.
    pub value: String,
    /// Whether it is met.
    pub met: bool,
}

impl Row {
    /// Measures a row.
    pub fn measure(
        settings: Settings,
        group: Group,
        work: impl Into<String>,
        contestants: Vec<Contestant<'_>>,
    ) -> Self {
        let work = work.into();
        eprintln!("  {work}");
        let row = Self { group, work, measured: compete(settings, contestants), judgements: Vec::new() };
        assert_eq!(row.side(Side::Ours).count(), 1, "one contestant of ours in '{}'", row.work);
        row
    }

    /// Those of one side.
    pub fn side(&self, side: Side) -> impl Iterator<Item = &Measured> {
        self.measured.iter().filter(move |one| one.side == side)
    }

    /// Ours.
    pub fn ours(&self) -> &Measured {
        self.side(Side::Ours).next().expect("checked when measured")
    }

    /// The floor that ours is compared with: the first one.
    pub fn floor(&self) -> Option<&Measured> {
        self.side(Side::Floor).next()
    }

    /// The contestant of that name.
    pub fn named(&self, name: &str) -> &Measured {
        self.measured.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no contestant '{name}'"))
    }

    /// Budget: ours takes at most so many nanoseconds.
    pub fn at_most_nanoseconds(&mut self, limit: f64) {
        let value = self.ours().nanoseconds();
        self.judge(format!("≤ {}", time(limit)), time(value), value <= limit);
    }

    /// Budget: ours takes at most so many times the floor.
    pub fn at_most_floors(&mut self, limit: f64) {
        let value = self.ours().times(self.floor().expect("a floor"));
        self.judge(format!("≤ {limit} × the floor"), format!("{value:.2} ×"), value <= limit);
    }

    /// Budget: the peer takes at least so many times as long as ours.
    pub fn at_least_times(&mut self, peer: &str, limit: f64) {
        let value = self.named(peer).times(self.ours());
        let met = value >= limit;
        self.judge(format!("{peer} ≥ {limit:.0} × ours"), format!("{} ×", ratio(value)), met);
    }

    /// Budget: ours allocates nothing.
    pub fn no_allocation(&mut self) {
        let value = self.ours().allocations;
        self.judge("0 allocations".into(), format!("{value:.2}"), value == 0.0);
    }

    /// A budget of any kind.
    pub fn judge(&mut self, budget: String, value: String, met: bool) {
        self.judgements.push(Judgement { budget, value, met });
    }
}

/// A time in a unit that fits.
pub fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 10.0 => format!("{n:.1} ns"),
        n if n < 1_000.0 => format!("{n:.0} ns"),
        n if n < 10_000.0 => format!("{:.2} µs", n / 1e3),
        n if n < 1_000_000.0 => format!("{:.1} µs", n / 1e3),
        n if n < 1e9 => format!("{:.2} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}

/// A ratio with two or three digits.
pub fn ratio(value: f64) -> String {
    match value {
        v if v < 0.1 => format!("{v:.3}"),
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}
