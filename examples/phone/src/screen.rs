//! Drawing: a phone or a browser window of plain text, above the prompts.

use std::io::{self, Write};

use crossterm::cursor::MoveTo;
use crossterm::execute;
use crossterm::style::Stylize;
use crossterm::terminal::{Clear, ClearType};
use textwrap::core::display_width;

/// Columns inside the frame.
const WIDTH: usize = 62;

/// A frame with a title bar, and what stands in it.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    lines: Vec<(String, Ink)>,
    aside: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Ink {
    Plain,
    Bold,
    Warning,
}

impl Screen {
    /// Something on the left and something on the right.
    pub(crate) fn bar(mut self, left: &str, right: &str) -> Self {
        let used = display_width(left).saturating_add(display_width(right));
        let gap = " ".repeat(WIDTH.saturating_sub(used).max(1));
        self.lines.push((format!("{left}{gap}{right}"), Ink::Bold));
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.wrap(text, Ink::Plain);
        self
    }

    /// A message that has to be seen.
    pub(crate) fn message(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text {
            self.lines.push((String::new(), Ink::Plain));
            self.wrap(text, Ink::Warning);
        }
        self
    }

    /// A remark below the frame, which is not on the phone.
    pub(crate) fn aside(mut self, text: Option<&str>) -> Self {
        self.aside = text.map(str::to_owned);
        self
    }

    /// Clears the terminal and draws. Answers with how many rows that took.
    pub(crate) fn draw(&self) -> io::Result<usize> {
        let mut out = io::stdout().lock();
        execute!(out, Clear(ClearType::All), MoveTo(0, 0))?;
        let rule = "─".repeat(WIDTH.saturating_add(2));
        writeln!(out, "╭{rule}╮")?;
        for (text, ink) in &self.lines {
            let gap = " ".repeat(WIDTH.saturating_sub(display_width(text)));
            let text = match ink {
                Ink::Plain => text.clone(),
                Ink::Bold => text.clone().bold().to_string(),
                Ink::Warning => text.clone().yellow().to_string(),
            };
            writeln!(out, "│ {text}{gap} │")?;
        }
        writeln!(out, "╰{rule}╯")?;
        if let Some(aside) = &self.aside {
            writeln!(out, "{}", aside.clone().dim())?;
        }
        out.flush()?;
        let borders_and_aside = if self.aside.is_some() { 3 } else { 2 };
        Ok(self.lines.len().saturating_add(borders_and_aside))
    }

    fn wrap(&mut self, text: &str, ink: Ink) {
        for line in textwrap::wrap(text, WIDTH) {
            self.lines.push((line.into_owned(), ink));
        }
    }
}

/// Clears the terminal.
pub(crate) fn clear() -> io::Result<()> {
    execute!(io::stdout(), Clear(ClearType::All), MoveTo(0, 0))
}
