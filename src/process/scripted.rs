use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{CommandLine, CommandRunner, Output, ProcessError};

/// Answers calls from a list, for tests of drivers; notes what was called.
#[derive(Debug, Default)]
pub struct ScriptedRunner {
    answers: Mutex<VecDeque<Result<Output, ProcessError>>>,
    calls: Mutex<Vec<String>>,
}

impl ScriptedRunner {
    /// Builds a runner that gives these answers, in this order.
    pub fn new(answers: impl IntoIterator<Item = Result<Output, ProcessError>>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect());
        Self { answers, calls: Mutex::default() }
    }

    /// Returns the calls so far, as they show.
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl CommandRunner for ScriptedRunner {
    async fn run(&self, line: &CommandLine) -> Result<Output, ProcessError> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_string());
        let next = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let program = line.program().display().to_string();
        next.unwrap_or(Err(ProcessError::NotFound { program }))
    }
}
