use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::{Party, Several, Targets};
use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::model::VmRef;
use crate::request::{Request, ScreenWatch, Share, WaitCondition};

/// Wait until a VM is ready
///
/// The conditions: running, poweroff (or saved), ip (the guest reported an address), ssh (the
/// guest's SSH server shows its banner), additions (the Guest Additions' services are up),
/// screen-stable (it shows the same for --still), screen-changed (it shows something else than at
/// first, or than --since), text (it says what follows, or --text), gone (there is no such VM). A
/// wait for a guest ends at once when its VM goes off. What took too long is told with the VM's
/// state, addresses, forwards, the end of its log and a picture of its screen.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli wait my-first-vm ssh
  vm-cli wait --name my-first-vm poweroff --timeout 10m
  vm-cli wait my-first-vm screen-stable --still 5s
  vm-cli wait my-first-vm screen-changed --since before.png --timeout 30s
  vm-cli wait my-first-vm text \"Setup is complete\" --timeout 30m
  vm-cli wait 'test-*' ssh")]
pub(crate) struct Wait {
    /// Name VMs, then what to wait for, such as ssh
    #[arg(value_name = "NAME CONDITION")]
    words: Vec<String>,

    /// Name a VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    names: Vec<String>,

    #[command(flatten)]
    several: Several,

    /// Name what to wait for, as CONDITION does
    #[arg(long = "for", value_name = "CONDITION")]
    condition: Option<String>,

    /// Wait this long at most
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    timeout: Option<Duration>,

    /// How long the screen must show the same to be stable [default: 2s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    still: Option<Duration>,

    /// From which picture the screen must differ to be changed
    #[arg(long, value_name = "PNG")]
    since: Option<PathBuf>,

    /// What the screen must say; small misreadings do no harm
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// Which share of the pixels may differ unnoticed: a blinking cursor [default: 0.1%]
    #[arg(long, value_name = "PERCENT")]
    tolerance: Option<Share>,
}

impl Wait {
    /// Parts the text that follows `text` from the other words. A condition's word is no such text,
    /// for a VM may be called `text`: `--text` asks for it.
    fn parted(&self) -> (&[String], Option<&String>) {
        match self.words.as_slice() {
            [words @ .., said]
                if words.last().is_some_and(|it| it == WaitCondition::Text.as_str())
                    && self.text.is_none()
                    && self.condition.is_none()
                    && said.parse::<WaitCondition>().is_err() =>
            {
                (words, Some(said))
            }
            words => (words, self.text.as_ref()),
        }
    }

    /// Finds the VMs and the condition.
    fn settle(&self, given: &Given) -> Result<(Targets, String), Error> {
        let targets = Targets {
            words: self.parted().0.to_vec(),
            flags: self.names.clone(),
            several: self.several.clone(),
        };
        Party {
            targets: &targets,
            other: self.condition.as_ref(),
            what: "condition",
            missing: "say what to wait for, such as `ssh`: `vm-cli wait --help` has them all",
        }
        .settle(given)
    }
}

impl Wait {
    /// Says how the screen is watched.
    fn watch(&self, condition: WaitCondition) -> Result<ScreenWatch, Error> {
        let stable = condition == WaitCondition::ScreenStable;
        let changed = condition == WaitCondition::ScreenChanged;
        let misplaced = [
            ("--still", self.still.is_some() && !stable),
            ("--since", self.since.is_some() && !changed),
            ("--tolerance", self.tolerance.is_some() && !stable && !changed),
        ];
        let is_text = condition == WaitCondition::Text;
        let (_, said) = self.parted();
        if is_text != said.is_some_and(|it| !it.trim().is_empty()) {
            return Err(usage("`text` and what the screen must say belong together")
                .hint("such as `vm-cli wait my-first-vm text \"Finished\"`"));
        }
        if let Some((flag, _)) = misplaced.iter().find(|(_, is_so)| *is_so) {
            return Err(usage(format!("`{flag}` says nothing about `{}`", condition.as_str()))
                .hint("it is for `screen-stable` or `screen-changed`"));
        }
        let usual = ScreenWatch::default();
        Ok(ScreenWatch {
            still: self.still.unwrap_or(usual.still),
            tolerance: self.tolerance.unwrap_or(usual.tolerance),
            since: self.since.clone(),
            text: said.cloned(),
        })
    }
}

impl OnEach for Wait {
    fn targets(&self, given: &Given) -> Result<Targets, Error> {
        Ok(self.settle(given)?.0)
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        let (_, condition) = self.settle(given)?;
        let timeout = self.timeout.unwrap_or(given.timeouts.wait);
        let condition = condition.parse()?;
        Ok(Request::Wait { vm, condition, timeout, watch: self.watch(condition)? })
    }
}
