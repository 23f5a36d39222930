use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::seeing;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::error;
use crate::report::{Document, Seen};
use crate::screen::{self, Quality};

/// Tell what is on a screen: text, buttons, fields, states
///
/// The screen is a PNG file, or a VM that is looked at now. It tells what the machine is doing, and
/// every text, button, field, check box, radio button, link, icon, menu and window with its place,
/// to click at. Everything is done on this machine.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli analyze screen.png
  vm-cli analyze my-first-vm --text
  vm-cli analyze my-first-vm --format tree
  vm-cli analyze screen.png --quality best --text
  vm-cli analyze my-first-vm --audit --json
  vm-cli analyze my-first-vm --annotate boxes.png --json")]
pub(crate) struct Analyze {
    /// Name a PNG file or a VM
    #[arg(value_name = "PICTURE", required_unless_present = "name")]
    source: Option<String>,

    /// Name the VM, as PICTURE does
    #[arg(long = "name", alias = "vm", value_name = "NAME", conflicts_with = "source")]
    name: Option<String>,

    /// Tell the text alone
    #[arg(long)]
    text: bool,

    /// Tell instead what is hard to read, to hit or to understand: for those who test interfaces
    #[arg(long, conflicts_with = "text")]
    audit: bool,

    /// Read fast, or as well as can be: standard, best
    #[arg(long, value_name = "HOW", default_value = "standard", value_parser = seeing::quality)]
    quality: Quality,

    /// Write the picture into this file, a numbered box around every element
    #[arg(long, value_name = "FILE")]
    annotate: Option<PathBuf>,
}

impl Analyze {
    /// Returns whether it tells of the whole screen.
    pub(super) fn is_whole(&self) -> bool {
        !self.text && !self.audit
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let source = self.source.as_ref().or(self.name.as_ref()).cloned().unwrap_or_default();
        let taken = app
            .session(&app.loaded.settings, async |session| seeing::picture(session, &source).await);
        let frame = taken.outcome()?;
        let reading = seeing::reading(&app, &frame, self.quality)?;
        if let Some(file) = &self.annotate {
            let drawn = screen::annotate(&frame, &reading.elements).unwrap_or(frame);
            let what = format!("write `{}`", file.display());
            fs::write(file, screen::encode_png(&drawn)?).map_err(|e| error::io(what, e))?;
        }
        if self.audit {
            app.shell.show(&Document::findings(&screen::audit(&reading)))?;
            return Ok(0);
        }
        let seen = Seen { name: source, reading, file: self.annotate.clone() };
        let document = if self.text { Document::seen_text(&seen) } else { Document::seen(&seen) };
        app.shell.show(&document)?;
        Ok(0)
    }
}
