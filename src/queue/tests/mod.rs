mod ending;
mod order;
mod retrying;
mod scheduler;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::error::{Error, ErrorKind};
use crate::model::{Priority, VmTaskType};
use crate::queue::{Attempt, Job, Lane, Probe, Queue, Repeat, TaskSpec};
use crate::request::{Event, EventKind, Events};
use crate::retry::RetryPolicy;

const SECOND: Duration = Duration::from_secs(1);

fn spec(lane: Lane, repeat: Repeat) -> TaskSpec {
    TaskSpec {
        task_type: VmTaskType::Start,
        vm: Some("web".to_owned()),
        lane,
        priority: Priority::Medium,
        repeat,
        retry: RetryPolicy::default(),
        deadline: None,
    }
}

fn web() -> Lane {
    Lane::Vm("web".to_owned())
}

/// Fails so often, then does its work; is probed with a fixed answer.
struct Flaky {
    failures: u32,
    kind: ErrorKind,
    probe: Probe,
}

#[async_trait]
impl Job for Flaky {
    async fn run(&self, attempt: &Attempt) -> Result<(), Error> {
        if attempt.number <= self.failures {
            return Err(Error::new(self.kind, format!("failure {}", attempt.number)));
        }
        Ok(())
    }

    async fn probe(&self) -> Probe {
        self.probe
    }
}

async fn run_flaky(queue: &Queue, repeat: Repeat, job: Flaky) -> Result<(), Error> {
    let submitted = queue.submit(spec(web(), repeat), Arc::new(job)).unwrap();
    submitted.result.await.unwrap()
}

fn heard(events: &mut mpsc::UnboundedReceiver<Event>) -> Vec<EventKind> {
    std::iter::from_fn(|| events.try_recv().ok()).map(|event| event.kind).collect()
}

fn start(slots: usize) -> Queue {
    Queue::start(slots, Events::default(), 7)
}

/// Runs a task of this lane that takes a second.
async fn nap(queue: &Queue, lane: Lane) {
    let work = |_| async {
        sleep(SECOND).await;
        Ok(())
    };
    queue.run(spec(lane, Repeat::Never), work).await.unwrap();
}
