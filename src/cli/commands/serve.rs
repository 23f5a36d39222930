use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;

/// Serve agents and people over HTTP
///
/// Everything that the API offers goes through the same queue, locks and audit trail as these
/// commands; `GET /v1/openapi.json` describes it. Only this host can come in, and whoever can come
/// in may do everything, unless `security.require_authentication` is on. With another address
/// clients need tokens: `vm-cli token create`; `server.tls_certificate` and `server.tls_key` make it
/// HTTPS. Ctrl-C lets changes that are under way come to their end, and cancels the rest. SIGHUP
/// reads the configuration again: the certificate, whether tokens are needed and how many requests
/// may come take effect at once, everything else with the next start.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli serve
  vm-cli serve --port 9000
  vm-cli serve --check")]
pub(crate) struct Serve {
    /// Listen on this address, or on a name of it
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,

    /// Listen on this port; 0 is any that is free
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// Only check that it could serve: the configuration, the port, the hypervisor
    #[arg(long)]
    check: bool,
}

impl Serve {
    #[cfg(feature = "serve")]
    pub(super) fn run(self, shell: Shell) -> Outcome {
        use crate::cli::reload;
        use crate::server::http;

        if shell.global.dry_run {
            return Err(crate::cli::usage("a server does not rehearse: `--check` checks it").into());
        }
        let app = shell.app()?;
        let mut settings = app.loaded.settings.clone();
        settings.server.host = self.listen.unwrap_or(settings.server.host);
        settings.server.port = self.port.unwrap_or(settings.server.port);
        let options = http::SiteOptions { config: app.loaded.effective.document() };
        let served = app.session(&settings, async |session| {
            let bound = http::bind(session.orchestrator()?, options).await?;
            let url = bound.url();
            if self.check {
                session.or_canceled(async |it| it.system_status().await).await?;
                return Ok(url);
            }
            // Programs wait for this line.
            app.shell.print(&format!("{url}\n"))?;
            app.shell.remark("serving; Ctrl-C ends it");
            let mut signals = session.signals();
            let stop = async move {
                signals.wait().await;
            };
            let reloading =
                reload::on_signals(&app, session.signals().reloads()?, bound.reloader());
            tokio::select! {
                () = bound.serve(stop) => {}
                () = reloading => {}
            }
            Ok(url)
        });
        if self.check {
            let url = served.outcome()?;
            app.shell.print(&format!("it can serve: {url}\n"))?;
            return Ok(0);
        }
        // Ctrl-C is how it is meant to end.
        served.result.map(|_| 0).map_err(Into::into)
    }

    #[cfg(not(feature = "serve"))]
    pub(super) fn run(self, _shell: Shell) -> Outcome {
        use crate::error::{Error, ErrorKind};
        drop((self.listen, self.port, self.check));
        Err(Error::new(ErrorKind::Unsupported, "this program was built without the server")
            .hint("build it with the feature `serve`")
            .into())
    }
}
