use std::num::NonZeroUsize;

use clap::Args;

use super::target::Given;
use super::usage;
use crate::error::Error;
use crate::model::{Invalid, NamePattern, VmRef, VmState};
use crate::request::spelling::group;
use crate::request::{Named, OnFailure, Pace, Selection};

/// The VMs that a command is about: names, patterns, all of them, or those in a group or state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(crate) struct Targets {
    /// Name a VM: by its name, its UUID, the unique start of its UUID, or a quoted pattern such as
    /// 'test-*'; `-` reads names from standard input, one a line
    #[arg(value_name = "NAME")]
    pub(super) words: Vec<String>,

    /// Name a VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    pub(super) flags: Vec<String>,

    #[command(flatten)]
    pub(super) several: Several,
}

/// What is said of several VMs at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(crate) struct Several {
    /// Do it to every VM
    #[arg(long, help_heading = "Several VMs")]
    pub(super) all: bool,

    #[command(flatten)]
    pub(super) filter: Filter,

    #[command(flatten)]
    pub(super) pace: PaceWish,
}

/// Which VMs are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Several VMs")]
pub(crate) struct Filter {
    /// Only VMs in this group or below it, such as /lab
    #[arg(long, value_name = "GROUP", value_parser = group)]
    pub(super) group: Vec<String>,

    /// Only VMs in this state, such as running, poweroff, paused or saved
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = state)]
    pub(super) state: Vec<VmState>,
}

/// How several VMs are worked off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Several VMs")]
pub(crate) struct PaceWish {
    /// Do it to this many VMs at once [default: as configured, else 4 for each CPU]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) parallel: Option<NonZeroUsize>,

    /// Begin with no more VMs after one failed
    #[arg(long, hide_short_help = true)]
    pub(super) fail_fast: bool,
}

/// Which VMs are meant, as far as it can be told before anybody looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Aim {
    /// One VM, by a plain name.
    One(VmRef),
    /// Any number of VMs.
    Several(Selection),
}

/// The word that stands for standard input.
const STDIN: &str = "-";

impl Targets {
    /// Returns which VMs are meant; standard input is read only if it was named.
    pub(crate) fn aim(
        &self,
        given: &Given,
        stdin: impl FnOnce() -> Result<String, Error>,
    ) -> Result<Aim, Error> {
        let mut named = Vec::new();
        let mut read = Some(stdin);
        for text in self.words.iter().chain(&self.flags) {
            match read.take() {
                Some(stdin) if text == STDIN => named.extend(lines(&stdin()?)?),
                unread => {
                    read = unread;
                    named.push(named_by(text)?);
                }
            }
        }
        if named.is_empty() && self.reads_stdin() {
            return Err(none_came());
        }
        let filter = &self.several.filter;
        let narrowed = !filter.group.is_empty() || !filter.state.is_empty();
        if named.is_empty() && !self.several.all && !narrowed {
            let default = given.default_vm.as_ref().ok_or_else(|| {
                usage("no VM is named")
                    .hint("name one: `--name NAME` (`vm-cli list` shows them), or say `--all`")
            })?;
            named.push(Named::Vm(default.parse()?));
        }
        if self.several.all && !named.is_empty() {
            return Err(usage("`--all` and names contradict each other").hint("say one of them"));
        }
        named.dedup();
        match named.as_slice() {
            [Named::Vm(one)] if !narrowed && !self.reads_stdin() => Ok(Aim::One(one.clone())),
            _ => Ok(Aim::Several(Selection {
                named,
                groups: filter.group.clone(),
                states: filter.state.clone(),
            })),
        }
    }

    /// Returns whether names come from standard input.
    pub(crate) fn reads_stdin(&self) -> bool {
        self.words.iter().chain(&self.flags).any(|text| text == STDIN)
    }

    /// Returns whether VMs are named, in whatever way.
    pub(super) fn names_any(&self, given: &Given) -> bool {
        let filter = &self.several.filter;
        !self.words.is_empty()
            || !self.flags.is_empty()
            || self.several.all
            || !filter.group.is_empty()
            || !filter.state.is_empty()
            || given.default_vm.is_some()
    }
}

impl Filter {
    /// Returns the VMs that are meant by a list.
    pub(crate) fn selection(&self, words: &[String]) -> Result<Selection, Error> {
        let named = words.iter().map(|word| named_by(word)).collect::<Result<_, _>>()?;
        Ok(Selection { named, groups: self.group.clone(), states: self.state.clone() })
    }
}

impl PaceWish {
    /// Returns how several VMs are worked off.
    pub(crate) fn pace(&self) -> Pace {
        let on_failure = if self.fail_fast { OnFailure::Stop } else { OnFailure::GoOn };
        Pace { parallel: self.parallel, on_failure }
    }
}

fn named_by(text: &str) -> Result<Named, Error> {
    match NamePattern::read(text) {
        Some(pattern) => Ok(Named::Like(pattern)),
        None => Ok(Named::Vm(text.parse()?)),
    }
}

/// Reads names as `vm-cli list -q` prints them: they are never patterns.
fn lines(text: &str) -> Result<Vec<Named>, Error> {
    let names = text.lines().filter(|line| !line.trim().is_empty());
    names.map(|name| Ok(Named::Vm(name.parse()?))).collect()
}

fn none_came() -> Error {
    Error::new(crate::error::ErrorKind::NotFound, "no VM was named on standard input")
        .hint("pipe names into it, one a line: `vm-cli list -q | vm-cli start -`")
}

fn state(word: &str) -> Result<VmState, Invalid> {
    match word.parse() {
        Ok(VmState::Unknown(_)) | Err(_) => {
            let why = "is not one of running, poweroff, paused, saved, aborted, stuck and the others \
                       that `vm-cli list` shows";
            Err(Invalid::new("state", word, why))
        }
        Ok(known) => Ok(known),
    }
}

/// VMs and one more word: `NAME... WORD`, `--name NAME WORD`, `NAME... --flag WORD`.
#[derive(Debug)]
pub(crate) struct Party<'a> {
    /// The VMs and, unless it is said by its flag, the other word at the end.
    pub(crate) targets: &'a Targets,
    /// The other word by its flag.
    pub(crate) other: Option<&'a String>,
    /// What the other word is, such as "snapshot".
    pub(crate) what: &'static str,
    /// What to type when it is missing.
    pub(crate) missing: &'static str,
}

impl Party<'_> {
    /// Returns the VMs that are meant, and the other word.
    pub(crate) fn settle(&self, given: &Given) -> Result<(Targets, String), Error> {
        if let Some(other) = self.other {
            return Ok((self.targets.clone(), other.clone()));
        }
        let missing = || {
            let error = usage(format!("no {} is named", self.what)).hint(self.missing);
            match self.targets.words.first().or(self.targets.flags.first()) {
                Some(vm) => error.about(vm),
                None => error,
            }
        };
        let Some((last, names)) = self.targets.words.split_last() else { return Err(missing()) };
        let rest = Targets { words: names.to_vec(), ..self.targets.clone() };
        if !rest.names_any(given) {
            return Err(missing());
        }
        Ok((rest, last.clone()))
    }
}

#[cfg(test)]
#[path = "targets_tests.rs"]
mod tests;
