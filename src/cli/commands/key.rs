use std::time::Duration;

use clap::Args;

use crate::cli::commands::words::leading_vm;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::keyboard::{Chord, Layout};
use crate::request::{Keys, KeysRequest, Request};

/// Press keys, one chord after the other
///
/// Keys that are pressed together are joined by `+`: ctrl+alt+del, win+r, shift+tab. A single
/// character is the key that makes it. Other names: esc, enter, tab, space, backspace, del, insert,
/// home, end, pageup, pagedown, up, down, left, right, f1 to f12, printscreen, pause, menu, altgr,
/// capslock, numlock. Nothing stays held, even if it fails in the middle.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli key my-first-vm ctrl+alt+del
  vm-cli key --name my-first-vm win+r
  vm-cli key my-first-vm tab tab enter
  vm-cli key my-first-vm f8 --hold 3s")]
pub(crate) struct Key {
    /// Name the VM, then the chords
    #[arg(value_name = "NAME CHORD")]
    words: Vec<String>,

    /// Name the VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Keep each chord down this long, such as 500ms or 3s
    #[arg(long, value_name = "TIME", value_parser = duration)]
    hold: Option<Duration>,

    /// Which layout the guest has: us, uk, de, fr or es [default: as configured]
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<Layout>,
}

impl Key {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.name.as_deref(), given)?;
        if words.is_empty() {
            return Err(usage("no key is named").hint("name one: `vm-cli key NAME enter`"));
        }
        let layout = self.layout.unwrap_or(given.layout);
        let chords = words.iter().map(|word| Chord::parse(word, layout));
        let chords = chords
            .collect::<Result<_, _>>()
            .map_err(|invalid| Error::from(invalid).hint("`vm-cli key --help` names the keys"))?;
        let keys = Keys::Chords { chords, hold: self.hold.unwrap_or_default() };
        Ok(Request::Press(KeysRequest { vm, keys }))
    }
}
