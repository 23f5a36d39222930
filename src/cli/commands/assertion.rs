use clap::{Args, Subcommand};

use super::find::found;
use super::seeing;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::error::{Error, ErrorKind};
use crate::report::{Document, Found};
use crate::screen::{Checked, ElementKind, Enabled, Focused, Quality, Reading, missing};

/// Check that a screen shows something, for scripts and CI
///
/// The exit code is 0 if it does, 3 if nothing says the text, 4 if an element is in another state.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli assert text my-first-vm \"Setup is complete\"
  vm-cli assert element screen.png \"Install\" --kind button --state enabled
  vm-cli assert element my-first-vm \"I accept\" --kind checkbox --state on")]
pub(crate) struct Assert {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check that a text is on the screen
    ///
    /// Small misreadings do no harm.
    #[command(after_help = "Examples:
  vm-cli assert text my-first-vm \"Setup is complete\"
  vm-cli assert text screen.png \"login:\"")]
    Text {
        /// Name a PNG file or a VM
        #[arg(value_name = "PICTURE")]
        source: String,
        /// Say what must be there
        #[arg(value_name = "TEXT")]
        text: String,
    },
    /// Check that an element is on the screen, and in which state
    ///
    /// Of several that fit, one in that state is enough.
    #[command(after_help = "Examples:
  vm-cli assert element screen.png \"Install\" --kind button --state enabled
  vm-cli assert element my-first-vm \"I accept\" --kind checkbox --state on")]
    Element {
        /// Name a PNG file or a VM
        #[arg(value_name = "PICTURE")]
        source: String,
        /// Say what it says, or what its label says
        #[arg(value_name = "TEXT")]
        text: String,
        /// Only elements of this kind, such as button, field, checkbox, link
        #[arg(long, value_name = "KIND", value_parser = seeing::element_kind)]
        kind: Option<ElementKind>,
        /// In this state: on, off, enabled, disabled, focused
        #[arg(long, value_name = "STATE", value_parser = ["on", "off", "enabled", "disabled", "focused"])]
        state: Option<String>,
    },
}

impl Assert {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let (source, text, kind, state) = match &self.what {
            What::Text { source, text } => (source, text, None, None),
            What::Element { source, text, kind, state } => (source, text, *kind, state.as_deref()),
        };
        let app = shell.app()?;
        let taken = app
            .session(&app.loaded.settings, async |session| seeing::picture(session, source).await);
        let reading = seeing::reading(&app, &taken.outcome()?, Quality::Standard)?;
        let fitting = checked(source, &reading, text, kind, state)?;
        app.shell.show(&Document::found(&[fitting]))?;
        Ok(0)
    }
}

fn checked(
    source: &str,
    reading: &Reading,
    text: &str,
    kind: Option<ElementKind>,
    state: Option<&str>,
) -> Result<Found, Error> {
    let all = found(source, reading, text, kind);
    let Some(first) = all.first().cloned() else {
        return Err(missing(reading, text, kind));
    };
    let Some(state) = state else { return Ok(first) };
    all.into_iter().find(|it| is_in(it, state)).ok_or_else(|| {
        let what = first.element.kind.as_str();
        Error::new(ErrorKind::InvalidState, format!("the {what} `{text}` is not {state}"))
            .hint("`vm-cli analyze` tells how it is")
    })
}

fn is_in(found: &Found, state: &str) -> bool {
    let element = &found.element;
    match state {
        "on" => element.checked == Some(Checked::On),
        "off" => element.checked == Some(Checked::Off),
        "enabled" => element.enabled == Enabled::Yes,
        "disabled" => element.enabled == Enabled::No,
        "focused" => element.focused == Focused::Yes,
        _ => false,
    }
}
