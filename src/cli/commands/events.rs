use clap::Args;
#[cfg(feature = "serve")]
use serde_json::Value;

use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;

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

    /// Ask the server at this address, or at a name of it
    #[arg(long, value_name = "HOST")]
    host: Option<String>,

    /// Ask the server at this port
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

impl Events {
    #[cfg(feature = "serve")]
    pub(super) fn run(self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let server = app.loaded.settings.server.clone();
        let remote = crate::server::http::Remote {
            host: self.host.clone().unwrap_or(server.host),
            port: self.port.unwrap_or(server.port),
            token: app.shell.environment.text("VM_CLI_TOKEN").map(crate::request::Secret::new),
        };
        let ended = app.block_on(async |mut signals| {
            let mut since = self.since;
            loop {
                let path = self.path(since);
                let told = signals.or(remote.get(&path)).await??;
                let items = told.get("items").and_then(Value::as_array);
                for event in items.into_iter().flatten() {
                    let line =
                        if app.shell.is_structured() { event.to_string() } else { line(event) };
                    app.shell.print(&format!("{line}\n"))?;
                }
                if let Some(gap) = number(&told, "gap").filter(|_| 0 < since) {
                    app.shell.console.talk(&format!("gap: events up to {gap} are gone\n"));
                }
                since = number(&told, "last").unwrap_or(since);
                if !self.follow {
                    return Ok(());
                }
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

    #[cfg(feature = "serve")]
    fn path(&self, since: u64) -> String {
        let wait = if self.follow { 30 } else { 0 };
        let path = "/v1/events?".to_owned();
        let start = path.len();
        let mut query = form_urlencoded::Serializer::for_suffix(path, start);
        query.append_pair("since", &since.to_string());
        query.append_pair("wait_seconds", &wait.to_string());
        for (name, given) in [("types", &self.types), ("vms", &self.vms)] {
            if !given.is_empty() {
                query.append_pair(name, &given.join(","));
            }
        }
        query.finish()
    }
}

#[cfg(feature = "serve")]
fn number(told: &Value, key: &str) -> Option<u64> {
    told.get(key)?.as_u64()
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
