use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::model::{Priority, Scope};
use crate::report::Document;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::jobs::Job;
use crate::server::method::{Method, Offered};
use crate::store::TaskFilter;

/// List the tasks of the last hours, the newest first, with how each ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct TaskList {
    /// Only those of this VM, by the name that was given.
    vm: Option<String>,
    /// So many at most; 20 if it is left out.
    limit: Option<u32>,
}

impl Method for TaskList {
    const NAME: &'static str = "task_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let named = self.vm.as_ref().is_some_and(|it| desk.client().reach.names(it));
        if !named {
            desk.client().permit_everywhere()?;
        }
        let limit = Some(self.limit.unwrap_or(20));
        let filter = TaskFilter { state: None, vm: self.vm, since: None, limit };
        let tasks = desk.orchestrator().tasks(filter, None)?;
        Ok(Document::tasks(&tasks).into())
    }
}

/// How soon a task is wanted.
#[derive(Debug, Default, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum HowSoon {
    /// Before everything else.
    Critical,
    /// What a person waits for.
    High,
    /// The ordinary case.
    #[default]
    Medium,
    /// Whenever there is time.
    Low,
}

impl From<HowSoon> for Priority {
    fn from(wanted: HowSoon) -> Self {
        match wanted {
            HowSoon::Critical => Self::Critical,
            HowSoon::High => Self::High,
            HowSoon::Medium => Self::Medium,
            HowSoon::Low => Self::Low,
        }
    }
}

/// Queue a call of another method, and answer at once with the task's `id`. Tasks of one VM run one
/// after another, the most urgent first. It needs the scope of that method.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct TaskSubmit {
    /// The method's name, such as `vm_start`.
    method: String,
    /// The method's arguments, such as `{"vm": "web"}`.
    #[serde(default)]
    arguments: Map<String, Value>,
    /// How soon it is wanted: `critical`, `high`, `medium`, `low`.
    #[serde(default)]
    priority: HowSoon,
}

impl Method for TaskSubmit {
    const NAME: &'static str = "task_submit";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let method = Offered::find(&self.method).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("there is no method `{}`", self.method))
        })?;
        if method.name.starts_with("task_") {
            let message = format!("`{}` cannot be a task itself", method.name);
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let client = desk.client();
        client.permit(method.scope)?;
        let arguments = Value::Object(self.arguments);
        let job = desk.office().submit(method, arguments, client, self.priority.into())?;
        Ok(Answer::fields(job.shape()))
    }
}

/// Tell how a task is: `state` is queued, running, done, failed or canceled, with `result` or
/// `error` at its end.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct TaskShow {
    /// The task's id.
    task: String,
    /// How long its end is waited for, in seconds; not at all if it is left out.
    wait_seconds: Option<f64>,
}

impl Method for TaskShow {
    const NAME: &'static str = "task_show";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let wait = Desk::seconds(self.wait_seconds, Duration::ZERO)?;
        if let Some(job) = own_job(desk, &self.task) {
            job.ended_within(wait).await;
            return Ok(Answer::fields(job.shape()));
        }
        desk.client().permit_everywhere()?;
        let task = desk.orchestrator().task(&self.task)?;
        Ok(Document::tasks(&[task]).into())
    }
}

/// Cancel a task: one that waits never begins, one that runs is ended, and what it had half made is
/// removed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct TaskCancel {
    /// The task's id.
    task: String,
}

impl Method for TaskCancel {
    const NAME: &'static str = "task_cancel";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        if let Some(job) = own_job(desk, &self.task) {
            desk.office().cancel(&job).await?;
            return Ok(Answer::fields(job.shape()));
        }
        desk.client().permit_everywhere()?;
        let task = desk.orchestrator().cancel_task(&self.task).await?;
        Ok(Document::tasks(&[task]).into())
    }
}

/// Finds a task that was submitted here, if the client may know of it.
fn own_job(desk: &Desk, id: &str) -> Option<Job> {
    let client = desk.client();
    let job = desk.office().job(id.parse().ok()?)?;
    let known = client.permit_everywhere().is_ok() || job.actor == client.name;
    known.then_some(job)
}
