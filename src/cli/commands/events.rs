use clap::Args;
#[cfg(feature = "serve")]
use serde_json::Value;

use crate::cli::outcome::Outcome;
#[cfg(feature = "serve")]
use crate::cli::shell::App;
use crate::cli::shell::Shell;
#[cfg(feature = "serve")]
use crate::client::{Address, Client, Interest, Scheme};
#[cfg(feature = "serve")]
use crate::error::Error;

/// Tell what happens on a server: VMs, tasks, what clients do
///
/// A server that runs (`vm-cli serve`) tells its last events, and with `--follow` those that come,
/// until Ctrl-C. With `--json` each is one line, as `/v1/ws` sends it; `gap` on standard error tells
/// that some are no longer there. The variable VM_CLI_TOKEN holds the token for a server that wants
/// one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli events
  vm-cli events --follow --json
  vm-cli events --type vm.state --type 'task.*' --vm web")]
pub(crate) struct Events {
    /// Go on telling what comes
    #[arg(short, long)]
    follow: bool,

    /// Tell what came after the event with this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    since: u64,

    /// Tell only events of this type; can be repeated
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,

    /// Tell only events about this VM; can be repeated
    #[arg(long = "vm", value_name = "NAME")]
    vms: Vec<String>,

    /// Ask the server at this port of this host
    #[arg(long, value_name = "PORT", conflicts_with = "host")]
    port: Option<u16>,
}

impl Events {
    #[cfg(feature = "serve")]
    pub(super) fn run(self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let server = &app.loaded.settings.server;
        let client = if let Some(client) = app.shell.server()? {
            client
        } else {
            let port = self.port.unwrap_or(server.port);
            let own = |scheme| Address::new(scheme, server.host.clone(), port);
            let token = app.shell.token()?;
            match &server.tls_certificate {
                Some(file) => Client::new(own(Scheme::Https), token).trusting(file)?,
                None => Client::new(own(Scheme::Http), token),
            }
        };
        let interest = Interest { types: self.types, vms: self.vms };
        let mut events = client.events(Some(self.since), interest);
        let ended = app.block_on(async |mut signals| {
            for event in signals.or(events.past()).await?? {
                tell(&app, &event)?;
            }
            if self.follow {
                signals.end_with_the_reader();
            }
            // That those of before are gone is nothing new to who begins.
            let mut known = self.since != 0;
            loop {
                if let Some(gap) = events.gap().filter(|_| known) {
                    app.shell.console.talk(&format!("gap: events up to {gap} are gone\n"));
                }
                known = true;
                if !self.follow {
                    return Ok(());
                }
                let event = signals.or(events.next()).await??;
                tell(&app, &event)?;
            }
        });
        match (ended.signal, ended.result) {
            // Ctrl-C is how following is meant to end.
            (Some(_), _) if self.follow => Ok(0),
            (_, result) => result.map(|()| 0).map_err(Into::into),
        }
    }

    #[cfg(not(feature = "serve"))]
    pub(super) fn run(self, _shell: Shell) -> Outcome {
        use crate::error::{Error, ErrorKind};
        let message = format!("this program was built without the server: {self:?}");
        Err(Error::new(ErrorKind::Unsupported, message)
            .hint("build it with the feature `serve`")
            .into())
    }
}

/// Tells an event as the format wants it.
#[cfg(feature = "serve")]
fn tell(app: &App, event: &Value) -> Result<(), Error> {
    let line = if app.shell.is_structured() { event.to_string() } else { line(event) };
    app.shell.print(&format!("{line}\n"))
}

/// Tells an event to a person.
#[cfg(feature = "serve")]
fn line(event: &Value) -> String {
    let found = |place: &str| event.pointer(place).and_then(Value::as_str).map(ToOwned::to_owned);
    let data = event.get("data").and_then(Value::as_object).into_iter().flatten();
    let told = data.filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        format!("{name}={value}")
    });
    let places = ["/ts", "/type", "/vm/name"];
    let mut words: Vec<String> =
        places.iter().map(|it| found(it).unwrap_or_else(|| "-".to_owned())).collect();
    words.extend(told);
    words.extend(found("/actor").map(|it| format!("by {it}")));
    words.join("  ")
}
