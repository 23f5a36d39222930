use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::model::Scope;
use crate::request::Request;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// Report on the host, the hypervisor, the VMs and the tasks: whether VMs can run here at all, how
/// much memory and CPU is free, what failed. Ask for this first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct SystemStatus {}

impl Method for SystemStatus {
    const NAME: &'static str = "system_status";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.tell(Request::SystemStatus).await
    }
}
