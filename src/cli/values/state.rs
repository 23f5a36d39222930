use crate::model::{Invalid, TaskState};

/// Reads the state of a task by its word.
pub(crate) fn task_state(text: &str) -> Result<TaskState, Invalid> {
    const ALL: [TaskState; 6] = [
        TaskState::Queued,
        TaskState::Running,
        TaskState::Waiting,
        TaskState::Done,
        TaskState::Failed,
        TaskState::Canceled,
    ];
    ALL.into_iter().find(|state| state.to_string() == text).ok_or_else(|| {
        let why = "is not one of queued, running, waiting, done, failed, canceled";
        Invalid::new("state", text, why)
    })
}

#[cfg(test)]
mod tests {
    use super::task_state;
    use crate::model::TaskState;

    #[test]
    fn a_state_is_one_of_six_words() {
        assert_eq!(task_state("failed"), Ok(TaskState::Failed));
        let refused = task_state("over").expect_err("no state");
        assert!(refused.why.contains("queued, running"), "{}", refused.why);
    }
}
