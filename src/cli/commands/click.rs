use clap::Args;

use super::pointing::{Pointing, Which, positions};
use super::seeing;
use super::simple::{ask, show};
use super::words::leading_vm;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::error::Error;
use crate::model::Position;
use crate::request::{Clicks, Gesture, Request};
use crate::screen::{ElementKind, Quality, missing, seek};

/// Click at a place of a VM's screen
///
/// X and Y are pixels of the screenshot, counted from 0 at the top left; --text finds the place of
/// what says something. It tells whether the screen changed. The guest must follow the pointer to a place: VMs that vm-cli made do once they
/// have booted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli click my-first-vm 640 380
  vm-cli click my-first-vm 44 60 --double
  vm-cli click --name my-first-vm 640 380 --right
  vm-cli click my-first-vm 500 500 --space 1000 --settle 2s
  vm-cli click my-first-vm 320 190 --space image --image-size 512x384
  vm-cli click my-first-vm --text \"Install\" --kind button")]
pub(crate) struct Click {
    /// Name the VM, then the place
    #[arg(value_name = "NAME X Y", allow_negative_numbers = true)]
    words: Vec<String>,

    #[command(flatten)]
    pointing: Pointing,

    #[command(flatten)]
    which: Which,

    /// Click twice
    #[arg(long)]
    double: bool,

    /// Click at what says this, such as "Install", instead of at a place
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// With --text: only at an element of this kind, such as button, field, checkbox, link
    #[arg(long, value_name = "KIND", value_parser = seeing::element_kind, requires = "text")]
    kind: Option<ElementKind>,
}

impl Click {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let Some(text) = &self.text else { return ask(shell, |given| self.request(given)) };
        let app = shell.app()?;
        let (vm, words) = leading_vm(&self.words, self.pointing.name.as_deref(), &app.given())?;
        if !words.is_empty() {
            return Err(usage("`--text` says where to click, a place is not needed").into());
        }
        let clicked = app.session(&app.loaded.settings, async |session| {
            let frame = seeing::taken(session, vm.clone()).await?;
            let reading = seeing::reading(&app, &frame, Quality::Standard)?;
            let found = seek(&reading, text, self.kind);
            let best = found.first().ok_or_else(|| missing(&reading, text, self.kind))?;
            let at = best.element.area.centre();
            session.ask(self.pointing.request_at_pixel(vm, self.click(at))).await
        });
        Ok(show(&app, &clicked.outcome()?)?)
    }

    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.pointing.name.as_deref(), given)?;
        let [at] = positions(words, "vm-cli click NAME 640 380")?;
        self.pointing.request(vm, self.click(at))
    }

    fn click(&self, at: Position) -> Gesture {
        let times = if self.double { Clicks::Double } else { Clicks::Single };
        Gesture::Click { at, button: self.which.button(), times }
    }
}
