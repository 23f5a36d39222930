//! Calls that a server has queued: written down, and taken over from a server that was killed.

use std::time::Duration;

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::model::{TaskState, VmTaskType};
use crate::store::{CallProgress, CallRecord, Owner, TaskFailure, TaskRecord};

/// What was queued longer ago never begins by itself: nobody waits for it any more, and the world
/// is another one.
const FRESH: Duration = Duration::from_mins(10);

impl VmOrchestrator {
    /// Notes a call that was queued.
    pub fn note_call(&self, call: &CallRecord) -> Result<(), Error> {
        self.store()?.calls().note(call)
    }

    /// Notes that a queued call has begun.
    pub fn begin_call(&self, call: &CallRecord) -> Result<(), Error> {
        self.store()?.calls().begin(call.id)
    }

    /// Forgets a queued call that has ended.
    pub fn end_call(&self, call: &CallRecord) -> Result<(), Error> {
        self.store()?.calls().end(call.id)
    }

    /// Takes over the calls that a killed server left. Returns those that may begin now; what had
    /// begun, what is too old and what cannot be repeated ends here, and the journal says so.
    pub fn take_over_calls(&self, heir: Owner) -> Result<Vec<CallRecord>, Error> {
        let (store, now) = (self.store()?, self.now());
        let mut left = store.calls().take_orphans(heir, Owner::is_alive)?;
        let may_begin = |it: &CallRecord| {
            let age = now.duration_since(it.queued_at).unwrap_or_default();
            it.progress == CallProgress::Queued && it.arguments.is_some() && age <= FRESH
        };
        let lost: Vec<CallRecord> = left.extract_if(.., |it| !may_begin(it)).collect();
        for call in lost {
            self.give_up_call(&call)?;
        }
        Ok(left)
    }

    /// Ends a call that a killed server left, in the journal.
    pub fn give_up_call(&self, call: &CallRecord) -> Result<(), Error> {
        let now = self.now();
        let (state, failure) = match call.progress {
            CallProgress::Begun => {
                let message = "the server ended in the middle of it";
                (TaskState::Failed, TaskFailure::new(ErrorKind::OutcomeUnknown, message))
            }
            CallProgress::Queued => {
                let message = "the server ended before it began; it was not begun afterwards";
                (TaskState::Canceled, TaskFailure::new(ErrorKind::Canceled, message))
            }
        };
        let begun = call.progress == CallProgress::Begun;
        self.store()?.tasks().record(&TaskRecord {
            id: call.id,
            number: 0,
            task_type: VmTaskType::Custom(call.method.clone()),
            vm: call.vm.clone(),
            priority: call.priority,
            state,
            queued_at: call.queued_at,
            started_at: begun.then_some(call.queued_at),
            ended_at: Some(now),
            attempts: u32::from(begun),
            waited: Duration::ZERO,
            first_error: Some(failure),
            result: None,
            owner: call.owner,
            failed: Vec::new(),
        })?;
        self.end_call(call)
    }
}
