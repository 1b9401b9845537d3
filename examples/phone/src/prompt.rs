//! Asking: menus by arrow keys or by typing a part of the line, hidden entry, a line of text.

use std::error::Error;
use std::fmt::Display;
use std::process;

use crossterm::{cursor, event, execute, terminal};
use inquire::{InquireError, Password, PasswordDisplayMode, Select, Text};
use pinlatch::gate::GateError;
use pinlatch::pin::PersonalWordsError;
use pinlatch::secret::TokenError;
use pinlatch_stores::sqlite::SqliteError;
use zeroize::Zeroizing;

/// Rows of the terminal that everything has to fit into, if it does not say how many it has.
const ROWS: u16 = 24;
/// Rows of a prompt beside the lines of its menu: the question, the help, and one to spare.
const ROWS_OF_PROMPT: usize = 3;
/// Rows of the phone and of the prompts already answered below it.
const ROWS_ABOVE: usize = 13;
/// Fewer lines are no menu.
const LEAST_LINES: usize = 4;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Esc or Ctrl-D: one step back.
    Back,
    /// Ctrl-C: the program ends.
    Quit,
    /// The program cannot go on.
    Failed(Box<dyn Error>),
}

macro_rules! failures {
    ($($error:ty),*) => {
        $(impl From<$error> for Stop {
            fn from(error: $error) -> Self {
                Self::Failed(error.into())
            }
        })*
    };
}
failures!(Box<dyn Error>, std::io::Error, GateError, SqliteError, PersonalWordsError, TokenError);

/// An answer, unless something else is wanted.
pub(crate) type Answer<T> = Result<T, Stop>;

/// A line of a menu, and what it stands for.
pub(crate) struct Line<T> {
    text: String,
    means: T,
}

impl<T> Line<T> {
    pub(crate) fn new(text: impl Into<String>, means: T) -> Self {
        Self { text: text.into(), means }
    }
}

impl<T> Display for Line<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Asks to choose a line, somewhere below the phone.
pub(crate) fn choose<T>(question: &str, lines: Vec<Line<T>>) -> Answer<T> {
    choose_below(ROWS_ABOVE, question, lines)
}

/// Asks to choose a line, with so many rows of the terminal taken. A longer menu scrolls.
pub(crate) fn choose_below<T>(rows: usize, question: &str, lines: Vec<Line<T>>) -> Answer<T> {
    let answer = Select::new(question, lines)
        .with_page_size(lines_below(rows))
        .with_help_message("arrows or letters, Enter; Esc: back; Ctrl-C: quit")
        .prompt();
    answered(answer).map(|line| line.means)
}

fn lines_below(rows: usize) -> usize {
    let all = terminal::size().map_or(ROWS, |(_, all)| all);
    usize::from(all).saturating_sub(rows).saturating_sub(ROWS_OF_PROMPT).max(LEAST_LINES)
}

/// Shows lines to scroll through.
pub(crate) fn browse(title: &str, lines: Vec<String>) -> Answer<()> {
    let shown = Select::new(title, lines)
        .with_page_size(lines_below(0))
        .with_help_message("arrows to scroll, letters to search; Enter or Esc: back")
        .prompt();
    match answered(shown) {
        Ok(_) | Err(Stop::Back) => Ok(()),
        Err(stop) => Err(stop),
    }
}

/// Asks for a PIN without showing it.
pub(crate) fn hidden(question: &str) -> Answer<Zeroizing<String>> {
    let entry = Password::new(question)
        .without_confirmation()
        .with_display_mode(PasswordDisplayMode::Masked)
        .with_help_message("hidden; Esc: back")
        .prompt();
    answered(entry).map(Zeroizing::new)
}

/// Asks for a line of text.
pub(crate) fn text(question: &str, suggestion: &str) -> Answer<String> {
    answered(Text::new(question).with_initial_value(suggestion).prompt())
}

fn answered<T>(answer: Result<T, InquireError>) -> Answer<T> {
    answer.map_err(|error| match error {
        InquireError::OperationCanceled => Stop::Back,
        InquireError::OperationInterrupted => Stop::Quit,
        error => Stop::Failed(error.into()),
    })
}

/// A signal ends the program at once and leaves the terminal as it was: a closed window, `kill`, or
/// Ctrl-C between two prompts. A phone that was open then is locked at the next look at it.
pub(crate) fn give_terminal_back_on_signals() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        let _no_terminal = terminal::disable_raw_mode();
        let _no_terminal = execute!(std::io::stderr(), event::DisableBracketedPaste, cursor::Show);
        process::exit(0);
    })
}
