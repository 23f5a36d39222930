use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use crate::error::Error;
use crate::model::Scope;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::events::{Interest, Told};
use crate::server::method::Method;

/// So many are told at once.
const MOST: usize = 1000;

/// List what happened: VMs that came, went or changed their state, tasks, what clients did. Ask
/// again with `since` set to the `last` of the answer; `gap` tells that events between are no
/// longer there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct EventList {
    /// Only what came after the event with this number; what comes from now on if it is left out.
    since: Option<u64>,
    /// Only events of these types, separated by commas, such as `vm.state,task.*`.
    types: Option<String>,
    /// Only events about these VMs, by names separated by commas.
    vms: Option<String>,
    /// How long the first one is waited for, in seconds; not at all if it is left out.
    wait_seconds: Option<f64>,
}

impl Method for EventList {
    const NAME: &'static str = "event_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let until = Instant::now() + Desk::seconds(self.wait_seconds, Duration::ZERO)?;
        let interest = Interest { types: words(self.types), vms: words(self.vms) };
        let reach = &desk.client().reach;
        let wanted = |told: &Told| reach.hears(told) && interest.wants(told);
        let mut heard = desk.office().hub().listen(self.since, &interest);
        let (mut last, mut items, mut gap) = (heard.last, Vec::new(), heard.gap);
        for told in heard.past.iter().filter(|it| wanted(it)) {
            if items.len() == MOST {
                break;
            }
            items.push(parsed(told));
            last = told.seq;
        }
        if items.len() < MOST {
            last = heard.last;
        }
        while items.is_empty() {
            match tokio::time::timeout_at(until, heard.live.recv()).await {
                Ok(Ok(told)) => {
                    last = told.seq;
                    items.extend(Some(&told).filter(|it| wanted(it)).map(|it| parsed(it)));
                }
                Ok(Err(RecvError::Lagged(missed))) => {
                    last += missed;
                    gap = Some(last);
                }
                Ok(Err(RecvError::Closed)) | Err(_) => break,
            }
        }
        Ok(Answer::fields(json!({ "items": items, "last": last, "gap": gap })))
    }
}

fn words(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',').filter(|it| !it.is_empty()).map(ToOwned::to_owned).collect()
}

fn parsed(told: &Told) -> Value {
    serde_json::from_str(&told.line).unwrap_or_default()
}
