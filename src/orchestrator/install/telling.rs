use std::time::Instant;

use crate::error::Error;
use crate::model::{Priority, TaskId, VmRef, VmTaskType};
use crate::request::{Event, EventKind, Events, InstallPhase};

/// Tells of an installation as of a task. It takes no turn in the queue: what is done for it does.
#[derive(Debug)]
pub(super) struct Telling<'a> {
    events: &'a Events,
    task: TaskId,
    vm: &'a VmRef,
    begun: Instant,
}

impl<'a> Telling<'a> {
    pub(super) fn begin(events: &'a Events, vm: &'a VmRef) -> Self {
        let task = TaskId::from_random(fastrand::u128(..));
        let this = Self { events, task, vm, begun: Instant::now() };
        this.emit(EventKind::Queued { priority: Priority::High });
        this.emit(EventKind::Started { attempt: 1, waited: std::time::Duration::ZERO });
        this
    }

    /// Tells how far it is.
    pub(super) fn phase(&self, phase: InstallPhase) {
        self.emit(EventKind::Progress { message: phase.to_string() });
    }

    /// Tells that it ended, and hands the result on.
    pub(super) fn end<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        let error = result.as_ref().err().map(|e| (e.kind(), e.message().to_owned()));
        self.emit(EventKind::Finished { attempts: 1, took: self.begun.elapsed(), error });
        result
    }

    fn emit(&self, kind: EventKind) {
        self.events.emit_with(|| Event {
            task: self.task,
            task_type: VmTaskType::Install,
            vm: Some(self.vm.to_string()),
            kind,
        });
    }
}
