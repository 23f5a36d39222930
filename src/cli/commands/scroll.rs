use clap::Args;

use super::pointing::Pointing;
use super::words::leading_vm;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::error::Error;
use crate::model::{Position, Wheel};
use crate::request::{Gesture, Request};

/// How far the wheel is turned when it is not said: about a third of a page.
const NOTCHES: u32 = 3;

/// How far it is turned at most.
const MOST: u32 = 100;

/// Turn the wheel of a VM's pointer
///
/// Down unless it is said, by 3 notches unless it is said, in the middle of the screen unless it is
/// said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli scroll my-first-vm
  vm-cli scroll my-first-vm up 10
  vm-cli scroll --name my-first-vm down --at 640,380")]
pub(crate) struct Scroll {
    /// Name the VM, then up or down, then how many notches
    #[arg(value_name = "NAME WAY N")]
    words: Vec<String>,

    #[command(flatten)]
    pointing: Pointing,

    /// Put the pointer here first
    #[arg(long, value_name = "X,Y")]
    at: Option<Position>,
}

impl Scroll {
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.pointing.name.as_deref(), given)?;
        let (wheel, rest) = match words {
            [way, rest @ ..] if way.parse::<u32>().is_err() => (direction(way)?, rest),
            _ => (Wheel::Down, words),
        };
        let notches = match rest {
            [] => Some(NOTCHES),
            [number] => number.parse().ok().filter(|notches| (1..=MOST).contains(notches)),
            [..] => None,
        };
        let notches = notches.ok_or_else(|| {
            usage(format!("how far is a number from 1 to {MOST}"))
                .hint("such as `vm-cli scroll NAME down 5`")
        })?;
        self.pointing.request(vm, Gesture::Scroll { at: self.at, wheel, notches })
    }
}

fn direction(word: &str) -> Result<Wheel, Error> {
    let read = word.parse::<Wheel>();
    read.map_err(|it| Error::from(it).hint("such as `vm-cli scroll NAME down 5`"))
}
