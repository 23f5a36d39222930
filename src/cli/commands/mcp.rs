use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;

/// Serve an agent over the Model Context Protocol
///
/// An agent starts it, talks to it on standard input and output, and drives VMs with its tools: lifecycle, snapshots, screen, pointer, keyboard,
/// commands and files of guests. What destroys something needs the VM's UUID repeated. It ends when
/// the agent goes; what is under way then is canceled, and half-made VMs are removed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli mcp
  vm-cli mcp --hypervisor simulated
  claude mcp add vm-cli -- vm-cli mcp")]
pub(crate) struct Mcp {}

impl Mcp {
    #[cfg(feature = "mcp")]
    pub(super) fn run(shell: Shell) -> Outcome {
        let app = shell.app()?;
        app.shell.remark("waiting for an agent on standard input; Ctrl-C ends it");
        let served = app.session(&app.loaded.settings, async |session| {
            let mut signals = session.signals();
            let stop = async move {
                signals.wait().await;
            };
            let (from, to) = (tokio::io::stdin(), tokio::io::stdout());
            crate::server::mcp::serve(session.orchestrator()?, from, to, stop).await
        });
        served.outcome().map(|()| 0)
    }

    #[cfg(not(feature = "mcp"))]
    pub(super) fn run(_shell: Shell) -> Outcome {
        use crate::error::{Error, ErrorKind};
        let message = "this program was built without the Model Context Protocol";
        Err(Error::new(ErrorKind::Unsupported, message)
            .hint("build it with the feature `mcp`")
            .into())
    }
}
