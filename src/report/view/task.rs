use std::time::SystemTime;

use crate::model::TaskState;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{PrunedShape, TaskItem};
use crate::report::human;
use crate::report::paint::Tone;
use crate::report::sheet::Sheet;
use crate::report::table::{Column, Table};
use crate::store::TaskRecord;

/// How much of an id is shown to people: enough to name a task by.
const START: usize = 8;

impl Document {
    /// Builds the document of tasks.
    pub fn tasks(tasks: &[TaskRecord]) -> Self {
        let columns = vec![
            Column::left("id", "TASK"),
            Column::left("type", "TYPE"),
            Column::left("vm", "VM"),
            Column::left("state", "STATE"),
            Column::left("queued_at", "QUEUED"),
            Column::right("took", "TOOK"),
            Column::right("attempts", "ATTEMPTS").if_room(),
            Column::left("error", "ERROR").if_room(),
        ];
        let row = |task: &TaskRecord| {
            let id = task.id.to_string();
            vec![
                Cell::new(id.get(..START).unwrap_or(&id)),
                Cell::new(task.task_type.to_string()),
                Cell::maybe(task.vm.as_ref()),
                state(task.state),
                Cell::new(human::moment(task.queued_at)),
                Cell::maybe(took(task)),
                Cell::new(task.attempts.to_string()),
                Cell::new(task.first_error.as_ref().map_or("", |error| &error.code)),
            ]
        };
        let items: Vec<TaskItem> = tasks.iter().map(TaskItem::from).collect();
        let names = tasks.iter().map(|task| task.id.to_string()).collect();
        let rows = tasks.iter().map(row).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }

    /// Builds the document of one task.
    pub fn task(task: &TaskRecord) -> Self {
        let error = task.first_error.as_ref();
        let attempts = task.failed.iter().map(|attempt| {
            let (number, code) = (attempt.number, &attempt.error.code);
            let waited = human::duration(attempt.waited);
            Cell::new(format!("{number}: {code}: {}; waited {waited}", attempt.error.message))
        });
        let sheet = Sheet::default()
            .row("task", task.id.to_string())
            .row("type", task.task_type.to_string())
            .row_if("vm", task.vm.as_ref())
            .row("priority", task.priority.to_string())
            .cell("state", state(task.state))
            .row("queued", human::moment(task.queued_at))
            .row_if("started", task.started_at.map(human::moment))
            .row_if("ended", task.ended_at.map(human::moment))
            .row_if("took", took(task))
            .row("waited", human::duration(task.waited))
            .row("attempts", task.attempts.to_string())
            .cells("failed", attempts)
            .row_if("error", error.map(|error| format!("{}: {}", error.code, error.message)))
            .row_if("result", task.result.as_ref().map(ToString::to_string))
            .row("process", task.owner.pid.to_string());
        Self::items(&[TaskItem::from(task)], Body::Sheet(sheet), vec![task.id.to_string()])
    }

    /// Builds the document of how many tasks were forgotten.
    pub fn pruned(count: usize) -> Self {
        let tasks = if count == 1 { "task" } else { "tasks" };
        let line = format!("{count} {tasks} forgotten");
        Self::object(&PrunedShape { pruned: count }, None, Body::Lines(vec![line]))
    }
}

fn took(task: &TaskRecord) -> Option<String> {
    let span = |ended: SystemTime| ended.duration_since(task.queued_at).ok();
    task.ended_at.and_then(span).map(human::duration)
}

fn state(state: TaskState) -> Cell {
    let tone = match state {
        TaskState::Done => Tone::Good,
        TaskState::Failed => Tone::Bad,
        TaskState::Running | TaskState::Waiting => Tone::Warn,
        TaskState::Queued | TaskState::Canceled => Tone::Dim,
    };
    Cell::toned(tone, state.to_string())
}
