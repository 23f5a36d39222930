//! Another configuration for a server that runs.

use serde_json::Value;

use super::configuration;
use super::shell::App;
use super::signals::Reloads;
use crate::error::Error;
use crate::server::http::{Reloader, SiteOptions};

/// Reads the configuration again at each signal. One that is wrong changes nothing.
pub(crate) async fn on_signals(app: &App, mut signals: Reloads, reloader: Reloader) {
    let mut holds = app.loaded.effective.document();
    loop {
        signals.next().await;
        match reload(app, &reloader) {
            Ok(now) => {
                let later = waiting(&holds, &now);
                let message = if later.is_empty() {
                    "the configuration was read again\n".to_owned()
                } else {
                    let later = later.join(", ");
                    format!("the configuration was read again; with the next start: {later}\n")
                };
                app.shell.console.talk(&message);
                tracing::info!("{}", message.trim_end());
                holds = now;
            }
            Err(e) => {
                app.shell.console.talk(&format!("the configuration stays as it was: {e}\n"));
                tracing::warn!("the configuration stays as it was: {e}");
            }
        }
    }
}

fn reload(app: &App, reloader: &Reloader) -> Result<Value, Error> {
    let (global, environment) = (&app.shell.global, &app.shell.environment);
    let loaded = configuration::load(global, environment, &app.folders)?;
    let document = loaded.effective.document();
    reloader.reload(&loaded.settings, SiteOptions { config: document.clone() })?;
    Ok(document)
}

/// Names the keys that are other than before, and take effect with the next start only.
fn waiting(before: &Value, now: &Value) -> Vec<String> {
    let sections = now.as_object().into_iter().flatten();
    let keys = sections.flat_map(|(section, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, value)| (section, key, value))
    });
    keys.filter(|(section, key, value)| {
        before.get(section).and_then(|it| it.get(key)) != Some(*value)
    })
    .map(|(section, key, _)| format!("{section}.{key}"))
    .filter(|path| !Reloader::KEYS.contains(&path.as_str()))
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::waiting;

    #[test]
    fn what_waits_for_the_next_start_is_named() {
        let before = json!({"server": {"port": 1, "tls_key": null}, "ssh": {"user": "a"}});
        let now = json!({"server": {"port": 2, "tls_key": "k.pem"}, "ssh": {"user": "a"}});
        assert_eq!(waiting(&before, &now), ["server.port"]);
        assert!(waiting(&now, &now).is_empty());
    }
}
