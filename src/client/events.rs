use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use super::calls::Client;
use crate::error::{Error, ErrorKind};

/// So long one question waits for the next event, in seconds.
const WAIT: u32 = 30;

/// Between two tries to reach a server that went: at first, and at most.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Which events are wanted; of all types and all VMs if nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interest {
    /// Types, such as `vm.state` or `task.*`.
    pub types: Vec<String>,
    /// VMs, by name or UUID.
    pub vms: Vec<String>,
}

/// What happens on a server, as it happens: the JSON of `/v1/ws`. A server that goes and comes back
/// is found again, and what happened meanwhile is told as far as the server still has it.
#[derive(Debug)]
pub struct EventStream {
    client: Client,
    since: Option<u64>,
    interest: Interest,
    waiting: VecDeque<Value>,
    gap: Option<u64>,
    pause: Option<Duration>,
}

impl EventStream {
    pub(super) fn new(client: Client, since: Option<u64>, interest: Interest) -> Self {
        Self { client, since, interest, waiting: VecDeque::new(), gap: None, pause: None }
    }

    /// Returns the next event. A server that cannot be reached at first is a failure; one that went
    /// is waited for.
    pub async fn next(&mut self) -> Result<Value, Error> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            match self.listen(WAIT).await {
                Ok(()) => self.pause = Some(PAUSE),
                Err(error) => match self.pause.filter(|_| passes(error.kind())) {
                    Some(pause) => {
                        tokio::time::sleep(pause).await;
                        self.pause = Some((pause * 2).min(LONGEST_PAUSE));
                    }
                    None => return Err(error),
                },
            }
        }
    }

    /// Returns what there is, without waiting for more.
    pub async fn past(&mut self) -> Result<Vec<Value>, Error> {
        self.listen(0).await?;
        Ok(self.waiting.drain(..).collect())
    }

    /// Tells, once, up to which number events are gone that should have been told.
    pub fn gap(&mut self) -> Option<u64> {
        self.gap.take()
    }

    /// Returns the number of the last event that was asked for.
    pub fn last(&self) -> Option<u64> {
        self.since
    }

    async fn listen(&mut self, wait_seconds: u32) -> Result<(), Error> {
        let words = |of: &[String]| (!of.is_empty()).then(|| of.join(","));
        let arguments = json!({
            "since": self.since,
            "types": words(&self.interest.types),
            "vms": words(&self.interest.vms),
            "wait_seconds": wait_seconds,
        });
        let told = self.client.method("event_list", &arguments).await?;
        let number = |key: &str| told.get(key).and_then(Value::as_u64);
        self.waiting
            .extend(told.get("items").and_then(Value::as_array).into_iter().flatten().cloned());
        self.gap = number("gap").or(self.gap);
        self.since = number("last").or(self.since);
        Ok(())
    }
}

/// Returns whether a server that says this, or nothing, may be back later.
fn passes(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Io
            | ErrorKind::TimedOut
            | ErrorKind::ServiceUnavailable
            | ErrorKind::LimitExceeded
    )
}
