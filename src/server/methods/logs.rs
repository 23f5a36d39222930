use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::{end_of_log, log_file};
use crate::model::{Scope, VmRef};
use crate::request::{Request, Response};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// So many bytes of a log's end are told.
const END: u64 = 32 * 1024;

/// Read the last lines of the hypervisor's log of a VM.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct VmLog {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for VmLog {
    const NAME: &'static str = "vm_log";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm: VmRef = self.vm.parse()?;
        let Response::Status(found) = desk.ask(Request::Status(vm.clone())).await? else {
            return Err(Error::new(ErrorKind::Internal, "a status is no status").about(vm));
        };
        let Some(file) = log_file(&found) else {
            let message = format!("`{vm}` keeps no log");
            return Err(Error::new(ErrorKind::Unsupported, message).about(vm));
        };
        let read = tokio::task::spawn_blocking(move || end_of_log(&file, END)).await;
        let read = read
            .map_err(|e| Error::new(ErrorKind::Internal, "the log cannot be read").caused_by(e))?;
        let text = read.map_err(|e| {
            error::io(format!("read the log of `{vm}`"), e)
                .hint("start the VM once: its log begins then")
        })?;
        Ok(Answer::fields(json!({ "vm": found.name, "text": text })))
    }
}
