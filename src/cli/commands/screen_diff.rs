use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::seeing;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::error;
use crate::report::{Document, ScreenDiff};
use crate::request::Share;
use crate::screen::{self, Quality};

/// Tell how two screens differ
///
/// Each is a PNG file, or a VM whose screen is looked at now. It tells the share of the pixels that
/// differ and the boxes around them. The exit code is 0 if no more differs than --tolerance
/// allows, 1 if more does or the sizes differ, and another one if they could not be compared.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli screen-diff before.png after.png
  vm-cli screen-diff before.png my-first-vm --json
  vm-cli screen-diff before.png after.png --tolerance 0.5% --annotate diff.png
  vm-cli screen-diff before.png after.png --elements")]
pub(crate) struct ScreenDiffCommand {
    /// Name a PNG file or a VM
    #[arg(value_name = "BEFORE")]
    before: String,

    /// Name a PNG file or a VM
    #[arg(value_name = "AFTER")]
    after: String,

    /// Which share of the pixels may differ for the exit code to be 0
    #[arg(long, value_name = "PERCENT", default_value = "0%")]
    tolerance: Share,

    /// Tell also which texts, buttons, fields and so on appeared, vanished, moved or changed
    #[arg(long)]
    elements: bool,

    /// Write the second picture into this file, red lines around what differs
    #[arg(long, value_name = "FILE")]
    annotate: Option<PathBuf>,
}

/// The exit code when more differs than is allowed.
const DIFFERENT: u8 = 1;

impl ScreenDiffCommand {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let pictures = app.session(&app.loaded.settings, async |session| {
            Ok((
                seeing::picture(session, &self.before).await?,
                seeing::picture(session, &self.after).await?,
            ))
        });
        let (before, after) = pictures.outcome()?;
        let regions = screen::changed_regions(&before, &after);
        let file = match &self.annotate {
            None => None,
            Some(file) => {
                let drawn = screen::outline(&after, &regions).unwrap_or_else(|| after.clone());
                let what = format!("write `{}`", file.display());
                fs::write(file, screen::encode_png(&drawn)?).map_err(|e| error::io(what, e))?;
                Some(file.clone())
            }
        };
        let elements = if self.elements {
            let read = |frame| seeing::reading(&app, frame, Quality::Standard);
            Some(screen::differences(&read(&before)?, &read(&after)?))
        } else {
            None
        };
        let diff = ScreenDiff {
            before: (self.before.clone(), before.size()),
            after: (self.after.clone(), after.size()),
            changed_share: screen::changed_share(&before, &after),
            regions,
            elements,
            file,
        };
        app.shell.show(&Document::screen_diff(&diff))?;
        let differs = screen::differs(&before, &after, self.tolerance.as_fraction());
        Ok(if differs { DIFFERENT } else { 0 })
    }
}
