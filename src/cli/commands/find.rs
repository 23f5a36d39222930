use clap::Args;

use super::seeing;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::report::{Document, Found};
use crate::screen::{ElementKind, Quality, Reading, missing, seek};

/// Find text or an element on a screen
///
/// It tells where each is that says the text, the best first; small misreadings do no harm. With
/// --quiet it prints X and Y alone, as `click` takes them. The exit code is 3 if there is none.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli find my-first-vm \"Install\"
  vm-cli find screen.png \"Next\" --kind button --json
  vm-cli find my-first-vm \"Computer name\" --kind field --first -q")]
pub(crate) struct Find {
    /// Name a PNG file or a VM
    #[arg(value_name = "PICTURE")]
    source: String,

    /// Say what it says
    #[arg(value_name = "TEXT")]
    text: String,

    /// Only elements of this kind, such as button, field, checkbox, link
    #[arg(long, value_name = "KIND", value_parser = seeing::element_kind)]
    kind: Option<ElementKind>,

    /// Tell the best one alone
    #[arg(long)]
    first: bool,
}

impl Find {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let taken = app.session(&app.loaded.settings, async |session| {
            seeing::picture(session, &self.source).await
        });
        let reading = seeing::reading(&app, &taken.outcome()?, Quality::Standard)?;
        let mut found = found(&self.source, &reading, &self.text, self.kind);
        if found.is_empty() {
            return Err(missing(&reading, &self.text, self.kind).into());
        }
        if self.first {
            found.truncate(1);
        }
        app.shell.show(&Document::found(&found))?;
        Ok(0)
    }
}

/// Returns what fits, the best first.
pub(super) fn found(
    name: &str,
    reading: &Reading,
    text: &str,
    kind: Option<ElementKind>,
) -> Vec<Found> {
    seek(reading, text, kind).iter().map(|it| Found::new(name, it)).collect()
}
