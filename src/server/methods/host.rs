use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::report::Document;
use crate::request::Request;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::{Method, Nature};
use crate::store::TaskFilter;

/// Report on the host, the hypervisor, the VMs and the tasks: whether VMs can run here at all, how
/// much memory and CPU is free, what failed. Ask for this first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct SystemStatus {}

impl Method for SystemStatus {
    const NAME: &'static str = "system_status";
    const NATURE: Nature = Nature::Looks;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.tell(Request::SystemStatus).await
    }
}

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
    const NATURE: Nature = Nature::Looks;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let limit = Some(self.limit.unwrap_or(20));
        let filter = TaskFilter { state: None, vm: self.vm, since: None, limit };
        let tasks = desk.orchestrator().tasks(filter, None)?;
        Ok(Document::tasks(&tasks).into())
    }
}
