use clap::{Args, Subcommand};

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::model::Scope;
use crate::report::Document;

/// Make, list and revoke tokens of the server's clients
///
/// A token is shown once, when it is made; only a hash of it is kept. It stands in the header
/// `Authorization: Bearer TOKEN`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli token create ci --scope observe --scope input --vm web
  vm-cli token list
  vm-cli token revoke ci")]
pub(crate) struct TokenCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a token and print it, once
    #[command(after_help = "Examples:
  vm-cli token create kim --scope admin
  vm-cli token create ci --scope observe --scope input --vm web --vm db")]
    Create {
        /// Its name, which the audit trail tells
        name: String,
        /// What its bearer may do: observe, input, lifecycle, destroy, admin
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
        /// Reach only this VM, by name or UUID; can be repeated
        #[arg(long = "vm", value_name = "NAME")]
        vms: Vec<String>,
    },
    /// List the tokens
    #[command(after_help = "Examples:
  vm-cli token list
  vm-cli token list --json")]
    List {},
    /// Revoke a token: its bearer is nobody from now on
    #[command(after_help = "Examples:
  vm-cli token revoke ci
  vm-cli token revoke kim -q")]
    Revoke {
        /// Its name
        name: String,
    },
}

impl TokenCommand {
    pub(super) fn run(self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let action = self.action;
        let rehearsing = app.shell.global.dry_run;
        let ended = app.session(&app.loaded.settings, async |session| {
            let orchestrator = session.orchestrator()?;
            match &action {
                Action::Create { name, scopes, vms } => orchestrator
                    .create_token(name, scopes, vms)
                    .map(|secret| Document::words("token", &[secret.reveal().to_owned()])),
                Action::List {} => Ok(Document::tokens(&orchestrator.tokens()?)),
                Action::Revoke { name } => orchestrator
                    .revoke_token(name)
                    .map(|()| Document::words("revoked", std::slice::from_ref(name))),
            }
        });
        let document = ended.outcome()?;
        if rehearsing && !matches!(action, Action::List {}) {
            app.shell.remark("this was a rehearsal: nothing was changed");
            return Ok(0);
        }
        app.shell.show(&document)?;
        Ok(0)
    }
}
