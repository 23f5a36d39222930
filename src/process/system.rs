//! Placeholder body: see the helper's work.
use async_trait::async_trait;

use super::{CommandLine, CommandRunner, Output, ProcessError};

/// Runs programs on this host.
#[derive(Debug, Default)]
pub struct SystemRunner {}

#[async_trait]
impl CommandRunner for SystemRunner {
    async fn run(&self, line: &CommandLine) -> Result<Output, ProcessError> {
        Err(ProcessError::NotFound { program: line.program().display().to_string() })
    }
}
