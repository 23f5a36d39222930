//! What is told of a wait: it is no task of the queue, and a person should see it all the same.

use std::time::Instant;

use crate::error::Error;
use crate::fleet::Condition;
use crate::model::{TaskId, VmRef, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::request::{Event, EventKind};

impl VmOrchestrator {
    /// Does some work that waits for a condition, and tells its beginning and its end.
    pub(super) async fn told_as_wait<T>(
        &self,
        vm: &VmRef,
        condition: Condition,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let task = TaskId::from_random(fastrand::u128(..));
        let tell = |kind: EventKind| {
            let vm = Some(vm.to_string());
            self.events().emit_with(|| Event { task, task_type: VmTaskType::Connect, vm, kind });
        };
        let begun = Instant::now();
        tell(EventKind::Progress { message: format!("waiting for {condition}") });
        let result = work.await;
        let error = result.as_ref().err().map(|error| (error.kind(), error.message().to_owned()));
        tell(EventKind::Finished { attempts: 1, took: begun.elapsed(), error });
        result
    }
}
