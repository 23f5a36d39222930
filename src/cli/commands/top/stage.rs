use std::sync::Arc;

use crossterm::Command;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};

use super::page::{Line, Weight};
use crate::cli::console::Console;
use crate::error::{self, Error};

/// The whole terminal; what it showed before is there again when this is dropped.
#[derive(Debug)]
pub(super) struct Stage {
    console: Arc<Console>,
}

impl Stage {
    pub(super) fn enter(console: &Arc<Console>) -> Result<Self, Error> {
        terminal::enable_raw_mode().map_err(|e| error::io("take over the terminal", e))?;
        let stage = Self { console: Arc::clone(console) };
        stage.write(&[written(&EnterAlternateScreen), written(&Hide)].concat())?;
        Ok(stage)
    }

    /// Returns how many columns and rows there are.
    #[expect(clippy::unused_self, reason = "it is the size of this stage")]
    pub(super) fn size(&self) -> (usize, usize) {
        // A terminal that was told no size says that it has none.
        let told = terminal::size().ok().filter(|(columns, rows)| 0 < *columns && 0 < *rows);
        let (columns, rows) = told.unwrap_or((80, 24));
        (columns.into(), rows.into())
    }

    /// Shows lines, which fit.
    pub(super) fn show(&mut self, lines: &[Line]) -> Result<(), Error> {
        let mut text = String::new();
        for (row, line) in (0u16..).zip(lines) {
            text += &written(&MoveTo(0, row));
            text += &written(&SetAttribute(match line.weight {
                Weight::Plain => Attribute::Reset,
                Weight::Heading => Attribute::Bold,
                Weight::Chosen => Attribute::Reverse,
            }));
            text += &line.text;
            text += &written(&SetAttribute(Attribute::Reset));
            text += &written(&Clear(ClearType::UntilNewLine));
        }
        text += &written(&Clear(ClearType::FromCursorDown));
        self.write(&text)
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        self.console.data(text.as_bytes()).map_err(|e| error::io("write to the terminal", e))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.write(&[written(&Show), written(&LeaveAlternateScreen)].concat()).ok();
        terminal::disable_raw_mode().ok();
    }
}

/// Returns what a terminal understands.
fn written(command: &impl Command) -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    command.write_ansi(&mut text).ok();
    text
}
