use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::simple::{one, show};
use super::typing::without_line_end;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::{Given, Target};
use crate::cli::usage;
use crate::error::{self, Error};
use crate::report::Document;
use crate::request::{DisplayAction, Request, Response, Secret};

/// Switch a VM's remote display on or off, or tell where it is
///
/// It is VNC, by VirtualBox's own server; RDP needs Oracle's extension pack. Its port is one of the configuration's
/// `networking.vnc_port_range`; only this host reaches it while `security.firewall_enabled` is on.
/// Going back to a snapshot takes back what was switched since.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli display on my-first-vm
  vm-cli display on my-first-vm --password-file secret.txt
  vm-cli display url my-first-vm --json
  vm-cli display off my-first-vm")]
pub(crate) struct DisplayCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Switch it on, with a password that is told once unless it comes from a file
    #[command(after_help = "Examples:
  vm-cli display on my-first-vm
  vm-cli display on my-first-vm --password-file secret.txt
  vm-cli display on my-first-vm --kind vnc")]
    On {
        #[command(flatten)]
        target: Target,

        /// Take the password from this file; VNC knows 1 to 8 characters
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,

        /// Insist on this protocol: an error names what to install for it
        #[arg(long, value_name = "KIND", default_value = "auto", value_parser = ["auto", "vnc", "rdp"])]
        kind: String,
    },
    /// Switch it off
    #[command(after_help = "Examples:
  vm-cli display off my-first-vm
  vm-cli display off --name my-first-vm")]
    Off {
        #[command(flatten)]
        target: Target,
    },
    /// Tell where it is
    #[command(after_help = "Examples:
  vm-cli display url my-first-vm
  vm-cli display url my-first-vm --json")]
    Url {
        #[command(flatten)]
        target: Target,
    },
}

/// More characters of a password VNC does not look at.
const LONGEST: usize = 8;

impl DisplayCommand {
    /// Says what the arguments ask for, a password having been made up in case none is given.
    pub(super) fn request(&self, given: &Given, made_up: Secret) -> Result<Request, Error> {
        let (target, action) = match &self.action {
            Action::On { target, password_file, kind } => {
                let password = match password_file {
                    None => made_up,
                    Some(file) => password(file)?,
                };
                let protocol = (kind != "auto").then(|| kind.parse()).transpose()?;
                (target, DisplayAction::On { password, protocol })
            }
            Action::Off { target } => (target, DisplayAction::Off),
            Action::Url { target } => (target, DisplayAction::Url),
        };
        Ok(Request::Display { vm: target.vm(given)?, action })
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let made_up = random_password();
        let response = one(&app, self.request(&app.given(), made_up.clone())?).outcome()?;
        match (&self.action, &response) {
            (Action::On { password_file: None, .. }, Response::Display(report)) => {
                app.shell.show(&Document::display(report, Some(made_up.reveal())))?;
                Ok(0)
            }
            (Action::On { .. } | Action::Off { .. } | Action::Url { .. }, _) => {
                Ok(show(&app, &response)?)
            }
        }
    }
}

fn password(file: &Path) -> Result<Secret, Error> {
    let what = format!("read the password file `{}`", file.display());
    let text = fs::read_to_string(file).map_err(|e| error::io(what, e))?;
    let text = without_line_end(&text);
    let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_graphic());
    if !fits {
        return Err(usage("the password does not suit VNC")
            .hint("use 1 to 8 letters, digits and signs, without blanks"));
    }
    Ok(Secret::new(text))
}

/// Makes a password up, of the operating system's randomness.
fn random_password() -> Secret {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bits = RandomState::new().hash_one(0);
    let letter = |place: usize| {
        let index = usize::try_from(bits >> (place * 5) & 31).unwrap_or_default();
        LETTERS.get(index).copied().map_or('x', char::from)
    };
    Secret::new((0..LONGEST).map(letter).collect::<String>())
}
