//! The stage: it prints what happened, and only after that was checked.

use std::cell::Cell;
use std::env;
use std::error::Error;
use std::fmt::{self, Debug};
use std::io::{self, IsTerminal};
use std::panic::Location;

use pinlatch::gate::GateError;
use pinlatch::refusal::{Language, Refusal, RefusalCode};
use pinlatch::session::SessionState;

use crate::town::Phone;

/// The story took a turn that was not written: the tour fails.
pub(crate) struct Surprise(String);

impl Surprise {
    #[track_caller]
    fn instead(what: &str, expected: impl Debug, happened: impl Debug) -> Self {
        let at = Location::caller();
        Self(format!("{at}: {what}\n  expected: {expected:?}\n  happened: {happened:?}"))
    }
}

impl Surprise {
    /// A refusal where none was expected, without a gate behind it.
    #[track_caller]
    pub(crate) fn unforeseen(code: RefusalCode) -> Self {
        Self::instead("an answer", "no refusal", code)
    }
}

/// A failure where no refusal was expected: setting the scene, or a command in between.
impl<E: Error> From<E> for Surprise {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Surprise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

pub(crate) struct Stage {
    colour: bool,
    chapter: Cell<u8>,
    checked: Cell<u32>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
        Self { colour, chapter: Cell::new(0), checked: Cell::new(0) }
    }

    /// How many things were checked so far.
    pub(crate) fn checked(&self) -> u32 {
        self.checked.get()
    }

    pub(crate) fn title(&self, text: &str) {
        println!("{}", self.paint(BOLD, text));
    }

    /// Opens the next chapter, with a sentence on what it is about.
    pub(crate) fn chapter(&self, title: &str, about: &str) {
        self.chapter.set(self.chapter.get().saturating_add(1));
        println!("\n{}", self.paint(BOLD, &format!("{:>2}  {title}", self.chapter.get())));
        println!("    {}", self.paint(DIM, about));
    }

    /// A step that succeeds and leaves the phone in `state`. Answers with what the step gave.
    #[track_caller]
    pub(crate) fn step<T>(
        &self,
        what: &str,
        done: Result<T, GateError>,
        phone: &Phone<'_>,
        state: SessionState,
    ) -> Result<T, Surprise> {
        let gave = done.map_err(|error| Surprise::instead(what, state, error))?;
        let found = phone.state()?;
        if found != state {
            return Err(Surprise::instead(what, state, found));
        }
        self.line(phone.name, what, &self.paint(GREEN, &format!("→ {state}")));
        Ok(gave)
    }

    /// A step that is refused with this code.
    #[track_caller]
    pub(crate) fn refused<T>(
        &self,
        what: &str,
        done: Result<T, GateError>,
        who: &str,
        code: RefusalCode,
    ) -> Result<(), Surprise> {
        self.refusal(what, done, who, code).map(drop)
    }

    fn refusal<T>(
        &self,
        what: &str,
        done: Result<T, GateError>,
        who: &str,
        code: RefusalCode,
    ) -> Result<Refusal, Surprise> {
        let refusal = match done {
            Err(GateError::Refused(refusal)) if refusal.code() == code => refusal,
            Err(error) => return Err(Surprise::instead(what, code, error)),
            Ok(_) => return Err(Surprise::instead(what, code, "it was not refused")),
        };
        self.line(who, what, &self.paint(RED, &format!("✗ {code}")));
        Ok(refusal)
    }

    /// A refusal whose text somebody reads: checked to the letter, and shown in both languages.
    #[track_caller]
    pub(crate) fn reads<T>(
        &self,
        what: &str,
        done: Result<T, GateError>,
        who: &str,
        code: RefusalCode,
        [english, finnish]: [&str; 2],
    ) -> Result<(), Surprise> {
        let refusal = self.refusal(what, done, who, code)?;
        for (language, expected) in [(Language::English, english), (Language::Finnish, finnish)] {
            let text = refusal.public(language).text;
            if text != expected {
                return Err(Surprise::instead(what, expected, text));
            }
            println!("        {}", self.paint(YELLOW, &format!("“{text}”")));
        }
        Ok(())
    }

    /// Something that is as expected.
    #[track_caller]
    pub(crate) fn fact<T: PartialEq + Debug>(
        &self,
        what: &str,
        found: T,
        who: &str,
        expected: T,
        told: &str,
    ) -> Result<(), Surprise> {
        if found != expected {
            return Err(Surprise::instead(what, expected, found));
        }
        self.line(who, what, &self.paint(GREEN, &format!("✓ {told}")));
        Ok(())
    }

    /// A line that was checked as part of a whole.
    pub(crate) fn listed(&self, text: &str) {
        println!("    {text}");
    }

    fn line(&self, who: &str, what: &str, outcome: &str) {
        self.checked.set(self.checked.get().saturating_add(1));
        println!("    {} {what:<42} {outcome}", self.paint(DIM, &format!("{who:<14}")));
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
