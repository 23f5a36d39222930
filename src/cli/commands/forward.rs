use clap::{Args, Subcommand};

use crate::cli::pair::Pair;
use crate::cli::target::{Given, Target};
use crate::cli::values::forward_wish;
use crate::error::Error;
use crate::request::{ForwardAction, Request};

/// List, add and remove ports of the host that lead to a guest
///
/// They change while the VM runs or is off. Who may reach them, this host alone or every one,
/// follows `security.firewall_enabled` in the configuration.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli forward list my-first-vm
  vm-cli forward add my-first-vm web:8080:80
  vm-cli forward add my-first-vm free:22
  vm-cli forward remove my-first-vm web")]
pub(crate) struct Forward {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List them
    #[command(
        visible_alias = "ls",
        after_help = "Examples:
  vm-cli forward list my-first-vm
  vm-cli forward list --name my-first-vm --json"
    )]
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Add one; its host port may be any free one
    #[command(after_help = "Examples:
  vm-cli forward add my-first-vm 8080:80
  vm-cli forward add my-first-vm dns:udp:5353:53
  vm-cli forward add --name my-first-vm --rule web:free:80 --json")]
    Add {
        #[command(flatten)]
        which: Which,
    },
    /// Remove one
    #[command(
        visible_alias = "rm",
        after_help = "Examples:
  vm-cli forward remove my-first-vm web
  vm-cli forward remove --name my-first-vm --rule tcp80"
    )]
    Remove {
        #[command(flatten)]
        which: Which,
    },
}

/// A VM and one of its forwards.
#[derive(Debug, Args)]
struct Which {
    /// Name the VM
    #[arg(value_name = "NAME")]
    first: Option<String>,

    /// Describe the forward to add, as [NAME:][tcp|udp:]HOST|free:GUEST, or name the one to remove
    #[arg(value_name = "RULE")]
    second: Option<String>,

    /// Name the VM, as NAME does
    #[arg(long, alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Describe or name the forward, as RULE does
    #[arg(long, value_name = "RULE", allow_hyphen_values = true)]
    rule: Option<String>,
}

impl Forward {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, action) = match &self.action {
            Action::List { target } => (target.vm(given)?, ForwardAction::List),
            Action::Add { which } => {
                let (vm, rule) = which.pair("such as `8080:80` or `web:free:80`").settle(given)?;
                (vm, ForwardAction::Add(forward_wish(&rule)?))
            }
            Action::Remove { which } => {
                let missing = "name it: `vm-cli forward list` shows them";
                let (vm, name) = which.pair(missing).settle(given)?;
                (vm, ForwardAction::Remove(name))
            }
        };
        Ok(Request::Forward { vm, action })
    }
}

impl Which {
    fn pair(&self, missing: &'static str) -> Pair<'_> {
        Pair {
            words: [self.first.as_ref(), self.second.as_ref()],
            name: self.name.as_ref(),
            other: self.rule.as_ref(),
            what: "forward",
            missing,
        }
    }
}
